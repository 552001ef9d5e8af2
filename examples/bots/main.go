// Bots prints the directory of bots, or the bot that the argument names.
//
//	go run ./examples/bots
//	go run ./examples/bots concierge
package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

var program = demo.Program{Summary: "prints the directory of bots, or one bot", Arguments: "[bot]"}

func main() { program.Main(run) }

func run(ctx context.Context, client *skypecontacts.Client, out io.Writer, args []string) error {
	if len(args) > 0 {
		bot, err := client.GetBot(ctx, args[0])
		if err != nil {
			return err
		}
		return printBot(out, bot)
	}
	list, err := client.ListBots(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"NAME", "ID", "DEVELOPER", "TRUSTED", "RATING", "DESCRIPTION"}}
	for i := range list.Bots {
		b := &list.Bots[i]
		rows = append(rows, []string{
			b.DisplayName, string(b.MRI()), b.Developer, yesNo(b.Trusted), rating(b), b.Description,
		})
	}
	if err := display.Table(out, rows); err != nil {
		return err
	}
	display.Skipped(out, list.Skipped)
	return nil
}

func printBot(out io.Writer, b *skypecontacts.Bot) error {
	return display.Fields(out, [][2]string{
		{"Name", b.DisplayName},
		{"ID", string(b.MRI())},
		{"Description", b.Description},
		{"Developer", b.Developer},
		{"Trusted", yesNo(b.Trusted)},
		{"Rating", rating(b)},
		{"Languages", strings.Join(b.Locales, ", ")},
		{"Capabilities", strings.Join(b.Capabilities, ", ")},
		{"Website", b.Website},
		{"Terms", b.TermsURL},
		{"Privacy", b.PrivacyURL},
	})
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func rating(b *skypecontacts.Bot) string {
	if b.Rating == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", b.Rating)
}
