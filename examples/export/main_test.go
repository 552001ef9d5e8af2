package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain runs the program itself if RUN_EXPORT is set, for the tests of signals.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_EXPORT") != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// sampleFile is a contacts.csv of invented people with every column.
const sampleFile = "../../export/testdata/contacts.csv"

// runExport runs the program with args and an empty stdin.
func runExport(ctx context.Context, args ...string) (stdout, stderr string, err error) {
	var out, errs strings.Builder
	err = run(ctx, args, streams{strings.NewReader(""), &out, &errs})
	return out.String(), errs.String(), err
}

// newFolder returns a directory with files.
func newFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// folderContent returns the text of each file in dir.
func folderContent(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range fileNames(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		files[name] = string(text)
	}
	return files
}

func fileNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// The program writes what package export does.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, f := range convert.Formats {
		t.Run(string(f.Format), func(t *testing.T) {
			t.Parallel()
			file, err := os.Open(sampleFile)
			require.NoError(t, err)
			defer file.Close()
			var want strings.Builder
			_, err = export.Write(&want, f.Format, export.ReadCSV(file), export.Options{Suggested: true, Bots: true})
			require.NoError(t, err)
			out := filepath.Join(t.TempDir(), "out")
			stdout, stderr, err := runExport(t.Context(), "-from", sampleFile, "-to", string(f.Format), "-o", out, "-suggested", "-bots")
			require.NoError(t, err)
			got, err := os.ReadFile(out)
			require.NoError(t, err)
			assert.Equal(t, want.String(), string(got))
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, "8 read, 8 written\n")
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	stdout, _, err := runExport(t.Context(), "-from", sampleFile)
	require.NoError(t, err)
	assert.NotContains(t, stdout, "PHOTO")
	assert.Contains(t, stdout, "\r\n ")
	stdout, _, err = runExport(t.Context(), "-from", sampleFile, "-avatars", "-no-fold")
	require.NoError(t, err)
	assert.Contains(t, stdout, "\r\nPHOTO;VALUE=uri:https://avatar.example/joe.4\r\n")
	assert.NotContains(t, stdout, "\r\n ")
	stdout, stderr, err := runExport(t.Context(), "-from", sampleFile, "-mood")
	require.NoError(t, err)
	assert.Contains(t, stdout, "@work")
	assert.NotContains(t, stderr, "mood")
}

// The file to try with, which README.md names, has people for most lines of a report.
func TestSampleFile(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "contacts.vcf")
	_, stderr, err := runExport(t.Context(), "sample.csv", "-o", out)
	require.NoError(t, err)
	assert.Regexp(t, `^\d+ read, \d+ written\n`, stderr)
	assert.Contains(t, stderr, "-suggested")
	assert.Contains(t, stderr, "-bots")
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	for _, name := range []string{"Joe Bloggs", "Anna Cooper", "日本 花子"} {
		assert.Contains(t, string(text), "\r\nFN:"+name+"\r\n")
	}
}

func TestFileErrors(t *testing.T) {
	t.Parallel()
	long := "id,x\n" + strings.Repeat("joe.4,1\n", 50_000)
	for name, tt := range map[string]struct{ file, want string }{
		"header only": {"type,id\n", "no contacts follow the names of the columns"},
		"no id":       {"type,name\nSkype,joe.4\n", `there is no column "id"`},
		"cut off":     {long + "anna.7,\"cut", "line 50002: the file ends within a quoted cell of this row"},
		"no contact":  {"type,id\nSkypeSuggested,daisy.5\n", "nobody in it can be written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := map[string]string{"contacts.csv": tt.file, "contacts.vcf": "old"}
			dir := newFolder(t, before)
			_, stderr, err := runExport(t.Context(), filepath.Join(dir, "contacts.csv"), "-f", "-o", filepath.Join(dir, "contacts.vcf"))
			require.ErrorContains(t, err, tt.want)
			assert.Equal(t, before, folderContent(t, dir))
			assert.NotContains(t, stderr, "written")
			assert.Equal(t, name == "no contact", strings.Contains(stderr, "left out: 1 only suggested"))
		})
	}
}

func TestNoContacts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"empty.json":  {`{"contacts":[]}`, "there are no contacts in it"},
		"other.csv":   {"id,price\n,1\n", "export: no row holds a contact"},
		"other.jsonl": {`{"shoe":1}` + "\n" + `{"shoe":2}`, "export: no line holds a contact as this package writes it"},
	} {
		dir := newFolder(t, map[string]string{name: tt.text})
		_, _, err := runExport(t.Context(), "-from", filepath.Join(dir, name), "-o", filepath.Join(dir, "contacts.vcf"))
		require.EqualError(t, err, tt.want, name)
		assert.Equal(t, map[string]string{name: tt.text}, folderContent(t, dir))
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, from := range []string{sampleFile, "demo"} {
		dir := t.TempDir()
		_, _, err := runExport(ctx, "-from", from, "-o", filepath.Join(dir, "contacts.vcf"))
		require.ErrorIs(t, err, context.Canceled)
		assert.True(t, strings.HasPrefix(errorText(err), "Interrupted."))
		assert.Empty(t, folderContent(t, dir))
	}
}

// Names of files may have any character, and reach the terminal only without control
// characters.
func TestErrorText(t *testing.T) {
	t.Parallel()
	_, _, err := runExport(t.Context(), "\x1b]0;owned\a\u202e.csv", "-o", t.TempDir()+"/x.vcf")
	require.Error(t, err)
	assert.Equal(t, "open ]0;owned.csv: no such file or directory", errorText(err))
	assert.Equal(t, "a\nb", errorText(errors.New("a\nb\x1b")))
}
