// Block blocks a contact, unblocks it and ends its authorization, and prints the
// contact after each step: the first two do not change the authorization. It calls a
// fake service, never the real one.
//
//	go run ./examples/block
package main

import (
	"context"
	"fmt"
	"io"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

const joe skypecontacts.MRI = "8:joe.4"

var program = demo.Program{Summary: "blocks and unblocks a contact, on a fake service only"}

func main() { program.MainWithFake(run, skypetest.SampleData) }

func run(ctx context.Context, fake *demo.Fake, out io.Writer) error {
	client, err := fake.Client()
	if err != nil {
		return err
	}
	steps := []struct {
		title string
		do    func() error
	}{
		{"Before", func() error { return nil }},
		{"Blocked and reported", func() error {
			return client.BlockUser(ctx, joe, skypecontacts.BlockOptions{ReportAbuse: true, Reason: "spam"})
		}},
		{"Unblocked", func() error { return client.UnblockUser(ctx, joe) }},
		{"No longer authorized", func() error { return client.RevokeContact(ctx, joe) }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return err
		}
		roster, err := client.GetRoster(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s:\n", step.title)
		for _, c := range roster.Contacts {
			if c.MRI.Equal(joe) {
				fmt.Fprintf(out, "  %s: authorized %t, blocked %t\n", c.FullName(), c.Authorized, c.Blocked)
			}
		}
		for _, b := range roster.Blocked {
			fmt.Fprintf(out, "  on the blocklist: %s\n", b.MRI)
		}
	}
	return nil
}
