package teamsauth_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/skypecontacts/skypecontacts/teamsauth"
)

// A program signs in once and then uses the account as the source of its client. Here the
// service is the fake one, whose user approves at once. With the real one Options and the
// last two options of New are left out, and [teamsauth.Keyring] can be the store.
func Example() {
	srv := skypetest.NewServer()
	defer srv.Close()
	directory, err := os.MkdirTemp("", "teamsauth")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(directory)

	ctx := context.Background()
	store := teamsauth.File(filepath.Join(directory, "refresh-token"))
	_, err = teamsauth.New("the client ID of the program", store, teamsauth.Options{})
	fmt.Println(err)
	account, err := teamsauth.New("11111111-2222-4333-8444-555555555555", store, teamsauth.Options{
		Endpoints: teamsauth.Endpoints(srv.SignInEndpoints()), InsecureLoopback: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	if _, err := account.Token(ctx); errors.Is(err, teamsauth.ErrSignInRequired) {
		err = account.SignIn(ctx, func(code teamsauth.DeviceCode) error {
			fmt.Println("Open the page in code.VerificationURI and enter", len(code.UserCode()), "characters.")
			srv.ApproveSignIn(code.UserCode(), "") // as the user does there
			return nil
		})
		if err != nil {
			fmt.Println(err)
			return
		}
	}

	client, err := skypecontacts.New(account, skypecontacts.WithAuthStyle(skypecontacts.AuthTeams),
		skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	list, err := client.ListContacts(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, contact := range list.Contacts {
		fmt.Println(contact.FullName())
	}
	// Output:
	// invalid argument: the client ID is empty or has characters that none has
	// Open the page in code.VerificationURI and enter 9 characters.
	// Joe Bloggs
	// Anna Cooper
	// Skype
}
