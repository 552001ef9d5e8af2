// Legacy prints the contact list, the pending contact requests and a search of the
// directory, each by the deprecated routes of version 1.
//
//	go run ./examples/legacy
package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

var program = demo.Program{Summary: "prints what the deprecated routes of version 1 return"}

func main() { program.Main(run) }

func run(ctx context.Context, client *skypecontacts.Client, out io.Writer, _ []string) error {
	contacts, err := client.LegacyListContacts(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"CONTACT", "ID", "COUNTRY", "PHONES", "FLAGS"}}
	for i := range contacts.Contacts {
		c := &contacts.Contacts[i]
		rows = append(rows, []string{
			c.FullName(), string(c.MRI), display.Country(c.Profile.Locations), display.Phones(c.AllPhones()), display.Flags(c),
		})
	}
	if err := display.Table(out, rows); err != nil {
		return err
	}
	display.Skipped(out, contacts.Skipped)

	requests, err := client.LegacyListAuthRequests(ctx)
	if err != nil {
		return err
	}
	rows = [][]string{{"REQUEST FROM", "ON", "GREETING"}}
	for _, r := range requests.Requests {
		rows = append(rows, []string{string(r.From), r.Time.Format(time.DateOnly), r.Greeting})
	}
	fmt.Fprintln(out)
	if err := display.Table(out, rows); err != nil {
		return err
	}
	display.Skipped(out, requests.Skipped)

	found, err := client.LegacySearchDirectory(ctx, "joe")
	if err != nil {
		return err
	}
	rows = [][]string{{"FOUND", "ID", "CITY", "COUNTRY"}}
	for _, e := range found.Entries {
		p := &e.Profile
		rows = append(rows, []string{p.FullName(), string(p.MRI), display.City(p.Locations), display.Country(p.Locations)})
	}
	fmt.Fprintln(out)
	if err := display.Table(out, rows); err != nil {
		return err
	}
	display.Skipped(out, found.Skipped)
	return nil
}
