package export

import (
	"bufio"
	"errors"
	"io"
	"iter"

	"github.com/skypecontacts/skypecontacts"
)

var (
	errNoRows     = errors.New("export: line 1: no contacts follow the names of the columns")
	errNoContacts = errors.New("export: no row holds a contact")
)

// ReadCSV reads a contacts.csv as exported from a Skype account. Columns are found
// by their names, so they may be in any order and any of them but "id" may be
// missing. They are separated by commas, semicolons or tabs. An unknown column is
// stored in Extra of the contact, and so is a cell that cannot be parsed as its
// column requires.
//
// The identifier gets the prefix for the type of the row. Contacts of type
// SkypeSuggested have Suggested set. SkypeSuggested, SkypeOneWay and unknown types
// do not have Authorized set. A telephone number of 8 to 15 digits gets the plus
// sign that the file omits, unless it begins with 0 or is one within the country of the
// row. Spaces and punctuation may be in it if it begins with the calling code of that
// country.
//
// A row that cannot be read is yielded as a [*RowError], and the rows after it are
// read; so is a last row that is cut off. A row of which a part cannot be read is
// yielded as a contact together with a [*RowError]: one with cells that are not UTF-8, in which
// U+FFFD replaces the invalid bytes; with a telephone number that a spreadsheet
// rounded, which no format writes; or with a cell "blocked" that says neither yes
// nor no.
//
// A file in UTF-16 is decoded, and so is one without a byte order mark whose first cell
// beyond ASCII is in Windows-1252. The first contact that this concerns comes
// with a [*RowError] that has Notice set.
//
// Any other error is the last value yielded: r returned an error, is not a contacts.csv
// in one of these encodings, has an entry of more than 1 MiB, ends within a quoted cell,
// or has no row with a contact. The sequence can be used once.
func ReadCSV(r io.Reader) iter.Seq2[*skypecontacts.Contact, error] { return readDecoded(r, readCSV) }

// readCSV is [ReadCSV] for a file that is not UTF-16.
func readCSV(source *bufio.Reader) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		comma, hasMark, err := checkCSVStart(source)
		if err != nil {
			yield(nil, err)
			return
		}
		file := newCSVFile(source, comma)
		columns, err := readCSVHeader(file)
		if err != nil {
			yield(nil, err)
			return
		}
		columns.isUTF8 = hasMark
		found := false
		for rows := 0; ; rows++ {
			var contact *skypecontacts.Contact
			cells, err := file.readRow()
			switch {
			case err == nil:
				contact, err = columns.parseRow(cells, file)
			case err != io.EOF:
			case rows == 0:
				err = errNoRows
			case columns.isOtherEncoding(2):
				err = errNotUTF8
			case !found:
				err = errNoContacts
			default:
				return
			}
			found = found || contact != nil
			if !yield(contact, err) || err != nil && !isRowError(err) {
				return
			}
		}
	}
}
