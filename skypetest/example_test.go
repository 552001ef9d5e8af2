package skypetest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// These are the first three lines of a test of a program that uses the SDK.
func Example() {
	srv := skypetest.NewServer()
	defer srv.Close()
	client := srv.Client()

	list, err := client.ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range list.Contacts {
		fmt.Println(c.FullName(), c.MRI)
	}
	// Output:
	// Joe Bloggs 8:joe.4
	// Anna Cooper 8:anna.7
	// Skype 28:concierge
}

// Each account of a server has a client of its own.
func ExampleServer_ClientFor() {
	srv := skypetest.NewServer()
	defer srv.Close()
	ctx := context.Background()
	fred, daisy := srv.Client(), srv.ClientFor("daisy.5")

	if err := fred.AcceptInvite(ctx, "daisy.5"); err != nil {
		fmt.Println(err)
		return
	}
	list, err := daisy.ListContacts(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list.Contacts[0].FullName(), "authorized:", list.Contacts[0].Authorized)
	// Output: Fred Adams authorized: true
}

// The response is lost after the invite was sent. The client cannot know that; the
// test can.
func ExampleServer_Inject() {
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultReset, Operation: "SendInvite", AfterEffect: true})

	err := srv.Client().SendInvite(context.Background(), "anna.7", "Hello Anna")
	var apiErr *skypecontacts.Error
	fmt.Println("failed:", errors.As(err, &apiErr), "maybe applied:", apiErr.MaybeApplied)
	for _, e := range srv.Effects() {
		fmt.Println("effect:", e.Operation, e.Account, "to", e.Subject)
	}
	fmt.Println("faults pending:", srv.FaultsPending())
	// Output:
	// failed: true maybe applied: true
	// effect: SendInvite 8:fred.2 to 8:anna.7
	// faults pending: 0
}

// The client waits for the time in Retry-After and sends the request again.
func ExampleServer_Requests() {
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus})

	if _, err := srv.Client().ListGroups(context.Background()); err != nil {
		fmt.Println(err)
	}
	for _, r := range srv.Requests() {
		fmt.Println(r.Operation, r.Method, r.Path, "reached:", r.Reached)
	}
	// Output:
	// ListGroups GET /contacts/v2/users/self/groups reached: false
	// ListGroups GET /contacts/v2/users/self/groups reached: true
}

// Data replaces the sample accounts.
func ExampleWithData() {
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Data{
		Accounts: []skypetest.Account{
			{MRI: "8:fred.2", Contacts: []skypetest.Contact{{MRI: "8:joe.4", Authorized: true}}},
			{MRI: "8:joe.4", Profile: skypetest.Profile{DisplayName: "Joe Bloggs"}},
		},
	}))
	defer srv.Close()

	list, err := srv.ClientFor("joe.4").ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list.Contacts[0].MRI, "authorized:", list.Contacts[0].Authorized)
	// Output: 8:fred.2 authorized: true
}

// Generate has many contacts, in every form that clients recorded.
func ExampleGenerate() {
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(200, 1)))
	defer srv.Close()

	list, err := srv.Client().ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(list.Contacts), "contacts,", len(list.Skipped), "skipped")
	// Output: 200 contacts, 0 skipped
}
