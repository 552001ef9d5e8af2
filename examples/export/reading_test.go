package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&many, "joe.%d,Joe\n", i)
	}
	dir := newFolder(t, map[string]string{"contacts.csv": "id,display_name\n" + strings.Repeat(",Joe\n", 12) + many.String()})
	_, stderr, err := runExport(t.Context(), "-from", filepath.Join(dir, "contacts.csv"))
	require.NoError(t, err)
	assert.Equal(t, "50000 read\n100000 read\n100012 read, 100000 written\n"+
		"12 could not be read; the first:\n  line 2: the row has no id\n  line 3: the row has no id\n", stderr)
}

// What is wrong with the first entries explains why a file is refused.
func TestDetailsBeforeAnError(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "id,display_name\n,Joe\n,Anna\n,Daisy\n"})
	_, stderr, err := runExport(t.Context(), "-from", filepath.Join(dir, "contacts.csv"), "-o", filepath.Join(dir, "contacts.vcf"))
	require.EqualError(t, err, "export: no row holds a contact")
	assert.Equal(t, "3 could not be read; the first:\n  line 2: the row has no id\n  line 3: the row has no id\n", stderr)
}

// A notice about the file is there once, and nobody counts as damaged for it.
func TestNotices(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{
		"utf16.csv":  "\xFF\xFEi\x00d\x00\n\x00j\x00o\x00e\x00\n\x00",
		"cp1252.csv": "id,display_name\njoe.4,Jos\xe9\nanna.7,Zo\xeb\n",
	})
	for name, want := range map[string]string{"utf16.csv": "UTF-16", "cp1252.csv": "Windows-1252"} {
		_, stderr, err := runExport(t.Context(), "-from", filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(stderr, want), stderr)
		assert.Equal(t, 2, strings.Count(stderr, "\n"), stderr)
		assert.Contains(t, stderr, "\nnote: ")
	}
}
