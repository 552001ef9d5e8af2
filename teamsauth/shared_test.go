package teamsauth

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// approveAsJoe returns what a user does who confirms as joe.4.
func approveAsJoe(srv *skypetest.Server) func(DeviceCode) error {
	return func(code DeviceCode) error {
		srv.ApproveSignIn(code.UserCode(), "joe.4")
		return nil
	}
}

// newTestClient returns a client of the fake service.
func newTestClient(t *testing.T, srv *skypetest.Server, source skypecontacts.TokenSource) *skypecontacts.Client {
	t.Helper()
	client, err := skypecontacts.New(source, skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback())
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// lastAccount is whose token the last request had.
func lastAccount(srv *skypetest.Server) skypecontacts.MRI {
	requests := srv.Requests()
	return requests[len(requests)-1].Account
}

// A client that was refused because nobody is signed in works as soon as somebody is,
// whether there was no refresh token, or one that has ended.
func TestClientAfterSignIn(t *testing.T) {
	t.Parallel()
	for _, revoked := range []bool{false, true} {
		srv := newTestServer(t)
		store := &memoryStore{}
		if revoked {
			_, store.token = issuedTokens(t, srv)
			srv.RevokeSignIns("fred.2")
		}
		a := newTestAccount(t, store, serverOptions(srv))
		client := newTestClient(t, srv, a)
		n := len(srv.Requests())
		for range 3 {
			_, err := client.ListContacts(t.Context())
			require.ErrorIs(t, err, ErrSignInRequired)
		}
		if revoked {
			assert.Equal(t, []string{opAccessToken}, operations(srv, n), "a token that has ended is not sent again and again")
		} else {
			assert.Empty(t, operations(srv, n))
		}
		require.NoError(t, a.SignIn(t.Context(), approveAsJoe(srv)))
		_, err := client.ListContacts(t.Context())
		require.NoError(t, err)
		assert.Equal(t, skypecontacts.MRI("8:joe.4"), lastAccount(srv))
	}
}

// A sign-in of another process helps at once, too.
func TestClientAfterSignInElsewhere(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	store := &memoryStore{}
	_, store.token = issuedTokens(t, srv)
	srv.RevokeSignIns("fred.2")
	client := newTestClient(t, srv, newTestAccount(t, store, serverOptions(srv)))
	_, err := client.ListContacts(t.Context())
	require.ErrorIs(t, err, ErrSignInRequired)
	require.NoError(t, newTestAccount(t, store, serverOptions(srv)).SignIn(t.Context(), approveAsJoe(srv)))
	_, err = client.ListContacts(t.Context())
	require.NoError(t, err)
}

// A call after a sign-in as another, or after a sign-out, has nothing of an exchange that
// was under way.
func TestExchangeUnderWay(t *testing.T) {
	t.Parallel()
	for _, out := range []bool{false, true} {
		srv := newTestServer(t)
		a, _, n := signedInAccount(t, srv)
		srv.Inject(skypetest.Fault{Kind: skypetest.FaultDelay, Delay: 3 * time.Second, Operation: opExchange})
		ended := make(chan error, 1)
		go func() {
			_, err := a.Token(context.WithoutCancel(t.Context()))
			ended <- err
		}()
		require.Eventually(t, func() bool { return len(operations(srv, n)) == 2 }, time.Minute, time.Millisecond)
		if out {
			require.NoError(t, a.SignOut(t.Context()))
			_, err := a.Token(t.Context())
			require.ErrorIs(t, err, ErrSignInRequired)
		} else {
			require.NoError(t, a.SignIn(t.Context(), approveAsJoe(srv)))
			_, err := a.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, skypecontacts.MRI("8:joe.4"), lastAccount(srv))
		}
		require.NoError(t, <-ended, "who called before gets what was asked for")
	}
}

// A refresh token that could not be stored does not replace one that was stored
// meanwhile, and does not undo a sign-out.
func TestUnsavedIsOlder(t *testing.T) {
	t.Parallel()
	for _, out := range []bool{false, true} {
		srv := newTestServer(t)
		store := &memoryStore{}
		_, store.token = issuedTokens(t, srv)
		one, other := newTestAccount(t, store, serverOptions(srv)), newTestAccount(t, store, serverOptions(srv))
		store.failSaves(errStore)
		_, err := one.Token(t.Context())
		require.ErrorIs(t, err, errStore)
		store.failSaves(nil)
		if out {
			require.NoError(t, other.SignOut(t.Context()))
			_, err = one.Token(t.Context())
			require.ErrorIs(t, err, ErrSignInRequired)
			assert.Empty(t, store.stored())
			continue
		}
		require.NoError(t, other.SignIn(t.Context(), approveAsJoe(srv)))
		_, err = one.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, skypecontacts.MRI("8:joe.4"), lastAccount(srv))
		_, err = other.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, skypecontacts.MRI("8:joe.4"), lastAccount(srv))
	}
}

