package skypetest_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// A test of a program that uses the SDK needs three lines more.
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

// Two accounts on one server can ask and answer each other.
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

// The program under test should survive an answer that is lost after the work
// was done. Was the invite sent or was it not?
func ExampleServer_Inject() {
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultReset, Operation: "SendInvite", AfterEffect: true})

	err := srv.Client().SendInvite(context.Background(), "anna.7", "Hello Anna")
	var failure *skypecontacts.Error
	fmt.Println("failed:", errors.As(err, &failure), "maybe applied:", failure.MaybeApplied)
	for _, e := range srv.Effects() {
		fmt.Println("in truth:", e.Operation, e.Account, "to", e.Subject)
	}
	fmt.Println("faults that never struck:", srv.FaultsPending())
	// Output:
	// failed: true maybe applied: true
	// in truth: SendInvite 8:fred.2 to 8:anna.7
	// faults that never struck: 0
}

// A rate limit ends when the service says; the client waits for it by itself.
func ExampleServer_Requests() {
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: time.Second})

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

// Data of one's own, where the sample people will not do.
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

// Many contacts, in every form that the service's answers were seen in.
func ExampleGenerate() {
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(200, 1)))
	defer srv.Close()

	list, err := srv.Client().ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(list.Contacts), "contacts,", len(list.Skipped), "that cannot be read")
	// Output: 200 contacts, 0 that cannot be read
}
