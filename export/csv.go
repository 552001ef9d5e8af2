package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// RowError is an entry of a file that could not be read. The entries after it
// are read all the same. Its text never shows what the entry says.
type RowError struct {
	Line    int    // where the entry begins, from 1
	EndLine int    // where it ends; more than Line if a cell goes over lines
	Reason  string // what is wrong with it
}

// Error is the lines and the reason.
func (e *RowError) Error() string {
	if e.EndLine > e.Line {
		return fmt.Sprintf("export: lines %d to %d: %s", e.Line, e.EndLine, e.Reason)
	}
	return fmt.Sprintf("export: line %d: %s", e.Line, e.Reason)
}

// maxEntry is how many bytes one entry of a file may have. It is far above any
// that was seen and keeps a missing quote from swallowing a whole file.
const maxEntry = 1 << 20

var (
	errEmpty     = errors.New("export: line 1: the file is empty")
	errNoRows    = errors.New("export: line 1: no contacts follow the names of the columns")
	errUTF16     = errors.New("export: line 1: the file is UTF-16; save it as UTF-8")
	errNotText   = errors.New("export: line 1: the file is not text in UTF-8")
	errNotUTF8   = errors.New("export: the file is not UTF-8; save it as 'CSV UTF-8'")
	errLineEnds  = errors.New("export: line 1: the lines end as on an old Mac (CR); save the file as 'CSV UTF-8'")
	errLongEntry = fmt.Errorf("an entry is longer than %d bytes; is a quote missing?", maxEntry)
)

var byteOrderMark = []byte("\xEF\xBB\xBF")

// ReadCSV reads a contacts.csv as exported from a Skype account. The columns are
// known by their names and may come in any order and number, with commas,
// semicolons or tabs between them. A column that is not known is kept in Extra of
// the contact, and so is a cell whose text is not of the kind its column should
// have.
//
// The identifier gets the prefix that goes with the row's type. Contacts of
// type SkypeSuggested are marked as suggested; those, SkypeOneWay and types that
// are not known do not count as authorized. A telephone number of digits alone
// lacks only the plus sign, which is put before it, unless it is one that the user
// typed.
//
// A row that cannot be read is yielded as a [*RowError], and the reading goes
// on. One of which some cells are not UTF-8 is yielded as a contact together with
// a [*RowError]; U+FFFD stands for what was lost. Any other error is the last thing
// yielded: r cannot be read, or is not a contacts.csv in UTF-8, or has an entry of
// more than a MiB, or ends in the middle of a cell. The sequence can be used once.
func ReadCSV(r io.Reader) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		source := bufio.NewReader(r)
		comma, err := checkText(source)
		if err != nil {
			yield(nil, err)
			return
		}
		file := newCSVFile(source, comma)
		columns, err := readHeader(file)
		if err != nil {
			yield(nil, err)
			return
		}
		for rows := 0; ; rows++ {
			var contact *skypecontacts.Contact
			cells, err := file.read()
			switch {
			case err == nil:
				contact, err = columns.read(cells, file)
			case err != io.EOF:
			case rows == 0:
				err = errNoRows
			case columns.notUTF8(2):
				err = errNotUTF8
			default:
				return
			}
			if !yield(contact, err) || err != nil && !isRowError(err) {
				return
			}
		}
	}
}

func isRowError(err error) bool {
	_, is := errors.AsType[*RowError](err)
	return is
}

// checkText passes over a byte order mark and refuses what cannot be CSV in
// UTF-8. It finds out what stands between the columns.
func checkText(source *bufio.Reader) (comma rune, err error) {
	head, _ := source.Peek(4096) // an error is met again by whoever reads on
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) {
		return 0, errUTF16
	}
	if bytes.HasPrefix(head, byteOrderMark) {
		head = head[len(byteOrderMark):]
		_, _ = source.Discard(len(byteOrderMark))
	}
	head = bytes.TrimLeft(head, "\r\n")
	end := bytes.IndexAny(head, "\r\n")
	if end < 0 {
		end = len(head)
	}
	first := head[:end]
	if bytes.IndexByte(first, 0) >= 0 {
		return 0, errNotText
	}
	if len(head) > end+1 && head[end] == '\r' && head[end+1] != '\n' {
		return 0, errLineEnds
	}
	comma = ','
	for _, other := range ";\t" {
		if bytes.Count(first, []byte(string(other))) > bytes.Count(first, []byte(string(comma))) {
			comma = other
		}
	}
	return comma, nil
}

// csvFile reads rows and keeps count of lines and bytes.
type csvFile struct {
	rows *csv.Reader
	line int // where the latest row begins
	end  int // and where it ends

	source   io.Reader
	left     int   // bytes that may be read before the row ends
	total    int64 // bytes read so far
	lastLine int   // length of the last line read so far, with its end
	ended    bool  // that line has an end
}

func newCSVFile(source io.Reader, comma rune) *csvFile {
	f := &csvFile{source: source}
	f.rows = csv.NewReader(bufio.NewReaderSize(f, 1<<16))
	f.rows.Comma = comma
	f.rows.FieldsPerRecord = -1 // editors leave empty cells away at the end of a row
	f.rows.ReuseRecord = true
	return f
}

// Read is for the CSV reader.
func (f *csvFile) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errLongEntry
	}
	n, err := f.source.Read(p)
	if n == 0 {
		return n, err
	}
	f.left -= n
	f.total += int64(n)
	if f.ended {
		f.lastLine = 0
	}
	f.lastLine += n
	if end := bytes.LastIndexByte(p[:n-1], '\n'); end >= 0 {
		f.lastLine = n - 1 - end
	}
	f.ended = p[n-1] == '\n'
	return n, err
}

// read returns the next row, which is valid until the call after. The error is a
// *RowError if there may be rows after it.
func (f *csvFile) read() ([]string, error) {
	f.left = maxEntry
	cells, err := f.rows.Read()
	wrong, isSyntax := errors.AsType[*csv.ParseError](err)
	switch {
	case err == nil:
		last := len(cells) - 1
		f.line, _ = f.rows.FieldPos(0)
		f.end, _ = f.rows.FieldPos(last)
		f.end += strings.Count(cells[last], "\n")
		return cells, nil
	case err == io.EOF:
		return nil, err
	case errors.Is(err, errLongEntry):
		return nil, fmt.Errorf("export: line %d: %w", f.end+1, err)
	case !isSyntax:
		return nil, fmt.Errorf("export: after line %d: %w", f.end, err)
	}
	f.line, f.end = wrong.StartLine, wrong.Line
	switch {
	case wrong.Err == csv.ErrBareQuote:
		return nil, f.rowError("a quote stands in a cell that does not begin with one")
	case f.rows.InputOffset() == f.total && wrong.Column >= f.lastLine:
		// The reader looked for a quote behind the last line.
		return nil, fmt.Errorf("export: line %d: the file ends within a quoted cell of this row", f.line)
	default:
		return nil, f.rowError("a quote within a quoted cell is not doubled, or one is missing")
	}
}

// rowError is what is wrong with the latest row.
func (f *csvFile) rowError(reason string) *RowError { return &RowError{f.line, f.end, reason} }
