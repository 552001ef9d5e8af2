package skypecontacts

import "strings"

// maxTokenText limits a token file and the output of a token command. A token has about
// two kilobytes.
const maxTokenText = 64 << 10

// textLines returns the lines of a text. They end with a line feed, or with a carriage
// return and a line feed; the last may have no end.
func textLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
	}
	return lines
}
