// Contacts prints the whole contact list with countries, telephone numbers and groups.
//
//	go run ./examples/contacts
package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

var program = demo.Program{Summary: "prints the whole contact list"}

func main() { program.Main(run) }

func run(ctx context.Context, client *skypecontacts.Client, out io.Writer, _ []string) error {
	roster, err := client.GetRoster(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"NAME", "ID", "COUNTRY", "PHONES", "FLAGS", "GROUPS"}}
	for i := range roster.Contacts {
		c := &roster.Contacts[i]
		rows = append(rows, []string{
			c.FullName(), string(c.MRI), display.Country(c.Profile.Locations), display.Phones(c.AllPhones()),
			display.Flags(c), groupsOf(c.MRI, roster.Groups),
		})
	}
	if err := display.Table(out, rows); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d contacts, %d on the blocklist, %d groups:\n",
		len(roster.Contacts), len(roster.Blocked), len(roster.Groups))
	for _, g := range roster.Groups {
		fmt.Fprintf(out, "  %s (%d)\n", display.Clean(g.Name), len(g.Contacts))
	}
	display.Skipped(out, roster.Skipped)
	return nil
}

func groupsOf(id skypecontacts.MRI, groups []skypecontacts.Group) string {
	var names []string
	for _, g := range groups {
		if slices.ContainsFunc(g.Contacts, id.Equal) {
			names = append(names, g.Name)
		}
	}
	return strings.Join(names, ", ")
}
