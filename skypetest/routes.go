package skypetest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is one operation of the service at one address.
type route struct {
	method    string
	path      string // {self} stands for the own account, {mri} and {action} for themselves
	operation string // the method of the SDK
	handle    func(*call) *reply
}

// service is one of the hosts.
type service struct {
	mount      string
	credential func(*store, http.Header) *credential
	failure    func(status int, text string) any
	routes     []route
}

var services = []service{{
	mount: contactsMount, credential: skypeCredential, failure: messageFailure,
	routes: []route{
		{http.MethodGet, "/users/{self}", "GetRoster", (*call).roster},
		{http.MethodGet, "/users/{self}/contacts", "ListContacts", (*call).contactList},
		{http.MethodGet, "/users/{self}/blocklist", "ListBlocked", (*call).blockedList},
		{http.MethodGet, "/users/{self}/groups", "ListGroups", (*call).groupList},
		{http.MethodGet, "/users/{self}/invites", "ListInvites", (*call).inviteList},
		{http.MethodPost, "/users/{self}/contacts", "SendInvite", (*call).sendInvite},
		{http.MethodPut, "/users/{self}/contacts", "SendInvite", (*call).sendInvite}, // as one client does
		{http.MethodPut, "/users/{self}/invites/{mri}/accept", "AcceptInvite", (*call).acceptInvite},
		{http.MethodPost, "/users/{self}/invites/{mri}/accept", "AcceptInvite", (*call).acceptInvite},
		{http.MethodPut, "/users/{self}/invites/{mri}/decline", "DeclineInvite", (*call).declineInvite},
		{http.MethodPost, "/users/{self}/invites/{mri}/decline", "DeclineInvite", (*call).declineInvite},
		{http.MethodDelete, "/users/{self}/contacts/{mri}", "RevokeContact", (*call).revokeContact},
		{http.MethodPut, "/users/{self}/blocklist/{mri}", "BlockUser", (*call).blockUser},
		{http.MethodPut, "/users/{self}/contacts/blocklist/{mri}", "BlockUser", (*call).blockUser},
		{http.MethodDelete, "/users/{self}/blocklist/{mri}", "UnblockUser", (*call).unblockUser},
		{http.MethodDelete, "/users/{self}/contacts/blocklist/{mri}", "UnblockUser", (*call).unblockUser},
	},
}, {
	mount: contactsV1Mount, credential: skypeCredential, failure: messageFailure,
	routes: append([]route{
		{http.MethodGet, "/users/{self}/contacts", "LegacyListContacts", (*call).legacyContactList},
	}, authRequestRoutes...),
}, {
	mount: apiMount, credential: skypeCredential, failure: statusFailure,
	routes: append([]route{
		{http.MethodGet, "/users/{self}/profile", "GetProfile", (*call).ownProfile},
		{http.MethodPost, "/users/{self}/contacts/profiles", "GetPublicProfiles", (*call).publicProfiles},
		{http.MethodPost, "/users/batch/profiles", "GetPublicProfiles", (*call).batchProfiles},
		{http.MethodGet, "/search/users/any", "LegacySearchDirectory", (*call).legacySearch},
		{http.MethodPut, "/users/{self}/contacts/{mri}/block", "BlockUser", (*call).legacyBlock},
		{http.MethodPut, "/users/{self}/contacts/{mri}/unblock", "UnblockUser", (*call).legacyUnblock},
	}, authRequestRoutes...),
}, {
	mount: profileMount, credential: skypeCredential, failure: statusFailure,
	routes: []route{
		{http.MethodGet, "/users/{self}/profile", "GetProfile", (*call).ownProfile},
		{http.MethodPost, "/batch/profiles", "GetPublicProfiles", (*call).batchProfiles},
	},
}, {
	mount: directoryMount, credential: skypeCredential, failure: statusFailure,
	routes: []route{
		{http.MethodGet, "/search/v1.1/namesearch/swx", "SearchDirectory", (*call).search},
		{http.MethodGet, "/v2.0/search", "SearchDirectory", (*call).search},
	},
}, {
	mount: botsMount, credential: skypeCredential, failure: statusFailure,
	routes: []route{
		{http.MethodGet, "/agents", "ListBots", (*call).botList},
	},
}, {
	mount: messengerMount, credential: registrationCredential, failure: codeFailure,
	routes: []route{
		{http.MethodPut, "/users/{self}/contacts/{mri}", "AddContact", (*call).addContact},
		{http.MethodPost, "/users/{self}/contacts", "AddContact", (*call).addContacts},
		{http.MethodDelete, "/users/{self}/contacts/{mri}", "RemoveContact", (*call).removeContact},
	},
}}

