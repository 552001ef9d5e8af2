package skypecontacts

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
)

// Each source uses only what is declared in it and on lower steps. ARCHITECTURE.md
// has the same table with the question that each file answers.
func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(t, ".",
		[]string{"ascii.go"},
		[]string{"errors.go", "endpoints.go"},
		[]string{"mri.go", "auth.go", "attempt.go"},
		[]string{"transport.go", "names.go", "route.go", "tokencache.go", "tokentext.go"},
		[]string{"types.go", "retry.go", "tokenfile.go", "tokencommand.go", "observer.go"},
		[]string{"sharing.go", "window.go"},
		[]string{"jsonreader.go"},
		[]string{"decode.go"},
		[]string{"scalars.go", "request.go"},
		[]string{"failures.go"},
		[]string{"lists.go", "person.go"},
		[]string{"response.go"},
		[]string{"call.go"},
		[]string{"client.go"},
		[]string{"contacts.go", "favorites.go", "contactphones.go", "blocklist.go", "invites.go", "profile.go", "profileupdate.go", "directory.go", "bots.go", "avatars.go", "do.go"},
		[]string{"legacy.go", "lookup.go", "mergedlist.go"},
		[]string{"roster.go"},
		[]string{"stream.go"},
	)
}
