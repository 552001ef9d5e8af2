// Profile prints the own profile, or the public profiles of the accounts that the
// arguments name.
//
//	go run ./examples/profile
//	go run ./examples/profile joe.4 anna.7
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

var program = demo.Program{Summary: "prints the own profile, or those of the accounts", Arguments: "[account ...]"}

// The documented route for the profiles of others does not exist since June 2018.
func main() { program.Main(run, skypecontacts.WithDialect(skypecontacts.DialectCurrent)) }

func run(ctx context.Context, client *skypecontacts.Client, out io.Writer, args []string) error {
	if len(args) == 0 {
		own, err := client.GetOwnProfile(ctx)
		if err != nil {
			return err
		}
		return printProfile(out, own)
	}
	var ids []skypecontacts.MRI
	for _, arg := range args {
		ids = append(ids, skypecontacts.MRI(arg))
	}
	first := true
	for result := range client.LookupProfiles(ctx, ids, skypecontacts.LookupOptions{}) {
		if !first {
			fmt.Fprintln(out)
		}
		first = false
		switch {
		case errors.Is(result.Err, skypecontacts.ErrNotFound):
			fmt.Fprintf(out, "There is no account %s.\n", display.Clean(string(result.MRI)))
		case result.Err != nil:
			return result.Err
		default:
			if err := printProfile(out, result.Profile); err != nil {
				return err
			}
		}
	}
	return nil
}

func printProfile(out io.Writer, p *skypecontacts.Profile) error {
	return display.Fields(out, [][2]string{
		{"Name", p.FullName()},
		{"ID", string(p.MRI)},
		{"Birthday", p.Birthday.String()},
		{"Gender", string(p.Gender)},
		{"Language", string(p.Language)},
		{"City", display.City(p.Locations)},
		{"Country", display.Country(p.Locations)},
		{"Phones", display.Phones(p.Phones)},
		{"E-mail", strings.Join(p.Emails, "\n")},
		{"Job", p.JobTitle},
		{"Homepage", p.Homepage},
		{"Mood", p.Mood.Plain},
		{"About", p.About},
	})
}
