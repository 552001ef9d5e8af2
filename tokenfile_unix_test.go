//go:build unix

package skypecontacts

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A named pipe is refused at once: opening it would wait until another program writes.
func TestTokenFileThatIsAPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	_, err := TokenFile(path).Token(t.Context())
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, "not a regular file")
}
