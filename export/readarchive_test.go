package export

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// archiveFile is the name and content of a file in an archive.
type archiveFile struct{ name, content string }

func newTar(t testing.TB, files ...archiveFile) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := tar.NewWriter(&out)
	for _, file := range files {
		header := &tar.Header{Name: file.name, Mode: 0o600, Size: int64(len(file.content)), Format: tar.FormatPAX}
		if strings.HasSuffix(file.name, "/") {
			header.Typeflag, header.Mode = tar.TypeDir, 0o700
		}
		require.NoError(t, archive.WriteHeader(header))
		_, err := io.WriteString(archive, file.content)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	return out.Bytes()
}

func newZip(t testing.TB, files ...archiveFile) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, file := range files {
		member, err := archive.Create(file.name)
		require.NoError(t, err)
		_, err = io.WriteString(member, file.content)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	return out.Bytes()
}

const (
	joeCSV       = "id,display_name\r\njoe.4,Joe Bloggs\r\n"
	annaMessages = `{"userId":"8:joe.4","conversations":[{"id":"8:anna.7","displayName":"Anna Cooper"}]}`
)

func TestReadArchive(t *testing.T) {
	t.Parallel()
	anna := []contact{{MRI: "8:anna.7", DisplayName: "Anna Cooper"}}
	endpoints := archiveFile{"endpoints.json", `{"endpoints":[]}`}
	for name, test := range map[string]struct {
		files []archiveFile
		kind  InputKind
		path  string
		want  []contact
	}{
		"chat export":          {[]archiveFile{endpoints, {"messages.json", annaMessages}, {"media/", ""}, {"media/1.jpg", "\xFF\xD8"}}, InputMessages, "messages.json", anna},
		"both":                 {[]archiveFile{{"messages.json", annaMessages}, {"a/contacts.csv", joeCSV}}, InputCSV, "a/contacts.csv", joeOnly()},
		"both, contacts first": {[]archiveFile{{"a/contacts.csv", joeCSV}, {"messages.json", annaMessages}}, InputCSV, "a/contacts.csv", joeOnly()},
		"downloaded twice":     {[]archiveFile{{"messages.json", annaMessages}, {"Contacts (1).csv", joeCSV}}, InputCSV, "Contacts (1).csv", joeOnly()},
		"exact name":           {[]archiveFile{{"contacts-old.csv", "id\nold\n"}, {"CONTACTS.CSV", joeCSV}}, InputCSV, "CONTACTS.CSV", joeOnly()},
		"macOS":                {[]archiveFile{{"__MACOSX/._contacts.csv", "\x00\x05\x16\x07"}, {"contacts.csv", joeCSV}}, InputCSV, "contacts.csv", joeOnly()},
		"long path":            {[]archiveFile{{strings.Repeat("a long folder/", 30) + "messages.json", annaMessages}}, InputMessages, strings.Repeat("a long folder/", 30) + "messages.json", anna},
		"UTF-8 mark":           {[]archiveFile{{"messages.json", "\xEF\xBB\xBF" + annaMessages}}, InputMessages, "messages.json", anna},
	} {
		for kind, archive := range map[string][]byte{"tar": newTar(t, test.files...), "zip": newZip(t, test.files...)} {
			input, err := ReadFile(bytes.NewReader(archive), "export."+kind, ReadOptions{})
			require.NoError(t, err, name)
			contacts, errs := readAll(input.Contacts)
			require.Empty(t, errs, name)
			require.Equal(t, test.want, contacts, name)
			require.Equal(t, []any{test.kind, test.path}, []any{input.Kind, input.Path}, name)
		}
	}
}

