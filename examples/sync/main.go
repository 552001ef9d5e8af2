// Sync keeps a copy of the contact list up to date without fetching it whole
// every time, and stores it in between. It runs on a server in this process.
//
//	go run ./examples/sync
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

func main() { demo.Story(tell) }

func tell(ctx context.Context, srv *skypetest.Server, out io.Writer) error {
	client := srv.Client()

	first, err := client.RefreshRoster(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The whole list: %d contacts\n", len(first.Contacts))

	again, err := client.RefreshRoster(ctx, first)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Asked again: nothing new (%t)\n", again == first)

	// What a program does before it ends, and when it starts again.
	stored, err := json.Marshal(again)
	if err != nil {
		return err
	}
	var known skypecontacts.Roster
	if err := json.Unmarshal(stored, &known); err != nil {
		return err
	}

	fmt.Fprintln(out, "Meanwhile, on the phone: Daisy's invite is accepted, Anna unblocked, Joe removed.")
	for _, change := range []func() error{
		func() error { return client.AcceptInvite(ctx, "daisy.5") },
		func() error { return client.UnblockUser(ctx, "anna.7") },
		func() error { return client.RevokeContact(ctx, "joe.4") },
		func() error { return client.RemoveContact(ctx, "joe.4") },
	} {
		if err := change(); err != nil {
			return err
		}
	}

	now, err := client.RefreshRoster(ctx, &known)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "After a restart, only the changes (scope %q):\n", now.Scope)
	printChanges(out, known.Contacts, now.Contacts)
	return nil
}

func printChanges(out io.Writer, before, after []skypecontacts.Contact) {
	old := make(map[skypecontacts.MRI]skypecontacts.Contact)
	for _, c := range before {
		old[c.MRI] = c
	}
	for _, c := range after {
		was, known := old[c.MRI]
		delete(old, c.MRI)
		switch {
		case !known:
			fmt.Fprintf(out, "  + %s\n", c.FullName())
		case !reflect.DeepEqual(was, c):
			fmt.Fprintf(out, "  ~ %s (blocked %t)\n", c.FullName(), c.Blocked)
		}
	}
	for _, c := range before {
		if _, gone := old[c.MRI]; gone {
			fmt.Fprintf(out, "  - %s\n", c.FullName())
		}
	}
}
