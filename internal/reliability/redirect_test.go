package reliability_test

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

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakeHosts serves every host name over real connections.
type fakeHosts struct {
	t      *testing.T
	client *http.Client

	mu    sync.Mutex
	hosts map[string]http.HandlerFunc // by scheme and host; a request to any other fails the test
	seen  map[string][]*http.Request  // by scheme and host
}

func newFakeHosts(t *testing.T) *fakeHosts {
	t.Helper()
	h := &fakeHosts{t: t, hosts: map[string]http.HandlerFunc{}, seen: map[string][]*http.Request{}}
	secure := httptest.NewTLSServer(http.HandlerFunc(h.serve))
	plain := httptest.NewServer(http.HandlerFunc(h.serve))
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
	h.client = &http.Client{Transport: transport}
	return h
}

func (h *fakeHosts) serve(rw http.ResponseWriter, req *http.Request) {
	name := "https://" + req.Host
	if req.TLS == nil {
		name = "http://" + req.Host
	}
	h.mu.Lock()
	h.seen[name] = append(h.seen[name], req)
	handle := h.hosts[name]
	h.mu.Unlock()
	if !assert.NotNil(h.t, handle, "a request reached %s", name) {
		return
	}
	handle(rw, req)
}

// host sets the handler of a host and clears what was seen.
func (h *fakeHosts) host(name string, handle http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hosts[name] = handle
	clear(h.seen)
}

// visits returns the number of requests to each host since the last call of host.
func (h *fakeHosts) visits() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	visits := map[string]int{}
	for name, requests := range h.seen {
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

// No redirect is followed: 5 codes, 4 methods, 7 targets.
func TestRedirects(t *testing.T) {
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
	calls := map[string]func(*skypecontacts.Client) error{
		http.MethodGet:    func(c *skypecontacts.Client) error { _, err := c.ListContacts(t.Context()); return err },
		http.MethodPost:   func(c *skypecontacts.Client) error { return c.SendInvite(t.Context(), "8:joe.4", "Hi") },
		http.MethodPut:    blockUser,
		http.MethodDelete: func(c *skypecontacts.Client) error { return c.RevokeContact(t.Context(), "8:joe.4") },
	}
	h := newFakeHosts(t)
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), skypecontacts.WithHTTPClient(h.client))
	require.NoError(t, err)
	cases, foreign := 0, 0
	for _, code := range redirectCodes {
		for _, target := range targets {
			h.host(origin, redirectTo(code, target))
			for method, call := range calls {
				name := fmt.Sprintf("%d %s %s", code, method, target)
				before := h.visits()[origin]
				err := call(c)
				require.ErrorIs(t, err, skypecontacts.ErrRedirect, name)
				var failure *skypecontacts.Error
				require.ErrorAs(t, err, &failure, name)
				require.Equal(t, code, failure.Status, name)
				require.Equal(t, 1, failure.Attempts, name)
				require.Equal(t, code == http.StatusSeeOther && method != http.MethodGet, failure.MaybeApplied, name)
				require.Equal(t, before+1, h.visits()[origin], name)
				cases++
			}
			foreign += len(h.visits()) - 1
		}
	}
	require.Equal(t, 140, cases)
	require.Zero(t, foreign)
	measured.set(fmt.Sprintf("requests at the target of a redirect, %d cases", cases), foreign, "0")
}

// A redirect to the same host or without a usable Location is not followed either:
// a DELETE that becomes the GET of a sign-in page looks like a success.
func TestRedirectToTheSameHost(t *testing.T) {
	t.Parallel()
	h := newFakeHosts(t)
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), skypecontacts.WithHTTPClient(h.client))
	require.NoError(t, err)
	for _, code := range redirectCodes {
		for _, location := range []string{"/login", "", "%zz", "https://no host/"} {
			h.host("https://contacts.skype.com", redirectTo(code, location))
			require.ErrorIs(t, c.UnblockUser(t.Context(), "8:joe.4"), skypecontacts.ErrRedirect, location)
			require.Equal(t, map[string]int{"https://contacts.skype.com": 1}, h.visits(), location)
		}
	}
}

const (
	gateway    = "https://client-s.gateway.messenger.live.com"
	gatewayDB5 = "https://db5-client-s.gateway.messenger.live.com"
	gatewayBN1 = "https://bn1-client-s.gateway.messenger.live.com"
)

