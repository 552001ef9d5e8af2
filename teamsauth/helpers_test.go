package teamsauth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

const testClientID = "11111111-2222-4333-8444-555555555555"

// errStore is the error of a store of a test. Its text must not be repeated.
var errStore = errors.New("canary-store-error")

// memoryStore is a store that can fail.
type memoryStore struct {
	mu               sync.Mutex
	token            string
	saved            []string
	loadErr, saveErr error
}

func (s *memoryStore) Load(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token, s.loadErr
}

func (s *memoryStore) Save(_ context.Context, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved = append(s.saved, token)
	if s.saveErr == nil {
		s.token = token
	}
	return s.saveErr
}

func (s *memoryStore) Delete(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = ""
	return s.saveErr
}

// failSaves makes the store fail when it saves or deletes, nil: no longer.
func (s *memoryStore) failSaves(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loadErr, s.saveErr = nil, err
}

func (s *memoryStore) stored() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// slowStore is a store that does something else first. It may have another context.
type slowStore struct {
	memoryStore
	load, save, remove func(context.Context) // nil: nothing
}

func (s *slowStore) Load(ctx context.Context) (string, error) {
	if s.load != nil {
		s.load(ctx)
	}
	return s.memoryStore.Load(ctx)
}

func (s *slowStore) Save(ctx context.Context, token string) error {
	if s.save != nil {
		s.save(ctx)
	}
	return s.memoryStore.Save(ctx, token)
}

func (s *slowStore) Delete(ctx context.Context) error {
	if s.remove != nil {
		s.remove(ctx)
	}
	return s.memoryStore.Delete(ctx)
}

func newTestServer(t *testing.T, opts ...skypetest.Option) *skypetest.Server {
	t.Helper()
	srv := skypetest.NewServer(opts...)
	t.Cleanup(srv.Close)
	return srv
}

func serverOptions(srv *skypetest.Server) Options {
	return Options{Endpoints: Endpoints(srv.SignInEndpoints()), InsecureLoopback: true}
}

func newTestAccount(t *testing.T, store Store, opts Options) *Account {
	t.Helper()
	a, err := New(testClientID, store, opts)
	require.NoError(t, err)
	return a
}

// postForm sends a form without this package.
func postForm(t *testing.T, target string, form url.Values) (body map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&body))
	return body
}

// issuedTokens signs the first account of the server in and returns its tokens, without
// the pause before the first poll.
func issuedTokens(t *testing.T, srv *skypetest.Server) (access, refresh string) {
	t.Helper()
	endpoints := srv.SignInEndpoints()
	begun := postForm(t, endpoints.DeviceCode, url.Values{"client_id": {testClientID}, "scope": {scope}})
	srv.ApproveSignIn(begun["user_code"].(string), "")
	tokens := postForm(t, endpoints.Token, url.Values{
		"client_id": {testClientID}, "grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {begun["device_code"].(string)},
	})
	return tokens["access_token"].(string), tokens["refresh_token"].(string)
}

// signedInAccount returns an account of the server whose store has a refresh token, and
// the number of requests that this took.
func signedInAccount(t *testing.T, srv *skypetest.Server) (a *Account, store *memoryStore, requests int) {
	t.Helper()
	_, refresh := issuedTokens(t, srv)
	store = &memoryStore{token: refresh}
	return newTestAccount(t, store, serverOptions(srv)), store, len(srv.Requests())
}

// operations returns the operations of the requests that the server received, from the
// nth on.
func operations(srv *skypetest.Server, n int) (list []string) {
	for _, r := range srv.Requests()[n:] {
		list = append(list, r.Operation)
	}
	return list
}

// scripted is a transport that has a response for each request, by its operation: the
// first of the list, and the last of it for ever.
type scripted struct {
	mu       sync.Mutex
	replies  map[string][]reply
	requests []string // operation and body
}

// reply is a response, or an error in place of one.
type reply struct {
	status int
	body   string
	err    error
	header http.Header
}

func (s *scripted) RoundTrip(req *http.Request) (*http.Response, error) {
	op := map[string]string{"/devicecode": opDeviceCode, "/token": opAccessToken, "/exchange": opExchange}[req.URL.Path]
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, op+" "+string(body))
	next := s.replies[op][0]
	if len(s.replies[op]) > 1 {
		s.replies[op] = s.replies[op][1:]
	}
	if next.err != nil {
		return nil, next.err
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	maps.Copy(header, next.header)
	return &http.Response{StatusCode: next.status, Header: header, Body: io.NopCloser(strings.NewReader(next.body)), Request: req}, nil
}

func (s *scripted) options() Options {
	return Options{
		Endpoints: Endpoints{DeviceCode: "https://sign.example/devicecode", Token: "https://sign.example/token", Exchange: "https://sign.example/exchange"},
		Transport: s,
	}
}

const (
	goodDeviceCode = `{"device_code":"canary-device-code","user_code":"CANARY123","verification_uri":"https://sign.example/page","expires_in":900,"interval":5,"message":"m"}`
	goodAccess     = `{"token_type":"Bearer","scope":"s","expires_in":3600,"access_token":"canary-access-token","refresh_token":"canary-refresh-token-2"}`
	goodExchange   = `{"skypeToken":{"skypetoken":"canary-skype-token","expiresIn":86397,"skypeid":"canary.id","signinname":"canary@example.com","isBusinessTenant":false},"regionGtms":{"ams":"https://canary.example"}}`
)

// newScripted returns a transport whose responses are good but for those given.
func newScripted(op string, replies ...reply) *scripted {
	s := &scripted{replies: map[string][]reply{
		opDeviceCode: {{status: 200, body: goodDeviceCode}}, opAccessToken: {{status: 200, body: goodAccess}}, opExchange: {{status: 200, body: goodExchange}},
	}}
	if op != "" {
		s.replies[op] = replies
	}
	return s
}

// tokenSourceFunc is a function as a source of package oauth2.
type tokenSourceFunc func() (*oauth2.Token, error)

func (f tokenSourceFunc) Token() (*oauth2.Token, error) { return f() }

// shown is what the tests compare of an Error.
type shown struct {
	op     string
	status int
	code   string
	number int
	text   string
}

// show returns the fields of an error, which must be an *Error.
func showError(t *testing.T, err error) shown {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	require.True(t, ok, "%T", err)
	return shown{e.Op, e.Status, e.Code, e.Number, e.Error()}
}
