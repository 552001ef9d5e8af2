package skypetest_test

import (
	"net/http"
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
