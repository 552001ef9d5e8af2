package otel

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
)

// Each source uses only what is declared in it and on lower steps. ARCHITECTURE.md
// has the same table with the question that each file answers.
func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(t, ".",
		[]string{"attributes.go", "servers.go"},
		[]string{"spans.go", "metrics.go"},
		[]string{"observer.go"},
	)
}
