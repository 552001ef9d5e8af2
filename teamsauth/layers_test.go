package teamsauth

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
)

// Each source uses only what is declared in it and on lower steps. ARCHITECTURE.md
// has the same table with the question that each file answers.
func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(t, ".",
		[]string{"redact.go", "errors.go", "endpoints.go"},
		[]string{"decode.go", "store.go"},
		[]string{"failures.go", "filestore.go", "keyring.go"},
		[]string{"transport.go"},
		[]string{"source.go"},
		[]string{"account.go"},
		[]string{"signin.go"},
	)
}