// gatewayMoved is the response of the gateway that names the host of the account,
// in one of its forms.
func gatewayMoved(t *testing.T, form int, location string) http.HandlerFunc {
	t.Helper()
	body := apitest.Fixture(t, "errors/other_cloud.json")
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

func TestGatewayMoveIsFollowedOnce(t *testing.T) {
	t.Parallel()
	h := newFakeHosts(t)
	for _, form := range moveForms {
		c, err := skypecontacts.New(skypecontacts.StaticToken("unused"), skypecontacts.WithHTTPClient(h.client), skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(apitest.RegistrationToken)))
		require.NoError(t, err)
		h.host(gateway, gatewayMoved(t, form, gatewayDB5+"/v1/users/ME/endpoints/%7Bguid%7D"))
		h.host(gatewayDB5, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusOK) })
		require.NoError(t, c.AddContact(t.Context(), "8:joe.4"))
		require.Equal(t, map[string]int{gateway: 1, gatewayDB5: 1}, h.visits())
		for _, name := range []string{gateway, gatewayDB5} {
			sent := h.seen[name][0]
			require.Equal(t, "PUT /v1/users/ME/contacts/8:joe.4", sent.Method+" "+sent.RequestURI)
			require.Equal(t, "registrationToken="+apitest.RegistrationToken, sent.Header.Get("RegistrationToken"), name)
		}

		// The second move of one call is not followed, not even back.
		for _, second := range []string{gatewayBN1, gateway, gatewayDB5} {
			h.host(gatewayDB5, gatewayMoved(t, form, second+"/v1/users/ME"))
			err = c.AddContact(t.Context(), "8:joe.4")
			require.ErrorIs(t, err, skypecontacts.ErrRedirect)
			require.NotErrorIs(t, err, skypecontacts.ErrNotFound)
			require.Equal(t, map[string]int{gateway: 1, gatewayDB5: 1}, h.visits(), "%d to %s", form, second)
		}
	}
}

// No move to a host outside of the gateway's domain is followed, nor one that
// could be mistaken for a move inside of it.
func TestGatewayMoveToAnotherDomain(t *testing.T) {
	t.Parallel()
	h := newFakeHosts(t)
	c, err := skypecontacts.New(skypecontacts.StaticToken("unused"), skypecontacts.WithHTTPClient(h.client), skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(apitest.RegistrationToken)))
	require.NoError(t, err)
	locations := apitest.ForeignLocations(t)
	foreign := 0
	for _, form := range moveForms {
		for _, location := range locations {
			h.host(gateway, gatewayMoved(t, form, location))
			require.ErrorIs(t, c.RemoveContact(t.Context(), "8:joe.4"), skypecontacts.ErrRedirect, location)
			require.Equal(t, map[string]int{gateway: 1}, h.visits(), location)
			foreign += len(h.visits()) - 1
		}
	}
	// With these codes it is not a move.
	for _, code := range []int{303, 307, 308} {
		h.host(gateway, redirectTo(code, gatewayDB5+"/v1"))
		require.ErrorIs(t, c.RemoveContact(t.Context(), "8:joe.4"), skypecontacts.ErrRedirect)
		require.Equal(t, map[string]int{gateway: 1}, h.visits())
	}
	measured.set(fmt.Sprintf("requests away from the gateway, %d moves to other domains", len(moveForms)*len(locations)), foreign, "0")
}

// No other service moves, and a gateway set with WithEndpoints does not lead to
// the default ones.
func TestOnlyTheDefaultGatewayMoves(t *testing.T) {
	t.Parallel()
	h := newFakeHosts(t)
	own := skypecontacts.DefaultEndpoints()
	own.Messenger = "https://proxy.example/v1"
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), skypecontacts.WithHTTPClient(h.client), skypecontacts.WithEndpoints(own), skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(apitest.RegistrationToken)))
	require.NoError(t, err)
	for _, form := range moveForms {
		h.host("https://contacts.skype.com", gatewayMoved(t, form, gatewayDB5+"/v1"))
		h.host("https://proxy.example", gatewayMoved(t, form, gatewayDB5+"/v1"))
		require.ErrorIs(t, blockUser(c), skypecontacts.ErrRedirect)
		require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), skypecontacts.ErrRedirect)
		require.Equal(t, map[string]int{"https://contacts.skype.com": 1, "https://proxy.example": 1}, h.visits())
	}
}

// The token is set on a copy of the request, so that a caller's hook that sends
// the request to another host sends it without the token.
func TestTokenIsOnACopy(t *testing.T) {
	t.Parallel()
	var headers []http.Header
	transport := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
		headers = append(headers, req.Header)
		return apitest.Response(503, "", "Retry-After", "0")(req)
	})
	c := apitest.NewClient(t, transport)
	require.ErrorIs(t, blockUser(c), skypecontacts.ErrUnavailable)
	require.Len(t, headers, 3)
	for i, header := range headers {
		require.Equal(t, []string{apitest.Token}, header["X-Skypetoken"])
		header.Set("X-Skypetoken", "changed")
		for _, later := range slices.Clone(headers)[i+1:] {
			require.Equal(t, []string{apitest.Token}, later["X-Skypetoken"])
		}
	}
}
