package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

// sampleFile is a contacts.csv of invented people.
const sampleFile = "../../export/testdata/contacts.csv"

func TestFormats(t *testing.T) {
	t.Parallel()
	for format, golden := range map[string]string{
		"vcard": "contacts.v3.vcf", "vcard4": "contacts.v4.vcf", "google": "contacts.google.csv",
		"outlook": "contacts.outlook.csv", "jscontact": "contacts.jscontact.json", "jsonl": "contacts.jsonl",
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile("../../export/testdata/" + golden)
			require.NoError(t, err)
			out := filepath.Join(t.TempDir(), "out")
			var stdout, stderr strings.Builder
			require.NoError(t, run(t.Context(), []string{"-from", sampleFile, "-to", format, "-o", out, "-suggested", "-bots"}, &stdout, &stderr))
			got, err := os.ReadFile(out)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got))
			assert.Empty(t, stdout.String())
			assert.Contains(t, stderr.String(), "8 read, 8 written\n")
		})
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ from, report string }{
		{"demo", "3 read, 1 written\n"},
		{"../../testdata/contacts/list_contacts.json", "4 read, 2 written\n"},
		{"../../testdata/legacy/list_contacts.json", "3 read, 1 written\n"},
		{"../../export/testdata/contacts.jsonl", "8 read, 6 written\n"},
		{sampleFile, "8 read, 6 written\n"},
	} {
		t.Run(tt.from, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			require.NoError(t, run(t.Context(), []string{"-from", tt.from}, &stdout, &stderr))
			assert.Contains(t, stderr.String(), tt.report)
			assert.Contains(t, stdout.String(), "\r\nFN:Joe Bloggs\r\n")
		})
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	var stdout, stderr strings.Builder
	require.NoError(t, run(t.Context(), []string{"-from", sampleFile, "-to", "google", "-no-blocked"}, &stdout, &stderr))
	assert.Equal(t, `8 read, 5 written
1 left out because Skype only suggested it; -suggested includes it
1 left out because it is a bot; -bots includes it
1 left out because it is blocked
The file has no place for this, and so lacks it:
  since when it is a contact (3 of 5)
  the address of the picture; most formats have it with -avatars (1 of 5)
  the gender (2 of 5)
  the mood (1 of 5)
  how it became a contact (3 of 5)
`, stderr.String())

	file := "type,id,shoe\nSkypeSuggested,daisy.5,\nSkypeSuggested,fred.2,\nSkype,joe.4,42\nSkypeOneWay,anna.7,\nSkype,JOE.4,\n,,\n,caf\xe9,\n"
	dir := newFolder(t, map[string]string{"contacts.csv": file})
	stderr.Reset()
	require.NoError(t, run(t.Context(), []string{"-from", filepath.Join(dir, "contacts.csv")}, &stdout, &stderr))
	assert.Equal(t, `export: line 7: the row has no id
export: line 8: not UTF-8, and so damaged: id
7 read, 3 written
2 left out because Skype only suggested them; -suggested includes them
1 left out because it is there already
1 could not be read
1 written with damaged text
The file has no place for this, and so lacks it:
  that the other side agreed (1 of 3)
  the column "shoe" (1 of 3)
`, stderr.String())
}

// Names of a file are quoted, or not printed at all.
func TestReportNames(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{
		"saved.json": `{"contacts":[{"mri":"8:joe.4","shoe":1,"\u001b]0;owned\u0007":1,"profile":{"\u001b]0;owned\u0007":1,"8:anna.7":1,"size":1}}]}`,
		"saved.csv":  "id,\x1b[2Jowned,shoe,\u202eshoe\njoe.4,1,2,3\n",
	})
	for name, want := range map[string][]string{
		"saved.json": {"  other columns or members (1 of 1)", "  the column \"shoe\" (1 of 1)", "  other members of the profile (1 of 1)", "  the member \"size\" of the profile (1 of 1)"},
		"saved.csv":  {"  other columns or members (1 of 1)", "  the column \"shoe\" (1 of 1)"},
	} {
		var stdout, stderr strings.Builder
		require.NoError(t, run(t.Context(), []string{"-from", filepath.Join(dir, name)}, &stdout, &stderr))
		assert.Equal(t, "1 read, 1 written\nThe file has no place for this, and so lacks it:\n"+strings.Join(want, "\n")+"\n", stderr.String())
	}
	for _, field := range []string{"extra.\x1b[2J", "profile.extra.\x1b[2J"} {
		assert.NotContains(t, fieldText(field), "\x1b")
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	var stdout, stderr strings.Builder
	require.NoError(t, run(t.Context(), []string{"-from", sampleFile}, &stdout, &stderr))
	assert.NotContains(t, stdout.String(), "PHOTO")
	assert.Contains(t, stdout.String(), "\r\n ")
	stdout.Reset()
	require.NoError(t, run(t.Context(), []string{"-from", sampleFile, "-avatars", "-no-fold"}, &stdout, &stderr))
	assert.Contains(t, stdout.String(), "\r\nPHOTO;VALUE=uri:https://avatar.example/joe.4\r\n")
	assert.NotContains(t, stdout.String(), "\r\n ")
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
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		files[entry.Name()] = string(text)
	}
	return files
}

