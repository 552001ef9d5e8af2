//go:build unix

package skypecontacts

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A named pipe is refused at once: opening it would wait until another program writes.
func TestTokenFileThatIsAPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	read := make(chan error, 1)
	go func() {
		_, err := TokenFile(path).Token(t.Context())
		read <- err
	}()
	var err error
	select {
	case err = <-read:
	case <-time.After(10 * time.Second):
		writer, openErr := os.OpenFile(path, os.O_RDWR, 0) // ends the wait
		require.NoError(t, openErr)
		_ = writer.Close()
		<-read
		t.Error("the pipe was opened")
	}
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, "not a regular file")
}
