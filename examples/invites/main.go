// Invites sends an invite from Joe to Daisy, who declines it, and then a second one,
// which she accepts. It calls a fake service, which has both accounts.
//
//	go run ./examples/invites
package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

const (
	joeID   skypecontacts.MRI = "8:joe.4"
	daisyID skypecontacts.MRI = "8:daisy.5"
)

var program = demo.Program{Summary: "sends invites, and declines and accepts them, on a fake service only"}

func main() { program.MainWithFake(run, skypetest.SampleData) }

func run(ctx context.Context, fake *demo.Fake, out io.Writer) error {
	joe, err := fake.ClientFor(joeID)
	if err != nil {
		return err
	}
	daisy, err := fake.ClientFor(daisyID)
	if err != nil {
		return err
	}

	fmt.Fprintln(out, "Joe invites Daisy.")
	if err := joe.SendInvite(ctx, daisyID, "Hi"); err != nil {
		return err
	}
	if err := printInvites(ctx, out, daisy); err != nil {
		return err
	}
	fmt.Fprintln(out, "Daisy declines.")
	if err := daisy.DeclineInvite(ctx, joeID); err != nil {
		return err
	}
	if err := printAuthorized(ctx, out, joe, daisy); err != nil {
		return err
	}

	fmt.Fprintln(out, "\nJoe sends a second invite.")
	if err := joe.SendInvite(ctx, daisyID, "It's Joe from the tea stall"); err != nil {
		return err
	}
	if err := printInvites(ctx, out, daisy); err != nil {
		return err
	}
	fmt.Fprintln(out, "Daisy accepts.")
	if err := daisy.AcceptInvite(ctx, joeID); err != nil {
		return err
	}
	return printAuthorized(ctx, out, joe, daisy)
}

func printInvites(ctx context.Context, out io.Writer, daisy *skypecontacts.Client) error {
	pending, err := daisy.ListInvites(ctx)
	if err != nil {
		return err
	}
	for _, in := range pending.Invites {
		fmt.Fprintf(out, "  Pending: %s writes %q\n", in.DisplayName, in.Greeting)
	}
	return nil
}

// printAuthorized prints whether each side has the other as an authorized contact.
// Both are true only after an invite was accepted.
func printAuthorized(ctx context.Context, out io.Writer, joe, daisy *skypecontacts.Client) error {
	byJoe, err := authorized(ctx, joe, daisyID)
	if err != nil {
		return err
	}
	byDaisy, err := authorized(ctx, daisy, joeID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  Authorized: Daisy by Joe %t, Joe by Daisy %t\n", byJoe, byDaisy)
	return nil
}

func authorized(ctx context.Context, client *skypecontacts.Client, id skypecontacts.MRI) (bool, error) {
	list, err := client.ListContacts(ctx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(list.Contacts, func(c skypecontacts.Contact) bool {
		return c.MRI.Equal(id) && c.Authorized
	}), nil
}
