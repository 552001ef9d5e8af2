package skypetest_test

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

// A bad request gets the kind of refusal that the service it was for has.
func TestRefusals(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	t.Cleanup(func() { assert.Empty(t, srv.Effects()) })
	for _, test := range []struct {
		name, method, path, token, body string
		status                          int
		want                            string
	}{
		{"no token", "GET", "/contacts/v2/users/self/contacts", "", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"wrong token", "GET", "/contacts/v1/users/self/contacts", "no", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"another's list", "GET", "/contacts/v2/users/joe.4/contacts", "sample-skype-token-1", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"an e-mail address", "GET", "/contacts/v2/users/fred.2%40example.com/invites", "sample-skype-token-1", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"wrong token, api", "GET", "/api/users/self/profile", "no", "", 401, `{"status":{"code":40100,"text":"Authentication failed"}}`},
		{"another's profile", "GET", "/api/users/joe.4/profile", "sample-skype-token-1", "", 403, `{"status":{"code":40300,"text":"User 'fred.2' is not authorized to request resource of user 'joe.4'"}}`},
		{"wrong token, directory", "GET", "/directory/v2.0/search/?searchString=joe", "no", "", 403, `{"status":{"code":40300,"text":"Authentication failed"}}`},
		{"wrong token, bots", "GET", "/bots/v1/agents", "no", "", 401, `{"status":{"code":40100,"text":"Authentication failed"}}`},
		{"the wrong kind of token", "PUT", "/messenger/v1/users/ME/contacts/8:joe.4", "sample-skype-token-1", "", 401, `{"errorCode":401,"message":"Authentication failed"}`},
		{"unknown route", "GET", "/contacts/v2/users/self/friends", "sample-skype-token-1", "", 404, `{"message":"No handler found for resource","stackTrace":null}`},
		{"unknown route, api", "GET", "/api/users/self/nothing", "sample-skype-token-1", "", 404, `{"status":{"code":40499,"text":"No handler found for resource"}}`},
		{"unknown route, messenger", "GET", "/messenger/v1/users/ME", "sample-skype-token-1", "", 404, `{"errorCode":404,"message":"No handler found for resource"}`},
		{"unknown service", "GET", "/", "", "", 404, `{"status":{"code":40499,"text":"No handler found for resource"}}`},
		{"wrong method", "PATCH", "/contacts/v2/users/self/contacts", "sample-skype-token-1", "", 405, `{"message":"The method is not allowed here","stackTrace":null}`},
		{"malformed JSON", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":`, 400, `{"message":"The request is not valid JSON","stackTrace":null}`},
		{"JSON of another shape", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":7}`, 400, `{"message":"The request is not valid JSON","stackTrace":null}`},
		{"no name", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{}`, 400, `{"message":"The request names no mri","stackTrace":null}`},
		{"nobody", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"8:nobody"}`, 404, `{"message":"The account does not exist","stackTrace":null}`},
		{"oneself", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"8:FRED.2"}`, 400, `{"message":"The account is the own one","stackTrace":null}`},
		{"malformed JSON of a block", "PUT", "/contacts/v2/users/self/contacts/blocklist/8:joe.4", "sample-skype-token-1", `report_abuse=1`, 400, `{"message":"The request is not valid JSON","stackTrace":null}`},
		{"malformed JSON of a batch", "POST", "/profile/v1/batch/profiles", "sample-skype-token-1", `[`, 400, `{"status":{"code":40000,"text":"The request is not valid JSON"}}`},
		{"malformed JSON of a list", "POST", "/messenger/v1/users/ME/contacts", "registration", `{`, 400, `{"errorCode":400,"message":"The request is not valid JSON"}`},
		{"malformed JSON of the older batch", "POST", "/api/users/self/contacts/profiles", "sample-skype-token-1", `{`, 400, `{"status":{"code":40000,"text":"The request is not valid JSON"}}`},
		{"no key word", "GET", "/api/search/users/any", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{"an empty batch", "POST", "/api/users/self/contacts/profiles", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{"no query", "GET", "/directory/search/v1.1/namesearch/swx/", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{"a page of nothing", "GET", "/contacts/v2/users/self?page_size=0", "sample-skype-token-1", ``, 400, `{"message":"The page size is not valid","stackTrace":null}`},
		{"a filter of another kind", "GET", "/contacts/v1/users/self/contacts?$filter=everybody", "sample-skype-token-1", ``, 400, `{"message":"The filter is not valid","stackTrace":null}`},
		{"oversize body", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", strings.Repeat(" ", 1<<20+1), 413, `{"message":"The request is too large","stackTrace":null}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := map[string]string{}
			switch test.token {
			case "":
			case "registration":
				header["RegistrationToken"] = "registrationToken=sample-registration-token-1=="
			default:
				header["X-Skypetoken"] = test.token
			}
			resp := send(t, test.method, srv.URL+test.path, test.body, header)
			assert.Equal(t, test.status, resp.status)
			assert.JSONEq(t, test.want, resp.body)
			assert.Equal(t, "application/json; ver=1.0; charset=utf-8", resp.header.Get("Content-Type"))
		})
	}
}
