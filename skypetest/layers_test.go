package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
)

func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(
		t, ".",
		[]string{"data.go", "mri.go", "style.go", "versionedlist.go", "response.go", "members.go", "streamconn.go"},
		[]string{"sample.go", "spelling.go", "style_tables.go", "faults.go", "formlist.go", "picture.go"},
		[]string{"generate.go", "state.go"},
		[]string{"changes.go", "changes_profile.go", "hosts.go", "wire_profiles.go", "wire_invites.go", "wire_bots.go", "signin.go"},
		[]string{"wire_contacts.go", "wire_directory.go", "wire_signin.go", "core.go"},
		[]string{"exchange.go", "wire_people.go"},
		[]string{"handle_lists.go"},
		[]string{
			"handle_invites.go", "handle_contacts.go", "handle_contacts_v1.go", "handle_entries.go", "handle_endpoints.go",
			"handle_presence.go", "handle_account.go", "handle_avatars.go", "handle_profiles.go", "handle_people.go", "handle_directory.go",
			"handle_bots.go", "handle_signin.go", "fault_responses.go",
		},
		[]string{"routes.go"},
		[]string{"index.go"},
		[]string{"server.go"},
		[]string{"server_signin.go"},
	)
}
