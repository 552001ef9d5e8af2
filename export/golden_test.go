package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew; read them before you commit them")

// formats names a golden file for each format.
var formats = map[Format]string{
	VCard3:     "contacts.v3.vcf",
	VCard4:     "contacts.v4.vcf",
	GoogleCSV:  "contacts.google.csv",
	OutlookCSV: "contacts.outlook.csv",
	JSContact:  "contacts.jscontact.json",
	JSONLines:  "contacts.jsonl",
}

func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	for format, name := range formats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			in, err := os.Open("testdata/contacts.csv")
			require.NoError(t, err)
			defer in.Close()
			var out bytes.Buffer
			report, err := Write(&out, format, ReadCSV(in), Options{Suggested: true, Bots: true})
			require.NoError(t, err)
			require.Equal(t, 8, report.Written)
			compare(t, name, out.Bytes())
		})
		t.Run(string(format)+" of everything", func(t *testing.T) {
			t.Parallel()
			all := Options{Suggested: true, Bots: true, Avatars: true}
			compare(t, strings.Replace(name, "contacts", "everything", 1), []byte(writeString(t, format, all, everything())))
		})
	}
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(golden, got, 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}
