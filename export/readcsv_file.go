package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

var (
	errNotText     = errors.New("export: line 1: the file is not text in UTF-8")
	errCRLineEnds  = errors.New("export: line 1: the lines end as on an old Mac (CR); save the file as 'CSV UTF-8'")
	errEntryTooBig = fmt.Errorf("an entry is longer than %d bytes; is a quote missing?", maxEntryBytes)
)

// checkCSVStart skips a byte order mark, which says that the file is in UTF-8, returns
// an error if the file cannot be CSV, and detects the separator of the columns.
func checkCSVStart(source *bufio.Reader) (comma rune, hasMark bool, err error) {
	head, _ := source.Peek(headBytes) // the next read returns the error again
	if hasMark = bytes.HasPrefix(head, byteOrderMark); hasMark {
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
		return 0, false, errNotText
	}
	if len(head) > end+1 && head[end] == '\r' && head[end+1] != '\n' {
		return 0, false, errCRLineEnds
	}
	comma = ','
	for _, other := range ";\t" {
		if bytes.Count(first, []byte(string(other))) > bytes.Count(first, []byte(string(comma))) {
			comma = other
		}
	}
	return comma, hasMark, nil
}

// csvFile reads rows, counts their lines, and limits the size of a row to maxEntryBytes.
type csvFile struct {
	rows *csv.Reader
	line int // first line of the latest row
	end  int // last line of the latest row

	source   io.Reader
	left     int   // bytes that may be read until the end of the row
	total    int64 // bytes read so far
	lastLine int   // length of the last line read so far, including its end
	ended    bool  // whether that line has an end
	atEOF    bool  // whether all of source is read
	fewest   int   // cells of a row so far
}

func newCSVFile(source io.Reader, comma rune) *csvFile {
	f := &csvFile{source: source}
	f.rows = csv.NewReader(bufio.NewReaderSize(f, 1<<16))
	f.rows.Comma = comma
	f.rows.FieldsPerRecord = -1 // spreadsheets omit empty cells at the end of a row
	f.rows.ReuseRecord = true
	return f
}

// Read implements [io.Reader] for the CSV reader.
func (f *csvFile) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errEntryTooBig
	}
	n, err := f.source.Read(p)
	f.atEOF = err == io.EOF
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

// readRow returns the cells of the next row, which are valid until the next call.
// The error is a [*RowError] if the rows after this one can be read.
func (f *csvFile) readRow() ([]string, error) {
	f.left = maxEntryBytes
	cells, err := f.rows.Read()
	syntax, isSyntax := errors.AsType[*csv.ParseError](err)
	switch {
	case err == nil:
		last := len(cells) - 1
		f.line, _ = f.rows.FieldPos(0)
		f.end, _ = f.rows.FieldPos(last)
		f.end += strings.Count(cells[last], "\n")
		if f.isCutOff(len(cells)) {
			return nil, f.rowError("the file is cut off within this row")
		}
		return cells, nil
	case err == io.EOF:
		return nil, err
	case errors.Is(err, errEntryTooBig):
		return nil, fmt.Errorf("export: line %d: %w", f.end+1, err)
	case !isSyntax:
		return nil, fmt.Errorf("export: after line %d: %w", f.end, err)
	}
	f.line, f.end = syntax.StartLine, syntax.Line
	switch {
	case syntax.Err == csv.ErrBareQuote:
		return nil, f.rowError("a quote stands in a cell that does not begin with one")
	case f.rows.InputOffset() == f.total && syntax.Column >= f.lastLine:
		// The CSV reader expected a quote after the last line.
		return nil, fmt.Errorf("export: line %d: the file ends within a quoted cell of this row", f.line)
	default:
		return nil, f.rowError("a quote within a quoted cell is not doubled, or one is missing")
	}
}

// isCutOff reports whether the latest row, with a number of cells, is the last one,
// has no line end, and has fewer cells than every other one, the header included:
// spreadsheets omit empty cells at the end of any row.
func (f *csvFile) isCutOff(cells int) bool {
	others := f.fewest
	if f.fewest == 0 || cells < f.fewest {
		f.fewest = cells
	}
	return cells < others && f.atEOF && !f.ended && f.rows.InputOffset() == f.total
}

// rowError returns an error for the latest row.
func (f *csvFile) rowError(reason string) *RowError {
	return &RowError{Line: f.line, EndLine: f.end, Reason: reason}
}
