package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/skypecontacts/skypecontacts/teamsauth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// runWith runs the program with these flags. Whoever reads the prompt may act on it.
func runWith(t *testing.T, prompt func(line string), args ...string) (out string, err error) {
	t.Helper()
	var s settings
	require.NoError(t, demo.ParseFlags(s.flags(), args))
	var text strings.Builder
	err = s.run(t.Context(), &text, promptFunc(prompt))
	return text.String(), err
}

// promptFunc is a writer that calls a function.
type promptFunc func(string)

func (f promptFunc) Write(p []byte) (int, error) {
	f(string(p))
	return len(p), nil
}

const wantTable = `NAME         ID
Joe Bloggs   8:joe.4
Anna Cooper  8:anna.7
Skype        28:concierge

3 contacts
`

// Without flags it goes the whole way on a fake service of its own.
func TestWithoutFlags(t *testing.T) {
	t.Parallel()
	var prompt strings.Builder
	out, err := runWith(t, func(line string) { prompt.WriteString(line) })
	require.NoError(t, err)
	assert.Equal(t, wantTable, out)
	assert.Regexp(t, `^Without -client-id the service is a fake one in this process, whose user approves at once\.
Open http://127\.0\.0\.1:\d+/login/device in a browser and enter the code [A-Z0-9]{9}\. It is valid until \d\d:\d\d:\d\d\.
Signed in\.
$`, prompt.String())
}

// Without the service that it is of, a stored refresh token is not touched: by the fake
// service in this process it would be replaced.
func TestStoreNeedsAService(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "refresh-token")
	const content = "a-real-refresh-token\n"
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	for _, args := range [][]string{{"-store", "file:" + path}, {"-store", "file:" + path, "-token"}, {"-store", "file:" + path, "-sign-out"}, {"-store", "keyring"}, {"-token"}, {"-sign-out"}} {
		out, err := runWith(t, func(text string) { assert.Fail(t, "a prompt", text) }, args...)
		require.ErrorIs(t, err, demo.ErrUsage, args)
		require.EqualError(t, err, "an argument is not valid: -store, -token and -sign-out need -client-id or -endpoints")
		assert.Empty(t, out)
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, content, string(left))
	}
}

// newServer returns a fake service with its first line, as examples/server runs it.
func newServer(t *testing.T) (srv *skypetest.Server, line string) {
	t.Helper()
	srv = skypetest.NewServer()
	t.Cleanup(srv.Close)
	text, err := json.Marshal(demo.NewServerLine(srv, skypetest.SampleData(), "this machine only"))
	require.NoError(t, err)
	return srv, string(text)
}

// confirm does what a user does on the page, as Joe.
func confirm(t *testing.T, prompt, action string) {
	t.Helper()
	found := regexp.MustCompile(`^Open (\S+) in a browser and enter the code (\w+)\.`).FindStringSubmatch(prompt)
	if found == nil {
		return
	}
	form := url.Values{"user_code": {found[2]}, "account": {"joe.4"}, "action": {action}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, found[1], strings.NewReader(form.Encode()))
	if !assert.NoError(t, err) {
		return
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if assert.NoError(t, err) {
		assert.NoError(t, resp.Body.Close())
		assert.Equal(t, http.StatusOK, resp.StatusCode)
	}
}

// After one sign-in the refresh token is enough: for the list, and for the tokens of other
// programs, until it is removed.
func TestRefreshTokenInAFile(t *testing.T) {
	t.Parallel()
	srv, line := newServer(t)
	path := filepath.Join(t.TempDir(), "refresh-token")
	flags := []string{"-endpoints", line, "-store", "file:" + path}
	signIns := 0
	prompt := func(text string) {
		if strings.HasPrefix(text, "Open ") {
			signIns++
		}
		confirm(t, text, "approve")
	}
	for range 2 {
		out, err := runWith(t, prompt, flags...)
		require.NoError(t, err)
		assert.Contains(t, out, "Fred Adams", "the list is that of Joe")
	}
	assert.Equal(t, 1, signIns)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode())
	}

	silent := func(text string) { assert.Fail(t, "a prompt", text) }
	out, err := runWith(t, silent, append(flags, "-token")...)
	require.NoError(t, err)
	lines := strings.Split(out, "\n")
	require.Len(t, lines, 3, "two lines and the end of the second")
	assert.NotContains(t, lines[0], " ")
	expiry, err := time.Parse(time.RFC3339, lines[1])
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(86397*time.Second), expiry, time.Minute)

	srv.RevokeSignIns("joe.4")
	_, err = runWith(t, silent, append(flags, "-token")...)
	assert.Equal(t, "Nobody is signed in, or the sign-in has ended. Run signin without -token to sign in.\n"+
		"(teamsauth: GetAccessToken: 400 Bad Request (invalid_grant, AADSTS70000): signing in is required)", demo.Explain(err))
	_, err = runWith(t, prompt, flags...)
	require.NoError(t, err)
	assert.Equal(t, 2, signIns, "it signs in again by itself")

	out, err = runWith(t, silent, append(flags, "-sign-out")...)
	require.NoError(t, err)
	assert.Equal(t, "Signed out. What was issued stays valid until it expires.\n", out)
	_, err = os.Stat(path)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Neither the list nor an error has a token or a code.
