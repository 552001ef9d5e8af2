package skypecontacts_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// The examples run against the fake service; a real program passes New a source
// of its own tokens.
func newClient() (*skypecontacts.Client, func()) {
	server := skypetest.NewServer()
	return server.Client(), server.Close
}

func Example() {
	client, done := newClient() // skypecontacts.New(skypecontacts.StaticToken(token))
	defer done()

	list, err := client.ListContacts(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	for i := range list.Contacts {
		fmt.Println(list.Contacts[i].FullName())
	}
	// Output:
	// Joe Bloggs
	// Anna Cooper
	// Skype
}

func ExampleClient_AllContacts() {
	client, done := newClient()
	defer done()

	for contact, err := range client.AllContacts(context.Background()) {
		var skipped skypecontacts.SkippedItem
		switch {
		case errors.As(err, &skipped):
			fmt.Println("one entry cannot be read:", skipped.Err)
		case err != nil:
			fmt.Println("the list broke off:", err)
		default:
			fmt.Println(contact.MRI)
		}
	}
	// Output:
	// 8:joe.4
	// 8:anna.7
	// 28:concierge
}

func ExampleClient_GetBot() {
	client, done := newClient()
	defer done()

	if _, err := client.GetBot(context.Background(), "nobody"); errors.Is(err, skypecontacts.ErrNotFound) {
		fmt.Println("there is no such bot")
	}
	// Output: there is no such bot
}

func ExampleError() {
	server := skypetest.NewServer()
	defer server.Close()
	server.Inject(skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: true})
	err := server.Client().SendInvite(context.Background(), "daisy.5", "Hi")

	var failure *skypecontacts.Error
	switch errors.As(err, &failure); {
	case err == nil:
	case errors.Is(err, skypecontacts.ErrNotFound):
		fmt.Println("there is no such account")
	case errors.Is(err, skypecontacts.ErrRateLimited):
		fmt.Println("wait for", failure.RetryAfter)
	case failure.MaybeApplied:
		fmt.Println("the change may have been made: look before you repeat it")
	}
	// Output: the change may have been made: look before you repeat it
}

func ExampleSplitName() {
	first, last := skypecontacts.SplitName("Joe van Bloggs")
	fmt.Printf("%s|%s\n", first, last)
	// Output: Joe van|Bloggs
}

func ExampleParseMRI() {
	for _, name := range []string{"joe.4", "live:joe", "+442099887766", "28:concierge"} {
		id, err := skypecontacts.ParseMRI(name)
		fmt.Println(id, id.Kind() == skypecontacts.KindSkype, err)
	}
	// Output:
	// 8:joe.4 true <nil>
	// 8:live:joe true <nil>
	// 4:+442099887766 false <nil>
	// 28:concierge false <nil>
}
