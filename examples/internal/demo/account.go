package demo

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// Account says with which tokens an example calls the service. docs/tokens.md describes
// its flags.
type Account struct {
	Endpoints    string // of a fake service, "" for the real one
	TokenFile    string
	TokenCommand string
	Teams        bool
}

// AddFlags adds the flags of the account.
func (a *Account) AddFlags(flags *flag.FlagSet) {
	AddEndpointsFlag(flags, &a.Endpoints)
	flags.StringVar(&a.TokenFile, "token-file", "", "read the tokens from this `file`, which SkPy wrote; see docs/tokens.md")
	flags.StringVar(&a.TokenCommand, "token-command", "", "run this `program` with its arguments, divided at spaces, which prints the Skype token")
	flags.BoolVar(&a.Teams, "teams", false, "send the token as clients of Teams Free do")
}

// tokenOptions returns the source that the flags name, nil if they name none, and the
// options that belong to it.
func (a *Account) tokenOptions() (skypecontacts.TokenSource, []skypecontacts.Option, error) {
	var opts []skypecontacts.Option
	if a.Teams {
		opts = append(opts, skypecontacts.WithAuthStyle(skypecontacts.AuthTeams))
	}
	command := strings.Fields(a.TokenCommand)
	switch {
	case a.TokenFile != "" && a.TokenCommand != "":
		return nil, nil, fmt.Errorf("%w: -token-file and -token-command are both there", ErrUsage)
	case a.TokenFile != "":
		file := skypecontacts.TokenFile(a.TokenFile)
		return file, append(opts, skypecontacts.WithRegistrationToken(file.RegistrationToken())), nil
	case len(command) > 0:
		return skypecontacts.TokenCommand(command[0], command[1:]...), opts, nil
	default:
		return nil, opts, nil
	}
}

// newClient returns a client of the service that a names, for the account of its source
// of tokens or, without one, of token, or for the own account of the fake service.
func newClient(a Account, token, user string, opts []skypecontacts.Option) (client *skypecontacts.Client, closeAll func(), err error) {
	source, tokenOpts, err := a.tokenOptions()
	if err != nil {
		return nil, nil, err
	}
	opts = append(tokenOpts, opts...)
	if a.Endpoints != "" || source == nil && token == "" {
		if a.Endpoints == "" {
			fmt.Fprintln(os.Stderr, "SKYPE_TOKEN is not set: printing sample data.")
		}
		fake, err := newFake(a.Endpoints, skypetest.SampleData)
		if err != nil {
			return nil, nil, err
		}
		if source == nil {
			client, err = fake.Client(opts...)
		} else {
			client, err = fake.clientFrom(source, opts...)
		}
		if err != nil {
			fake.Close()
			return nil, nil, err
		}
		return client, fake.Close, nil
	}
	if user != "" {
		opts = append(opts, skypecontacts.WithUserID(user))
	}
	if source == nil {
		source = skypecontacts.StaticToken(token)
	}
	client, err = skypecontacts.New(source, opts...)
	if err != nil {
		return nil, nil, err
	}
	return client, client.CloseIdleConnections, nil
}

// Live returns a client of the fake service that a names or, without one, of the real
// service. Its tokens are those of the flags or, without them, the one in SKYPE_TOKEN.
func Live(a Account) (client *skypecontacts.Client, closeAll func(), err error) {
	token := os.Getenv("SKYPE_TOKEN")
	if token == "" && a == (Account{Teams: a.Teams}) {
		return nil, nil, errors.New("SKYPE_TOKEN is not set")
	}
	return newClient(a, token, os.Getenv("SKYPE_USER"), nil)
}