func TestReadArchiveErrors(t *testing.T) {
	t.Parallel()
	other := []archiveFile{{"endpoints.json", "{}"}, {"photo.jpg", ""}, {"numbers.csv", "a"}, {"contacts.csv/", ""}}
	for name, test := range map[string]struct {
		archive []byte
		want    error
	}{
		"tar of something else": {newTar(t, other...), errNoFileInArchive},
		"zip of something else": {newZip(t, other...), errNoFileInArchive},
		"empty zip":             {newZip(t), errNoFileInArchive},
		"xlsx":                  {newZip(t, archiveFile{"[Content_Types].xml", ""}, archiveFile{"xl/workbook.xml", ""}), errIsSpreadsheet},
		"xlsb":                  {newZip(t, archiveFile{"xl/workbook.bin", ""}), errIsSpreadsheet},
		"ods":                   {newZip(t, archiveFile{"mimetype", ""}, archiveFile{"content.xml", ""}), errIsSpreadsheet},
		"endpoints by name":     {newTar(t, archiveFile{"messages.json", `{"endpoints":[]}`}), errIsEndpoints},
		"password":              {withZipFlags(newZip(t, archiveFile{"contacts.csv", joeCSV})), errEncryptedArchive},
		"zip cut off":           {newZip(t, archiveFile{"contacts.csv", joeCSV})[:100], fmt.Errorf("export: the archive cannot be read: %w", zip.ErrFormat)},
		"tar cut off":           {newTar(t, archiveFile{"photo.jpg", strings.Repeat("a", 4096)}, archiveFile{"contacts.csv", joeCSV})[:2048], fmt.Errorf("export: the archive cannot be read: %w", io.ErrUnexpectedEOF)},
	} {
		_, err := ReadFile(bytes.NewReader(test.archive), "", ReadOptions{})
		require.EqualError(t, err, test.want.Error(), name)
	}
}

// withZipFlags returns an archive that says that its file needs a password.
func withZipFlags(archive []byte) []byte {
	archive[bytes.LastIndex(archive, []byte("PK\x01\x02"))+8] |= 1
	return archive
}

// An archive that is cut off within its file is never a shorter list.
func TestReadArchiveCutOff(t *testing.T) {
	t.Parallel()
	rows := "id,x\n" + strings.Repeat("joe.4,1\n", 10_000)
	archive := newTar(t, archiveFile{"contacts.csv", rows})
	for _, length := range []int{1024, 2048, 4096, 20_000, len(rows)} {
		input, err := ReadFile(bytes.NewReader(archive[:length]), "", ReadOptions{})
		require.NoError(t, err)
		var last error
		for _, err := range input.Contacts {
			last = err
		}
		require.ErrorIs(t, last, io.ErrUnexpectedEOF)
		require.ErrorContains(t, last, "the archive is cut off")
	}
	archive = newTar(t, archiveFile{"messages.json", `{"conversations":[{"id":"8:anna.7"},{"id":"8:joe.4"}` + strings.Repeat(" ", 2000) + "]}"})
	input, err := ReadFile(bytes.NewReader(archive[:1600]), "", ReadOptions{})
	require.NoError(t, err)
	contacts, errs := readAll(input.Contacts)
	require.Len(t, contacts, 2)
	require.Equal(t, []string{"skypecontacts: entry 2 skipped: undecodable response: the file is cut off here"}, errs)

	damaged := newZip(t, archiveFile{"contacts.csv", rows})
	damaged[60] ^= 0xFF
	input, err = ReadFile(bytes.NewReader(damaged), "", ReadOptions{})
	if err == nil {
		for _, last := range input.Contacts {
			err = last
		}
	}
	var corrupt flate.CorruptInputError
	require.True(t, errors.As(err, &corrupt) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF), err)
}

// An archive is read from a file from its offset on, and not from a pipe.
func TestReadArchiveFromPipe(t *testing.T) {
	t.Parallel()
	archive := newTar(t, archiveFile{"contacts.csv", joeCSV})
	_, err := ReadFile(io.MultiReader(bytes.NewReader(archive)), "export.tar", ReadOptions{})
	require.Equal(t, errArchiveFromPipe, err)

	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	go func() {
		_, _ = write.Write(archive)
		_ = write.Close()
	}()
	_, err = ReadFile(read, "export.tar", ReadOptions{})
	require.Equal(t, errArchiveFromPipe, err)

	file := bytes.NewReader(append([]byte("skipped"), archive...))
	_, err = file.Seek(7, io.SeekStart)
	require.NoError(t, err)
	input, err := ReadFile(file, "", ReadOptions{})
	require.NoError(t, err)
	contacts, errs := readAll(input.Contacts)
	require.Empty(t, errs)
	require.Equal(t, joeOnly(), contacts)
}
