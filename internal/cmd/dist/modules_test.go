package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The licences of a package are in its directory and in those above it, each once.
func TestAddLicences(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, name := range []string{"LICENSE", "README.md", "license.go", "licenses_test.txt", "a/b/LICENCE.txt", "a/NOTICE", "a/PATENTS/x", "other/COPYING"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(name), 0o600))
	}
	var m module
	require.NoError(t, m.addLicences(root, filepath.Join(root, "a", "b")))
	require.NoError(t, m.addLicences(root, filepath.Join(root, "a")))
	want := []file{{name: "a/b/LICENCE.txt", data: []byte("a/b/LICENCE.txt")}, {name: "a/NOTICE", data: []byte("a/NOTICE")}, {name: "LICENSE", data: []byte("LICENSE")}}
	assert.Equal(t, module{licences: want}, m)
}

func TestLicenceText(t *testing.T) {
	t.Parallel()
	got := licenceText([]module{
		{path: "stdlib", version: "1.27.3", licences: []file{{name: "LICENSE", data: []byte("\nBSD\n\n")}}},
		{path: "example.com/m", version: "v1.0.0", licences: []file{{name: "LICENSE", data: []byte("MIT")}, {name: "NOTICE", data: []byte("names\n")}}},
	})
	const line = "================================================================================\n"
	assert.Equal(t, "The program contains the standard library of Go and the modules below. Their licences:\n"+
		"\n"+line+"stdlib 1.27.3: LICENSE\n\nBSD\n"+
		"\n"+line+"example.com/m v1.0.0: LICENSE\n\nMIT\n"+
		"\n"+line+"example.com/m v1.0.0: NOTICE\n\nnames\n", string(got))
}
