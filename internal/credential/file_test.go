package credential

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a file may be, and that the text of an error has neither the path nor the content.
func TestReadFile(t *testing.T) {
	t.Parallel()
	const limit = 2 << 10
	dir := t.TempDir()
	for _, test := range []struct {
		name    string
		content string
		mode    fs.FileMode
		want    string // problem
	}{
		{"empty", "", 0o600, ""},
		{"readable", "canary", 0o400, ""},
		{"largest", strings.Repeat("x", limit), 0o600, ""},
		{"larger", strings.Repeat("x", limit+1), 0o600, "larger than 2 KiB"},
		{"group", "canary", 0o640, "mode 0640 lets others than the owner read or change it; change it to 0600"},
		{"others", "canary", 0o602, "mode 0602 lets others than the owner read or change it; change it to 0600"},
	} {
		path := filepath.Join(dir, test.name)
		require.NoError(t, os.WriteFile(path, []byte(test.content), 0o600))
		require.NoError(t, os.Chmod(path, test.mode))
		if strings.HasPrefix(test.want, "mode") && (runtime.GOOS == "windows" || runtime.GOOS == "js") {
			continue // the mode says nothing there
		}
		text, err := ReadFile(path, limit)
		if test.want != "" {
			require.Equal(t, Problem(test.want), err)
			require.EqualError(t, err, test.want)
			require.Empty(t, text)
			continue
		}
		require.NoError(t, err, test.name)
		require.Equal(t, test.content, text)
	}
	_, err := ReadFile(dir, limit)
	require.Equal(t, Problem("not a regular file"), err)
	_, err = ReadFile(filepath.Join(dir, "none"), limit)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NotContains(t, ErrorText(err), dir)
}

// The open file counts: the one that was checked before may have been replaced since.
func TestReadOpen(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		return
	}
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("canary"), 0o600))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.NoError(t, os.Chmod(path, 0o644))
	text, err := readOpen(file, 10)
	require.Equal(t, Problem("mode 0644 lets others than the owner read or change it; change it to 0600"), err)
	require.Empty(t, text)
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for err, want := range map[error]string{
		&fs.PathError{Op: "open", Path: "canary", Err: cause}:                 "cause",
		&os.LinkError{Op: "rename", Old: "canary", New: "canary", Err: cause}: "cause",
		cause: "cannot be read or written",
	} {
		assert.Equal(t, want, ErrorText(err))
	}
}