// The documentation has these on the contacts host, every client on the api host.
var authRequestRoutes = []route{
	{http.MethodGet, "/users/{self}/contacts/auth-request", "LegacyListAuthRequests", (*call).authRequestList},
	{http.MethodPut, "/users/{self}/contacts/auth-request/{mri}", "SendInvite", (*call).sendAuthRequest},
	{http.MethodPut, "/users/{self}/contacts/auth-request/{mri}/accept", "LegacyAcceptAuthRequest", (*call).acceptAuthRequest},
	{http.MethodPut, "/users/{self}/contacts/auth-request/{mri}/decline", "LegacyDeclineAuthRequest", (*call).declineAuthRequest},
}

// nowhere answers for paths outside all services.
var nowhere = service{credential: skypeCredential, failure: statusFailure}

// find looks up the service and the route of a request. If only the method is
// wrong it is a route with another method, and if there is none it is nil.
func find(method, path string) (s *service, found *route, values map[string]string) {
	segments := splitPath(path)
	for i := range services {
		s := &services[i]
		rest, ok := match(segments, s.mount, nil)
		if !ok {
			continue
		}
		for j := range s.routes {
			r, v := &s.routes[j], make(map[string]string)
			if left, ok := match(rest, r.path, v); !ok || len(left) > 0 {
				continue
			}
			if r.method == method {
				return s, r, v
			}
			found, values = r, v
		}
		return s, found, values
	}
	return &nowhere, nil, nil
}

// splitPath divides an escaped path at its slashes and only then decodes the
// parts, since identifiers arrive with and without escapes.
func splitPath(path string) []string {
	segments := strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
	for i, segment := range segments {
		segments[i], _ = url.PathUnescape(segment) // net/http refuses what cannot be decoded
	}
	return segments
}

// match reports whether segments begin as the pattern says, and gives those left
// over.
func match(segments []string, pattern string, values map[string]string) (rest []string, ok bool) {
	for part := range strings.SplitSeq(pattern[1:], "/") {
		if len(segments) == 0 {
			return nil, false
		}
		switch {
		case part[0] == '{':
			values[part[1:len(part)-1]] = segments[0]
		case !strings.EqualFold(part, segments[0]):
			return nil, false
		}
		segments = segments[1:]
	}
	return segments, true
}

// operation is the method of the SDK that sends such a request.
func (c *call) operation() string {
	switch c.route.operation {
	case "GetRoster":
		switch {
		case c.query.Has("page_size"):
			return "AllContacts"
		case c.query.Has("delta") || c.Header.Get("If-None-Match") != "":
			return "RefreshRoster"
		}
	case "ListBots":
		if c.param("agentId") != "" {
			return "GetBot"
		}
	case "GetProfile":
		if strings.EqualFold(c.values["self"], "self") {
			return "GetOwnProfile"
		}
	}
	return c.route.operation
}

// skypeCredential looks up the token of all services but the messenger gateway.
// Clients of Teams Free send it in a header of another name.
func skypeCredential(s *store, h http.Header) *credential {
	token := h.Get("X-Skypetoken")
	if name, value, _ := strings.Cut(h.Get("Authentication"), "="); token == "" && strings.EqualFold(strings.TrimSpace(name), "skypetoken") {
		token = strings.TrimSpace(value)
	}
	return s.skypeTokens[token]
}

// registrationCredential looks up the gateway's token. Some clients send it with
// all that stood beside it when they got it.
func registrationCredential(s *store, h http.Header) *credential {
	for part := range strings.SplitSeq(h.Get("RegistrationToken"), ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(part), "="); strings.EqualFold(name, "registrationToken") {
			return s.registrationTokens[value]
		}
	}
	return nil
}

// Operations are the names that requests have in [Server.Requests] and in
// [Fault.Operation].
func Operations() []string {
	names := []string{"AllContacts", "GetBot", "GetOwnProfile", "RefreshRoster"}
	for _, s := range services {
		for _, r := range s.routes {
			names = append(names, r.operation)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
