package skypecontacts

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"unicode/utf8"
)

const (
	readAhead = 64 << 10

	// maxHeldBytes limits one entry of a list that arrives, or another member of the
	// response. A longer one ends the list.
	maxHeldBytes = 4 << 20
)

var byteOrderMark = []byte("\xEF\xBB\xBF")

// windowReader reads a body while it arrives. It keeps the bytes since the last that was
// consumed, and limits how far it reads beyond that, so that a single entry cannot fill
// the memory.
type windowReader struct {
	from     io.Reader
	limit    int64  // bytes read beyond consumed
	consumed int64  // offset up to which everything was decoded
	recent   []byte // what was read last, with everything since consumed
	begin    int64  // offset of recent
	err      error  // other than io.EOF; the decoder would wrap it

	valid   int64 // offset up to which everything is valid UTF-8
	invalid bool  // what follows there is not
}

// newWindowReader returns a reader of a body without its byte order mark.
func newWindowReader(body io.Reader, limit int64) *windowReader {
	buffered := bufio.NewReaderSize(body, readAhead)
	if mark, _ := buffered.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
		_, _ = buffered.Discard(len(byteOrderMark))
	}
	return &windowReader{from: buffered, limit: limit}
}

func (w *windowReader) Read(p []byte) (int, error) {
	left := w.limit - (w.end() - w.consumed)
	if left <= 0 {
		w.err = ErrTooLarge
		return 0, w.err
	}
	n, err := w.from.Read(p[:min(int64(len(p)), left)])
	if err != nil && err != io.EOF {
		w.err = err
	}
	needed := w.recent[w.consumed-w.begin:]
	if len(needed) <= len(w.recent)/2 { // else one long entry would be copied again and again
		w.recent, w.begin = w.recent[:copy(w.recent, needed)], w.consumed
	}
	if len(w.recent)+n > cap(w.recent) {
		w.recent = slices.Grow(w.recent, max(n, len(w.recent)))
	}
	w.recent = append(w.recent, p[:n]...)
	w.validate()
	return n, err
}

// end returns the offset up to which everything was read.
func (w *windowReader) end() int64 { return w.begin + int64(len(w.recent)) }

// validate moves valid over what was read, but for the beginning of a character at the end.
// To check each text by itself takes longer.
func (w *windowReader) validate() {
	if w.invalid {
		return
	}
	unchecked := w.rawBetween(w.valid, w.end())
	end := len(unchecked)
	for i := end - 1; i >= 0 && i > end-utf8.UTFMax; i-- {
		if utf8.RuneStart(unchecked[i]) {
			if !utf8.FullRune(unchecked[i:]) {
				end = i
			}
			break
		}
	}
	if w.invalid = !utf8.Valid(unchecked[:end]); !w.invalid {
		w.valid += int64(end)
	}
}

// rawBetween returns what was read between two offsets since consumed.
func (w *windowReader) rawBetween(from, upTo int64) []byte {
	return w.recent[from-w.begin : upTo-w.begin]
}

// tokensBetween returns the same without what separates the first token from what is
// before it.
func (w *windowReader) tokensBetween(from, upTo int64) []byte {
	read := w.recent[:upTo-w.begin]
	start := from - w.begin
	for read[start] <= ' ' || read[start] == ',' || read[start] == ':' {
		start++
	}
	return read[start:]
}
