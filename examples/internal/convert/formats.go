// Package convert has what the converters share: examples/export, and the page of
// examples/web, which is WebAssembly. So it imports neither the fake service nor what
// opens files.
package convert

import (
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
)

// Contacts is a list of contacts as the readers of package export return it.
type Contacts = iter.Seq2[*skypecontacts.Contact, error]

// Format describes a format to the user.
type Format struct {
	export.Format
	Ending string // of files
	Text   string
}

// Formats has every format. The first one with an ending is the format of files that have it.
var Formats = []Format{
	{export.VCard3, ".vcf", "vCard 3.0, which every address book imports"},
	{export.VCard4, ".vcf", "vCard 4.0"},
	{export.GoogleCSV, ".csv", "CSV for Google Contacts"},
	{export.OutlookCSV, ".csv", "CSV for Outlook"},
	{export.JSContact, ".json", "JSContact"},
	{export.JSONLines, ".jsonl", "JSON Lines of this program, which lose nothing"},
}

// PartName returns the name of one of the files into which a list is divided:
// contacts.csv, contacts-2.csv, contacts-3.csv.
func PartName(name string, part int) string {
	if part == 1 {
		return name
	}
	ending := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ending), part, ending)
}
