package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func writeFiles(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func TestApply(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"a.go":      "if a {\n} else if twice {\n}\nif both {\n}",
		"b.go":      "if b {\n} else if twice {\n}\nif both {\n}\nif both {\n}",
		"b_test.go": "if a {\n}\nif test {\n}",
		"c.txt":     "if a {\n}",
	})
	tests := []struct{ name, old, file, source, err string }{
		{"one place", "if a {", "a.go", "if true {\n} else if twice {\n}\nif both {\n}", ""},
		{"no place", "if c {", "", "", `no source of the package contains "if c {"`},
		{"only in a test", "if test {", "", "", `no source of the package contains "if test {"`},
		{"in two files", "else if twice {", "", "", `"else if twice {" is not unique: ` + filepath.Join(dir, "a.go") + ", " + filepath.Join(dir, "b.go")},
		{"twice in a file", "if both {", "", "", `is not unique`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file, source, err := mutation{"guard", dir, test.old, "if true {"}.apply()
			if test.err != "" {
				assert.ErrorContains(t, err, dir+" guard: ")
				assert.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, filepath.Join(dir, test.file), file)
			assert.Equal(t, test.source, string(source))
		})
	}
}

func TestWriteOverlay(t *testing.T) {
	t.Parallel()
	dir, tmp := writeFiles(t, map[string]string{"a.go": "a = b"}), t.TempDir()
	overlay, err := mutation{"guard", dir, "= b", "= c"}.writeOverlay(tmp)
	require.NoError(t, err)
	text, err := os.ReadFile(overlay)
	require.NoError(t, err)
	var files struct{ Replace map[string]string }
	require.NoError(t, json.Unmarshal(text, &files))
	original, mutant := filepath.Join(dir, "a.go"), filepath.Join(tmp, "mutant.go")
	assert.Equal(t, map[string]string{original: mutant}, files.Replace)
	source, err := os.ReadFile(mutant)
	require.NoError(t, err)
	assert.Equal(t, "a = c", string(source))
	source, err = os.ReadFile(original)
	require.NoError(t, err)
	assert.Equal(t, "a = b", string(source))
}
