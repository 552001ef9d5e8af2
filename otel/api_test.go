package otel

import (
	"flag"
	"os"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/api.txt")

// A change of the exported API is seen in the diff of testdata/api.txt.
func TestAPI(t *testing.T) {
	t.Parallel()
	api := sourcecheck.API(t, ".")
	if *update {
		require.NoError(t, os.WriteFile("testdata/api.txt", []byte(api), 0o600))
	}
	want, err := os.ReadFile("testdata/api.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), api)
}
