package skypetest_test

import (
	"testing"
)

func TestInviteForms(t *testing.T) {
	t.Parallel()
	srv := newGeneratedServer(t)
	body := get(t, srv, "/contacts/v2/users/self/invites").body
	old := get(t, srv, "/api/users/self/contacts/auth-request").body
	checkForms(t, []formsCase{
		{"invites", body, []string{
			`"greeting":"`, `"message":""`, `"message":"[^"]*<a href`, `\{"time":"[^"]*"\}`, `"time":"[-0-9T:]{19}Z"`, `"time":"[-0-9T:]{19}\.\d{3}Z"`, `"displayname":"`, `"avatar_url":null`,
			`"avatar_url":"https://avatar\.skype\.com/v1/avatars/[^"?]*/public"`, `\{"invites":\[[^]]*\],"mri":`,
		}},
		{"auth-requests", old, []string{
			`"event_time":"[-0-9]{10} [0-9:]{8}\.\d{6}"`, `"event_time_iso":"[-0-9T:]{19}Z"`, `"event_time_iso":"[-0-9T:]{19}\.\d{7}Z"`,
			`"sender":"person\.`, `"sender":"live:`, `"greeting":""`,
		}},
	})
}
