package skypetest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goodRequest is a request of a route that the SDK does not use, or of one with new
// forms, and what must be wrong for an error.
type goodRequest struct {
	operation, method, path, body string
	status                        int
	unknown                       []string // paths with identifiers of nobody or of the form of another host
	malformed, missing            []string // bodies
}

const (
	jsonErrorText    = "The request is not valid JSON"
	missingErrorText = "required parameters are missing"
)

var goodRequests = []goodRequest{
	{
		"AddFavorite", "PUT", "/contacts/v2/users/{self}/contacts/favorites/28:concierge", "", 200,
		[]string{"/contacts/v2/users/{self}/contacts/favorites/8:daisy.5", "/contacts/v2/users/{self}/contacts/favorites/joe.4"},
		nil, nil,
	},
	{
		"RemoveFavorite", "DELETE", "/contacts/v2/users/{self}/contacts/favorites/8:joe.4", "", 200,
		[]string{"/contacts/v2/users/{self}/contacts/favorites/8:unknown", "/contacts/v2/users/{self}/contacts/favorites/joe.4"},
		nil, nil,
	},
	{
		"AddContactPhone", "POST", "/contacts/v2/users/{self}/contacts/8:joe.4/phones", `{"number":"+442079460999","type":"home"}`, 201,
		[]string{"/contacts/v2/users/{self}/contacts/8:daisy.5/phones", "/contacts/v2/users/{self}/contacts/joe.4/phones"},
		[]string{`{"number":7,"type":"home"}`, `number=%2B44&type=home`},
		[]string{`{}`, `null`, `{"number":"+442079460999"}`, `{"type":"home"}`, `{"number":"","type":"home"}`},
	},
	{
		"SetContactPhone", "PUT", "/contacts/v2/users/{self}/contacts/8:joe.4/phones/1", `{"number":"+442079460998","type":3}`, 200,
		[]string{"/contacts/v2/users/{self}/contacts/8:joe.4/phones/2", "/contacts/v2/users/{self}/contacts/8:daisy.5/phones/1", "/contacts/v2/users/{self}/contacts/8:joe.4/phones/x"},
		[]string{`[]`},
		[]string{`{}`, `{"number":"+442079460998"}`},
	},
	{
		"RemoveContactPhone", "DELETE", "/contacts/v2/users/{self}/contacts/8:joe.4/phones/1", "", 200,
		[]string{"/contacts/v2/users/{self}/contacts/8:joe.4/phones/01", "/contacts/v2/users/{self}/contacts/8:unknown/phones/1"},
		nil, nil,
	},
	{
		"SetExplicit", "PUT", "/contacts/v2/users/{self}/contacts/8:joe.4/explicit", `{"value":false}`, 200,
		[]string{"/contacts/v2/users/{self}/contacts/8:daisy.5/explicit", "/contacts/v2/users/{self}/contacts/joe.4/explicit"},
		[]string{`{"value":"true"}`, `value=true`},
		[]string{`{}`, `{"value":null}`},
	},
	{
		"GetPublicProfiles", "POST", "/contacts/v1/users/{self}/contacts/profiles", "contacts%5B0%5D=joe.4", 200,
		nil,
		[]string{`{"contacts":"joe.4"}`, `["joe.4"]`},
		[]string{``, `{}`, `{"contacts":[]}`, `{"contacts":null}`, `contacts[]=`, `usernames[]=joe.4`},
	},
	{
		"GetPublicProfiles", "POST", "/api/users/{self}/contacts/profiles", "contacts%5B%5D=joe.4", 200,
		nil,
		[]string{`{"contacts":[7]}`},
		[]string{``, `{}`, `{"contacts":[]}`, `contacts=`},
	},
	{
		"GetPublicProfiles", "POST", "/api/users/batch/profiles", "usernames%5B0%5D=joe.4", 200,
		nil,
		[]string{`{"usernames":{}}`, `[`},
		[]string{``, ` `, `{}`, `{"usernames":[]}`, `usernames%5B%5D=`, `contacts[]=joe.4`},
	},
	{
		"GetPublicProfiles", "POST", "/profile/v1/batch/profiles", "usernames[]=joe.4", 200,
		nil,
		[]string{`{"usernames":1}`},
		[]string{``, `{}`, `usernames`},
	},
	{"LegacyDeleteContact", "DELETE", "/api/users/{self}/contacts/joe.4", "", 200, []string{"/api/users/{self}/contacts/unknown", "/api/users/{self}/contacts/8:joe.4"}, nil, nil},
	{"GetPublicProfile", "GET", "/api/users/joe.4/profile/public?clientVersion=1", "", 200, []string{"/api/users/unknown/profile/public", "/api/users/8:joe.4/profile/public"}, nil, nil},
	{"LegacyFindUsers", "GET", "/api/search/users?skypename=joe.4", "", 200, nil, nil, nil},
	{"GetAccount", "GET", "/api/users/{self}", "", 200, nil, nil, nil},
	{
		"UpdateOwnProfile", "POST", "/api/users/{self}/profile/partial", `{"payload":{"mood":"Away"}}`, 200, nil,
		[]string{`mood=Away`, `{"payload":[]}`},
		[]string{`{}`, `{"payload":null}`, `{"mood":"Away"}`},
	},
	{
		"UpdateOwnProfile", "POST", "/profile/v1/users/{self}/profile/partial", `{"payload":{"firstname":"Frederic"}}`, 200, nil,
		[]string{`{"payload":"Frederic"}`, ``},
		[]string{`{}`},
	},
	{"SetOwnAvatar", "PUT", "/api/users/{self}/profile/avatar", "picture", 200, nil, nil, []string{``}},
	{"SetOwnAvatar", "PUT", "/avatar/v1/avatars/{self}", "picture", 200, nil, nil, []string{``}},
	{"DeleteOwnAvatar", "DELETE", "/avatar/v1/avatars/{self}", "", 200, nil, nil, nil},
	{
		"AddBot", "PUT", "/bots/v1/relationship/{self}/7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908", "", 204,
		[]string{"/bots/v1/relationship/{self}/unknown", "/bots/v1/relationship/{self}/28:concierge", "/bots/v1/relationship/{self}/joe.4"},
		nil, nil,
	},
	{
		"GetPublicProfiles", "POST", "/people/v2/profiles", `{"mris":["8:joe.4"],"locale":"en-US"}`, 200, nil,
		[]string{`{"mris":"8:joe.4"}`, `mris[]=8:joe.4`, ``},
		[]string{`{}`, `{"mris":[]}`},
	},
	{
		"RegisterEndpoint", "POST", "/messenger/v1/users/{self}/endpoints", `{"endpointFeatures":"Agent"}`, 201, nil,
		[]string{``, `endpointFeatures=Agent`, `[]`, `null`},
		nil,
	},
	{"GetPresence", "GET", "/messenger/v1/users/{self}/contacts/ALL/presenceDocs/messagingService?cMri=8:joe.4", "", 200, nil, nil, nil},
	{"ConfigureEndpoint", "PUT", "/messenger/v1/users/{self}/endpoints/%7Ba%7D/presenceDocs/messagingService", `{}`, 200, nil, nil, nil},
	{"ListEndpoints", "GET", "/messenger/v1/users/{self}/presenceDocs/messagingService?view=expanded", "", 200, nil, nil, nil},
}

