package export

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
)

// inUTF16 returns text in UTF-16.
func inUTF16(text string, order binary.AppendByteOrder) string {
	var file []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		file = order.AppendUint16(file, unit)
	}
	return string(file)
}

func TestReadUTF16(t *testing.T) {
	t.Parallel()
	const notice = "export: line 1: the file is in UTF-16, and was read as such"
	rows := "id\tdisplay_name\r\njoe.4\tJoé 🎈\r\nanna.7\t花子\r\n"
	want := []contact{{MRI: "8:joe.4", DisplayName: "Joé 🎈"}, {MRI: "8:anna.7", DisplayName: "花子"}}
	for name, file := range map[string]string{
		"little-endian":                     inUTF16("\uFEFF"+rows, binary.LittleEndian),
		"big-endian":                        inUTF16("\uFEFF"+rows, binary.BigEndian),
		"little-endian, no byte order mark": inUTF16(rows, binary.LittleEndian),
		"big-endian, no byte order mark":    inUTF16(rows, binary.BigEndian),
	} {
		for _, reader := range []io.Reader{strings.NewReader(file), iotest.OneByteReader(strings.NewReader(file))} {
			contacts, errs := readAll(ReadCSV(reader))
			require.Equal(t, want, contacts, name)
			require.Equal(t, []string{notice}, errs, name)
		}
		report, err := Write(io.Discard, VCard3, ReadCSV(strings.NewReader(file)), Options{})
		require.NoError(t, err)
		require.Equal(t, Report{Read: 2, Written: 2, NotHeld: map[string]int{}}, report)
	}
	messages := `{"userId":"8:me","conversations":[{"id":"8:anna.7","displayName":"Zoë"}]}`
	contacts, errs := readAll(ReadMessages(strings.NewReader(inUTF16(messages, binary.LittleEndian)), ReadOptions{}))
	require.Equal(t, []contact{{MRI: "8:anna.7", DisplayName: "Zoë"}}, contacts)
	require.Equal(t, []string{notice}, errs)
}

// An error of a row is told before the notice.
func TestReadUTF16RowError(t *testing.T) {
	t.Parallel()
	contacts, errs := readAll(ReadCSV(strings.NewReader(inUTF16("\uFEFFid,x\n,1\njoe.4,1\n", binary.LittleEndian))))
	require.Equal(t, []contact{{MRI: "8:joe.4", Extra: map[string]json.RawMessage{"x": []byte(`"1"`)}}}, contacts)
	require.Equal(t, []string{"export: line 2: the row has no id", "export: line 1: the file is in UTF-16, and was read as such"}, errs)
}

func TestReadUTF16Break(t *testing.T) {
	t.Parallel()
	for range ReadCSV(strings.NewReader(inUTF16("id\njoe.4\nanna.7\n", binary.LittleEndian))) {
		break
	}
	seen := 0
	for range ReadCSV(strings.NewReader(inUTF16("id\njoe.4\nanna.7\nfred.2\n", binary.LittleEndian))) {
		if seen++; seen == 2 {
			break
		}
	}
	require.Equal(t, 2, seen)
}

func TestNotUTF16(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", "i", "id\n", "\xEF\xBB\xBFid\n", "id\x00\x00", "\x00\x00id", "\x00\x00\x00\x00", "PK\x03\x04"} {
		source := bufio.NewReader(strings.NewReader(file))
		require.Same(t, source, decodeUTF16(source), file)
	}
}

// Every byte is the character that it is in golang.org/x/text.
func TestWindows1252Table(t *testing.T) {
	t.Parallel()
	for b := range 256 {
		want := charmap.Windows1252.DecodeByte(byte(b))
		if decoded, _ := decodeWindows1252(string([]byte{byte(b)})); decoded != string(want) {
			t.Errorf("byte %#x is %q, not %q", b, decoded, want)
		}
	}
}

func TestDecodeWindows1252(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Zo\xeb":                         "Zoë",
		"\x93Bj\xf6rk\x94 \x96 5 \x80":   "“Björk” – 5 €",
		"cr\xe9\xe9es \xab\xc9t\xe9\xbb": "créées «Été»",
		"":                               "",
	} {
		got, isWestern := decodeWindows1252(text)
		require.Equal(t, want, got)
		require.True(t, isWestern)
	}
	for _, text := range []string{
		"\xcd\xe8\xea\xee\xeb\xe0\xe9", // Cyrillic in Windows-1251
		"\xc3\xe9\xdc\xf1\xe3\xef\xf2", // Greek in Windows-1253
		"\x8eR\x93c\x81@",              // Japanese in Shift JIS
		"\x8f", "\x90", "\x9d", "\x8d",
	} {
		_, isWestern := decodeWindows1252(text)
		require.False(t, isWestern, "%q", text)
	}
}
