package main

import (
	"io"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/export"
)

const (
	previewLength  = 5  // people
	previewColumns = 32 // of a cell
)

// preview has the first people that are written.
type preview struct {
	people []*skypecontacts.Contact
	limit  int
	opts   export.Options
}

// collect returns contacts as they are, and keeps the first of them that are written.
func (p *preview) collect(contacts convert.Contacts) convert.Contacts {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		for contact, err := range contacts {
			if contact != nil && len(p.people) < p.limit && p.isWritten(contact) {
				p.people = append(p.people, contact)
			}
			if !yield(contact, err) {
				return
			}
		}
	}
}

// isWritten reports whether contact is written after the people before it, which only
// [export.Write] knows.
func (p *preview) isWritten(contact *skypecontacts.Contact) bool {
	all := func(yield func(*skypecontacts.Contact, error) bool) {
		for _, c := range append(slices.Clip(p.people), contact) {
			if !yield(c, nil) {
				return
			}
		}
	}
	report, err := export.Write(io.Discard, export.JSONLines, all, p.opts)
	return err == nil && report.Written == len(p.people)+1
}

// print prints the people as a table.
func (p *preview) print(out io.Writer) error {
	rows := [][]string{{"NAME", "SKYPE NAME", "PHONES", "PLACE"}}
	for _, c := range p.people {
		places := c.Profile.Locations
		place := strings.TrimPrefix(display.City(places)+", "+display.Country(places), ", ")
		phones := strings.Split(display.Phones(c.AllPhones()), "\n")
		for i := range phones {
			phones[i] = display.Shorten(phones[i], previewColumns)
		}
		rows = append(rows, []string{
			display.Shorten(c.FullName(), previewColumns), display.Shorten(c.MRI.ID(), previewColumns),
			strings.Join(phones, "\n"), display.Shorten(strings.TrimSuffix(place, ", "), previewColumns),
		})
	}
	return display.Table(out, rows)
}
