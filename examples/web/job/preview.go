package job

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/export"
)

const (
	maxRows     = 100_000 // that are shown; the rest is counted
	batchRows   = 2_000
	maxProblems = 100 // entries of a kind that are described
	maxCell     = 200 // characters that are shown; the file that is written has the whole text
)

// Overview is what a file holds, whatever of it will be written.
type Overview struct {
	Kind       export.InputKind
	From       string // what may be unexpected of the file, or ""
	People     int
	WithNumber int
	Shown      int // people that were yielded as rows

	Suggested, Bots, Blocked int // people whom an option can leave out or include

	UnreadableCount int
	DamagedCount    int
	Unreadable      []string // the first of them
	Damaged         []string
	Notices         []string
	Report          []string // with an error, the lines that explain it
}

// Preview looks through a file. It yields the first 100,000 people in batches: a line for
// each of them, with the cells of the table divided by tabs. See [row].
func Preview(file *Source, name string, opts export.ReadOptions, yield func(batch string)) (o Overview, err error) {
	input, err := export.ReadFile(file, name, opts)
	if err != nil {
		return o, err
	}
	o.Kind, o.From = input.Kind, convert.InputText(input)
	reading := convert.NewReading(context.Background(), io.Discard, maxProblems)
	table := table{firsts: make(map[string]int), yield: yield}
	for contact, err := range reading.Watch(input.Contacts) {
		switch {
		case err != nil && !convert.IsEntryError(err):
			summary := convert.Summary{Reading: reading, From: o.From, Names: optionNames}
			o.Report = summary.Lines(false)
			return o, err
		case contact == nil || contact.MRI.ID() == "":
			o.UnreadableCount++
			continue
		case err != nil && !convert.IsNotice(err):
			o.DamagedCount++
		}
		o.People++
		if len(numbers(contact)) > 0 {
			o.WithNumber++
		}
		o.countOptions(leftOutBy(contact))
		if o.Shown < maxRows {
			table.add(contact)
			o.Shown++
		}
	}
	table.flush()
	o.Unreadable, o.Damaged, o.Notices = reading.Unreadable, reading.Damaged, reading.Notices
	return o, nil
}

// countOptions counts the letters of [leftOutBy].
func (o *Overview) countOptions(letters string) {
	o.Suggested += strings.Count(letters, "s")
	o.Bots += strings.Count(letters, "b")
	o.Blocked += strings.Count(letters, "n")
}

// table makes batches of rows.
type table struct {
	firsts map[string]int // the first row of each person
	rows   int
	batch  []string
	yield  func(batch string)
}

func (t *table) add(c *skypecontacts.Contact) {
	uid := export.UID(c.MRI)
	first, repeated := t.firsts[uid]
	if !repeated {
		first = t.rows
		t.firsts[uid] = first
	}
	t.batch = append(t.batch, row(c, first))
	t.rows++
	if len(t.batch) == batchRows {
		t.flush()
	}
}

func (t *table) flush() {
	if len(t.batch) > 0 {
		t.yield(strings.Join(t.batch, "\n"))
		t.batch = t.batch[:0]
	}
}

// row returns a line about a person: which options leave the person out, the first row of
// the same person, and the cells name, Skype name, numbers, city, country and flags.
func row(c *skypecontacts.Contact, first int) string {
	places := c.Profile.Locations
	cells := []string{
		leftOutBy(c), strconv.Itoa(first),
		c.FullName(), c.MRI.ID(), strings.Join(numbers(c), ", "), display.City(places), display.Country(places), display.Flags(c),
	}
	for i, cell := range cells {
		cells[i] = shorten(display.Clean(cell))
	}
	return strings.Join(cells, "\t")
}

// numbers returns the telephone numbers of a person. As in package export, an identifier is
// one too, unless it has letters: a spreadsheet has rounded that.
func numbers(c *skypecontacts.Contact) []string {
	var texts []string
	for _, phone := range c.AllPhones() {
		texts = append(texts, phone.Number)
	}
	id := c.MRI.ID()
	isID := func(number string) bool { return digits(number) == digits(id) }
	if c.MRI.Kind() == skypecontacts.KindPhone && !strings.ContainsFunc(id, unicode.IsLetter) && !slices.ContainsFunc(texts, isID) {
		texts = append(texts, id)
	}
	return texts
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// shorten returns the first characters of text. [display.Shorten] counts the columns of a
// terminal, and has tables for that which the page would have to load.
func shorten(text string) string {
	count := 0
	for i := range text {
		if count++; count > maxCell {
			return text[:i] + "…"
		}
	}
	return text
}

// leftOutBy returns a letter for each option that decides whether [export.Write] writes c:
// s for Suggested, b for Bots, n for NoBlocked.
func leftOutBy(c *skypecontacts.Contact) string {
	letters := ""
	if c.Suggested && !c.Authorized {
		letters += "s"
	}
	if c.IsBot() {
		letters += "b"
	}
	if c.Blocked {
		letters += "n"
	}
	return letters
}
