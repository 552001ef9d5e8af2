package export

import (
	"errors"
	"fmt"
)

// RowError is an entry of a file that could not be read, or not in full. The entries after it
// are read all the same. Its text never contains text of the entry.
type RowError struct {
	Line    int    // first line of the entry, from 1
	EndLine int    // last line of the entry; more than Line if a cell has line breaks
	Reason  string // what is wrong with it
	Notice  bool   // whether nothing of the entry is lost, and Reason is for the user to know
}

// Error returns the lines and the reason.
func (e *RowError) Error() string {
	if e.EndLine > e.Line {
		return fmt.Sprintf("export: lines %d to %d: %s", e.Line, e.EndLine, e.Reason)
	}
	return fmt.Sprintf("export: line %d: %s", e.Line, e.Reason)
}

// isRowError reports whether err is or wraps a [*RowError].
func isRowError(err error) bool {
	_, is := errors.AsType[*RowError](err)
	return is
}

// isNotice reports whether err is a [*RowError] of an entry of which nothing is lost.
func isNotice(err error) bool {
	row, is := errors.AsType[*RowError](err)
	return is && row.Notice
}

// maxEntryBytes is the maximum size of one entry of a file. It is far above any
// real entry. Without it a missing quote would make the rest of a file one cell.
const maxEntryBytes = 1 << 20

var errEmptyFile = errors.New("export: line 1: the file is empty")
