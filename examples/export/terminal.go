package main

import (
	"io"

	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// newTerminalWriter returns a writer for a terminal, which leaves out the characters that
// could control it. Formats keep some of them: C1 control characters, and characters that
// change the direction of the text.
func newTerminalWriter(terminal io.Writer) io.WriteCloser {
	return transform.NewWriter(terminal, runes.Remove(runes.Predicate(func(r rune) bool {
		return r != '\r' && display.IsUnprintable(r)
	})))
}