// hostError asserts that a response is an error in the shape of its host.
func hostError(t *testing.T, path string, resp rawResponse, status int, text string) {
	t.Helper()
	assert.Equal(t, status, resp.status, resp.body)
	assert.Equal(t, "application/json; ver=1.0; charset=utf-8", resp.header.Get("Content-Type"))
	pattern := `^{"status":{"code":\d{5},"text":"[^"]+"}}$`
	switch {
	case strings.HasPrefix(path, "/contacts/"):
		pattern = `^{"message":"[^"]+","stackTrace":null}$`
	case strings.HasPrefix(path, "/messenger/"):
		pattern = `^{"errorCode":\d{3},"message":"[^"]+"}$`
	}
	assert.Regexp(t, pattern, resp.body)
	assert.Contains(t, resp.body, text)
}

// Bad requests get their host's kind of error and change nothing.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[0].Contacts[0].Phones = []skypetest.Phone{{Number: "+442079460900", Type: "other"}}
	srv := skypetest.NewServer(skypetest.WithData(data))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { assert.Empty(t, srv.Effects()) })
	for _, good := range goodRequests {
		t.Run(good.operation+" "+good.path, func(t *testing.T) {
			t.Parallel()
			request := func(method, path, body, self, token string) rawResponse {
				header := map[string]string{"X-Skypetoken": token, "RegistrationToken": "registrationToken=" + token, "Content-Type": "image/png"}
				if token == "sample-skype-token-1" {
					header["RegistrationToken"] = "registrationToken=sample-registration-token-1=="
				}
				return send(t, method, srv.URL+strings.ReplaceAll(path, "{self}", self), body, header)
			}
			const token = "sample-skype-token-1"
			for _, wrong := range []string{"", "no", "sample-skype-token-1x"} {
				hostError(t, good.path, request(good.method, good.path, good.body, "self", wrong), 401, "")
			}
			if strings.Contains(good.path, "{self}") {
				for _, other := range []string{"joe.4", "8:fred.2", "fred.2%40example.com"} {
					status := http.StatusForbidden
					if strings.HasPrefix(good.path, "/contacts/") {
						status = http.StatusUnauthorized
					}
					hostError(t, good.path, request(good.method, good.path, good.body, other, token), status, "")
				}
			}
			for _, path := range good.unknown {
				hostError(t, path, request(good.method, path, good.body, "fred.2", token), 404, "")
			}
			for _, body := range append([]string{}, good.malformed...) {
				hostError(t, good.path, request(good.method, good.path, body, "self", token), 400, jsonErrorText)
			}
			if good.malformed != nil {
				hostError(t, good.path, request(good.method, good.path, `{"`, "self", token), 400, jsonErrorText)
			}
			for _, body := range good.missing {
				hostError(t, good.path, request(good.method, good.path, body, "me", token), 400, missingErrorText)
			}
			status := http.StatusMethodNotAllowed
			if strings.HasPrefix(good.path, "/messenger/") {
				status = http.StatusNotImplemented // other methods there are not about contacts
			}
			hostError(t, good.path, request(http.MethodPatch, good.path, good.body, "self", token), status, "")
		})
	}
}

// Each of those requests succeeds, so that the errors are those of what was wrong.
func TestGoodRequests(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, good := range goodRequests {
		data := skypetest.SampleData()
		data.Accounts[0].Contacts[0].Phones = []skypetest.Phone{{Number: "+442079460900", Type: "other"}}
		srv := skypetest.NewServer(skypetest.WithData(data))
		t.Cleanup(srv.Close)
		resp := send(t, good.method, srv.URL+strings.ReplaceAll(good.path, "{self}", "me"), good.body, map[string]string{
			"X-Skypetoken": "sample-skype-token-1", "RegistrationToken": "registrationToken=sample-registration-token-1==", "Content-Type": "image/png",
		})
		require.Equal(t, good.status, resp.status, "%s: %s", good.path, resp.body)
		requests := srv.Requests()
		require.Equal(t, good.operation, requests[0].Operation)
		require.True(t, requests[0].Reached)
		tested[good.operation] = true
		if len(srv.Effects()) > 0 {
			require.Equal(t, []skypetest.Effect{{Operation: good.operation, Account: "8:fred.2", Subject: srv.Effects()[0].Subject}}, srv.Effects())
		}
	}
	for _, operation := range otherOperations {
		require.True(t, tested[operation], operation)
	}
}
