package skypetest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is one operation of the service at one path.
type route struct {
	method    string
	path      string // with the placeholders {self}, for the own account, and {mri}
	operation string // see Operations
	handler   func(*exchange) *bufferedResponse
}

// hostRoutes is the routes of one host.
type hostRoutes struct {
	host   *serviceHost
	routes []route
}

var routeTable = []hostRoutes{
	{contactsHost, []route{
		{http.MethodGet, "/users/{self}", "GetRoster", (*exchange).getRoster},
		{http.MethodGet, "/users/{self}/contacts", "ListContacts", (*exchange).listContacts},
		{http.MethodGet, "/users/{self}/blocklist", "ListBlocked", (*exchange).listBlocked},
		{http.MethodGet, "/users/{self}/groups", "ListGroups", (*exchange).listGroups},
		{http.MethodGet, "/users/{self}/invites", "ListInvites", (*exchange).listInvites},
		{http.MethodPost, "/users/{self}/contacts", "SendInvite", (*exchange).sendInvite},
		{http.MethodPut, "/users/{self}/contacts", "SendInvite", (*exchange).sendInvite}, // sent by one client
		{http.MethodPut, "/users/{self}/invites/{mri}/accept", "AcceptInvite", (*exchange).acceptInvite},
		{http.MethodPost, "/users/{self}/invites/{mri}/accept", "AcceptInvite", (*exchange).acceptInvite},
		{http.MethodPut, "/users/{self}/invites/{mri}/decline", "DeclineInvite", (*exchange).declineInvite},
		{http.MethodPost, "/users/{self}/invites/{mri}/decline", "DeclineInvite", (*exchange).declineInvite},
		{http.MethodDelete, "/users/{self}/contacts/{mri}", "RevokeContact", (*exchange).revokeContact},
		{http.MethodPut, "/users/{self}/contacts/favorites/{mri}", "AddFavorite", (*exchange).addFavorite},
		{http.MethodDelete, "/users/{self}/contacts/favorites/{mri}", "RemoveFavorite", (*exchange).removeFavorite},
		{http.MethodPost, "/users/{self}/contacts/{mri}/phones", "AddContactPhone", (*exchange).addContactPhone},
		{http.MethodPut, "/users/{self}/contacts/{mri}/phones/{phone}", "SetContactPhone", (*exchange).setContactPhone},
		{http.MethodDelete, "/users/{self}/contacts/{mri}/phones/{phone}", "RemoveContactPhone", (*exchange).removeContactPhone},
		{http.MethodPut, "/users/{self}/contacts/{mri}/explicit", "SetExplicit", (*exchange).setExplicit},
		{http.MethodPut, "/users/{self}/blocklist/{mri}", "BlockUser", (*exchange).blockUser},
		{http.MethodPut, "/users/{self}/contacts/blocklist/{mri}", "BlockUser", (*exchange).blockUser},
		{http.MethodDelete, "/users/{self}/blocklist/{mri}", "UnblockUser", (*exchange).unblockUser},
		{http.MethodDelete, "/users/{self}/contacts/blocklist/{mri}", "UnblockUser", (*exchange).unblockUser},
	}},
	{contactsV1Host, append([]route{
		{http.MethodGet, "/users/{self}/contacts", "LegacyListContacts", (*exchange).legacyListContacts},
		// Recorded on this host in 2016; all other clients use the api host.
		{http.MethodPost, "/users/{self}/contacts/profiles", "GetPublicProfiles", (*exchange).getContactProfiles},
	}, authRequestRoutes...)},
	{apiHost, append([]route{
		{http.MethodGet, "/users/{self}", "GetAccount", (*exchange).getAccount},
		{http.MethodGet, "/users/{self}/profile", "GetProfile", (*exchange).getProfile},
		{http.MethodPost, "/users/{self}/profile/partial", "UpdateOwnProfile", (*exchange).updateOwnProfile},
		{http.MethodGet, "/users/{user}/profile/avatar", getAvatarOperation, (*exchange).getAvatar},
		{http.MethodPut, "/users/{self}/profile/avatar", "SetOwnAvatar", (*exchange).setOwnAvatar},
		{http.MethodGet, "/users/{user}/profile/public", "GetPublicProfile", (*exchange).getPublicProfile},
		{http.MethodPost, "/users/{self}/contacts/profiles", "GetPublicProfiles", (*exchange).getContactProfiles},
		{http.MethodPost, "/users/batch/profiles", "GetPublicProfiles", (*exchange).getBatchProfiles},
		{http.MethodGet, "/search/users", "LegacyFindUsers", (*exchange).legacyFindUsers},
		{http.MethodGet, "/search/users/any", "LegacySearchDirectory", (*exchange).legacySearchDirectory},
		{http.MethodPut, "/users/{self}/contacts/{mri}/block", "BlockUser", (*exchange).legacyBlock},
		{http.MethodPut, "/users/{self}/contacts/{mri}/unblock", "UnblockUser", (*exchange).legacyUnblock},
		// Whether the entry went with the authorization is not recorded.
		{http.MethodDelete, "/users/{self}/contacts/{mri}", "LegacyDeleteContact", (*exchange).revokeContact},
	}, authRequestRoutes...)},
	{profileHost, []route{
		{http.MethodGet, "/users/{self}/profile", "GetProfile", (*exchange).getProfile},
		{http.MethodPost, "/users/{self}/profile/partial", "UpdateOwnProfile", (*exchange).updateOwnProfile},
		{http.MethodPost, "/batch/profiles", "GetPublicProfiles", (*exchange).getBatchProfiles},
	}},
	{directoryHost, []route{
		{http.MethodGet, "/search/v1.1/namesearch/swx", "SearchDirectory", (*exchange).searchDirectory},
		{http.MethodGet, "/v2.0/search", "SearchDirectory", (*exchange).searchDirectory},
	}},
	{botsHost, []route{
		{http.MethodGet, "/agents", "ListBots", (*exchange).listBots},
		{http.MethodPut, "/relationship/{self}/{bot}", "AddBot", (*exchange).addBot},
	}},
	{messengerHost, []route{
		{http.MethodPut, "/users/{self}/contacts/{mri}", "AddContact", (*exchange).addContact},
		{http.MethodPost, "/users/{self}/contacts", "AddContact", (*exchange).addContacts},
		{http.MethodDelete, "/users/{self}/contacts/{mri}", "RemoveContact", (*exchange).removeContact},
		{http.MethodGet, "/users/{self}/contacts/ALL/presenceDocs/messagingService", "GetPresence", (*exchange).getPresence},
		{http.MethodPost, "/users/{self}/endpoints", registerEndpointOperation, (*exchange).registerEndpoint},
		{http.MethodPut, "/users/{self}/endpoints/{endpoint}/presenceDocs/messagingService", "ConfigureEndpoint", (*exchange).configureEndpoint},
		{http.MethodGet, "/users/{self}/presenceDocs/messagingService", "ListEndpoints", (*exchange).listEndpoints},
	}},
	{peopleHost, []route{
		{http.MethodPost, "/v2/profiles", "GetPublicProfiles", (*exchange).getPeopleProfiles},
	}},
	{avatarHost, []route{
		{http.MethodGet, "/avatars/{user}/public", getAvatarOperation, (*exchange).getAvatar},
		{http.MethodGet, "/avatars/{user}", getAvatarOperation, (*exchange).getAvatar},
		{http.MethodPut, "/avatars/{self}", "SetOwnAvatar", (*exchange).setOwnAvatar},
		{http.MethodDelete, "/avatars/{self}", "DeleteOwnAvatar", (*exchange).deleteOwnAvatar},
	}},
	{loginHost, slices.Concat(oauthRoutes("/consumers"), oauthRoutes(consumersTenant), []route{
		{http.MethodGet, "/device", "GetSignInPage", (*exchange).getSignInPage},
		{http.MethodPost, "/device", "ConfirmSignIn", (*exchange).confirmSignIn},
	})},
	{teamsHost, []route{
		{http.MethodPost, "/api/auth/v1.0/authz/consumer", "ExchangeToken", (*exchange).exchangeToken},
	}},
}

