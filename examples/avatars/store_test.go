package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every file system takes the names, and no two accounts have the same one.
func TestFileName(t *testing.T) {
	t.Parallel()
	seen := map[string]skypecontacts.MRI{}
	long := strings.Repeat("a", 250)
	for id, want := range map[skypecontacts.MRI]string{
		"8:joe.4": "8=3ajoe.4", "8:live:joe_1": "8=3alive=3ajoe_1", "8:live:.cid.1f": "8=3alive=3a.cid.1f", "8:a=3ab": "8=3aa=3d3ab",
		"8:con": "8=3acon", "8:josé": "8=3ajos=c3=a9", "8:\u212A": "8=3a=e2=84=aa", "8:k": "8=3ak", "8:a*b|c\"<>": "8=3aa=2ab=7cc=22=3c=3e", "8:../x": "8=3a..=2fx",
		skypecontacts.MRI("8:" + long):       "8=3a" + long[:96] + "=-",
		skypecontacts.MRI("8:" + long + "b"): "8=3a" + long[:96] + "=-",
	} {
		name := fileName(id)
		assert.True(t, name == want || strings.HasSuffix(want, "=-") && strings.HasPrefix(name, want), "%s: %s", id, name)
		assert.LessOrEqual(t, len(name), longestName)
		assert.Regexp(t, `^8=3a[a-z0-9._=-]+$`, name)
		assert.Empty(t, seen[name], "%s has the same", id)
		seen[name] = id
	}
	assert.Equal(t, fileName("8:joe.4"), fileName("8:JOE.4"), "one account")
}

// No part of a file is left when it cannot be put in place, and no mode lets others read.
func TestWriteFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	for _, content := range []string{"one", "another"} {
		require.NoError(t, writeFile(name, []byte(content)))
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, content, string(got))
	}
	if info, err := os.Stat(name); runtime.GOOS != "windows" && assert.NoError(t, err) {
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "b", "c"), 0o700))
	require.Error(t, writeFile(filepath.Join(dir, "b"), nil), "a directory has the name")
	require.Error(t, writeFile(filepath.Join(dir, "d", "e"), nil))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

// Without a directory there is nothing to know or to save.
func TestNoStore(t *testing.T) {
	t.Parallel()
	s, err := openStore("", "")
	require.NoError(t, err)
	assert.Nil(t, s.known("8:joe.4"))
	require.NoError(t, s.saveIndex())
}

// What the index says leads to no file outside of the directory.
func TestForeignIndex(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outside := filepath.Join(dir, "x.png")
	require.NoError(t, os.WriteFile(outside, []byte("mine"), 0o600))
	pictures := filepath.Join(dir, "pictures")
	require.NoError(t, os.Mkdir(pictures, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(pictures, indexName), []byte(`{"8:joe.4":{"etag":"1","media_type":"/../../x.png"},"../x":{"etag":"1","media_type":"image/png"}}`), 0o600))
	s, err := openStore(pictures, "")
	require.NoError(t, err)
	for _, id := range []skypecontacts.MRI{"8:joe.4", "../x"} {
		assert.Nil(t, s.known(id))
		require.NoError(t, s.save(id, &skypecontacts.Avatar{Data: []byte("new"), MediaType: "image/gif"}))
	}
	got, err := os.ReadFile(outside)
	require.NoError(t, err)
	assert.Equal(t, "mine", string(got))
}
