package export

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestCSVLines(t *testing.T) {
	t.Parallel()
	testReadCSV(t, map[string]readCSVTest{
		"least": {"id,display_name\njoe.4,Joe Bloggs\n", joeOnly()},
		"byte order mark, CRLF, no last line end": {"\uFEFFid,display_name\r\njoe.4,Joe Bloggs", joeOnly()},
		"blank lines":           {"\n id , display_name\n\njoe.4,Joe Bloggs\n\n", joeOnly()},
		"line breaks in a cell": {"id,display_name,profile.about\r\njoe.4,Joe Bloggs,\"one\r\n\r\ntwo\"\r\n", joeWith(func(c *skypecontacts.Contact) { c.Profile.About = "one\n\ntwo" })},
		"semicolons":            {"sep=;\r\nid;display_name\r\njoe.4;Joe Bloggs\r\n", joeOnly()},
		"tabs":                  {"id\tdisplay_name\njoe.4\tJoe Bloggs\n", joeOnly()},
		"commas, sep line":      {"\uFEFFsep=,\nid,display_name\njoe.4,Joe Bloggs\n", joeOnly()},
		"missing cells":         {"id,display_name,profile.about\njoe.4,Joe Bloggs\n", joeOnly()},
		"extra empty cells":     {"id,display_name\njoe.4,Joe Bloggs,,\n", joeOnly()},
	})
}

func TestCSVSyntaxErrors(t *testing.T) {
	t.Parallel()
	testRowErrors(t, map[string]rowErrorTest{
		"bare quote":  {"secret,a\"b\n", RowError{Line: 3, EndLine: 3, Reason: "a quote stands in a cell that does not begin with one"}},
		"extra quote": {"secret,\"a\"b\"\n", RowError{Line: 3, EndLine: 3, Reason: "a quote within a quoted cell is not doubled, or one is missing"}},
		"three lines": {"secret,\"a\nb\nc\"d\n", RowError{Line: 3, EndLine: 5, Reason: "a quote within a quoted cell is not doubled, or one is missing"}},
	})
}

func TestCSVFileErrors(t *testing.T) {
	t.Parallel()
	testFileErrors(t, map[string]fileErrorTest{
		"binary":                   {"PK\x03\x04\x00\x00\x08\x00id,", "export: line 1: the file is not text in UTF-8"},
		"truncated":                {"id,x\njoe.4,\"cut", "export: line 2: the file ends within a quoted cell of this row"},
		"truncated after LF":       {"id,x\njoe.4,\"cut\n", "export: line 2: the file ends within a quoted cell of this row"},
		"truncated after CRLF":     {"id,x\r\njoe.4,\"cut\r\n", "export: line 2: the file ends within a quoted cell of this row"},
		"truncated after CR":       {"id,x\r\njoe.4,\"cut\r", "export: line 2: the file ends within a quoted cell of this row"},
		"truncated, several lines": {"id,x\njoe.4,\"cut\n\n\"\"off\n", "export: line 2: the file ends within a quoted cell of this row"},
		"truncated after quote":    {"id,x\njoe.4,\"", "export: line 2: the file ends within a quoted cell of this row"},
		"missing quote":            {"id,x\njoe.4,\"" + strings.Repeat("anna.7,Anna\n", 100_000), "export: line 2: an entry is longer than 1048576 bytes; is a quote missing?"},
		"truncated UTF-16":         {"\xFF\xFEi\x00d\x00\n\x00\"\x00a\x00\n", "export: line 2: the file ends within a quoted cell of this row"},
		"CR line ends":             {"id,x\rjoe.4,1\r", "export: line 1: the lines end as on an old Mac (CR); save the file as 'CSV UTF-8'"},
	})
}

// The last row has no line end and fewer cells than any other one.
func TestCSVCutOff(t *testing.T) {
	t.Parallel()
	const reason = ": the file is cut off within this row"
	for file, want := range map[string]struct {
		contacts int
		errs     []string
	}{
		"id,x,y\njoe.4,1,2\nanna.7,1,2\nfre":                      {2, []string{"export: line 4" + reason}},
		"id,x,y\r\njoe.4,1,2\r\nanna.7,1":                         {1, []string{"export: line 3" + reason}},
		"id,x,y\njoe.4,1\nfre":                                    {1, []string{"export: line 3" + reason}},
		"id,x,y\njoe.4,\"a\nb\",2\nanna.7,\"a\nb\"":               {1, []string{"export: lines 4 to 5" + reason}},
		"\uFEFFid;x;y\njoe.4;1;2\n\n;1":                           {1, []string{"export: line 4" + reason}},
		"id,x,y\njoe":                                             {0, []string{"export: line 2" + reason, errNoContacts.Error()}},
		"id,x,y\njoe.4,1,2\nfre\n":                                {2, nil},
		"id,x,y\njoe.4,1,2\nanna.7,1,2":                           {2, nil},
		"id,x,y\njoe.4,1\nanna.7,1":                               {2, nil},
		"id,x,y\njoe.4\nanna.7,1":                                 {2, nil},
		"id,x\n" + strings.Repeat("joe.4,1\n", 20_000) + "anna":   {20_000, []string{"export: line 20002" + reason}},
		"id,x\n" + strings.Repeat("joe.4,1\n", 20_000) + "anna\n": {20_001, nil},
	} {
		for _, reader := range []io.Reader{iotest.HalfReader(strings.NewReader(file)), iotest.DataErrReader(strings.NewReader(file))} {
			contacts, errs := readAll(ReadCSV(reader))
			require.Equal(t, want.errs, errs, file[:min(len(file), 50)])
			require.Len(t, contacts, want.contacts, file[:min(len(file), 50)])
		}
	}
}
