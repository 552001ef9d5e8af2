package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSources(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ from, report string }{
		{"demo", "3 read, 1 written\nnote: these people are sample data\n"},
		{"../../testdata/contacts/list_contacts.json", "4 read, 2 written\n"},
		{"../../testdata/legacy/list_contacts.json", "3 read, 1 written\n"},
		{"../../export/testdata/contacts.jsonl", "8 read, 6 written\n"},
		{sampleFile, "8 read, 6 written\n"},
	} {
		t.Run(tt.from, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, err := runExport(t.Context(), "-from", tt.from)
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(stderr, tt.report), stderr)
			assert.Contains(t, stdout, "\r\nFN:Joe Bloggs\r\n")
		})
	}
}

const (
	someCSV      = "type,id,display_name\nSkype,joe.4,Joe Bloggs\n"
	someMessages = `{"userId":"8:fred.2","exportDate":"2025-05-01T10:00","conversations":[` +
		`{"id":"8:live:anna.7","displayName":"Anna Cooper","MessageList":[]},` +
		`{"id":"19:1a2b@thread.skype","displayName":"Tea","threadProperties":{"members":"[\"8:daisy.5\"]"},"MessageList":[]},` +
		`{"id":"28:concierge","displayName":"Skype","MessageList":[]}]}`
)

// inTar and inZip return archives with one file beside another.
func inTar(t *testing.T, name, text string) string {
	t.Helper()
	var file bytes.Buffer
	w := tar.NewWriter(&file)
	for name, text := range map[string]string{"media/photo.jpg": "JFIF", name: text} {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text))}))
		_, err := w.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return file.String()
}

func inZip(t *testing.T, name, text string) string {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for name, text := range map[string]string{"media/photo.jpg": "JFIF", name: text} {
		member, err := w.Create(name)
		require.NoError(t, err)
		_, err = member.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return file.String()
}

// What people have in hand is read as it is.
func TestDownloads(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{
		"messages.json": someMessages,
		"a.tar":         inTar(t, "8_fred.2/contacts.csv", someCSV),
		"b.tar":         inTar(t, "messages.json", someMessages),
		"c.zip":         inZip(t, "contacts.csv", someCSV),
		"d.zip":         inZip(t, "messages.json", someMessages),
		"noending":      someCSV,
	})
	for name, want := range map[string]struct{ person, note string }{
		"messages.json": {"Anna Cooper", "note: these are the people of the conversations in messages.json\n"},
		"a.tar":         {"Joe Bloggs", "note: read from 8_fred.2/contacts.csv in it\n"},
		"b.tar":         {"Anna Cooper", "note: these are the people of the conversations in messages.json\n"},
		"c.zip":         {"Joe Bloggs", "note: read from contacts.csv in it\n"},
		"d.zip":         {"Anna Cooper", "note: these are the people of the conversations in messages.json\n"},
		"noending":      {"Joe Bloggs", ""},
	} {
		stdout, stderr, err := runExport(t.Context(), filepath.Join(dir, name))
		require.NoError(t, err, name)
		assert.Contains(t, stdout, "\r\nFN:"+want.person+"\r\n")
		_, notes, _ := strings.Cut(stderr, "\n")
		assert.True(t, strings.HasPrefix(notes, want.note), stderr)
	}
	stdout, _, err := runExport(t.Context(), filepath.Join(dir, "b.tar"), "-group-members")
	require.NoError(t, err)
	assert.Contains(t, stdout, "daisy.5")
}

func TestStdin(t *testing.T) {
	t.Parallel()
	for _, text := range []string{someCSV, someMessages} {
		var out, errs strings.Builder
		require.NoError(t, run(t.Context(), []string{"-from", "-"}, streams{strings.NewReader(text), &out, &errs}))
		assert.Contains(t, out.String(), "BEGIN:VCARD")
	}
	var out, errs strings.Builder
	require.Error(t, run(t.Context(), []string{"-from", "-"}, streams{strings.NewReader(""), &out, &errs}))

	dir := newFolder(t, map[string]string{"a.tar": inTar(t, "contacts.csv", someCSV)})
	stdin, err := os.Open(filepath.Join(dir, "a.tar"))
	require.NoError(t, err)
	require.NoError(t, run(t.Context(), []string{"-"}, streams{stdin, &out, &errs}))
	assert.Contains(t, out.String(), "BEGIN:VCARD")
}

func TestSourceErrors(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"a.xlsx": inZip(t, "xl/workbook.xml", "<workbook/>"), "a.tar": inTar(t, "a.txt", "")})
	for _, name := range []string{"a.xlsx", "a.tar", "."} {
		_, _, err := runExport(t.Context(), filepath.Join(dir, name), "-o", filepath.Join(dir, "contacts.vcf"))
		require.Error(t, err)
		assert.Len(t, fileNames(t, dir), 2)
	}
}

// Not parallel, because it sets an environment variable of the process.
func TestLiveToken(t *testing.T) {
	t.Setenv("SKYPE_TOKEN", "")
	_, _, err := runExport(t.Context(), "-from", "live")
	require.EqualError(t, err, "SKYPE_TOKEN is not set")
	_, _, err = runExport(t.Context(), "-endpoints", "none.json")
	require.EqualError(t, err, "open none.json: no such file or directory")
}