func TestFileErrors(t *testing.T) {
	t.Parallel()
	long := "id,x\n" + strings.Repeat("joe.4,1\n", 50_000)
	for name, tt := range map[string]struct{ file, want string }{
		"empty":        {"", "export: line 1: the file is empty"},
		"header only":  {"type,id\n", "export: line 1: no contacts follow the names of the columns"},
		"no id":        {"type,name\nSkype,joe.4\n", `export: line 1: there is no column "id"; is this a contacts.csv from Skype?`},
		"binary":       {"PK\x03\x04\x00\x00", "export: line 1: the file is not text in UTF-8"},
		"UTF-16":       {"\xFF\xFEi\x00d\x00", "export: line 1: the file is UTF-16; save it as UTF-8"},
		"truncated":    {long + "anna.7,\"cut", "export: line 50002: the file ends within a quoted cell of this row"},
		"Windows-1252": {"id,about\njoe.4,caf\xe9\nanna.7,\xfc\n", "export: the file is not UTF-8; save it as 'CSV UTF-8'"},
		"no contact":   {"type,id\nSkypeSuggested,daisy.5\n", "there is nobody to write"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := map[string]string{"contacts.csv": tt.file, "contacts.vcf": "old"}
			dir := newFolder(t, before)
			args := []string{"-from", filepath.Join(dir, "contacts.csv"), "-f", "-o", filepath.Join(dir, "contacts.vcf")}
			var stdout, stderr strings.Builder
			require.EqualError(t, run(t.Context(), args, &stdout, &stderr), tt.want)
			assert.Equal(t, before, folderContent(t, dir))
			assert.NotContains(t, stderr.String(), tt.want)
		})
	}
}

func TestExistingFiles(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "id\njoe.4\n", "contacts.jsonl": "old"})
	out := filepath.Join(dir, "contacts.jsonl")
	args := []string{"-from", filepath.Join(dir, "contacts.csv"), "-to", "jsonl", "-o"}
	var stdout, stderr strings.Builder

	require.EqualError(t, run(t.Context(), append(args, out), &stdout, &stderr), out+" exists; -f replaces it")
	assert.Equal(t, "old", folderContent(t, dir)["contacts.jsonl"])

	require.NoError(t, run(t.Context(), append(args, out, "-f"), &stdout, &stderr))
	assert.Equal(t, map[string]string{"contacts.csv": "id\njoe.4\n", "contacts.jsonl": "{\"mri\":\"8:joe.4\"}\n"}, folderContent(t, dir))

	require.EqualError(t, run(t.Context(), append(args, dir, "-f"), &stdout, &stderr), dir+" is not a file")
	none := filepath.Join(dir, "none", "x")
	require.EqualError(t, run(t.Context(), append(args, none), &stdout, &stderr), "open "+none+": no such file or directory")
	require.NoError(t, run(t.Context(), append(args, os.DevNull), &stdout, &stderr))
	assert.Len(t, folderContent(t, dir), 2)
}

// A file that is replaced keeps its mode, and only the owner may read a new one.
func TestFileMode(t *testing.T) {
	t.Parallel()
	for mode, want := range map[os.FileMode]os.FileMode{0: 0o600, 0o600: 0o600, 0o640: 0o640, 0o666: 0o666, 0o400: 0o400} {
		for _, replace := range []string{"-f", "-f=false"} {
			out := filepath.Join(t.TempDir(), "contacts.vcf")
			if mode != 0 && replace == "-f" {
				require.NoError(t, os.WriteFile(out, []byte("old"), 0o600))
				require.NoError(t, os.Chmod(out, mode))
			}
			var stdout, stderr strings.Builder
			require.NoError(t, run(t.Context(), []string{"-from", sampleFile, replace, "-o", out}, &stdout, &stderr))
			info, err := os.Stat(out)
			require.NoError(t, err)
			if replace == "-f" {
				assert.Equal(t, want, info.Mode().Perm())
			} else {
				assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			}
			assert.NotZero(t, info.Size())
		}
	}
}

// While it is written, the output is for its owner only, whatever it replaces.
func TestTemporaryFileMode(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.vcf": "old"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "contacts.vcf"), 0o644))
	require.NoError(t, replaceFile(filepath.Join(dir, "contacts.vcf"), true, func(w io.Writer) error {
		entries := folderEntries(t, dir)
		require.Len(t, entries, 2)
		info, err := entries[0].Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		_, err = io.WriteString(w, "new")
		return err
	}))
	assert.Equal(t, map[string]string{"contacts.vcf": "new"}, folderContent(t, dir))
}

