// Search prints the people that the public directory finds.
//
//	go run ./examples/search joe
package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

var program = demo.Program{Summary: "prints the people that the public directory finds", Arguments: "[word ...]"}

// The documented route responds with 403 since March 2023.
func main() { program.Main(run, skypecontacts.WithDialect(skypecontacts.DialectCurrent)) }

func run(ctx context.Context, client *skypecontacts.Client, out io.Writer, args []string) error {
	query := "joe"
	if len(args) > 0 {
		query = strings.Join(args, " ")
	}
	found, err := client.SearchDirectory(ctx, query)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d found for %q\n\n", len(found.Entries), query)
	rows := [][]string{{"NAME", "ID", "AGE", "CITY", "COUNTRY", "LANGUAGE"}}
	for _, e := range found.Entries {
		p, age := &e.Profile, ""
		if p.Age > 0 {
			age = strconv.Itoa(p.Age)
		}
		rows = append(rows, []string{
			p.FullName(), string(p.MRI), age,
			display.City(p.Locations), display.Country(p.Locations), string(p.Language),
		})
	}
	if err := display.Table(out, rows); err != nil {
		return err
	}
	display.Skipped(out, found.Skipped)
	return nil
}
