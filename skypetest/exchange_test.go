package skypetest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", nil)
	assert.Equal(t, "00000001", resp.header.Get("X-Skype-Request-Id"))
	resp = send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", map[string]string{"x-skype-request-id": "1a2b3c4d"})
	assert.Equal(t, "1a2b3c4d", resp.header.Get("X-Skype-Request-Id"))
	resp = send(t, http.MethodGet, srv.URL+"/api/users/self/profile", "", map[string]string{"X-Stratus-Request": "abcd1234"})
	assert.Equal(t, "abcd1234", resp.header.Get("X-Stratus-Request-Id"))
}

// A path with another account is an error.
func TestSelf(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"contacts host", "GET", "/contacts/v2/users/joe.4/contacts", "sample-skype-token-1", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"e-mail address", "GET", "/contacts/v2/users/fred.2%40example.com/invites", "sample-skype-token-1", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"api host", "GET", "/api/users/joe.4/profile", "sample-skype-token-1", "", 403, `{"status":{"code":40300,"text":"User 'fred.2' is not authorized to request resource of user 'joe.4'"}}`},
	})
}

func TestMalformedJSON(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"invite", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":`, 400, `{"message":"The request is not valid JSON","stackTrace":null}`},
		{"invite with another type", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":7}`, 400, `{"message":"The request is not valid JSON","stackTrace":null}`},
		{"block", "PUT", "/contacts/v2/users/self/contacts/blocklist/8:joe.4", "sample-skype-token-1", `report_abuse=1`, 400, `{"message":"The request is not valid JSON","stackTrace":null}`},
		{"profiles", "POST", "/profile/v1/batch/profiles", "sample-skype-token-1", `[`, 400, `{"status":{"code":40000,"text":"The request is not valid JSON"}}`},
		{"profiles of contacts", "POST", "/api/users/self/contacts/profiles", "sample-skype-token-1", `{`, 400, `{"status":{"code":40000,"text":"The request is not valid JSON"}}`},
		{"messenger's list", "POST", "/messenger/v1/users/ME/contacts", "registration", `{`, 400, `{"errorCode":400,"message":"The request is not valid JSON"}`},
	})
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"unknown account", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"8:nobody"}`, 404, `{"message":"The account does not exist","stackTrace":null}`},
		{"own account", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"8:FRED.2"}`, 400, `{"message":"The account is the own one","stackTrace":null}`},
	})
}

// Contacts v2 and the messenger know nobody without prefix, the older routes nobody
// with one.
func TestNamesByHost(t *testing.T) {
	t.Parallel()
	const (
		skype   = "sample-skype-token-1"
		message = `{"message":"The account does not exist","stackTrace":null}`
		nothing = `{"message":"There is nothing of that name","stackTrace":null}`
		status  = `{"status":{"code":40411,"text":"The account does not exist"}}`
		ended   = `{"status":{"code":40411,"text":"There is nothing of that name"}}`
	)
	checkErrors(t, []errorCase{
		{"invite", "POST", "/contacts/v2/users/self/contacts", skype, `{"mri":"daisy.5","greeting":""}`, 404, message},
		{"invite to a telephone number", "POST", "/contacts/v2/users/self/contacts", skype, `{"mri":"+442079460999","greeting":""}`, 404, message},
		{"accept", "PUT", "/contacts/v2/users/self/invites/daisy.5/accept", skype, "", 404, nothing},
		{"revoke", "DELETE", "/contacts/v2/users/self/contacts/joe.4", skype, "", 404, nothing},
		{"block", "PUT", "/contacts/v2/users/self/contacts/blocklist/joe.4", skype, "", 404, message},
		{"unblock", "DELETE", "/contacts/v2/users/self/contacts/blocklist/anna.7", skype, "", 404, nothing},
		{"add", "PUT", "/messenger/v1/users/ME/contacts/anna.7", "registration", "", 404, `{"errorCode":404,"message":"The account does not exist"}`},
		{"remove", "DELETE", "/messenger/v1/users/ME/contacts/joe.4", "registration", "", 404, `{"errorCode":404,"message":"There is nothing of that name"}`},
		{"auth-request", "PUT", "/api/users/self/contacts/auth-request/8:anna.7", skype, "greeting=Hi", 404, status},
		{"accept auth-request", "PUT", "/api/users/self/contacts/auth-request/8:daisy.5/accept", skype, "", 404, ended},
		{"decline auth-request", "PUT", "/contacts/v1/users/self/contacts/auth-request/8:daisy.5/decline", skype, "", 404, nothing},
		{"old block", "PUT", "/api/users/self/contacts/8:joe.4/block", skype, "", 404, status},
		{"old block of another kind", "PUT", "/api/users/self/contacts/28:concierge/block", skype, "", 404, status},
	})
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodPost, srv.URL+"/messenger/v1/users/ME/contacts", `{"contacts":[{"id":"anna.7"},{"id":"8:daisy.5"}]}`,
		map[string]string{"RegistrationToken": "registrationToken=sample-registration-token-1=="})
	assert.Equal(t, http.StatusOK, resp.status)
	assert.Equal(t, []skypetest.Effect{{Operation: "AddContact", Account: "8:fred.2", Subject: "8:daisy.5"}}, srv.Effects())
}