// A file that somebody makes while the contacts are written is not replaced without -f.
func TestFileMadeMeanwhile(t *testing.T) {
	t.Parallel()
	for kind, create := range map[string]func(name string) error{
		"file":      func(name string) error { return os.WriteFile(name, []byte("other"), 0o600) },
		"link":      func(name string) error { return os.Symlink("other", name) },
		"directory": func(name string) error { return os.Mkdir(name, 0o700) },
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			name := filepath.Join(dir, "contacts.vcf")
			write := func(w io.Writer) error {
				_, err := io.WriteString(w, "new")
				return errors.Join(err, create(name))
			}
			require.EqualError(t, replaceFile(name, false, write), name+" exists; -f replaces it")
			require.Len(t, folderEntries(t, dir), 1)
			info, err := os.Lstat(name)
			require.NoError(t, err)
			if info.Mode().IsRegular() {
				assert.Equal(t, map[string]string{"contacts.vcf": "other"}, folderContent(t, dir))
			}
			require.NoError(t, os.Remove(name))
			if kind != "directory" { // a rename does not replace a directory
				require.NoError(t, replaceFile(name, true, write))
				assert.Equal(t, map[string]string{"contacts.vcf": "new"}, folderContent(t, dir))
			} else {
				require.ErrorContains(t, replaceFile(name, true, write), "file exists")
				assert.Len(t, folderEntries(t, dir), 1)
			}
		})
	}
}

func folderEntries(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	return entries
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&many, "joe.%d,Joe\n", i)
	}
	dir := newFolder(t, map[string]string{"contacts.csv": "id,display_name\n" + strings.Repeat(",Joe\n", 12) + many.String()})
	var stdout, stderr strings.Builder
	require.NoError(t, run(t.Context(), []string{"-from", filepath.Join(dir, "contacts.csv")}, &stdout, &stderr))
	var want strings.Builder
	for line := range strings.FieldsSeq("2 3 4 5 6 7 8 9 10 11") {
		want.WriteString("export: line " + line + ": the row has no id\n")
	}
	want.WriteString("10000 read\n20000 read\n20012 read, 20000 written\n12 could not be read\n")
	assert.Equal(t, want.String(), stderr.String())
}

func TestNoContacts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"empty.json":  {`{"contacts":[]}`, "there are no contacts in it"},
		"other.csv":   {"id,price\n,1\n", "export: no row holds a contact"},
		"other.jsonl": {`{"contacts":[{"mri":"8:joe.4"}]}`, "export: no line holds a contact as this package writes it"},
		"card.jsonl":  {`[{"@type":"Card"}]`, "export: no line holds a contact as this package writes it"},
	} {
		dir := newFolder(t, map[string]string{name: tt.text})
		var stdout, stderr strings.Builder
		args := []string{"-from", filepath.Join(dir, name), "-o", filepath.Join(dir, "contacts.vcf")}
		require.EqualError(t, run(t.Context(), args, &stdout, &stderr), tt.want)
		assert.Equal(t, map[string]string{name: tt.text}, folderContent(t, dir))
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, from := range []string{sampleFile, "demo"} {
		dir := t.TempDir()
		var stdout, stderr strings.Builder
		err := run(ctx, []string{"-from", from, "-o", filepath.Join(dir, "contacts.vcf")}, &stdout, &stderr)
		require.ErrorIs(t, err, context.Canceled)
		assert.True(t, strings.HasPrefix(errorText(err), "Interrupted."))
		assert.Empty(t, folderContent(t, dir))
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-from", "contacts.xls"}, "the name of contacts.xls ends neither in .csv nor in .json or .jsonl"},
		{[]string{"-from", "none.csv"}, "open none.csv: no such file or directory"},
		{[]string{"-to", "excel"}, `export: invalid argument: there is no format "excel"`},
		{[]string{"contacts.csv"}, `"contacts.csv" is not a flag; the file to read goes after -from`},
		{[]string{"-out", "x"}, "flag provided but not defined: -out"},
		{[]string{"-o", ""}, "-o needs the name of a file"},
	} {
		var stdout, stderr strings.Builder
		err := run(t.Context(), tt.args, &stdout, &stderr)
		require.EqualError(t, err, tt.want)
		assert.Equal(t, tt.want, errorText(err))
		assert.Empty(t, stdout.String()+stderr.String())
	}
	var stdout, stderr strings.Builder
	require.NoError(t, run(t.Context(), []string{"-h"}, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "-no-blocked")
}

// Not parallel, because it sets an environment variable of the process.
func TestLiveToken(t *testing.T) {
	t.Setenv("SKYPE_TOKEN", "")
	require.EqualError(t, run(t.Context(), []string{"-from", "live"}, os.Stdout, os.Stderr), "SKYPE_TOKEN is not set")
}