func TestNothingSecretIsPrinted(t *testing.T) {
	t.Parallel()
	srv, line := newServer(t)
	var mu sync.Mutex
	var prompts strings.Builder
	out, err := runWith(t, func(text string) {
		mu.Lock()
		defer mu.Unlock()
		prompts.WriteString(text)
		confirm(t, text, "approve")
	}, "-endpoints", line)
	require.NoError(t, err)
	for _, r := range srv.Requests() {
		for _, values := range r.Header {
			for _, value := range values {
				if strings.Contains(value, "token") {
					assert.NotContains(t, out+prompts.String(), strings.TrimPrefix(value, "Bearer "))
				}
			}
		}
	}
	assert.NotContains(t, out+prompts.String(), "token-")
	assert.NotContains(t, out, "device-code")
}

// noSuchFile is the text that this system has for it.
func noSuchFile(t *testing.T) string {
	t.Helper()
	_, err := os.CreateTemp(filepath.Join(t.TempDir(), "none"), "")
	failure, ok := errors.AsType[*fs.PathError](err)
	require.True(t, ok)
	return failure.Err.Error()
}

// What goes wrong is said in a sentence.
func TestErrors(t *testing.T) {
	t.Parallel()
	srv, line := newServer(t)
	var without map[string]any
	require.NoError(t, json.Unmarshal([]byte(line), &without))
	delete(without, "signIn")
	old, err := json.Marshal(without)
	require.NoError(t, err)
	directory := t.TempDir()
	for _, test := range []struct {
		name   string
		fault  skypetest.Fault
		action string
		args   []string
		want   string
	}{
		{"declined", skypetest.Fault{}, "decline", nil, "You declined, or Microsoft asks for your consent again. Run signin without -token to sign in.\n" +
			"(teamsauth: GetAccessToken: 400 Bad Request (authorization_declined): the user has not consented)"},
		{"no account", skypetest.Fault{Kind: skypetest.FaultStatus, Status: 403, Operation: "ExchangeToken"}, "approve", nil, "This account has no Skype token: it is of work or school, or not on Teams Free.\n" +
			"(teamsauth: ExchangeToken: 403 Forbidden: this is no personal account on Teams Free)"},
		{
			"client",
			skypetest.Fault{Kind: skypetest.FaultStatus, Status: 400, Body: `{"error":"unauthorized_client","error_codes":[700016]}`, Operation: "GetDeviceCode"},
			"approve", nil,
			"Microsoft refused the client ID, or does not let it ask for this; see docs/tokens.md.\n" +
				"(teamsauth: GetDeviceCode: 400 Bad Request (unauthorized_client, AADSTS700016): the client ID was refused)",
		},
		{
			"expired",
			skypetest.Fault{Kind: skypetest.FaultStatus, Status: 400, Body: `{"error":"expired_token"}`, Operation: "GetAccessToken"},
			"approve", nil,
			"The code was not confirmed in time. Run signin again.\n(teamsauth: GetAccessToken: 400 Bad Request (expired_token): the device code has expired)",
		},
		{"busy", skypetest.Fault{Kind: skypetest.FaultStatus, Operation: "GetDeviceCode"}, "approve", nil, "The sign-in service cannot be reached, or is busy. Try again later.\n" +
			"(teamsauth: GetDeviceCode: 503 Service Unavailable: service unavailable)"},
		{"other", skypetest.Fault{Kind: skypetest.FaultHTML, Operation: "GetDeviceCode"}, "approve", nil, "The sign-in service has changed, or something on the way has responded in its place, such as the page of a wireless network.\n" +
			"(teamsauth: GetDeviceCode: 200 OK: the response is not a JSON object)"},
		{"contacts", skypetest.Fault{Kind: skypetest.FaultStatus, Status: 403, Operation: "ListContacts"}, "approve", nil, "The service does not let this account do that.\n" +
			"(skypecontacts: ListContacts: GET /users/{id}/contacts: 403 Forbidden)"},
		{"store", skypetest.Fault{}, "approve", []string{"-store", "file:" + directory}, "The place of the refresh token cannot be used. -store names another, such as file:PATH.\n" +
			fmt.Sprintf("(teamsauth: LoadRefreshToken: file %q: not a regular file)", directory)},
		{"no directory", skypetest.Fault{}, "approve", []string{"-store", "file:" + filepath.Join(directory, "none", "x")}, "The place of the refresh token cannot be used. -store names another, such as file:PATH.\n" +
			fmt.Sprintf("(teamsauth: SaveRefreshToken: file %q: %v)", filepath.Join(directory, "none", "x"), noSuchFile(t))},
		{"no sign-in", skypetest.Fault{}, "approve", []string{"-token", "-store", "file:" + filepath.Join(directory, "none-yet")}, "Nobody is signed in, or the sign-in has ended. Run signin without -token to sign in.\n" +
			"(teamsauth: LoadRefreshToken: signing in is required)"},
		{"bad store", skypetest.Fault{}, "approve", []string{"-store", "refresh-token"}, "an argument is not valid: -store is neither keyring nor file:PATH"},
		{"empty store", skypetest.Fault{}, "approve", []string{"-store", "file:"}, "an argument is not valid: -store is neither keyring nor file:PATH"},
		{"no store to use", skypetest.Fault{}, "approve", []string{"-token"}, "an argument is not valid: with -endpoints, -token and -sign-out need -store"},
		{"no store to empty", skypetest.Fault{}, "approve", []string{"-sign-out"}, "an argument is not valid: with -endpoints, -token and -sign-out need -store"},
		{"two actions", skypetest.Fault{}, "approve", []string{"-token", "-sign-out"}, "an argument is not valid: -token and -sign-out are both there"},
		{"client ID", skypetest.Fault{}, "approve", []string{"-client-id", "a b"}, "An argument or SKYPE_USER is not valid.\n(invalid argument: the client ID is empty or has characters that none has)"},
		{"older server", skypetest.Fault{}, "approve", []string{"-endpoints", string(old)}, "an argument is not valid: -endpoints: the JSON has no signIn"},
		{"no server", skypetest.Fault{}, "approve", []string{"-endpoints", "{}"}, "an argument is not valid: -endpoints: the JSON has no skypeToken, or lacks one of the endpoints"},
	} {
		if test.fault.Kind != "" {
			srv.Inject(test.fault)
		}
		out, err := runWith(t, func(text string) { confirm(t, text, test.action) }, append([]string{"-endpoints", line}, test.args...)...)
		require.Error(t, err, test.name)
		assert.Equal(t, test.want, demo.Explain(err), test.name)
		assert.Empty(t, out, test.name)
	}
	assert.Zero(t, srv.FaultsPending())
}

// With a client ID the service is the real one, and the store the keyring.
func TestRealService(t *testing.T) {
	t.Parallel()
	s := settings{clientID: "11111111-2222-4333-8444-555555555555"}
	chosen, err := s.service(promptFunc(func(text string) { assert.Fail(t, "a prompt", text) }))
	require.NoError(t, err)
	defer chosen.close()
	assert.Equal(t, teamsauth.Options{}, chosen.options)
	assert.Empty(t, chosen.client)
	assert.True(t, chosen.isReal)
	store, closeStore, err := s.openStore(chosen)
	require.NoError(t, err)
	defer closeStore()
	assert.IsType(t, teamsauth.Keyring("", ""), store)
	assert.NoError(t, chosen.approve("CODE"), "a person does that")
}