// consumersTenant is the identifier for which "consumers" stands. Clients use both.
const consumersTenant = "/9188040d-6c67-4c5b-b112-36a304b66dad"

// oauthRoutes are the routes of the sign-in for a tenant.
func oauthRoutes(tenant string) []route {
	return []route{
		{http.MethodPost, tenant + "/oauth2/v2.0/devicecode", "GetDeviceCode", (*exchange).getDeviceCode},
		{http.MethodPost, tenant + "/oauth2/v2.0/token", "GetAccessToken", (*exchange).getAccessToken},
	}
}

// messengerPaths begin the paths of the messenger that are not about contacts, as
// skype4pidgin, SkPy, skype-http and go-skypeapi request them.
var messengerPaths = []string{
	"/users/{self}/properties", "/users/{self}/conversations", "/users/{self}/endpoints", "/users/{self}/presenceDocs",
	"/users/{self}/contacts/ALL", "/threads",
}

// authRequestRoutes exist on two hosts: the documentation has them on the first
// contacts host, all recorded clients use the api host.
var authRequestRoutes = []route{
	{http.MethodGet, "/users/{self}/contacts/auth-request", "LegacyListAuthRequests", (*exchange).listAuthRequests},
	{http.MethodPut, "/users/{self}/contacts/auth-request/{mri}", "SendInvite", (*exchange).sendAuthRequest},
	{http.MethodPut, "/users/{self}/contacts/auth-request/{mri}/accept", "LegacyAcceptAuthRequest", (*exchange).acceptAuthRequest},
	{http.MethodPut, "/users/{self}/contacts/auth-request/{mri}/decline", "LegacyDeclineAuthRequest", (*exchange).declineAuthRequest},
}

