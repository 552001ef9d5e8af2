package export

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestReadFile(t *testing.T) {
	t.Parallel()
	anna := []contact{{MRI: "8:anna.7", DisplayName: "Anna Cooper"}}
	jsonLines := `{"mri":"8:joe.4","display_name":"Joe Bloggs"}` + "\n"
	response := `{"contacts":[{"mri":"8:joe.4","display_name":"Joe Bloggs"}]}`
	for name, test := range map[string]struct {
		file, name string
		kind       InputKind
		want       []contact
	}{
		"contacts.csv":                  {joeCSV, "contacts.csv", InputCSV, joeOnly()},
		"contacts.csv, byte order mark": {"\xEF\xBB\xBF" + joeCSV, "", InputCSV, joeOnly()},
		"contacts.csv, other name":      {joeCSV, "contacts.txt", InputCSV, joeOnly()},
		"messages.json":                 {annaMessages, "messages.json", InputMessages, anna},
		"messages.json, other name":     {"\n " + annaMessages, "skype.jsonl", InputMessages, anna},
		"JSON Lines":                    {jsonLines, "contacts.jsonl", InputJSONLines, joeOnly()},
		"JSON Lines, other name":        {jsonLines, "contacts.json", InputJSONLines, joeOnly()},
		"response":                      {response, "contacts.json", InputResponse, joeOnly()},
		"response, other name":          {`{"count":1,"scope":"full",` + response[1:], "", InputResponse, joeOnly()},
		"response, long member":         {`{"x":"` + strings.Repeat("a", 5000) + `",` + response[1:], "", InputResponse, joeOnly()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, reader := range []io.Reader{strings.NewReader(test.file), iotest.OneByteReader(strings.NewReader(test.file))} {
				input, err := ReadFile(reader, test.name, ReadOptions{})
				require.NoError(t, err)
				require.Equal(t, test.kind, input.Kind)
				require.Empty(t, input.Path)
				contacts, errs := readAll(input.Contacts)
				require.Empty(t, errs)
				require.Equal(t, test.want, contacts)
			}
			input, err := ReadFile(strings.NewReader(inUTF16("\uFEFF"+strings.TrimPrefix(test.file, "\xEF\xBB\xBF"), binary.LittleEndian)), test.name, ReadOptions{})
			require.NoError(t, err)
			require.Equal(t, test.kind, input.Kind)
			contacts, errs := readAll(input.Contacts)
			require.Equal(t, []string{"export: line 1: the file is in UTF-16, and was read as such"}, errs)
			require.Equal(t, test.want, contacts)
		})
	}
}

func TestReadFileOptions(t *testing.T) {
	t.Parallel()
	input, err := ReadFile(openMessages(t), "messages.json", ReadOptions{GroupMembers: true})
	require.NoError(t, err)
	contacts, errs := readAll(input.Contacts)
	require.Empty(t, errs)
	require.Len(t, contacts, 7)
}

// What people have in place of their contacts is named.
func TestReadFileOfSomethingElse(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]error{
		`{"endpoints":[{"endpointId":"1"}]}`:                  errIsEndpoints,
		"\xEF\xBB\xBF{ \"endpoints\" : [":                     errIsEndpoints,
		"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00":            errIsSpreadsheet,
		"BEGIN:VCARD\r\nVERSION:3.0\r\n":                      errIsVCard,
		"<!DOCTYPE html><title>Sign in</title>":               errIsWebPage,
		"\r\n<HTML><head>":                                    errIsWebPage,
		"\x1F\x8B\x08\x00\x00\x00\x00\x00":                    errIsCompressed,
		"7z\xBC\xAF\x27\x1C\x00\x04":                          errIsCompressed,
		"Rar!\x1A\x07\x01\x00":                                errIsCompressed,
		inUTF16("\uFEFF{\"endpoints\":[]}", binary.BigEndian): errIsEndpoints,
	} {
		_, err := ReadFile(strings.NewReader(file), "", ReadOptions{})
		require.Equal(t, want, err, file)
	}
	for name, want := range map[string]InputKind{"a.csv": InputCSV, "": InputCSV, "a.JSON": InputResponse, "a.jsonl": InputJSONLines} {
		for _, file := range []string{"", "secret", "\x00\x01\x02\x03\x04"} {
			input, err := ReadFile(strings.NewReader(file), name, ReadOptions{})
			require.NoError(t, err)
			require.Equal(t, want, input.Kind)
			contacts, errs := readAll(input.Contacts)
			require.Empty(t, contacts)
			require.NotEmpty(t, errs)
			require.NotContains(t, strings.Join(errs, "\n"), "secret")
		}
	}
	for file, want := range map[string]InputKind{`{"a":{"b":1}`: InputResponse, `{`: InputResponse, `{1`: InputResponse} {
		kind, err := detectInput([]byte(file), "")
		require.NoError(t, err)
		require.Equal(t, want, kind)
		kind, err = detectInput([]byte(file), ".jsonl")
		require.NoError(t, err)
		require.Equal(t, InputJSONLines, kind)
	}
}

func TestReadFileReaderError(t *testing.T) {
	t.Parallel()
	errReader := errors.New("the disk is gone")
	for _, begin := range []string{"", "i", "id\njoe.4\n", "{", `{"conversations":[`, `{"mri":"8:joe.4"`, "PK", "\xFF\xFEi\x00"} {
		input, err := ReadFile(io.MultiReader(strings.NewReader(begin), iotest.ErrReader(errReader)), "", ReadOptions{})
		require.NoError(t, err)
		var last error
		for _, err := range input.Contacts {
			last = err
		}
		require.ErrorIs(t, last, errReader, begin)
	}
}

// ReadFile reads no more than the beginning before the loop.
func TestReadFileIsLazy(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{"id\n", `{"conversations":[{"id":"`} {
		count := &countingReader{source: io.MultiReader(strings.NewReader(begin), longText('a'))}
		_, err := ReadFile(count, "", ReadOptions{})
		require.NoError(t, err)
		require.LessOrEqual(t, count.bytes, 2*headBytes)
	}
}

type countingReader struct {
	source io.Reader
	bytes  int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.bytes += n
	return n, err
}

func FuzzReadFile(f *testing.F) {
	files := []archiveFile{{"messages.json", annaMessages}, {"contacts.csv", joeCSV}}
	for _, file := range []string{annaMessages, joeCSV, string(newTar(f, files...)), string(newZip(f, files...)), string(newZip(f, files[0]))} {
		f.Add([]byte(file))
		f.Add([]byte(inUTF16(file, binary.LittleEndian)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		input, err := ReadFile(bytes.NewReader(file), "", ReadOptions{GroupMembers: true})
		if err != nil {
			require.Nil(t, input)
			return
		}
		ended := false
		for c, err := range input.Contacts {
			require.False(t, ended)
			ended = err != nil && !isEntryError(err)
			require.True(t, c != nil || err != nil)
			require.True(t, c == nil || c.MRI.ID() != "")
		}
	})
}
