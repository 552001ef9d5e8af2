package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

// Each host has its own error body and status.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no token", "GET", "/contacts/v2/users/self/contacts", "", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"wrong token, contacts", "GET", "/contacts/v1/users/self/contacts", "no", "", 401, `{"message":"Skype token validation failed!","stackTrace":null}`},
		{"wrong token, api", "GET", "/api/users/self/profile", "no", "", 401, `{"status":{"code":40100,"text":"Authentication failed"}}`},
		{"wrong token, directory", "GET", "/directory/v2.0/search/?searchString=joe", "no", "", 403, `{"status":{"code":40300,"text":"Authentication failed"}}`},
		{"wrong token, bots", "GET", "/bots/v1/agents", "no", "", 401, `{"status":{"code":40100,"text":"Authentication failed"}}`},
		{"Skype token, messenger", "PUT", "/messenger/v1/users/ME/contacts/8:joe.4", "sample-skype-token-1", "", 401, `{"errorCode":401,"message":"Authentication failed"}`},
	})
}

// Clients send the token in several forms.
func TestTokenHeaders(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	for _, test := range []struct {
		name, path, header, value string
		status                    int
	}{
		{"Skype token", "/api/users/self/profile", "x-skypetoken", "sample-skype-token-1", 200},
		{"Skype token of Teams", "/api/users/self/profile", "Authentication", "skypetoken=sample-skype-token-1", 200},
		{"Skype token of Teams with spaces", "/api/users/self/profile", "Authentication", " SkypeToken = sample-skype-token-1", 200},
		{"other scheme", "/api/users/self/profile", "Authentication", "bearer=sample-skype-token-1", 401},
		{"registration token", "/messenger/v1/users/ME/contacts/8:joe.4", "RegistrationToken", "registrationToken=sample-registration-token-1==", 200},
		{"registration token with parameters", "/messenger/v1/users/ME/contacts/8:joe.4", "RegistrationToken", "expires=1893456000; registrationToken=sample-registration-token-1==", 200},
		{"registration token without name", "/messenger/v1/users/ME/contacts/8:joe.4", "RegistrationToken", "sample-registration-token-1==", 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			method := http.MethodGet
			if test.header == "RegistrationToken" {
				method = http.MethodPut
			}
			resp := send(t, method, srv.URL+test.path, "", map[string]string{test.header: test.value})
			assert.Equal(t, test.status, resp.status)
		})
	}
}
