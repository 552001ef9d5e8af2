package export

import (
	"bytes"
	"flag"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateGolden = flag.Bool("update", false, "write the golden files; review the difference before you commit it")

// goldenFiles has the name of a golden file for each format.
var goldenFiles = map[Format]string{
	VCard3:     "contacts.v3.vcf",
	VCard4:     "contacts.v4.vcf",
	GoogleCSV:  "contacts.google.csv",
	OutlookCSV: "contacts.outlook.csv",
	JSContact:  "contacts.jscontact.json",
	JSONLines:  "contacts.jsonl",
	HTML:       "contacts.html",
}

func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	for format := range formatTable {
		name := goldenFiles[format]
		require.NotEmpty(t, name, "%s has no golden file", format)
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			report, err := Write(&out, format, ReadCSV(bytes.NewReader(readGolden(t, "contacts.csv"))), Options{Suggested: true, Bots: true})
			require.NoError(t, err)
			require.Equal(t, 8, report.Written)
			requireGolden(t, name, out.Bytes())
			if format == VCard3 || format == VCard4 {
				contacts, _ := readAll(ReadCSV(bytes.NewReader(readGolden(t, "contacts.csv"))))
				var list []*contact
				for i := range contacts {
					list = append(list, &contacts[i])
				}
				requireAndroidReads(t, out.String(), Options{}, list...)
			}
		})
		t.Run(string(format)+" of everything", func(t *testing.T) {
			t.Parallel()
			all := Options{Suggested: true, Bots: true, Avatars: true}
			requireGolden(t, strings.Replace(name, "contacts", "everything", 1), []byte(writeContacts(t, format, all, fullContact())))
		})
	}
}

// requireGolden asserts that a golden file is got. That of a page has the names of its style
// and script in their place, and no hashes of them.
func requireGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	if filepath.Ext(name) == ".html" {
		names := strings.NewReplacer(
			string(pageStyle), "page.css", html.EscapeString(sourceHash(pageStyle)), "hash of page.css",
			string(pageScript), "page.js", html.EscapeString(sourceHash(pageScript)), "hash of page.js",
		)
		got = []byte(names.Replace(string(got)))
	}
	if *updateGolden {
		require.NoError(t, os.WriteFile(filepath.Join("testdata", name), got, 0o600))
	}
	require.Equal(t, string(readGolden(t, name)), string(got))
}

func readGolden(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return file
}

func TestFormatsHold(t *testing.T) {
	t.Parallel()
	var names []string
	for _, field := range lossyFields {
		names = append(names, field.name)
	}
	for format, spec := range formatTable {
		require.Subset(t, names, spec.holds, format)
	}
}

func TestFormatsEmptyFile(t *testing.T) {
	t.Parallel()
	want := map[Format]string{
		VCard3: "", VCard4: "", JSONLines: "", JSContact: "[]\n",
		GoogleCSV: googleHeader + "\r\n", OutlookCSV: "\uFEFF" + outlookHeader + "\r\n",
	}
	for format := range formatTable {
		var out strings.Builder
		report, err := Write(&out, format, contactSequence(), Options{})
		require.NoError(t, err)
		require.Equal(t, Report{NotHeld: map[string]int{}}, report)
		if format == HTML {
			requireGolden(t, "empty.html", []byte(out.String()))
			continue
		}
		require.Equal(t, want[format], out.String())
	}
}
