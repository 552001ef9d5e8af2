// Signin signs in with a Microsoft account and prints the contact list.
//
//	go run -C examples/signin . -client-id ID -store file:$HOME/.skype-refresh-token
//
// It keeps the refresh token in the keyring of the system, or in the file that -store
// names, so that the next run needs no user. With -token it prints a Skype token and its
// expiry in two lines, as -token-command of the other examples wants them. Without
// -client-id and -endpoints it signs in to a fake service in this process, whose user
// approves at once.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/teamsauth"
)

func main() {
	var s settings
	demo.Program{Summary: "signs in with a Microsoft account and prints the contact list", Flags: s.flags()}.MainAlone(
		func(ctx context.Context, out io.Writer) error { return s.run(ctx, out, os.Stderr) })
}

// settings are the values of the flags.
type settings struct {
	clientID, store, endpoints string
	token, signOut             bool
}

func (s *settings) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.StringVar(&s.clientID, "client-id", "", "sign in to the real service as the program with this `ID`; see docs/tokens.md")
	flags.StringVar(&s.store, "store", "", "`where` the refresh token is kept: keyring or file:PATH; default keyring, for a fake service nowhere")
	flags.BoolVar(&s.token, "token", false, "print only a Skype token and its expiry, and sign nobody in")
	flags.BoolVar(&s.signOut, "sign-out", false, "remove the refresh token")
	demo.AddEndpointsFlag(flags, &s.endpoints)
	return flags
}

// run does what the flags say. It prints to prompt what the user has to do.
func (s *settings) run(ctx context.Context, out, prompt io.Writer) error {
	if err := s.check(); err != nil {
		return err
	}
	service, err := s.service(prompt)
	if err != nil {
		return err
	}
	defer service.close()
	store, closeStore, err := s.openStore(service)
	if err != nil {
		return err
	}
	defer closeStore()
	account, err := teamsauth.New(service.clientID, store, service.options)
	if err != nil {
		return err
	}
	switch {
	case s.signOut:
		if err = account.SignOut(ctx); err == nil {
			fmt.Fprintln(out, "Signed out. What was issued stays valid until it expires.")
		}
	case s.token:
		err = printToken(ctx, account, out)
	default:
		err = printContacts(ctx, account, service, out, prompt)
	}
	return explain(err)
}

// check refuses flags that do not go together. The refresh token of one service is never
// replaced by that of another, and nothing is said of a store that is not there.
func (s *settings) check() error {
	switch {
	case s.token && s.signOut:
		return fmt.Errorf("%w: -token and -sign-out are both there", demo.ErrUsage)
	case s.clientID == "" && s.endpoints == "" && (s.store != "" || s.token || s.signOut):
		return fmt.Errorf("%w: -store, -token and -sign-out need -client-id or -endpoints", demo.ErrUsage)
	case s.endpoints != "" && s.store == "" && (s.token || s.signOut):
		return fmt.Errorf("%w: with -endpoints, -token and -sign-out need -store", demo.ErrUsage)
	default:
		return nil
	}
}

// openStore returns the store that -store names.
func (s *settings) openStore(service *service) (store teamsauth.Store, closeStore func(), err error) {
	path, isFile := strings.CutPrefix(s.store, "file:")
	switch {
	case isFile && path != "":
		return teamsauth.File(path), func() {}, nil
	case s.store == "keyring", s.store == "" && service.isReal:
		return teamsauth.Keyring("skypecontacts examples/signin", service.clientID), func() {}, nil
	case s.store == "":
		directory, err := os.MkdirTemp("", "signin")
		return teamsauth.File(filepath.Join(directory, "refresh-token")), func() { _ = os.RemoveAll(directory) }, err
	default:
		return nil, nil, fmt.Errorf("%w: -store is neither keyring nor file:PATH", demo.ErrUsage)
	}
}

// printToken prints what -token-command of the other examples reads.
func printToken(ctx context.Context, account *teamsauth.Account, out io.Writer) error {
	token, err := account.Token(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, token.Value())
	if expiry := token.Expiry(); !expiry.IsZero() {
		fmt.Fprintln(out, expiry.Format(time.RFC3339))
	}
	return nil
}

// printContacts prints the contact list. It signs in first if that is necessary; the client
// then gets its token by itself.
func printContacts(ctx context.Context, account *teamsauth.Account, service *service, out, prompt io.Writer) error {
	client, err := skypecontacts.New(account, append(service.client, skypecontacts.WithAuthStyle(skypecontacts.AuthTeams))...)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	list, err := client.ListContacts(ctx)
	if errors.Is(err, teamsauth.ErrSignInRequired) || errors.Is(err, teamsauth.ErrConsent) {
		err = account.SignIn(ctx, func(code teamsauth.DeviceCode) error {
			fmt.Fprintf(prompt, "Open %s in a browser and enter the code %s. It is valid until %s.\n",
				code.VerificationURI, code.UserCode(), code.Expiry.Local().Format(time.TimeOnly))
			return service.approve(code.UserCode())
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(prompt, "Signed in.")
		list, err = client.ListContacts(ctx)
	}
	if err != nil {
		return err
	}
	rows := [][]string{{"NAME", "ID"}}
	for i := range list.Contacts {
		rows = append(rows, []string{list.Contacts[i].FullName(), string(list.Contacts[i].MRI)})
	}
	if err := display.Table(out, rows); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d contacts\n", len(list.Contacts))
	display.Skipped(out, list.Skipped)
	return nil
}
