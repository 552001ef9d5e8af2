package skypecontacts

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// world is every host there is, reached over real connections whatever its name.
type world struct {
	t      *testing.T
	client *http.Client

	mu    sync.Mutex
	hosts map[string]http.HandlerFunc // by scheme and host; all others are nobody's business
	seen  map[string][]*http.Request  // likewise
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, hosts: map[string]http.HandlerFunc{}, seen: map[string][]*http.Request{}}
	secure := httptest.NewTLSServer(http.HandlerFunc(w.serve))
	plain := httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	trusted := secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	transport := &http.Transport{
		// The certificate of every host is that of example.com.
		TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "example.com", MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			server := secure
			if _, port, _ := net.SplitHostPort(address); port == "80" {
				server = plain
			}
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	w.client = &http.Client{Transport: transport}
	return w
}

func (w *world) serve(rw http.ResponseWriter, req *http.Request) {
	name := "https://" + req.Host
	if req.TLS == nil {
		name = "http://" + req.Host
	}
	w.mu.Lock()
	w.seen[name] = append(w.seen[name], req)
	handle := w.hosts[name]
	w.mu.Unlock()
	if !assert.NotNil(w.t, handle, "a request reached %s", name) {
		return
	}
	handle(rw, req)
}

// host sets what a host answers and forgets what was seen.
func (w *world) host(name string, handle http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[name] = handle
	clear(w.seen)
}

// visits is what each host has seen since the last change.
func (w *world) visits() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	visits := map[string]int{}
	for name, requests := range w.seen {
		visits[name] = len(requests)
	}
	return visits
}

func redirectTo(status int, location string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Location", location)
		rw.WriteHeader(status)
	}
}

var redirectCodes = []int{301, 302, 303, 307, 308}

// No redirect is followed, wherever it points: 5 codes, 4 methods, 7 targets.
func TestRedirectMatrix(t *testing.T) {
	t.Parallel()
	const origin = "https://contacts.skype.com"
	targets := []string{
		"https://evil.example/login",
		"https://sub.contacts.skype.com/login",
		"https://contacts.skype.com:8443/login",
		"http://contacts.skype.com/login",
		"https://back.example/and/forth",
		"//evil.example/login",
		"https://contacts.skype.com@evil.example/login",
	}
	calls := map[string]func(*Client) error{
		http.MethodGet:    func(c *Client) error { _, err := c.ListContacts(t.Context()); return err },
		http.MethodPost:   func(c *Client) error { return c.SendInvite(t.Context(), "8:joe.4", "Hi") },
		http.MethodPut:    block,
		http.MethodDelete: func(c *Client) error { return c.RevokeContact(t.Context(), "8:joe.4") },
	}
	w := newWorld(t)
	c, err := New(StaticToken(testToken), WithHTTPClient(w.client))
	require.NoError(t, err)
	cases, elsewhere := 0, 0
	for _, code := range redirectCodes {
		for _, target := range targets {
			w.host(origin, redirectTo(code, target))
			for method, call := range calls {
				name := fmt.Sprintf("%d %s %s", code, method, target)
				before := w.visits()[origin]
				err := call(c)
				require.ErrorIs(t, err, ErrRedirect, name)
				var failure *Error
				require.ErrorAs(t, err, &failure, name)
				require.Equal(t, code, failure.Status, name)
				require.Equal(t, 1, failure.Attempts, name)
				require.Equal(t, code == http.StatusSeeOther && method != http.MethodGet, failure.MaybeApplied, name)
				require.Equal(t, before+1, w.visits()[origin], name)
				cases++
			}
			elsewhere += len(w.visits()) - 1
		}
	}
	require.Equal(t, 140, cases)
	require.Zero(t, elsewhere)
	measured.set(fmt.Sprintf("requests at the target of a redirect, %d cases", cases), elsewhere, "0")
}

