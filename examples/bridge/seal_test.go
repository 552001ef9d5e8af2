package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	s := newSealer(t)
	sealed := s.seal(7, "token", "a-token")
	assert.NotContains(t, string(sealed), "a-token")
	assert.NotEqual(t, sealed, s.seal(7, "token", "a-token"), "each value has a nonce of its own")
	opened, err := s.open(7, "token", sealed)
	require.NoError(t, err)
	assert.Equal(t, "a-token", opened)

	_, err = s.open(8, "token", sealed)
	require.Error(t, err, "the row of another account")
	_, err = s.open(7, "secret", sealed)
	require.Error(t, err, "another column")
	_, err = newSealer(t).open(7, "token", sealed)
	require.Error(t, err, "another key")
	sealed[len(sealed)-1] ^= 1
	_, err = s.open(7, "token", sealed)
	require.Error(t, err, "a changed value")
}

// A key that cannot be used is not repeated.
func TestKeyFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "key")
	_, err := readSealer(name)
	require.ErrorIs(t, err, os.ErrNotExist)
	for _, text := range []string{"", "not-a-key", "00112233"} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		_, err := readSealer(name)
		assert.Equal(t, errKey, err)
	}
	require.NoError(t, writeKey(name))
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, err = readSealer(name)
	require.NoError(t, err)
}
