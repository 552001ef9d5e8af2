package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manyCSV returns a contacts.csv of n people whose notes have line ends and quotes.
func manyCSV(n int) string {
	var file strings.Builder
	file.WriteString("id,display_name,profile.about\n")
	for i := range n {
		fmt.Fprintf(&file, "person.%d,Person %d,\"a \"\"note\"\"\nof two lines\"\n", i, i)
	}
	return file.String()
}

// A Google file has at most 3,000 rows, and every person is in one of the files.
func TestGoogleParts(t *testing.T) {
	t.Parallel()
	for people, want := range map[int][]string{
		1:    {"g.csv"},
		3000: {"g.csv"},
		3001: {"g-2.csv", "g.csv"},
		6000: {"g-2.csv", "g.csv"},
		7001: {"g-2.csv", "g-3.csv", "g.csv"},
	} {
		t.Run(fmt.Sprint(people), func(t *testing.T) {
			t.Parallel()
			in := filepath.Join(newFolder(t, map[string]string{"contacts.csv": manyCSV(people)}), "contacts.csv")
			dir := t.TempDir()
			_, stderr, err := runExport(t.Context(), in, "-to", "google", "-o", filepath.Join(dir, "g.csv"))
			require.NoError(t, err)
			assert.Equal(t, want, fileNames(t, dir))
			assert.Equal(t, len(want) > 1, strings.Contains(stderr, fmt.Sprintf("\nin %d files, since Google imports 3000 people at a time: ", len(want))))
			seen := map[string]bool{}
			var header []string
			for _, text := range folderContent(t, dir) {
				rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
				require.NoError(t, err)
				require.LessOrEqual(t, len(rows), 3001)
				require.Greater(t, len(rows), 1)
				if header == nil {
					header = rows[0]
				}
				require.Equal(t, header, rows[0])
				for _, row := range rows[1:] {
					seen[strings.Join(row, "|")] = true
				}
			}
			assert.Len(t, seen, people)
		})
	}
}

// Other formats, and a Google file for a pipe, are not divided.
func TestNoParts(t *testing.T) {
	t.Parallel()
	in := filepath.Join(newFolder(t, map[string]string{"contacts.csv": manyCSV(3001)}), "contacts.csv")
	dir := t.TempDir()
	_, stderr, err := runExport(t.Context(), in, "-to", "outlook", "-o", filepath.Join(dir, "o.csv"))
	require.NoError(t, err)
	assert.Equal(t, []string{"o.csv"}, fileNames(t, dir))
	assert.Equal(t, "3001 read, 3001 written\n", stderr)
	stdout, _, err := runExport(t.Context(), in, "-to", "google")
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	require.NoError(t, err)
	assert.Len(t, rows, 3002)
}

// All files are written, or none: the name of each may be taken, or be the input.
func TestPartsAllOrNone(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": manyCSV(3001), "g-2.csv": "old"})
	in, out := filepath.Join(dir, "contacts.csv"), filepath.Join(dir, "g.csv")
	_, _, err := runExport(t.Context(), in, "-to", "google", "-o", out)
	require.ErrorContains(t, err, "g-2.csv exists; -f replaces it")
	assert.Equal(t, []string{"contacts.csv", "g-2.csv"}, fileNames(t, dir))

	second := filepath.Join(dir, "contacts-2.csv")
	require.NoError(t, os.Link(in, second))
	_, _, err = runExport(t.Context(), second, "-to", "google", "-o", filepath.Join(dir, "new.csv"), "-f")
	require.NoError(t, err)
	require.NoError(t, os.Remove(in))
	_, _, err = runExport(t.Context(), second, "-to", "google", "-o", in, "-f")
	require.ErrorContains(t, err, errSameFile.Error())
	assert.Equal(t, []string{"contacts-2.csv", "g-2.csv", "new-2.csv", "new.csv"}, fileNames(t, dir))
}
