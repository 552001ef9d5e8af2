package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
)

func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(
		t, ".",
		[]string{"text.go", "times.go", "rowerror.go", "report.go", "sortedcards.go"},
		[]string{
			"formatwriter.go", "identifier.go", "personname.go", "readencoding.go", "readtokens.go", "readcsv_words.go",
			"countrynames.go", "languagenames.go", "namekey.go", "markup.go",
		},
		[]string{"fields.go", "readcsv_file.go", "sheet.go", "jsonlines.go", "readmessages.go", "readarchive.go"},
		[]string{"notheld.go", "callingcodes.go", "google.go", "outlook.go", "vcard.go", "jscontact.go", "html_card.go", "html_leftout.go"},
		[]string{"readcsv_row.go", "html_summary.go"},
		[]string{"readcsv_columns.go", "html.go"},
		[]string{"readcsv.go", "formats.go"},
		[]string{"write.go"},
		[]string{"readfile.go"},
	)
}
