package convert

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/export"
)

// Summary is what the user is told in the end.
type Summary struct {
	Report    export.Report
	Reading   *Reading
	From      string   // what may be unexpected of the source, or ""
	DryRun    bool     // whether nothing was to be written
	Known     int      // contacts left out because they are in an address book
	KnownFile string   // the address book
	Files     []string // written
	Names     OptionNames
}

// OptionNames are the names that the user knows for what the report advises.
type OptionNames struct {
	Suggested, Bots, Mood string // of [export.Options]
	JSONLines             string // the format
}

// maxLossLines is the number of lines for fields that are lost.
const maxLossLines = 4

// Lines returns at most 14 printable lines: first what is lost of the people, then what was
// left out as asked for, and last what an address book does without. If nothing was
// written, they are what explains that.
func (s *Summary) Lines(written bool) []string {
	r, verb := &s.Report, "written"
	if s.DryRun {
		verb = "would be written"
	}
	var lines []string
	if written {
		lines = append(lines, fmt.Sprintf("%d read, %d %s", r.Read, r.Written, verb))
	}
	if notes := slices.DeleteFunc(append([]string{s.From}, s.Reading.Notices...), isEmpty); len(notes) > 0 {
		lines = append(lines, "note: "+strings.Join(notes, "; "))
	}
	if written && len(s.Files) > 1 {
		lines = append(lines, fmt.Sprintf("in %d files, since Google imports %d people at a time: %s", len(s.Files), maxGoogleRows, shortList(s.Files)))
	}
	lines = append(lines, details(s.unreadable(), "could not be read", s.Reading.Unreadable)...)
	if written {
		lines = append(lines, details(r.Damaged, "written, but not all of it could be read", s.Reading.Damaged)...)
		lines = append(lines, s.lossLines()...)
		lines = append(lines, s.leftOut(), alsoNotHeld(r))
	} else if r.Written == 0 {
		lines = append(lines, s.leftOut())
	}
	lines = slices.DeleteFunc(lines, isEmpty)
	for i, line := range lines {
		lines[i] = display.Printable(line)
	}
	return lines
}

func isEmpty(line string) bool { return line == "" }

// unreadable returns the number of entries that could not be read. After an error that
// ended the reading the report has not all of them.
func (s *Summary) unreadable() int { return max(s.Report.Unreadable, len(s.Reading.Unreadable)) }

// details returns a line with a count, and one for each of the first entries.
func details(count int, what string, entries []string) []string {
	if count == 0 {
		return nil
	}
	line := fmt.Sprintf("%d %s", count, what)
	switch {
	case len(entries) > 0 && count > len(entries):
		line += "; the first:"
	case len(entries) > 0:
		line += ":"
	}
	lines := []string{line}
	for _, entry := range entries {
		lines = append(lines, "  "+entry)
	}
	return lines
}

// lossTexts has the words for the fields of [export.Report.NotHeld] that are of use to
// whoever has the address book.
var lossTexts = map[string]string{
	"profile.birthday":     "a birthday that is not a whole date",
	"profile.display_name": "the name in the profile, beside the one in the contact list",
	"profile.emails":       "a mail address",
	"profile.homepage":     "a homepage that is no web address",
	"profile.locations":    "a place",
	"profile.mood":         "the mood (%s writes it into the notes)",
	"profile.phones":       "a telephone number",
	"extra":                "other columns",
	"profile.extra":        "other parts of the profile",
}

// minorTexts has the words for fields that an address book does without. What is in
// neither map is of use to Skype only.
var minorTexts = map[string]string{
	"authorized":                "whether they agreed to be a contact",
	"blocked":                   "who is blocked",
	"created_at":                "since when they are contacts",
	"favorite":                  "who is a favorite",
	"profile.age":               "the age",
	"profile.avatar_url":        "the picture",
	"profile.gender":            "the gender",
	"profile.language":          "the language",
	"profile.locations.country": "the code of the country beside its name",
	"profile.locations.type":    "the kind of a place",
	"profile.phones.type":       "the kind of a number",
	"sources":                   "how they became contacts",
	"suggested":                 "who is only suggested",
}

