package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExistingFiles(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "id\njoe.4\n", "contacts.jsonl": "old"})
	out := filepath.Join(dir, "contacts.jsonl")
	args := []string{"-from", filepath.Join(dir, "contacts.csv"), "-to", "jsonl", "-o"}

	_, _, err := runExport(t.Context(), append(args, out)...)
	require.EqualError(t, err, out+" exists; -f replaces it")
	assert.Equal(t, "old", folderContent(t, dir)["contacts.jsonl"])

	// That is so before the contacts are read.
	cut := filepath.Join(newFolder(t, map[string]string{"cut.csv": "id,x\njoe.4,\"" + strings.Repeat("x", 100_000)}), "cut.csv")
	_, _, err = runExport(t.Context(), cut, "-o", out)
	require.EqualError(t, err, out+" exists; -f replaces it")

	_, _, err = runExport(t.Context(), append(args, out, "-f")...)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"contacts.csv": "id\njoe.4\n", "contacts.jsonl": "{\"mri\":\"8:joe.4\"}\n"}, folderContent(t, dir))

	_, _, err = runExport(t.Context(), append(args, dir, "-f")...)
	require.EqualError(t, err, dir+" is not a file")
	none := filepath.Join(dir, "none", "x")
	_, _, err = runExport(t.Context(), append(args, none)...)
	require.EqualError(t, err, "open "+none+": no such file or directory")
	_, _, err = runExport(t.Context(), append(args, os.DevNull)...)
	require.NoError(t, err)
	assert.Len(t, folderContent(t, dir), 2)
}

// An input is never replaced, by whatever path or link it is named.
func TestSameFile(t *testing.T) {
	t.Parallel()
	link := func(t *testing.T, link func(old, name string) error, old, name string) string {
		t.Helper()
		require.NoError(t, link(old, name))
		return name
	}
	for kind, output := range map[string]func(t *testing.T, dir, file string) string{
		"same name":    func(_ *testing.T, _, file string) string { return file },
		"another path": func(_ *testing.T, dir, _ string) string { return dir + "/./x/../contacts.csv" },
		"hard link": func(t *testing.T, dir, file string) string {
			return link(t, os.Link, file, filepath.Join(dir, "a.csv"))
		},
		"symbolic link": func(t *testing.T, dir, file string) string {
			return link(t, os.Symlink, file, filepath.Join(dir, "a.csv"))
		},
		"linked directory": func(t *testing.T, dir, _ string) string {
			return filepath.Join(link(t, os.Symlink, dir, filepath.Join(dir, "a")), "contacts.csv")
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := newFolder(t, map[string]string{"contacts.csv": someCSV})
			require.NoError(t, os.Mkdir(filepath.Join(dir, "x"), 0o700))
			file := filepath.Join(dir, "contacts.csv")
			out := output(t, dir, file)
			before := fileNames(t, dir)
			_, _, err := runExport(t.Context(), "-from", file, "-o", out, "-to", "google", "-f")
			require.EqualError(t, err, errSameFile.Error())
			_, _, err = runExport(t.Context(), "-from", out, "-o", file, "-to", "google", "-f")
			require.EqualError(t, err, errSameFile.Error())
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, someCSV, string(text))
			assert.Equal(t, before, fileNames(t, dir))
		})
	}
}

