package teamsauth

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "refresh token")
	store, ctx := File(path), t.Context()
	token, err := store.Load(ctx)
	require.NoError(t, err)
	require.Empty(t, token, "there is none yet")
	require.NoError(t, store.Delete(ctx), "nothing to delete")

	for _, want := range []string{"first-token", strings.Repeat("t", maxToken)} {
		require.NoError(t, store.Save(ctx, want))
		got, err := store.Load(ctx)
		require.NoError(t, err)
		require.Equal(t, want, got)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want+"\n", string(text))
		info, err := os.Stat(path)
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			require.Equal(t, fs.FileMode(0o600), info.Mode())
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no other file is left")
	require.NoError(t, store.Delete(ctx))
	_, err = os.Stat(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// What is no refresh token is neither returned nor repeated.
func TestFileContent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"token": "token", "token\n": "token", "token\r\n": "token",
		"": "", "\n": "", "canary canary\n": "", "canary\ncanary\n": "", `{"canary":1}`: "", "canary\n\n": "", strings.Repeat("canary", maxToken/6+1): "",
	} {
		path := filepath.Join(t.TempDir(), "token")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		got, err := File(path).Load(t.Context())
		assert.Equal(t, want, got)
		if want == "" {
			assert.EqualError(t, err, fmt.Sprintf("file %q: is not a file with a refresh token", path))
			assert.ErrorIs(t, err, skypecontacts.ErrInvalid)
		}
	}
}

// A file that others can read or change is refused. A new token gets a file of its own.
func TestFileMode(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		return // the mode says nothing there
	}
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o700, 0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o777} {
		path := filepath.Join(t.TempDir(), "token")
		require.NoError(t, os.WriteFile(path, []byte("token\n"), 0o600))
		require.NoError(t, os.Chmod(path, mode))
		_, err := File(path).Load(t.Context())
		if mode&0o077 == 0 {
			assert.NoError(t, err, "%o", mode)
			continue
		}
		assert.EqualError(t, err, fmt.Sprintf("file %q: mode 0%o lets others than the owner read or change it; change it to 0600", path, mode))
		assert.ErrorIs(t, err, skypecontacts.ErrInvalid)
		require.NoError(t, File(path).Save(t.Context(), "next"))
		token, err := File(path).Load(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "next", token)
	}
}

func TestFileFailures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("token\n"), 0o600))
	_, err := File(dir).Load(t.Context())
	require.EqualError(t, err, fmt.Sprintf("file %q: not a regular file", dir))
	for name, do := range map[string]func(Store) error{
		"load":   func(s Store) error { _, err := s.Load(t.Context()); return err },
		"save":   func(s Store) error { return s.Save(t.Context(), "canary-token") },
		"delete": func(s Store) error { return s.Delete(t.Context()) },
	} {
		path := filepath.Join(file, "x") // below a file
		err := do(File(path))
		require.Error(t, err, name)
		assert.Equal(t, 1, strings.Count(err.Error(), file), "%s: %v", name, err)
		assert.NotContains(t, err.Error(), "canary", name)
		if runtime.GOOS == "windows" {
			break
		}
	}
	assert.ErrorIs(t, File(filepath.Join(dir, "none", "x")).Save(t.Context(), "t"), fs.ErrNotExist)

	// Something that cannot be replaced stays, and nothing is left beside it.
	full := filepath.Join(dir, "full")
	require.NoError(t, os.MkdirAll(filepath.Join(full, "x"), 0o700))
	require.ErrorContains(t, File(full).Save(t.Context(), "canary-token"), fmt.Sprintf("file %q: ", full))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = File(file).Load(ctx)
	require.Equal(t, context.Canceled, err)
	require.Equal(t, context.Canceled, File(file).Save(ctx, "t"))
	require.Equal(t, context.Canceled, File(file).Delete(ctx))
}

// A symbolic link would be replaced by a file, or removed, and what it leads to would keep
// the token. So it is refused by all methods, and so is a path that is empty or leads to
// something else.
func TestFileIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link, dangling, directory := filepath.Join(dir, "target"), filepath.Join(dir, "link"), filepath.Join(dir, "dangling"), filepath.Join(dir, "directory")
	require.NoError(t, os.WriteFile(target, []byte("token\n"), 0o600))
	require.NoError(t, os.Mkdir(directory, 0o700))
	if err := os.Symlink(target, link); err != nil {
		t.Skip("this system or user makes no symbolic links")
	}
	require.NoError(t, os.Symlink(filepath.Join(dir, "nothing"), dangling))
	before, err := os.ReadDir(dir)
	require.NoError(t, err)
	for path, problem := range map[string]string{
		link:      "is a symbolic link; name the file that it leads to",
		dangling:  "is a symbolic link; name the file that it leads to",
		directory: "not a regular file",
		"":        "the path is empty",
	} {
		store := fileStore(path)
		_, loadErr := store.Load(t.Context())
		for _, err := range []error{loadErr, store.Check(t.Context()), store.Save(t.Context(), "canary-token"), store.Delete(t.Context())} {
			require.EqualError(t, err, fmt.Sprintf("file %q: %s", path, problem))
			require.ErrorIs(t, err, skypecontacts.ErrInvalid)
		}
	}
	after, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, after, len(before))
	text, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "token\n", string(text))

	// A link above the file is no harm.
	above := filepath.Join(t.TempDir(), "above")
	require.NoError(t, os.Symlink(dir, above))
	token, err := File(filepath.Join(above, "target")).Load(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "token", token)
}

// Trying to write leaves the file as it is, and no other.
func TestFileCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, content := range []string{"", "token\n"} {
		path := filepath.Join(dir, "token")
		if content != "" {
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		}
		require.NoError(t, fileStore(path).Check(t.Context()))
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, min(1, len(content)))
		text, _ := os.ReadFile(path)
		require.Equal(t, content, string(text))
	}
	require.ErrorIs(t, fileStore(filepath.Join(dir, "none", "token")).Check(t.Context()), fs.ErrNotExist)
}

// A token that cannot be written as a whole leaves the old one: the new one is written
// beside it. Whoever reads meanwhile gets one of them.
func TestFileIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // a file that is being read cannot be replaced there
	}
	path := filepath.Join(t.TempDir(), "token")
	first, second := strings.Repeat("1", maxToken), strings.Repeat("2", maxToken)
	require.NoError(t, File(path).Save(t.Context(), first))
	open, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, open.Close()) }()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 50 {
			assert.NoError(t, File(path).Save(t.Context(), second))
			assert.NoError(t, File(path).Save(t.Context(), first))
		}
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		token, err := File(path).Load(t.Context())
		require.NoError(t, err)
		require.Contains(t, []string{first, second}, token)
	}
	text, err := io.ReadAll(open)
	require.NoError(t, err)
	require.Equal(t, first+"\n", string(text), "the old file itself was not written to")
}
