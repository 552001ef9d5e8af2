package skypetest_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

// Every path and form of a write has its status and its effect.
func TestContactWrites(t *testing.T) {
	t.Parallel()
	for i, test := range []struct {
		method, path, body string
		status             int
		operation          string
		subject            string
	}{
		{"DELETE", "/contacts/v2/users/self/contacts/8:joe.4", "", 200, "RevokeContact", "8:joe.4"},
		{"DELETE", "/contacts/v2/users/self/contacts/8:daisy.5", "", 200, "", ""}, // is none
		{"DELETE", "/contacts/v2/users/self/contacts/8:unknown", "", 404, "", ""},
		{"DELETE", "/contacts/v2/users/self/contacts/8:concierge", "", 404, "", ""}, // is 28:concierge
		{"PUT", "/contacts/v2/users/self/contacts/blocklist/8:joe.4", `{"report_abuse":"true"}`, 200, "BlockUser", "8:joe.4"},
		{"PUT", "/contacts/v2/users/self/blocklist/8:anna.7", " ", 200, "", ""}, // is blocked
		{"PUT", "/api/users/self/contacts/joe.4/block", "reportAbuse=1", 201, "BlockUser", "8:joe.4"},
		{"DELETE", "/contacts/v2/users/self/blocklist/8:anna.7", "", 200, "UnblockUser", "8:anna.7"},
		{"PUT", "/api/users/self/contacts/anna.7/unblock", "", 201, "UnblockUser", "8:anna.7"},
		{"DELETE", "/contacts/v2/users/self/blocklist/8:joe.4", "", 200, "", ""},
		{"DELETE", "/contacts/v2/users/self/blocklist/8:unknown", "", 404, "", ""},
		{"DELETE", "/api/users/self/contacts/joe.4", "", 200, "LegacyDeleteContact", "8:joe.4"},
		{"DELETE", "/api/users/self/contacts/daisy.5", "", 200, "", ""},
		{"DELETE", "/api/users/self/contacts/8:joe.4", "", 404, "", ""},
		{"PUT", "/messenger/v1/users/ME/contacts/8:daisy.5", "", 200, "AddContact", "8:daisy.5"},
		{"PUT", "/messenger/v1/users/ME/contacts/8:unknown", "", 404, "", ""},
		{"POST", "/messenger/v1/users/ME/contacts", `{"contacts":[{"id":"8:unknown"},{"id":"8:daisy.5"}]}`, 200, "AddContact", "8:daisy.5"},
		{"DELETE", "/messenger/v1/users/ME/contacts/8:joe.4", "", 200, "RemoveContact", "8:joe.4"},
		{"DELETE", "/messenger/v1/users/ME/contacts/8:anna.7", "", 200, "", ""}, // is a contact, but not there
		{"DELETE", "/messenger/v1/users/ME/contacts/8:unknown", "", 404, "", ""},
	} {
		t.Run(strconv.Itoa(i)+" "+test.operation, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			defer srv.Close()
			resp := send(t, test.method, srv.URL+test.path, test.body, map[string]string{
				"X-Skypetoken": "sample-skype-token-1", "RegistrationToken": "registrationToken=sample-registration-token-1==",
			})
			assert.Equal(t, test.status, resp.status)
			if test.status < http.StatusBadRequest {
				assert.Empty(t, resp.body)
			}
			subjects := []string{}
			for _, e := range srv.Effects() {
				subjects = append(subjects, e.Operation+" "+string(e.Subject))
			}
			want := []string{}
			if test.operation != "" {
				want = append(want, test.operation+" "+test.subject)
			}
			assert.Equal(t, want, subjects)
		})
	}
}