// A redirect to the same host, or to nowhere, is none of ours to follow either: a
// DELETE that becomes the GET of a sign-in page looks like a success.
func TestRedirectOnTheSameHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, err := New(StaticToken(testToken), WithHTTPClient(w.client))
	require.NoError(t, err)
	for _, code := range redirectCodes {
		for _, location := range []string{"/login", "", "%zz", "https://no host/"} {
			w.host("https://contacts.skype.com", redirectTo(code, location))
			require.ErrorIs(t, c.UnblockUser(t.Context(), "8:joe.4"), ErrRedirect, location)
			require.Equal(t, map[string]int{"https://contacts.skype.com": 1}, w.visits(), location)
		}
	}
}

const (
	gateway    = "https://client-s.gateway.messenger.live.com"
	gatewayDB5 = "https://db5-client-s.gateway.messenger.live.com"
	gatewayBN1 = "https://bn1-client-s.gateway.messenger.live.com"
)

// moved is the gateway's word that the account lives elsewhere, in one of its forms.
func moved(t *testing.T, form int, location string) http.HandlerFunc {
	t.Helper()
	body := fixture(t, "errors/other_cloud.json")
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Location", location)
		rw.Header().Set("Set-RegistrationToken", "registrationToken=of-the-wrong-gateway; expires=4102444800")
		rw.WriteHeader(form)
		if form == http.StatusNotFound {
			_, _ = rw.Write([]byte(body))
		}
	}
}

var moveForms = []int{404, 301, 302}

func TestTheGatewaysMoveIsFollowedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, form := range moveForms {
		c, err := New(StaticToken("unused"), WithHTTPClient(w.client), WithRegistrationToken(StaticToken(testRegistrationToken)))
		require.NoError(t, err)
		w.host(gateway, moved(t, form, gatewayDB5+"/v1/users/ME/endpoints/%7Bguid%7D"))
		w.host(gatewayDB5, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusOK) })
		require.NoError(t, c.AddContact(t.Context(), "8:joe.4"))
		require.Equal(t, map[string]int{gateway: 1, gatewayDB5: 1}, w.visits())
		for _, name := range []string{gateway, gatewayDB5} {
			sent := w.seen[name][0]
			require.Equal(t, "PUT /v1/users/ME/contacts/8:joe.4", sent.Method+" "+sent.RequestURI)
			require.Equal(t, "registrationToken="+testRegistrationToken, sent.Header.Get("RegistrationToken"), name)
		}

		// The second move of one call is not followed, not even back.
		for _, second := range []string{gatewayBN1, gateway, gatewayDB5} {
			w.host(gatewayDB5, moved(t, form, second+"/v1/users/ME"))
			err = c.AddContact(t.Context(), "8:joe.4")
			require.ErrorIs(t, err, ErrRedirect)
			require.NotErrorIs(t, err, ErrNotFound)
			require.Equal(t, map[string]int{gateway: 1, gatewayDB5: 1}, w.visits(), "%d to %s", form, second)
		}
	}
}

