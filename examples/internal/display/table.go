package display

import (
	"fmt"
	"io"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// Table writes rows in columns. A column is as wide as its widest line, and a cell may
// have several lines.
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
			widths[i] = max(widths[i], columns(text))
		}
	}
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			text.WriteString(cell + strings.Repeat(" ", widths[i]-columns(cell)+2))
		}
		if _, err := fmt.Fprintln(out, strings.TrimRight(text.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// linesOf splits a row into as many lines as its highest cell has.
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

// Fields writes names and values, except empty values.
func Fields(out io.Writer, fields [][2]string) error {
	var rows [][]string
	for _, f := range fields {
		if f[1] != "" {
			rows = append(rows, []string{f[0] + ":", f[1]})
		}
	}
	return Table(out, rows)
}

// Phones returns telephone numbers with their types, one in each line.
func Phones(phones []skypecontacts.Phone) string {
	lines := make([]string, len(phones))
	for i, p := range phones {
		lines[i] = p.Number + " (" + string(p.Type) + ")"
	}
	return strings.Join(lines, "\n")
}

// Country returns the country of the first place that has one.
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

// City returns the city of the first place that has one.
func City(places []skypecontacts.Location) string {
	for _, l := range places {
		if l.City != "" {
			return l.City
		}
	}
	return ""
}

// Flags returns the flags that are set for a contact, separated by commas.
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

// Skipped writes how many entries of a list could not be decoded, if any.
func Skipped(out io.Writer, skipped []skypecontacts.SkippedItem) {
	if len(skipped) > 0 {
		fmt.Fprintf(out, "\n%d could not be decoded; the first of them: %v\n", len(skipped), skipped[0])
	}
}