// Operations returns the names that requests have in [Server.Requests] and
// [Fault.Operation], sorted: the methods of the SDK, and for routes that it does not
// use SetExplicit, LegacyDeleteContact, LegacyFindUsers, GetAccount, GetPublicProfile,
// AddBot, GetPresence, RegisterEndpoint, ConfigureEndpoint and ListEndpoints, and for
// signing in GetDeviceCode, GetAccessToken, GetSignInPage, ConfirmSignIn and ExchangeToken.
func Operations() []string {
	operations := []string{"AllContacts", "GetBot", "GetOwnProfile", "RefreshRoster"}
	for _, h := range routeTable {
		for _, r := range h.routes {
			operations = append(operations, r.operation)
		}
	}
	slices.Sort(operations)
	return slices.Compact(operations)
}

// setRoute sets host, handler, path parameters and operation of a request, or the
// refusal if there is no such route or method.
func (x *exchange) setRoute() {
	host, r, params := findRoute(x.request.Method, x.request.Path)
	x.host, x.params = host, params
	found := r != nil && r.method == x.request.Method
	if params, ok := matchMessengerPath(x.request.Path); ok && !found {
		x.handler, x.params = (*exchange).notHere, params
		return
	}
	switch {
	case r == nil:
		x.refusal = x.errorResponse(http.StatusNotFound, noHandlerText)
	case !found:
		x.refusal = x.errorResponse(http.StatusMethodNotAllowed, "The method is not allowed here")
	default:
		x.handler = r.handler
		x.request.Operation = x.operationOf(r)
	}
}

// matchMessengerPath reports whether a path begins with one of [messengerPaths] and
// returns its path parameters.
func matchMessengerPath(path string) (params map[string]string, ok bool) {
	rest, ok := matchPath(splitPath(path), messengerHost.mount, nil)
	if !ok {
		return nil, false
	}
	for _, begin := range messengerPaths {
		params = make(map[string]string)
		if _, ok := matchPath(rest, begin, params); ok {
			return params, true
		}
	}
	return nil, false
}

// findRoute returns the host and the route of a request, and its path parameters.
// The route is one with another method if there is none with this one, and nil if
// there is none with this path.
func findRoute(method, path string) (host *serviceHost, found *route, params map[string]string) {
	segments := splitPath(path)
	for _, h := range routeTable {
		rest, ok := matchPath(segments, h.host.mount, nil)
		if !ok {
			continue
		}
		for i := range h.routes {
			r, p := &h.routes[i], make(map[string]string)
			if left, ok := matchPath(rest, r.path, p); !ok || len(left) > 0 {
				continue
			}
			if r.method == method {
				return h.host, r, p
			}
			found, params = r, p
		}
		return h.host, found, params
	}
	return unknownHost, nil, nil
}

// splitPath divides an escaped path into unescaped segments. An identifier may
// have an escaped slash in it.
func splitPath(path string) []string {
	segments := strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
	for i, segment := range segments {
		segments[i], _ = url.PathUnescape(segment) // net/http rejects invalid escapes
	}
	return segments
}

// matchPath reports whether the segments begin with a pattern, sets the values of
// the pattern's placeholders and returns the segments after it.
func matchPath(segments []string, pattern string, params map[string]string) (rest []string, ok bool) {
	for part := range strings.SplitSeq(pattern[1:], "/") {
		if len(segments) == 0 {
			return nil, false
		}
		switch {
		case part[0] == '{':
			params[part[1:len(part)-1]] = segments[0]
		case !equalFoldASCII(part, segments[0]):
			return nil, false
		}
		segments = segments[1:]
	}
	return segments, true
}

// operationOf returns the method of the SDK that sends such a request. Some
// methods share a route and differ in the rest of the request.
func (x *exchange) operationOf(r *route) string {
	switch r.operation {
	case "GetRoster":
		switch {
		case x.query.Has("page_size"):
			return "AllContacts"
		case x.query.Has("delta") || x.request.Header.Get("If-None-Match") != "":
			return "RefreshRoster"
		}
	case "ListBots":
		if x.queryValue("agentId") != "" {
			return "GetBot"
		}
	case "GetProfile":
		if equalFoldASCII(x.params["self"], "self") {
			return "GetOwnProfile"
		}
	}
	return r.operation
}