// Two processes with one store use a refresh token that can be used once at the same time:
// the one that comes second takes what the first has stored.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	_, refresh := issuedTokens(t, srv)
	n := len(srv.Requests())
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, File(path).Save(t.Context(), refresh))
	// The request of one is held up until the other has a new token.
	opts := serverOptions(srv)
	begun, goOn := make(chan struct{}), make(chan struct{})
	held := false
	opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
		if !held {
			held = true
			close(begun)
			<-goOn
		}
		return newTransport().RoundTrip(req)
	})
	ended := make(chan error, 1)
	slower := newTestAccount(t, File(path), opts)
	go func() {
		_, err := slower.Token(context.WithoutCancel(t.Context()))
		ended <- err
	}()
	<-begun
	_, err := newTestAccount(t, File(path), serverOptions(srv)).Token(t.Context())
	require.NoError(t, err)
	close(goOn)
	require.NoError(t, <-ended)
	assert.Equal(t, []string{opAccessToken, opExchange, opAccessToken, opAccessToken, opExchange}, operations(srv, n))
	_, err = newTestAccount(t, File(path), serverOptions(srv)).Token(t.Context())
	require.NoError(t, err)
}

// Also if both are refused or served before one of them has stored anything.
func TestTwoProcessesAtOnce(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	_, refresh := issuedTokens(t, srv)
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, File(path).Save(t.Context(), refresh))
	opts := serverOptions(srv)
	var requests atomic.Int64
	both := make(chan struct{})
	opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := newTransport().RoundTrip(req)
		if requests.Add(1) == 2 {
			close(both)
		}
		<-both
		return resp, err
	})
	var all sync.WaitGroup
	for range 2 {
		a := newTestAccount(t, File(path), opts)
		all.Go(func() {
			_, err := a.Token(t.Context())
			assert.NoError(t, err)
		})
	}
	all.Wait()
}

// A failure of the sign-in service is none of the contacts service.
func TestFailuresOfAnotherService(t *testing.T) {
	t.Parallel()
	for _, fault := range []skypetest.Fault{
		{Kind: skypetest.FaultStatus, Status: 404},
		{Kind: skypetest.FaultStatus, Status: 410},
		{Kind: skypetest.FaultStatus, Status: 403},
		{Kind: skypetest.FaultRedirect, Location: "https://sign.example"},
		{Kind: skypetest.FaultHTML},
		{Kind: skypetest.FaultGzipBomb, Bytes: 64 << 20},
	} {
		for _, op := range []string{opAccessToken, opExchange} {
			srv := newTestServer(t)
			a, _, n := signedInAccount(t, srv)
			fault.Operation = op
			srv.Inject(fault)
			err := newTestClient(t, srv, a).RevokeContact(t.Context(), "8:joe.4")
			require.Error(t, err)
			for _, sentinel := range []error{skypecontacts.ErrNotFound, skypecontacts.ErrForbidden, skypecontacts.ErrRedirect, skypecontacts.ErrDecode, skypecontacts.ErrTooLarge} {
				assert.NotErrorIs(t, err, sentinel)
				failure, ok := errors.AsType[*Error](err)
				require.True(t, ok)
				assert.NotErrorIs(t, failure, sentinel, "nor is what is behind it")
			}
			assert.NotContains(t, operations(srv, n), "RevokeContact")
		}
	}
}

// A refresh that was under way when another process signed in or out does not undo that.
func TestRefreshIsOlder(t *testing.T) {
	t.Parallel()
	for _, out := range []bool{false, true} {
		srv := newTestServer(t)
		store := &memoryStore{}
		_, store.token = issuedTokens(t, srv)
		opts := serverOptions(srv)
		begun, goOn := make(chan struct{}), make(chan struct{})
		var once sync.Once
		opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
			resp, err := newTransport().RoundTrip(req)
			once.Do(func() {
				close(begun)
				<-goOn
			})
			return resp, err
		})
		ended := make(chan error, 1)
		slower, other := newTestAccount(t, store, opts), newTestAccount(t, store, serverOptions(srv))
		go func() {
			_, err := slower.Token(context.WithoutCancel(t.Context()))
			ended <- err
		}()
		<-begun
		if out {
			require.NoError(t, other.SignOut(t.Context()))
		} else {
			require.NoError(t, other.SignIn(t.Context(), approveAsJoe(srv)))
		}
		want := store.stored()
		close(goOn)
		require.NoError(t, <-ended, "the call began before")
		assert.Equal(t, want, store.stored())
	}
}
