package convert

import (
	"io"

	"github.com/skypecontacts/skypecontacts/export"
)

// maxGoogleRows is the number of contacts that Google imports at a time; its help for
// importing (support.google.com/contacts/answer/1069522) says to split longer files.
const maxGoogleRows = 3000

// DivideFiles returns a writer to first, the first file. Where a file of that format is
// full, it goes on in the one that next opens.
func DivideFiles(format export.Format, first io.Writer, next func() (io.Writer, error)) io.Writer {
	if format != export.GoogleCSV {
		return first
	}
	return &partWriter{part: first, next: next}
}

// partWriter writes CSV to several files of maxGoogleRows rows, each with the header.
type partWriter struct {
	part   io.Writer
	next   func() (io.Writer, error) // opens the file after part
	header []byte
	rows   int  // complete ones in part, with the header
	quoted bool // whether the next byte is within a quoted cell
}

// Write implements [io.Writer].
func (w *partWriter) Write(p []byte) (int, error) {
	begin := 0
	for i, c := range p {
		if w.rows == maxGoogleRows+1 { // and there is one more row
			if err := w.flush(p[begin:i]); err != nil {
				return begin, err
			}
			begin = i
			if err := w.open(); err != nil {
				return begin, err
			}
		}
		if w.rows == 0 {
			w.header = append(w.header, c)
		}
		switch {
		case c == '"':
			w.quoted = !w.quoted
		case c == '\n' && !w.quoted:
			w.rows++
		}
	}
	return len(p), w.flush(p[begin:])
}

func (w *partWriter) flush(p []byte) error {
	_, err := w.part.Write(p)
	return err
}

// open begins the next file.
func (w *partWriter) open() error {
	part, err := w.next()
	if err != nil {
		return err
	}
	w.part, w.rows = part, 1
	return w.flush(w.header)
}
