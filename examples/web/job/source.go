// Package job is the work of the converter page: it looks through a file, and converts it.
// All that a browser has to do for it is in functions that it is given.
package job

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	minChunk = 1 << 15 // a member of an archive is skipped after one of these
	maxChunk = 1 << 18 // there is word of the progress after each
)

// Source is a file of which the browser reads one part at a time. It holds no more than
// one, so that a file may have any size.
type Source struct {
	file   io.ReaderAt
	size   int64
	offset int64 // of the next Read

	chunk  []byte // the part that is held
	begin  int64  // of chunk
	length int    // of the next part, if it is the one behind chunk
}

// NewSource returns a source of a file with that size. One part after the other is read
// from file, in their order unless it is an archive.
func NewSource(file io.ReaderAt, size int64) *Source { return &Source{file: file, size: size} }

// Read implements [io.Reader].
func (s *Source) Read(p []byte) (int, error) {
	n, err := s.readSome(p, s.offset)
	s.offset += int64(n)
	return n, err
}

// ReadAt implements [io.ReaderAt].
func (s *Source) ReadAt(p []byte, offset int64) (n int, err error) {
	for n < len(p) && err == nil {
		var more int
		more, err = s.readSome(p[n:], offset+int64(n))
		n += more
	}
	return n, err
}

// Seek implements [io.Seeker].
func (s *Source) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.offset
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 {
		return s.offset, errors.New("there is nothing before the file begins")
	}
	s.offset = offset
	return offset, nil
}

// readSome reads what the part that is held has from offset on, or else the part there.
func (s *Source) readSome(p []byte, offset int64) (int, error) {
	switch {
	case len(p) == 0:
		return 0, nil
	case offset < 0:
		return 0, errors.New("there is nothing before the file begins")
	case offset >= s.size:
		return 0, io.EOF
	}
	if offset < s.begin || offset >= s.begin+int64(len(s.chunk)) {
		if err := s.load(offset); err != nil {
			return 0, err
		}
	}
	return copy(p, s.chunk[offset-s.begin:]), nil
}

// load reads the part that begins at offset. Parts in a row are ever larger.
func (s *Source) load(offset int64) error {
	length := minChunk
	if offset == s.begin+int64(len(s.chunk)) {
		length = max(s.length, minChunk)
	}
	s.begin, s.length = offset, min(2*length, maxChunk)
	s.chunk = slices.Grow(s.chunk[:0], length)[:min(int64(length), s.size-offset)]
	if n, err := s.file.ReadAt(s.chunk, offset); n < len(s.chunk) {
		s.chunk = nil
		return fmt.Errorf("the browser cannot read the file, which may have changed since it was chosen: %w", err)
	}
	return nil
}