// Other letters that fold to ASCII ones are none of them: U+017F to s, the Kelvin
// sign to k.
func TestASCIIFolding(t *testing.T) {
	t.Parallel()
	const skype, unknown = "sample-skype-token-1", `{"message":"No handler found for resource","stackTrace":null}`
	checkErrors(t, []errorCase{
		{"self", "GET", "/contacts/v2/users/\u017felf/groups", skype, "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"path", "GET", "/contacts/v2/u\u017fers/self/groups", skype, "", 404, unknown},
		{"filter", "GET", "/contacts/v1/users/self/contacts?$filter=type%20eq%20'\u017f\u212aype'", skype, "", 200, `{"contacts":[],"count":0,"scope":"full"}`},
		{"name of a parameter", "GET", "/directory/v2.0/search/?\u017fearchString=joe", skype, "", 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{
			"batch", "POST", "/profile/v1/batch/profiles", skype, `{"usernames":["dai\u017fy.5"]}`, 200,
			`[{"username":"dai\u017fy.5","status":{"code":40000,"text":"invalid username"}}]`,
		},
	})
}

// What has ended already may be ended again, unless the server is strict; nothing
// changes. An identifier of nobody is an error in any case.
func TestStrictEnds(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		var opts []skypetest.Option
		if strict {
			opts = append(opts, skypetest.WithStrictEnds())
		}
		srv := skypetest.NewServer(opts...)
		t.Cleanup(srv.Close)
		for _, request := range []string{
			"DELETE /contacts/v2/users/self/contacts/8:daisy.5", "DELETE /contacts/v2/users/self/blocklist/8:daisy.5",
			"DELETE /contacts/v2/users/self/contacts/blocklist/8:daisy.5", "DELETE /contacts/v2/users/self/contacts/favorites/8:daisy.5",
			"DELETE /messenger/v1/users/ME/contacts/8:daisy.5", "PUT /contacts/v2/users/self/invites/8:joe.4/accept",
			"POST /contacts/v2/users/self/invites/8:joe.4/decline", "DELETE /api/users/self/contacts/daisy.5",
			"PUT /api/users/self/contacts/daisy.5/unblock", "PUT /api/users/self/contacts/auth-request/joe.4/accept",
			"PUT /contacts/v1/users/self/contacts/auth-request/joe.4/decline",
		} {
			method, path, _ := strings.Cut(request, " ")
			header := map[string]string{"X-Skypetoken": "sample-skype-token-1", "RegistrationToken": "registrationToken=sample-registration-token-1=="}
			resp := send(t, method, srv.URL+path, "", header)
			if strict {
				hostError(t, path, resp, http.StatusNotFound, "There is nothing of that name")
			} else {
				assert.Contains(t, []int{http.StatusOK, http.StatusCreated}, resp.status, request)
				assert.Empty(t, resp.body)
			}
			unknown := strings.NewReplacer("daisy.5", "nobody", "joe.4", "nobody").Replace(path)
			hostError(t, path, send(t, method, srv.URL+unknown, "", header), http.StatusNotFound, "")
		}
		assert.Empty(t, srv.Effects())
	}
}
