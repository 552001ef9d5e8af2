package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
)

func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(
		t, ".",
		[]string{"text.go", "times.go", "rowerror.go", "formatwriter.go"},
		[]string{"identifier.go", "personname.go", "readencoding.go", "readtokens.go", "readcsv_words.go", "countrynames.go"},
		[]string{"fields.go", "readcsv_file.go", "sheet.go", "jsonlines.go", "readmessages.go", "readarchive.go"},
		[]string{"notheld.go", "callingcodes.go", "google.go", "outlook.go", "vcard.go", "jscontact.go"},
		[]string{"readcsv_row.go", "formats.go"},
		[]string{"readcsv_columns.go"},
		[]string{"readcsv.go", "write.go"},
		[]string{"readfile.go"},
	)
}