// The streams may be the files, too, and the address book of -known is an input.
func TestSameFileOfStreams(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": someCSV, "known.vcf": "BEGIN:VCARD\r\nEND:VCARD\r\n"})
	before := folderContent(t, dir)
	file, known := filepath.Join(dir, "contacts.csv"), filepath.Join(dir, "known.vcf")
	_, _, err := runExport(t.Context(), file, "-known", known, "-o", known, "-f")
	require.EqualError(t, err, errSameFile.Error())

	stdin, err := os.Open(file)
	require.NoError(t, err)
	err = run(t.Context(), []string{"-from", "-", "-o", file, "-to", "google", "-f"}, streams{stdin, io.Discard, io.Discard})
	require.EqualError(t, err, errSameFile.Error())

	stdout, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	defer stdout.Close()
	err = run(t.Context(), []string{file}, streams{strings.NewReader(""), stdout, io.Discard})
	require.EqualError(t, err, errSameFile.Error())
	assert.Equal(t, before, folderContent(t, dir))

	// A dry run replaces nothing.
	_, _, err = runExport(t.Context(), file, "-o", file, "-to", "google", "-dry-run")
	require.NoError(t, err)
	assert.Equal(t, before, folderContent(t, dir))
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
			_, _, err := runExport(t.Context(), "-from", sampleFile, replace, "-o", out)
			require.NoError(t, err)
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

// openFiles returns the output of a job that writes name.
func openFiles(t *testing.T, name string, replace bool) *output {
	t.Helper()
	o, err := newOutput(&exportJob{out: name, replace: replace, format: export.VCard3}, io.Discard)
	require.NoError(t, err)
	return o
}

// While it is written, the output is for its owner only, whatever it replaces.
func TestTemporaryFileMode(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.vcf": "old"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "contacts.vcf"), 0o644))
	o := openFiles(t, filepath.Join(dir, "contacts.vcf"), true)
	names := fileNames(t, dir)
	require.Len(t, names, 2)
	info, err := os.Stat(filepath.Join(dir, names[0]))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, err = io.WriteString(o, "new")
	require.NoError(t, err)
	require.NoError(t, o.commit())
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
			write := func(replace bool) error {
				o := openFiles(t, name, replace)
				_, err := io.WriteString(o, "new")
				require.NoError(t, errors.Join(err, create(name)))
				return o.commit()
			}
			require.EqualError(t, write(false), name+" exists; -f replaces it")
			require.Len(t, fileNames(t, dir), 1)
			info, err := os.Lstat(name)
			require.NoError(t, err)
			if info.Mode().IsRegular() {
				assert.Equal(t, map[string]string{"contacts.vcf": "other"}, folderContent(t, dir))
			}
			require.NoError(t, os.Remove(name))
			if kind != "directory" { // a rename does not replace a directory
				require.NoError(t, write(true))
				assert.Equal(t, map[string]string{"contacts.vcf": "new"}, folderContent(t, dir))
			} else {
				require.ErrorContains(t, write(true), "file exists")
				assert.Len(t, fileNames(t, dir), 1)
			}
		})
	}
}

// watchedErrors is a stderr that notes which files there are when something is written.
type watchedErrors struct {
	t     *testing.T
	dir   string
	files [][]string
	err   error
}

func (w *watchedErrors) Write(p []byte) (int, error) {
	w.files = append(w.files, fileNames(w.t, w.dir))
	return len(p), w.err
}

// The file is complete and in place before anything is reported, and a closed stderr
// does not end the program.
func TestReportAfterTheFile(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "type,id\nSkype,joe.4\n,\nSkypeSuggested,daisy.5\n"})
	stderr := &watchedErrors{t: t, dir: dir, err: os.ErrClosed}
	args := []string{filepath.Join(dir, "contacts.csv"), "-o", filepath.Join(dir, "contacts.vcf")}
	require.NoError(t, run(t.Context(), args, streams{strings.NewReader(""), io.Discard, stderr}))
	require.NotEmpty(t, stderr.files)
	for _, files := range stderr.files {
		assert.Equal(t, []string{"contacts.csv", "contacts.vcf"}, files)
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestOutputErrors(t *testing.T) {
	t.Parallel()
	err := run(context.Background(), []string{sampleFile}, streams{strings.NewReader(""), closedPipe{}, io.Discard})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	err = run(context.Background(), []string{sampleFile, "-dry-run"}, streams{strings.NewReader(""), closedPipe{}, io.Discard})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	if _, err := os.Stat("/dev/full"); err == nil {
		_, _, err = runExport(t.Context(), sampleFile, "-o", "/dev/full")
		require.ErrorContains(t, err, "no space left on device")
	}
}
