package skypecontacts_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// exampleClient returns a client of a fake service. A program calls
// [skypecontacts.New] with a source of its own tokens instead.
func exampleClient(opts ...skypecontacts.Option) (client *skypecontacts.Client, closeServer func()) {
	server := skypetest.NewServer()
	return server.Client(opts...), server.Close
}

func Example() {
	client, closeServer := exampleClient() // skypecontacts.New(skypecontacts.StaticToken(token))
	defer closeServer()

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

// The source of a program that signs in returns a token with its expiry. The client
// calls it when there is no token, five minutes before the expiry, and after a 401.
func ExampleNew() {
	server := skypetest.NewServer()
	defer server.Close()
	client, err := skypecontacts.New(
		skypecontacts.TokenSourceFunc(func(context.Context) (skypecontacts.Token, error) {
			fmt.Println("signing in") // returns these two, or an error
			value, expiry := skypetest.SampleData().Accounts[0].SkypeToken, time.Now().Add(24*time.Hour)
			return skypecontacts.NewToken(value, expiry), nil
		}),
		skypecontacts.WithEndpoints(server.Endpoints()), // these two only for the fake service
		skypecontacts.WithInsecureLoopback(),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	for range 2 {
		own, err := client.GetOwnProfile(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(own.FullName())
	}
	// Output:
	// signing in
	// Fred Adams
	// Fred Adams
}

// A file of SkPy has both tokens and the name of the account. It is read again when the
// client needs a token.
func ExampleTokenFile() {
	server := skypetest.NewServer()
	defer server.Close()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tokens")
	fred := skypetest.SampleData().Accounts[0] // SkPy writes the file
	if err := os.WriteFile(path, fmt.Appendf(nil, "%s\n%s\n1893456000\nregistrationToken=%s\n1893456000\nhttps://client-s.gateway.messenger.live.com/v1\n",
		fred.MRI.ID(), fred.SkypeToken, fred.RegistrationToken), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	tokens := skypecontacts.TokenFile(path)
	user, err := tokens.UserID()
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := skypecontacts.New(tokens,
		skypecontacts.WithUserID(user),
		skypecontacts.WithRegistrationToken(tokens.RegistrationToken()),
		skypecontacts.WithEndpoints(server.Endpoints()), // these two only for the fake service
		skypecontacts.WithInsecureLoopback(),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	list, err := client.ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user, "has", len(list.Contacts), "contacts")
	// Output: fred.2 has 3 contacts
}

// The first line that the program prints is the token; a second may be its expiry.
func ExampleTokenCommand() {
	client, err := skypecontacts.New(
		skypecontacts.TokenCommand("pass", "show", "skype/token"),
		skypecontacts.WithAuthStyle(skypecontacts.AuthTeams), // the account is on Teams Free
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	list, err := client.ListContacts(context.Background())
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		fmt.Println("pass is not installed")
	case errors.As(err, &exit):
		fmt.Println("pass failed with status", exit.ExitCode())
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println(len(list.Contacts), "contacts")
	}
}

// tokenBucket permits a request for each value in the channel.
type tokenBucket chan struct{}

func (b tokenBucket) Wait(ctx context.Context) error {
	select {
	case <-b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A limiter of golang.org/x/time/rate can be used as it is. This one is a channel with
// two values; a program would add one with every tick of a [time.Ticker].
func ExampleWithLimiter() {
	bucket := make(tokenBucket, 2)
	bucket <- struct{}{}
	bucket <- struct{}{}
	client, closeServer := exampleClient(skypecontacts.WithLimiter(bucket))
	defer closeServer()

	for range 2 {
		if _, err := client.ListGroups(context.Background()); err != nil {
			fmt.Println(err)
			return
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := client.ListGroups(ctx)
	fmt.Println("still waiting:", errors.Is(err, context.DeadlineExceeded))
	// Output: still waiting: true
}

// The client copies the http.Client. Use its Transport for a proxy, certificates or
// connection limits.
func ExampleWithHTTPClient() {
	transport := &http.Transport{
		Proxy:               nil, // http.ProxyFromEnvironment is the default of net/http
		MaxConnsPerHost:     4,
		TLSHandshakeTimeout: 5 * time.Second,
	}
	client, closeServer := exampleClient(skypecontacts.WithHTTPClient(&http.Client{Transport: transport}))
	defer closeServer()
	defer transport.CloseIdleConnections()

	blocked, err := client.ListBlocked(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(blocked.Blocked), "blocked")
	// Output: 1 blocked
}

// An observer counts attempts and failures, here of a call that is repeated once.
func ExampleWithObserver() {
	server := skypetest.NewServer()
	defer server.Close()
	server.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: http.StatusServiceUnavailable})
	client := server.Client(skypecontacts.WithObserver(func(_ context.Context, a skypecontacts.Attempt) {
		fmt.Println(a.Op, a.Method, a.Route, a.Number, a.Status, a.Failure)
	}))

	groups, err := client.ListGroups(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(groups.Groups), "groups")
	// Output:
	// ListGroups GET /users/{id}/groups 1 503 service unavailable
	// ListGroups GET /users/{id}/groups 2 200 <nil>
	// 3 groups
}

func ExampleClient_AllContacts() {
	client, closeServer := exampleClient()
	defer closeServer()

	for contact, err := range client.AllContacts(context.Background()) {
		var skipped skypecontacts.SkippedItem
		switch {
		case errors.As(err, &skipped): // one entry; the loop continues
			fmt.Println("skipped:", skipped.Err)
		case err != nil: // the loop ends
			fmt.Println(err)
		default:
			fmt.Println(contact.MRI)
		}
	}
	// Output:
	// 8:joe.4
	// 8:anna.7
	// 28:concierge
}

// A roster is requested in full once. Later only the changes are requested and merged
// into it; without changes the same roster is returned.
func ExampleClient_RefreshRoster() {
	client, closeServer := exampleClient()
	defer closeServer()
	ctx := context.Background()

	roster, err := client.RefreshRoster(ctx, nil)
	for range 2 {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(roster.Scope, len(roster.Contacts), len(roster.Blocked))
		if err := client.BlockUser(ctx, "joe.4", skypecontacts.BlockOptions{}); err != nil {
			fmt.Println(err)
			return
		}
		roster, err = client.RefreshRoster(ctx, roster)
	}
	// Output:
	// full 3 1
	// delta 3 2
}

func ExampleRoster_Changes() {
	client, closeServer := exampleClient()
	defer closeServer()
	ctx := context.Background()

	before, err := client.RefreshRoster(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := errors.Join(client.AcceptInvite(ctx, "daisy.5"), client.UnblockUser(ctx, "anna.7")); err != nil {
		fmt.Println(err)
		return
	}
	after, err := client.RefreshRoster(ctx, before)
	if err != nil {
		fmt.Println(err)
		return
	}
	changes := after.Changes(before)
	for i := range changes.Added {
		fmt.Println("added", changes.Added[i].FullName())
	}
	for i := range changes.Changed {
		fmt.Println("changed", changes.Changed[i].FullName())
	}
	fmt.Println("removed", len(changes.Removed))
	// Output:
	// added Daisy
	// changed Anna Cooper
	// removed 0
}

// Presence has no method of its own: the messenger gateway tells it of up to ten accounts
// at once. A call by Do is repeated, limited and reported as every other, and its path
// goes nowhere but to the service. This one needs [skypecontacts.WithRegistrationToken].
func ExampleClient_Do() {
	client, closeServer := exampleClient() // which has both tokens
	defer closeServer()

	list, err := client.ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	people := url.Values{}
	for i := range min(10, len(list.Contacts)) {
		people.Add("cMri", string(list.Contacts[i].MRI))
	}
	var presence struct {
		Responses []struct {
			Contact skypecontacts.MRI
			Payload struct {
				Status string `json:"status"`
			}
		}
	}
	err = client.Do(context.Background(), skypecontacts.Call{
		Service: "Messenger", Method: http.MethodGet,
		Path: "/users/ME/contacts/ALL/presenceDocs/messagingService", Query: people,
	}, &presence)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, person := range presence.Responses {
		fmt.Println(person.Contact, person.Payload.Status)
	}
	// Output:
	// 8:joe.4 Online
	// 8:anna.7 Away
	// 28:concierge Offline
}

func ExampleClient_AddFavorite() {
	client, closeServer := exampleClient()
	defer closeServer()

	if err := client.AddFavorite(context.Background(), "28:concierge"); err != nil {
		fmt.Println(err)
		return
	}
	list, err := client.ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range list.Contacts {
		if list.Contacts[i].Favorite {
			fmt.Println(list.Contacts[i].MRI)
		}
	}
	// Output:
	// 8:joe.4
	// 28:concierge
}

// A number is changed by the ID that it has in the list of contacts.
func ExampleClient_SetContactPhone() {
	client, closeServer := exampleClient()
	defer closeServer()

	list, err := client.ListContacts(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	joe := &list.Contacts[0]
	for _, phone := range joe.Phones {
		if phone.ID == "" {
			continue // the service has not named it
		}
		phone.Type = skypecontacts.PhoneMobile
		fmt.Println(phone.Number, client.SetContactPhone(context.Background(), joe.MRI, phone))
	}
	// Output: +442079460958 <nil>
}

// Fields that are not set stay as they are; new("") removes one.
func ExampleClient_UpdateOwnProfile() {
	client, closeServer := exampleClient()
	defer closeServer()

	err := client.UpdateOwnProfile(context.Background(), skypecontacts.ProfileUpdate{
		Mood: new("Tea & cake <3"), Birthday: new(skypecontacts.Date{Year: 1985, Month: time.June, Day: 8}), About: new(""),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	profile, err := client.GetOwnProfile(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, born %s, about %q, %s\n", profile.Mood.Plain, profile.Birthday, profile.About, profile.JobTitle)
	// Output: Tea & cake <3, born 1985-06-08, about "", Gardener
}

func ExampleClient_LookupProfiles() {
	client, closeServer := exampleClient(skypecontacts.WithDialect(skypecontacts.DialectCurrent))
	defer closeServer()

	ids := []skypecontacts.MRI{"joe.4", "nobody.99", "anna.7"}
	opts := skypecontacts.LookupOptions{ChunkSize: 2, Concurrency: 1}
	for result := range client.LookupProfiles(context.Background(), ids, opts) {
		switch {
		case errors.Is(result.Err, skypecontacts.ErrNotFound):
			fmt.Println(result.MRI, "does not exist")
		case result.Err != nil:
			fmt.Println(result.MRI, result.Err)
		default:
			fmt.Println(result.MRI, result.Profile.FullName())
		}
	}
	// Output:
	// joe.4 Joe Bloggs
	// nobody.99 does not exist
	// anna.7 Anna Cooper
}

// An invite is a POST, which is not repeated. If MaybeApplied is true, the invite may
// have arrived although the call failed.
func ExampleClient_SendInvite() {
	client, closeServer := exampleClient()
	defer closeServer()

	err := client.SendInvite(context.Background(), "daisy.5", "Hi Daisy, this is Fred.")
	var failure *skypecontacts.Error
	switch {
	case err == nil:
		fmt.Println("sent")
	case errors.As(err, &failure) && failure.MaybeApplied:
		fmt.Println("perhaps sent")
	default:
		fmt.Println("not sent:", err)
	}
	// Output: sent
}

func ExampleClient_AcceptInvite() {
	client, closeServer := exampleClient()
	defer closeServer()
	ctx := context.Background()

	list, err := client.ListInvites(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, invite := range list.Invites {
		if err := client.AcceptInvite(ctx, invite.From); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("accepted", invite.From)
	}
	// Output: accepted 8:daisy.5
}

func ExampleClient_SearchDirectory() {
	client, closeServer := exampleClient(skypecontacts.WithDialect(skypecontacts.DialectCurrent))
	defer closeServer()

	found, err := client.SearchDirectory(context.Background(), "joe")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, entry := range found.Entries {
		fmt.Println(entry.Profile.MRI, entry.Profile.FullName())
	}
	// Output: 8:joe.4 Joe Bloggs
}

// A saved response is read one contact at a time, without a client.
func ExampleReadContacts() {
	file := strings.NewReader(`{"contacts": [
		{"mri": "8:joe.4", "display_name": "Joe Bloggs", "authorized": true},
		{"display_name": "nobody"},
		{"mri": "8:anna.7", "display_name": "Anna Cooper"}
	]}`) // or os.Open("contacts.json")
	for contact, err := range skypecontacts.ReadContacts(file) {
		var skipped skypecontacts.SkippedItem
		switch {
		case errors.As(err, &skipped):
			fmt.Println("skipped:", skipped.Err)
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Println(contact.MRI, contact.FullName())
		}
	}
	// Output:
	// 8:joe.4 Joe Bloggs
	// skipped: the entry has no identifier
	// 8:anna.7 Anna Cooper
}

func ExampleClient_GetBot() {
	client, closeServer := exampleClient()
	defer closeServer()

	if _, err := client.GetBot(context.Background(), "nobody"); errors.Is(err, skypecontacts.ErrNotFound) {
		fmt.Println("there is no such bot")
	}
	// Output: there is no such bot
}

// A later call with the picture that is known returns the same one as long as it has not
// changed, and it is not sent again.
func ExampleClient_GetAvatar() {
	server := skypetest.NewServer()
	defer server.Close()
	client, ctx := server.Client(), context.Background()
	list, err := client.ListContacts(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	joe := list.Contacts[0]
	first, err := client.GetAvatar(ctx, joe.MRI, skypecontacts.AvatarOptions{URL: joe.Profile.AvatarURL})
	if err != nil {
		fmt.Println(err)
		return
	}
	again, err := client.GetAvatar(ctx, joe.MRI, skypecontacts.AvatarOptions{URL: joe.Profile.AvatarURL, Previous: first})
	if errors.Is(err, skypecontacts.ErrNotFound) {
		fmt.Println("the picture was removed")
	}
	fmt.Println(first.MediaType, again == first)
	// Output: image/png true
}

func ExampleError() {
	server := skypetest.NewServer()
	defer server.Close()
	server.Inject(skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: true})
	err := server.Client().SendInvite(context.Background(), "daisy.5", "Hi")

	var failure *skypecontacts.Error
	switch {
	case err == nil:
		fmt.Println("done")
	case errors.Is(err, skypecontacts.ErrNotFound):
		fmt.Println("there is no such account")
	case !errors.As(err, &failure):
		fmt.Println("not the error of a call:", err) // such as a SkippedItem
	case errors.Is(err, skypecontacts.ErrRateLimited):
		fmt.Println("try again after", failure.RetryAfter)
	case failure.MaybeApplied:
		fmt.Println("the change may have been made: check before you repeat it")
	default:
		fmt.Println(err)
	}
	// Output: the change may have been made: check before you repeat it
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
