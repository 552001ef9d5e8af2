package demo

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// Clean makes what a stranger wrote safe for a terminal and a table: without
// control and format characters, which could move the cursor or turn the text
// round, and in one line.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Table writes rows in columns, as wide as their longest line. A cell may have
// several lines.
func Table(out io.Writer, rows [][]string) error {
	var lines [][]string
	for _, row := range rows {
		lines = append(lines, linesOf(row)...)
	}
	var widths []int
	for _, line := range lines {
		for i, text := range line {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			fmt.Fprintf(&text, "%-*s  ", widths[i], cell)
		}
		if _, err := fmt.Fprintln(out, strings.TrimRight(text.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// linesOf divides a row into the lines of its highest cell.
func linesOf(row []string) (lines [][]string) {
	for column, cell := range row {
		for i, text := range strings.Split(cell, "\n") {
			if i == len(lines) {
				lines = append(lines, make([]string, len(row)))
			}
			lines[i][column] = Clean(text)
		}
	}
	return lines
}

// Fields writes names and values, leaving out those that are empty.
func Fields(out io.Writer, fields [][2]string) error {
	var rows [][]string
	for _, f := range fields {
		if f[1] != "" {
			rows = append(rows, []string{f[0] + ":", f[1]})
		}
	}
	return Table(out, rows)
}

// Phones are the telephone numbers with their types, a line each.
func Phones(phones []skypecontacts.Phone) string {
	lines := make([]string, len(phones))
	for i, p := range phones {
		lines[i] = p.Number + " (" + string(p.Type) + ")"
	}
	return strings.Join(lines, "\n")
}

// Country is the country of the first place that has one.
func Country(places []skypecontacts.Location) string {
	for _, l := range places {
		if l.Country != "" {
			return string(l.Country)
		}
		if l.CountryName != "" {
			return l.CountryName
		}
	}
	return ""
}

// City is the city of the first place that has one.
func City(places []skypecontacts.Location) string {
	for _, l := range places {
		if l.City != "" {
			return l.City
		}
	}
	return ""
}

// Flags are what there is to say about the relation to a contact.
func Flags(c *skypecontacts.Contact) string {
	var flags []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"favorite", c.Favorite},
		{"suggested", c.Suggested},
		{"pending", !c.Authorized && !c.Suggested},
		{"blocked", c.Blocked},
		{"bot", c.IsBot()},
	} {
		if f.set {
			flags = append(flags, f.name)
		}
	}
	return strings.Join(flags, ", ")
}

// Skipped says how many entries of a list could not be read.
func Skipped(out io.Writer, skipped []skypecontacts.SkippedItem) {
	if len(skipped) > 0 {
		fmt.Fprintf(out, "\n%d could not be read; the first of them: %v\n", len(skipped), skipped[0])
	}
}