// lossLines returns a line for each kind of loss, the most frequent first.
func (s *Summary) lossLines() (lines []string) {
	columns := make(map[string]int)
	losses := make(map[string]int)
	for field, count := range s.Report.NotHeld {
		switch name, ok := cutExtra(field); {
		case ok && isSkypeColumn(name): // its cell is not what the column is for
			losses[unreadableCell] = max(losses[unreadableCell], count)
		case ok:
			columns[name] = max(columns[name], count)
		default:
			if text := lossTexts[field]; text != "" {
				losses[strings.ReplaceAll(text, "%s", s.Names.Mood)] = count
			}
		}
	}
	for _, text := range byCount(losses) {
		lines = append(lines, fmt.Sprintf("lost: %s of %s", text, people(losses[text])))
	}
	if len(columns) > 0 {
		names := byCount(columns)
		most := columns[names[0]]
		for i, name := range names {
			names[i] = strconv.Quote(name)
		}
		upTo := ""
		if len(names) > 1 {
			upTo = "up to "
		}
		lines = slices.Insert(lines, 0, fmt.Sprintf("lost: what no field is for: %s, of %s%s", shortList(names), upTo, people(most)))
	}
	if len(lines) > maxLossLines {
		more := len(lines) - maxLossLines + 1
		lines = append(lines[:maxLossLines-1], fmt.Sprintf("lost: %d more kinds of detail, of fewer people (%s keeps all)", more, s.Names.JSONLines))
	}
	return lines
}

// unreadableCell is the text for a cell of a known column, such as a time that is none.
const unreadableCell = "a cell that its column is not for"

// isSkypeColumn reports whether name is that of a column that Skype wrote.
func isSkypeColumn(name string) bool {
	return strings.HasPrefix(name, "profile.") || strings.HasPrefix(name, "phones[") ||
		slices.Contains([]string{"type", "blocked", "favorite", "creation_time", "sources"}, name)
}

// cutExtra returns the name of a column or member that no field is for.
func cutExtra(field string) (name string, ok bool) {
	if name, ok := strings.CutPrefix(field, "profile.extra."); ok {
		return name, true
	}
	return strings.CutPrefix(field, "extra.")
}

// byCount returns the keys, those with the highest count first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
}

// shortList returns the first items and the number of the others.
func shortList(items []string) string {
	const most = 4
	if len(items) <= most {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(items[:most-1], ", "), len(items)-most+1)
}

// people returns a number of people in words.
func people(count int) string {
	if count == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", count)
}

// leftOut returns a line with who was left out and how to include them, or "".
func (s *Summary) leftOut() string {
	suggested, bots := s.Names.Suggested, s.Names.Bots
	var parts []string
	for _, left := range []struct {
		count     int
		one, many string
	}{
		{s.Known, "already in " + filepath.Base(s.KnownFile), ""},
		{s.Report.Suggested, "only suggested by Skype (" + suggested + " includes it)", "only suggested by Skype (" + suggested + " includes them)"},
		{s.Report.Bots, "bot (" + bots + " includes it)", "bots (" + bots + " includes them)"},
		{s.Report.Blocked, "blocked", ""},
		{s.Report.Repeated, "there a second time", ""},
	} {
		switch {
		case left.count == 0:
		case left.count == 1 || left.many == "":
			parts = append(parts, fmt.Sprintf("%d %s", left.count, left.one))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", left.count, left.many))
		}
	}
	if parts == nil {
		return ""
	}
	return "left out: " + strings.Join(parts, ", ")
}

// alsoNotHeld returns a line with what an address book does without, or "". It is silent
// about what nearly everybody has, such as that they agreed to be a contact.
func alsoNotHeld(r *export.Report) string {
	var texts []string
	for _, field := range slices.Sorted(maps.Keys(r.NotHeld)) {
		if text := minorTexts[field]; text != "" && r.NotHeld[field]*10 < r.Written*9 {
			texts = append(texts, text)
		}
	}
	if texts == nil {
		return ""
	}
	return "also not in the file: " + strings.Join(texts, ", ")
}

// InputText returns what a user may not expect of a file, or "".
func InputText(input *export.Input) string {
	text := ""
	if input.Path != "" {
		text = "read from " + input.Path + " in it"
	}
	if input.Kind == export.InputMessages {
		text = "these are the people of the conversations in " + cmp.Or(input.Path, "messages.json")
	}
	return text
}

// NoneWritten returns an error if there is nobody to write. Known is the number of people
// left out because they are in an address book.
func NoneWritten(r export.Report, known int) error {
	switch {
	case r.Written > 0:
		return nil
	case r.Read == 0:
		return errors.New("there are no contacts in it")
	case known > 0:
		return errors.New("nobody in it is new")
	default:
		return errors.New("nobody in it can be written")
	}
}
