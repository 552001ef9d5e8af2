package importers

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// importer is another program's reader of some formats.
type importer struct {
	name    string
	formats []export.Format
	read    func(t *testing.T, format export.Format, file string) []Person // if it is in Go
	program program
}

var (
	vcards = []export.Format{export.VCard3, export.VCard4}
	sheets = []export.Format{export.GoogleCSV, export.OutlookCSV}
)

// androidImporter is ReadAndroid, which has the rule of that version.
const androidImporter = "Android 7.1.2"

var importers = []importer{
	{name: "go-vcard", formats: vcards, read: readGoVCard},
	{name: androidImporter, formats: vcards, read: readAndroid},
	{name: "vobject", formats: vcards, program: program{python, "import vobject", "read_vobject.py", "Debian's python3-vobject"}},
	{name: "khard", formats: vcards, program: program{python, "import khard.carddav_object", "read_khard.py", "Debian's khard"}},
	{name: "libebook-contacts", formats: vcards, program: program{
		python, "import gi; gi.require_version('EBookContacts', '1.2')", "read_ebook.py", "Debian's python3-gi and gir1.2-ebookcontacts-1.2",
	}},
	{name: "ical.js", formats: vcards, program: program{node, `import("ical.js")`, "read_ical.mjs", "npm ci in internal/importers/testdata"}},
	{name: "encoding/csv of Go", formats: sheets, read: readGoCSV},
	{name: "csv of Python", formats: sheets, program: program{python, "import csv", "read_csv.py", "Python"}},
	{name: "Papa Parse", formats: sheets, program: program{node, `import("papaparse")`, "read_papaparse.mjs", "npm ci in internal/importers/testdata"}},
}

// Every importer reads every name, number, note, place, Skype name, homepage and birthday
// as it went in, but for what the exceptions say.
func TestImporters(t *testing.T) {
	t.Parallel()
	contacts := Contacts()
	require.Len(t, contacts, 1027)
	folder := t.TempDir()
	files := map[export.Format]string{}
	for _, format := range []export.Format{export.VCard3, export.VCard4, export.GoogleCSV, export.OutlookCSV} {
		files[format] = writeFile(t, folder, format, contacts)
	}
	for _, importer := range importers {
		t.Run(importer.name, func(t *testing.T) {
			t.Parallel()
			read := importer.read
			if read == nil {
				read = importer.program.reader(t)
			}
			if read == nil {
				compared.leaveOut(importer.name, importer.program.install)
				t.Skip("not installed here: " + importer.program.install)
			}
			for _, format := range importer.formats {
				got := comparePeople(importer.name, format, writtenPeople(t, contacts, format, files[format]), read(t, format, files[format]))
				compared.add(got)
				assert.Empty(t, strings.Join(got.examples, "\n"), format)
			}
		})
	}
}

func writeFile(t *testing.T, folder string, format export.Format, contacts []*skypecontacts.Contact) string {
	t.Helper()
	var out bytes.Buffer
	report, err := export.Write(&out, format, export.ReadCSV(bytes.NewReader(ContactsCSV(contacts))), export.Options{})
	require.NoError(t, err)
	require.Equal(t, len(contacts), report.Written)
	path := filepath.Join(folder, string(format))
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
	return path
}
