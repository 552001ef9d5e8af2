package skypecontacts

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadBlocklist(t *testing.T) {
	t.Parallel()
	require.Equal(t, &Blocklist{
		Blocked: []BlockedUser{{MRI: "8:anna.7", Extra: Extra{"since": raw(`2016`)}}, {MRI: "8:joe.4"}},
		Count:   4, Scope: "full",
		Skipped: []SkippedItem{{List: "blocklist", Index: 2, Raw: raw(`{"since":1}`), Err: errNoIdentifier}},
		Extra:   Extra{"hint": raw(`{"a":1}`)},
	}, decoded(t, `{"count":4,"hint":{"a":1},"blocklist":[{"mri":"anna.7","since":2016},{"mri":"8:joe.4","deleted":false},{"since":1},`+
		`{"mri":"8:daisy.5","deleted":true}],"scope":"full"}`, readBlocklist))
}

// The reason of a report is not sent without the report.
func TestBlockUserBody(t *testing.T) {
	t.Parallel()
	for want, opts := range map[string]BlockOptions{
		`{"ui_version":"skype.com","report_abuse":false}`:                  {Reason: "spam"},
		`{"ui_version":"skype.com","report_abuse":true}`:                   {ReportAbuse: true},
		`{"ui_version":"skype.com","report_abuse":true,"reason":"<spam>"}`: {ReportAbuse: true, Reason: "<spam>"},
	} {
		w := newWire(reply(http.StatusOK, ""))
		require.NoError(t, newTestClient(t, w).BlockUser(t.Context(), "8:anna.7", opts))
		line, _, _ := strings.Cut(w.requests()[0], "\n")
		_, body, _ := strings.Cut(w.requests()[0], "\n\n")
		require.Equal(t, "PUT https://contacts.skype.com/contacts/v2/users/self/contacts/blocklist/8:anna.7", line)
		require.Equal(t, want, body)
	}
}
