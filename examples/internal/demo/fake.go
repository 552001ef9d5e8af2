package demo

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// ServerLine is the JSON object that examples/server prints in its first line.
type ServerLine struct {
	URL           string                       `json:"url"`
	ReachableFrom string                       `json:"reachableFrom"`
	Endpoints     ServerEndpoints              `json:"endpoints"`
	Headers       map[string]map[string]string `json:"headers"` // with the token, by service
	Registration  ServerRegistration           `json:"registerEndpoint"`
	SignIn        ServerSignIn                 `json:"signIn"`
	ServerAccount                              // the own account
	Accounts      []ServerAccount              `json:"accounts"` // all that have tokens
}

// ServerAccount is an account of the fake service.
type ServerAccount struct {
	UserID            string `json:"userId"`
	SkypeToken        string `json:"skypeToken"`
	RegistrationToken string `json:"registrationToken"`
}

// ServerRegistration is the request by which a client gets a token for the messenger.
type ServerRegistration struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// ServerSignIn are the URLs for signing in.
type ServerSignIn struct {
	DeviceCode string `json:"deviceCode"`
	Token      string `json:"token"`
	Exchange   string `json:"exchange"`
}

// ServerEndpoints are [skypecontacts.Endpoints] in JSON.
type ServerEndpoints struct {
	Contacts   string `json:"contacts"`
	ContactsV1 string `json:"contactsV1"`
	API        string `json:"api"`
	Profile    string `json:"profile"`
	Directory  string `json:"directory"`
	Bots       string `json:"bots"`
	Messenger  string `json:"messenger"`
	People     string `json:"people"`
	Avatar     string `json:"avatar"`
}

// NewServerLine returns the line for a server with that data.
func NewServerLine(srv *skypetest.Server, data skypetest.Data, reachableFrom string) ServerLine {
	accounts := Accounts(data)
	own := accounts[0]
	line := ServerLine{
		URL: srv.URL, ReachableFrom: reachableFrom, ServerAccount: own, Accounts: accounts,
		Endpoints: ServerEndpoints(srv.Endpoints()),
		Headers: map[string]map[string]string{
			"messenger": {"RegistrationToken": "registrationToken=" + own.RegistrationToken},
		},
		Registration: ServerRegistration{
			Method: http.MethodPost, URL: srv.Endpoints().Messenger + "/users/ME/endpoints",
			Headers: map[string]string{"Authentication": "skypetoken=" + own.SkypeToken}, Body: "{}",
		},
		SignIn: ServerSignIn(srv.SignInEndpoints()),
	}
	for _, service := range []string{"contacts", "contactsV1", "api", "profile", "directory", "bots", "people", "avatar"} {
		line.Headers[service] = map[string]string{"X-Skypetoken": own.SkypeToken}
	}
	return line
}

// Accounts returns the accounts of data that have tokens. The first is the own one.
func Accounts(data skypetest.Data) (accounts []ServerAccount) {
	for i := range data.Accounts {
		if a := &data.Accounts[i]; a.SkypeToken != "" {
			accounts = append(accounts, ServerAccount{a.MRI.ID(), a.SkypeToken, a.RegistrationToken})
		}
	}
	return accounts
}

// AddEndpointsFlag adds the flag -endpoints.
func AddEndpointsFlag(flags *flag.FlagSet, endpoints *string) {
	flags.StringVar(endpoints, "endpoints", "", "call the fake service that examples/server runs: its first `line` of output, a file with it, or - for stdin")
}

// Fake is a fake service: one in this process, or one that examples/server runs.
type Fake struct {
	endpoints skypecontacts.Endpoints
	accounts  []ServerAccount
	server    *skypetest.Server // nil if it runs elsewhere
	clients   []*skypecontacts.Client
}

// StartFake starts a fake service in this process.
func StartFake(data skypetest.Data) *Fake {
	server := skypetest.NewServer(skypetest.WithData(data))
	return &Fake{endpoints: server.Endpoints(), accounts: Accounts(data), server: server}
}

// newFake returns the fake service that endpoints describes or, if it is "", starts one.
func newFake(endpoints string, data func() skypetest.Data) (*Fake, error) {
	if endpoints == "" {
		return StartFake(data()), nil
	}
	line, err := ReadServerLine(endpoints)
	if err != nil {
		return nil, err
	}
	accounts := line.Accounts
	if len(accounts) == 0 { // as of a fake service in another language
		accounts = []ServerAccount{line.ServerAccount}
	}
	return &Fake{endpoints: skypecontacts.Endpoints(line.Endpoints), accounts: accounts}, nil
}

// maxServerLine is far above the length of the line.
const maxServerLine = 1 << 20

// ReadServerLine reads the value of the flag -endpoints. It does not read more than the line, so
// that the server may still have its output open.
func ReadServerLine(endpoints string) (ServerLine, error) {
	var source io.Reader
	switch {
	case strings.HasPrefix(strings.TrimSpace(endpoints), "{"):
		source = strings.NewReader(endpoints)
	case endpoints == "-":
		source = os.Stdin
	default:
		file, err := os.Open(endpoints)
		if err != nil {
			return ServerLine{}, err
		}
		defer func() { _ = file.Close() }()
		source = file
	}
	var line ServerLine
	if err := json.NewDecoder(io.LimitReader(source, maxServerLine)).Decode(&line); err != nil {
		return ServerLine{}, fmt.Errorf("%w: -endpoints: this is not the first line of examples/server: %w", ErrUsage, err)
	}
	if e := line.Endpoints; line.SkypeToken == "" || slices.Contains([]string{
		e.Contacts, e.ContactsV1, e.API, e.Profile, e.Directory, e.Bots, e.Messenger, e.People, e.Avatar,
	}, "") { // a client would call the real service in place of a missing one
		return ServerLine{}, fmt.Errorf("%w: -endpoints: the JSON has no skypeToken, or lacks one of the endpoints", ErrUsage)
	}
	return line, nil
}

// Client returns a client for the first account.
func (f *Fake) Client(opts ...skypecontacts.Option) (*skypecontacts.Client, error) {
	return f.ClientFor(skypecontacts.MRI(f.accounts[0].UserID), opts...)
}

// ClientFor returns a client for the account with that identifier.
func (f *Fake) ClientFor(id skypecontacts.MRI, opts ...skypecontacts.Option) (*skypecontacts.Client, error) {
	for _, a := range f.accounts {
		if !id.Equal(skypecontacts.MRI(a.UserID)) {
			continue
		}
		return f.clientFrom(skypecontacts.StaticToken(a.SkypeToken), append([]skypecontacts.Option{
			skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(a.RegistrationToken)),
		}, opts...)...)
	}
	return nil, errors.New("the fake service has no account " + string(id) + " with a token")
}

// clientFrom returns a client with the tokens of source.
func (f *Fake) clientFrom(source skypecontacts.TokenSource, opts ...skypecontacts.Option) (*skypecontacts.Client, error) {
	client, err := skypecontacts.New(source, append([]skypecontacts.Option{
		skypecontacts.WithEndpoints(f.endpoints),
		skypecontacts.WithInsecureLoopback(),
	}, opts...)...)
	if err == nil {
		f.clients = append(f.clients, client)
	}
	return client, err
}

// Close closes the connections of the clients, and the service if it is in this process.
func (f *Fake) Close() {
	for _, client := range f.clients {
		client.CloseIdleConnections()
	}
	if f.server != nil {
		f.server.Close()
	}
}
