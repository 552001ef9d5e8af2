// Invites lets two people find each other: Joe invites Daisy, who declines; he
// asks again, and she accepts. It runs on a server in this process.
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

func main() { demo.Story(tell) }

func tell(ctx context.Context, srv *skypetest.Server, out io.Writer) error {
	joe, daisy := srv.ClientFor("joe.4"), srv.ClientFor("daisy.5")

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

	fmt.Fprintln(out, "\nJoe asks again, and says who he is.")
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
	waiting, err := daisy.ListInvites(ctx)
	if err != nil {
		return err
	}
	for _, in := range waiting.Invites {
		fmt.Fprintf(out, "  Waiting for Daisy: %s writes %q\n", in.DisplayName, in.Greeting)
	}
	return nil
}

// printAuthorized shows how either side sees the other. Only an invite that was
// accepted makes both true.
func printAuthorized(ctx context.Context, out io.Writer, joe, daisy *skypecontacts.Client) error {
	joeSees, err := authorized(ctx, joe, daisyID)
	if err != nil {
		return err
	}
	daisySees, err := authorized(ctx, daisy, joeID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  Authorized: Daisy by Joe %t, Joe by Daisy %t\n", joeSees, daisySees)
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
