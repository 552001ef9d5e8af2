// Sync keeps a copy of the contact list up to date. It requests the whole list once,
// stores it, and later requests only the changes. It calls a fake service, never
// the real one.
//
//	go run ./examples/sync
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

var program = demo.Program{Summary: "keeps a copy of the contact list up to date, on a fake service only"}

func main() { program.MainWithFake(run, skypetest.SampleData) }

func run(ctx context.Context, fake *demo.Fake, out io.Writer) error {
	client, err := fake.Client()
	if err != nil {
		return err
	}

	first, err := client.RefreshRoster(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The whole list: %d contacts\n", len(first.Contacts))

	second, err := client.RefreshRoster(ctx, first)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Second request: the same roster (%t)\n", second == first)

	// A program stores the roster before it ends, and loads it when it starts.
	stored, err := json.Marshal(second)
	if err != nil {
		return err
	}
	var loaded skypecontacts.Roster
	if err := json.Unmarshal(stored, &loaded); err != nil {
		return err
	}

	fmt.Fprintln(out, "Changes by another client: Daisy's invite accepted, Anna unblocked, Joe removed.")
	if err := makeChanges(ctx, client); err != nil {
		return err
	}

	now, err := client.RefreshRoster(ctx, &loaded)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "After a restart, only the changes (scope %q):\n", now.Scope)
	printChanges(out, now.Changes(&loaded))
	return nil
}

func makeChanges(ctx context.Context, client *skypecontacts.Client) error {
	return errors.Join(
		client.AcceptInvite(ctx, "daisy.5"),
		client.UnblockUser(ctx, "anna.7"),
		client.RevokeContact(ctx, "joe.4"),
		client.RemoveContact(ctx, "joe.4"),
	)
}

func printChanges(out io.Writer, changes skypecontacts.RosterChanges) {
	for i := range changes.Added {
		fmt.Fprintf(out, "  + %s\n", changes.Added[i].FullName())
	}
	for i := range changes.Changed {
		c := &changes.Changed[i]
		fmt.Fprintf(out, "  ~ %s (blocked %t)\n", c.FullName(), c.Blocked)
	}
	for i := range changes.Removed {
		fmt.Fprintf(out, "  - %s\n", changes.Removed[i].FullName())
	}
}
