// Package export turns Skype contacts into files that other programs read.
//
// [ReadCSV] reads the contacts.csv of the account portal, [ReadMessages] the
// messages.json of the chat export, [ReadJSONLines] what this package wrote as
// [JSONLines], and [skypecontacts.ReadContacts] a saved response of
// the contacts service. [ReadFile] finds out which of these a file is, also within a
// .tar or .zip. Each returns a sequence of contacts, as
// [skypecontacts.Client.AllContacts] does. [Write] writes any such sequence as vCard,
// Google or Outlook CSV, JSContact, JSON Lines or a page to look at:
//
//	package main
//
//	import (
//		"fmt"
//		"log"
//		"os"
//
//		"github.com/skypecontacts/skypecontacts/export"
//	)
//
//	func main() {
//		file, err := os.Open("contacts.csv")
//		if err != nil {
//			log.Fatal(err)
//		}
//		defer file.Close()
//		report, err := export.Write(os.Stdout, export.VCard3, export.ReadCSV(file), export.Options{})
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Fprintf(os.Stderr, "%+v\n", report)
//	}
//
// One contact at a time is in memory. For each contact before it there are about 30
// bytes, which serve to find repeated identifiers, so a list may have any length. A page
// is the exception, see below.
//
// # Entries and fields that are not written
//
// [Write] leaves out suggestions of the service and bots unless [Options] include
// them, and entries whose identifier is that of an entry before. An entry that cannot
// be read does not end the writing, and one with invalid text is written. The [Report]
// counts all of these, and also the fields that the format cannot hold.
//
// # Names
//
// Most accounts have their whole name in one field, or only a display name. It is split
// at the last space, but a sign without letters, what begins at a bracket and a suffix
// ("Jr.", "PhD") is no family name, and a company, "Daisy Five - Leeds" and "Joe Bloggs,
// Leeds" stay whole as the given name. Names with the family name first, as in Chinese,
// Japanese, Korean and Hungarian, are split like all others: given and family name have
// then changed places. FN of a vCard and its like are always the name as it was shown in
// Skype.
//
// A contact that the user has renamed has that name as FN, and also as the nickname if the
// profile has none, since many programs list people by the parts of their name.
//
// # Files that went through other programs
//
// A [RowError] in a sequence says what a program in between did to the file: that it
// rounded a number, which then is in no output, or saved the text in another encoding.
// One with Notice set tells what is worth knowing and costs nothing; [Write] does not
// count it.
//
// # Importing twice
//
// The UID of a vCard or JSContact entry is made from the identifier of the contact, so
// a program that compares UIDs finds the contact it has imported before. The CSV
// formats have no such field.
//
// # Pages
//
// [HTML] is one file that a browser shows without a request: style and script are in it,
// and a Content-Security-Policy that allows nothing else. Every text of a contact is
// text there, and links lead to tel:, mailto:, skype:, http: and https: only.
//
// The people are sorted by name, and the summary stands before them, so the page is
// written when all contacts have been read. Until then the cards are in memory,
// compressed: about 130 bytes for a person of a contacts.csv beside the 30 above, and
// 50 more while the page is written. 100,000 people take 20 MB. A picture takes
// about 1.4 times its size. The page itself has about 1 KB for each person; 10,000 are
// no burden for a browser, 100,000 are one.
//
// # Spreadsheets
//
// A spreadsheet runs a text that begins with = + - or @ (also in the wide form of
// Japanese) as a formula, even after white space or a character that is not visible,
// and any Skype user can choose such a name. In the CSV formats an apostrophe is put
// before such a text, also within a cell behind a semicolon, tab or line end, where a
// spreadsheet of another locale divides it, and before a tab or line end with which a
// cell begins. A cell of nothing but telephone numbers with a plus sign is written as
// it is. Programs that import the file show the apostrophe.
package export