// lookAlikes are places that the gateway's move must not lead to.
var lookAlikes = []string{
	"https://evil.example/v1/users/ME",
	"https://evillive.com/v1",
	"https://evilgateway.messenger.live.com/v1",
	"https://gateway.messenger.live.com/v1",
	"https://.gateway.messenger.live.com/v1",
	"https://login.live.com/v1",
	"https://live.com.evil/v1",
	"https://db5.gateway.messenger.live.com.evil.example/v1",
	"https://live.com@evil.example/v1",
	"https://db5.gateway.messenger.live.com@evil.example/v1",
	"https://evil.example\\.gateway.messenger.live.com/v1",
	"https://evil.example#.gateway.messenger.live.com",
	"https://evil.example?.gateway.messenger.live.com",
	"https://evil.example/.gateway.messenger.live.com",
	"https://user@db5.gateway.messenger.live.com/v1",
	"https://user:word@db5.gateway.messenger.live.com/v1",
	"https://db5.gateway.messenger.live.com:8443/v1",
	"https://db5.gateway.messenger.live.com:443/v1",
	"https://db5.gateway.messenger.live.com:/v1",
	"https://db5.gateway.messenger.live.com./v1",
	"https://db5..gateway.messenger.live.com/v1",
	"https://db5%2egateway.messenger.live.com/v1",
	"https://evil%2eexample%2f.gateway.messenger.live.com/v1",
	"https://evil_.gateway.messenger.live.com/v1",
	"https://evıl.gateway.messenger.live.com/v1",
	"https://db5.gateway.messenger.lıve.com/v1",
	"https://[::1].gateway.messenger.live.com/v1",
	"https://127.0.0.1/v1",
	"http://db5.gateway.messenger.live.com/v1",
	"HTTP://db5.gateway.messenger.live.com/v1",
	"ftp://db5.gateway.messenger.live.com/v1",
	"//db5.gateway.messenger.live.com/v1",
	"db5.gateway.messenger.live.com/v1",
	"/v1/users/ME",
	gateway + "/v1",
	"HTTPS://CLIENT-S.Gateway.Messenger.Live.Com/v1",
	"",
}

func TestTheGatewaysMoveElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, err := New(StaticToken("unused"), WithHTTPClient(w.client), WithRegistrationToken(StaticToken(testRegistrationToken)))
	require.NoError(t, err)
	elsewhere := 0
	for _, form := range moveForms {
		for _, location := range lookAlikes {
			w.host(gateway, moved(t, form, location))
			require.ErrorIs(t, c.RemoveContact(t.Context(), "8:joe.4"), ErrRedirect, location)
			require.Equal(t, map[string]int{gateway: 1}, w.visits(), location)
			elsewhere += len(w.visits()) - 1
		}
	}
	// What is no move on the gateway: these codes its client never followed.
	for _, code := range []int{303, 307, 308} {
		w.host(gateway, redirectTo(code, gatewayDB5+"/v1"))
		require.ErrorIs(t, c.RemoveContact(t.Context(), "8:joe.4"), ErrRedirect)
		require.Equal(t, map[string]int{gateway: 1}, w.visits())
	}
	measured.set(fmt.Sprintf("requests away from the gateway, %d moves to look-alikes", len(moveForms)*len(lookAlikes)), elsewhere, "0")
}

// No other service moves, and a gateway of one's own does not send its token to
// the real ones.
func TestOnlyTheRealGatewayMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := DefaultEndpoints()
	own.Messenger = "https://proxy.example/v1"
	c, err := New(StaticToken(testToken), WithHTTPClient(w.client), WithEndpoints(own), WithRegistrationToken(StaticToken(testRegistrationToken)))
	require.NoError(t, err)
	for _, form := range moveForms {
		w.host("https://contacts.skype.com", moved(t, form, gatewayDB5+"/v1"))
		w.host("https://proxy.example", moved(t, form, gatewayDB5+"/v1"))
		require.ErrorIs(t, block(c), ErrRedirect)
		require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), ErrRedirect)
		require.Equal(t, map[string]int{"https://contacts.skype.com": 1, "https://proxy.example": 1}, w.visits())
	}
}

// A hook of the caller's own transport that sends the request elsewhere sends
// it without the token, since the token is only on a copy.
func TestTheTokenIsOnACopy(t *testing.T) {
	t.Parallel()
	var headers []http.Header
	spy := roundTripper(func(req *http.Request) (*http.Response, error) {
		headers = append(headers, req.Header)
		return reply(503, "", "Retry-After", "0")(req)
	})
	c := newTestClient(t, spy)
	require.ErrorIs(t, block(c), ErrUnavailable)
	require.Len(t, headers, 3)
	for i, header := range headers {
		require.Equal(t, []string{testToken}, header["X-Skypetoken"])
		header.Set("X-Skypetoken", "changed")
		for _, later := range slices.Clone(headers)[i+1:] {
			require.Equal(t, []string{testToken}, later["X-Skypetoken"])
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
