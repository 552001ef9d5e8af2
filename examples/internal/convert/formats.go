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
	Use    string // who it is for
}

// Formats has every format. The first one with an ending is the format of files that have it.
var Formats = []Format{
	{export.VCard3, ".vcf", "vCard 3.0, which every address book imports", "For iPhone, Android, Google, Outlook.com, Apple Contacts and Thunderbird."},
	{export.VCard4, ".vcf", "vCard 4.0", "For programs that read the newer vCard, such as Nextcloud; it has more fields."},
	{export.GoogleCSV, ".csv", "CSV for Google Contacts", "For the import of contacts.google.com: a file for every 3,000 people."},
	{export.OutlookCSV, ".csv", "CSV for Outlook", "For the import of Outlook on Windows and the web."},
	{export.JSContact, ".json", "JSContact", "For programs: address book entries as JSON (RFC 9553)."},
	{export.JSONLines, ".jsonl", "JSON Lines of this program, which lose nothing", "For programs, and to keep: this converter reads it again."},
	{export.HTML, ".html", "a page to look at and to print", "For people without an address book: one file for any browser, which loads nothing and can be printed."},
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
