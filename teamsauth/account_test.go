package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

func TestNewErrors(t *testing.T) {
	t.Parallel()
	const client = "invalid argument: the client ID is empty or has characters that none has"
	for _, test := range []struct {
		clientID string
		store    Store
		want     string
	}{
		{"", &memoryStore{}, client},
		{"canary id", &memoryStore{}, client},
		{testClientID, nil, "invalid argument: the store is nil"},
	} {
		_, err := New(test.clientID, test.store, Options{})
		require.EqualError(t, err, test.want)
		require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	}
	_, err := New(testClientID, &memoryStore{}, Options{})
	require.NoError(t, err)
}

// The requests of Token, byte for byte, and its result.
func TestToken(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	a, store, n := signedInAccount(t, srv)
	first := store.stored()
	token, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(86397*time.Second), token.Expiry(), time.Minute)
	assert.NotEqual(t, first, store.stored())
	assert.Equal(t, []string{store.stored()}, store.saved)
	assert.Equal(t, []string{opAccessToken, opExchange}, operations(srv, n))

	sent := srv.Requests()[n]
	assert.Equal(t, "POST /login/consumers/oauth2/v2.0/token", sent.Method+" "+sent.Path)
	assert.Equal(t, "client_id="+testClientID+"&grant_type=refresh_token&refresh_token="+first+
		"&scope=service%3A%3Aapi.fl.spaces.skype.com%3A%3AMBI_SSL+openid+profile+offline_access", string(sent.Body))
	assert.Empty(t, sent.Header.Get("Authorization"))
	assert.Equal(t, "application/x-www-form-urlencoded", sent.Header.Get("Content-Type"))

	client, err := skypecontacts.New(a, skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback(), skypecontacts.WithAuthStyle(skypecontacts.AuthTeams))
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	list, err := client.ListContacts(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Contacts, 3)
}

// After a 401 the client gets another token from the account.
func TestTokenAfterARefusal(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	a, _, n := signedInAccount(t, srv)
	client, err := skypecontacts.New(a, skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback())
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Operation: "ListContacts"})
	_, err = client.ListContacts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{opAccessToken, opExchange, "ListContacts", opAccessToken, opExchange, "ListContacts"}, operations(srv, n))
}

// A refresh token that can be used once is always replaced in time.
func TestRefreshTokensRoll(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	a, store, _ := signedInAccount(t, srv)
	seen := map[string]bool{store.stored(): true}
	for range 5 {
		_, err := a.Token(t.Context())
		require.NoError(t, err)
		require.False(t, seen[store.stored()])
		seen[store.stored()] = true
	}
}

// A service that sends no other refresh token leaves the stored one valid.
func TestRefreshTokenStays(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"access_token":"a"}`, `{"access_token":"a","refresh_token":null}`, `{"access_token":"a","refresh_token":""}`, `{"access_token":"a","refresh_token":"kept"}`,
	} {
		store := &memoryStore{token: "kept"}
		_, err := newTestAccount(t, store, newScripted(opAccessToken, reply{status: 200, body: body}).options()).Token(t.Context())
		require.NoError(t, err, body)
		assert.Equal(t, "kept", store.stored())
		assert.Empty(t, store.saved)
	}
}

// The new refresh token is stored before the access token is used.
func TestStoredBeforeUse(t *testing.T) {
	t.Parallel()
	store := &memoryStore{token: "canary-refresh-token-1"}
	s := newScripted("")
	opts := s.options()
	opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
		if req.URL.Path == "/exchange" {
			assert.Equal(t, "canary-refresh-token-2", store.stored())
		}
		return s.RoundTrip(req)
	})
	_, err := newTestAccount(t, store, opts).Token(t.Context())
	require.NoError(t, err)
	assert.Len(t, s.requests, 2)
}

// A refresh token that cannot be stored is reported and not lost: the next call stores it
// first, also if the old one is no longer valid.
func TestSaveFails(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	a, store, n := signedInAccount(t, srv)
	first := store.stored()
	store.failSaves(errStore)
	for range 3 {
		token, err := a.Token(t.Context())
		require.ErrorIs(t, err, errStore)
		requireMeaning(t, err)
		assert.Equal(t, shown{opSave, 0, "", 0, "teamsauth: SaveRefreshToken: the store failed"}, showError(t, err))
		assert.Empty(t, token.Value())
	}
	assert.Equal(t, []string{opAccessToken}, operations(srv, n), "nothing is used up in vain")
	assert.Equal(t, first, store.stored())
	assert.Len(t, store.saved, 3)
	assert.Equal(t, store.saved[0], store.saved[2])

	store.failSaves(nil)
	_, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{opAccessToken, opAccessToken, opExchange}, operations(srv, n))
}

// A store is told of no end, so that a token that was issued is not lost when the time is
// up.
func TestSaveHasTime(t *testing.T) {
	t.Parallel()
	store := &deadlineStore{err: errStore}
	a := newTestAccount(t, store, newScripted("").options())
	_, err := a.Token(t.Context())
	require.ErrorIs(t, err, errStore)
	assert.False(t, store.save)
	store.err = nil
	_, err = a.Token(t.Context()) // stores what was not stored before
	require.NoError(t, err)
	assert.True(t, store.load, "a store may wait for the user, so that Load has an end")
	assert.False(t, store.save)
}

// deadlineStore records which methods have a deadline.
type deadlineStore struct {
	load, save bool
	err        error // of Save
}

func (s *deadlineStore) Load(ctx context.Context) (string, error) {
	if _, has := ctx.Deadline(); has {
		s.load = true
	}
	return "t", nil
}

func (s *deadlineStore) Save(ctx context.Context, _ string) error {
	_, has := ctx.Deadline()
	s.save = s.save || has
	return s.err
}

func (*deadlineStore) Delete(context.Context) error { return nil }

// What the errors of Token are, and that the store stays as it is.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	bad := func(body string) reply { return reply{status: 400, body: body} }
	for _, test := range []struct {
		name  string
		store *memoryStore
		reply reply
		want  error
		shown shown
	}{
		{"not signed in", &memoryStore{}, reply{}, ErrSignInRequired, shown{opLoad, 0, "", 0, "teamsauth: LoadRefreshToken: signing in is required"}},
		{"store fails", &memoryStore{loadErr: errStore}, reply{}, errStore, shown{opLoad, 0, "", 0, "teamsauth: LoadRefreshToken: the store failed"}},
		{"no token in the store", &memoryStore{token: "canary canary"}, reply{}, skypecontacts.ErrInvalid, shown{opLoad, 0, "", 0, "teamsauth: LoadRefreshToken: what the store has is no refresh token"}},
		{
			"expired", &memoryStore{token: "canary"}, bad(`{"error":"invalid_grant","error_description":"canary","error_codes":[700082]}`), ErrSignInRequired,
			shown{opAccessToken, 400, "invalid_grant", 700082, "teamsauth: GetAccessToken: 400 Bad Request (invalid_grant, AADSTS700082): signing in is required"},
		},
		{
			"consent", &memoryStore{token: "canary"}, bad(`{"error":"invalid_grant","suberror":"consent_required","error_codes":[65001]}`), ErrConsent,
			shown{opAccessToken, 400, "invalid_grant", 65001, "teamsauth: GetAccessToken: 400 Bad Request (invalid_grant, AADSTS65001): the user has not consented"},
		},
		{
			"client", &memoryStore{token: "canary"}, bad(`{"error":"unauthorized_client","error_codes":[700016]}`), ErrClientRefused,
			shown{opAccessToken, 400, "unauthorized_client", 700016, "teamsauth: GetAccessToken: 400 Bad Request (unauthorized_client, AADSTS700016): the client ID was refused"},
		},
		{
			"busy", &memoryStore{token: "canary"},
			reply{status: 503, body: "canary"},
			skypecontacts.ErrUnavailable,
			shown{opAccessToken, 503, "", 0, "teamsauth: GetAccessToken: 503 Service Unavailable: service unavailable"},
		},
		{
			"no access token", &memoryStore{token: "canary"},
			reply{status: 200, body: `{"refresh_token":"canary"}`},
			ErrServiceChanged,
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response is not the JSON of an access token"},
		},
		{
			"a form", &memoryStore{token: "canary"},
			reply{status: 200, body: `access_token=canary`, header: http.Header{"Content-Type": {"text/plain"}}},
			ErrServiceChanged,
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response is not a JSON object"},
		},
		{
			"a refresh token that is none", &memoryStore{token: "canary"},
			reply{status: 200, body: `{"access_token":"a","refresh_token":"canary\ncanary"}`},
			ErrServiceChanged,
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response has no refresh token"},
		},
		{
			"a failure under 200", &memoryStore{token: "canary"},
			reply{status: 200, body: `{"access_token":"a","error":"canary"}`},
			ErrServiceChanged,
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response reports a failure"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before := test.store.token
			s := newScripted(opAccessToken, test.reply)
			token, err := newTestAccount(t, test.store, s.options()).Token(t.Context())
			require.ErrorIs(t, err, test.want)
			assert.Equal(t, test.shown, showError(t, err))
			assert.Empty(t, token.Value())
			assert.Equal(t, before, test.store.stored())
			assert.Empty(t, test.store.saved)
			assert.LessOrEqual(t, len(s.requests), 1)
		})
	}
}

// One refresh and one exchange serve all callers over HTTP, whoever of them leaves.
func TestConcurrentTokens(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	a, store, n := signedInAccount(t, srv)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultDelay, Delay: 500 * time.Millisecond, Operation: opAccessToken})
	leaving, leave := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := a.Token(leaving)
		ended <- err
	}()
	require.Eventually(t, func() bool { return len(srv.Requests()) > n }, time.Minute, time.Millisecond)
	var all sync.WaitGroup
	tokens := make(chan string, 50)
	for range cap(tokens) {
		all.Go(func() {
			token, err := a.Token(t.Context())
			assert.NoError(t, err)
			tokens <- token.Value()
		})
	}
	leave()
	require.Equal(t, context.Canceled, <-ended)
	all.Wait()
	close(tokens)
	different := map[string]bool{}
	for token := range tokens {
		different[token] = true
	}
	// A goroutine that starts late on a busy machine begins another exchange.
	got := operations(srv, n)
	assert.Len(t, got, 2*len(different))
	assert.NotEmpty(t, different)
	assert.Less(t, len(different), 50)
	assert.Equal(t, store.saved[len(store.saved)-1], store.stored())
}

// OAuth2 is the first half of Token.
func TestOAuth2(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	a, store, n := signedInAccount(t, srv)
	first, err := a.OAuth2().Token()
	require.NoError(t, err)
	assert.NotContains(t, printed(first)+fmt.Sprint(first.Extra("refresh_token")), store.stored(), "the refresh token stays in the store")
	assert.Equal(t, "Bearer", first.Type())
	assert.WithinDuration(t, time.Now().Add(time.Hour), first.Expiry, time.Minute)
	_, err = newTestSource(t, a.OAuth2(), serverOptions(srv)).Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{opAccessToken, opAccessToken, opExchange}, operations(srv, n))

	srv.RevokeSignIns("fred.2")
	_, err = newTestSource(t, a.OAuth2(), serverOptions(srv)).Token(t.Context())
	require.ErrorIs(t, err, ErrSignInRequired)
	assert.Equal(t, "teamsauth: GetAccessToken: 400 Bad Request (invalid_grant, AADSTS70000): signing in is required", err.Error())
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	a, store, n := signedInAccount(t, srv)
	store.failSaves(errStore)
	_, err := a.Token(t.Context())
	require.ErrorIs(t, err, errStore)
	err = a.SignOut(t.Context())
	require.ErrorIs(t, err, errStore)
	assert.Equal(t, opDelete, showError(t, err).op)
	store.failSaves(nil)
	require.NoError(t, a.SignOut(t.Context()))
	assert.Empty(t, store.stored())
	_, err = a.Token(t.Context())
	require.ErrorIs(t, err, ErrSignInRequired, "the token that was not stored is gone, too")
	assert.Equal(t, []string{opAccessToken}, operations(srv, n))
}

// The methods return when their context ends, while a keyring waits for its user. What they
// began goes on.
func TestStoreThatWaits(t *testing.T) {
	t.Parallel()
	opened := make(chan struct{})
	store := &waitingStore{opened: opened, memoryStore: memoryStore{token: "t"}}
	a := newTestAccount(t, store, newScripted("").options())
	for name, call := range map[string]func(context.Context) error{
		"Token":   func(ctx context.Context) error { _, err := a.Token(ctx); return err },
		"SignIn":  func(ctx context.Context) error { return a.SignIn(ctx, func(DeviceCode) error { return nil }) },
		"SignOut": a.SignOut,
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		assert.Equal(t, context.DeadlineExceeded, call(ctx), name)
		cancel()
	}
	close(opened)
	require.NoError(t, a.SignOut(t.Context()))
	assert.Empty(t, store.stored())
}

// waitingStore is a store that a user has to open.
type waitingStore struct {
	memoryStore
	opened chan struct{}
}

func (s *waitingStore) Load(ctx context.Context) (string, error) {
	<-s.opened
	return s.memoryStore.Load(ctx)
}

func (s *waitingStore) Delete(ctx context.Context) error {
	<-s.opened
	return s.memoryStore.Delete(ctx)
}

// The form of a refresh is valid whatever the token is.
func TestFormOfARefresh(t *testing.T) {
	t.Parallel()
	s := newScripted("")
	_, err := newTestAccount(t, &memoryStore{token: "a&b=c%+#;"}, s.options()).Token(t.Context())
	require.NoError(t, err)
	form, err := url.ParseQuery(strings.TrimPrefix(s.requests[0], opAccessToken+" "))
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"client_id": {testClientID}, "grant_type": {"refresh_token"}, "refresh_token": {"a&b=c%+#;"}, "scope": {scope},
	}, form)
}

// A sign-out that has ended before it began removes nothing, and one that ends while the
// store is at work goes on.
func TestSignOutEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{memoryStore: memoryStore{token: "kept"}}
		a := newTestAccount(t, store, newScripted("").options())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range 20 {
			require.Equal(t, context.Canceled, a.SignOut(ctx))
		}
		synctest.Wait()
		assert.Equal(t, "kept", store.stored())

		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		store.remove = func(ctx context.Context) {
			time.Sleep(time.Minute)
			assert.NoError(t, ctx.Err())
		}
		require.Equal(t, context.DeadlineExceeded, a.SignOut(ctx))
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Empty(t, store.stored())
	})
}

// A store that takes too long is no service that does not respond. Nothing is sent then
// that was not sent before, and what was received is stored.
func TestSlowStore(t *testing.T) {
	t.Parallel()
	wait := func(context.Context) { time.Sleep(20 * time.Second) }
	for op, test := range map[string]struct {
		store    *slowStore
		requests int
	}{
		opLoad: {&slowStore{memoryStore: memoryStore{token: "t"}, load: wait}, 0},
		opSave: {&slowStore{memoryStore: memoryStore{token: "t"}, save: wait}, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newScripted("")
			opts := s.options()
			opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
				if err := req.Context().Err(); err != nil { // as net/http does
					return nil, err
				}
				return s.RoundTrip(req)
			})
			a := newTestAccount(t, test.store, opts)
			_, err := a.Token(t.Context())
			require.EqualError(t, err, "teamsauth: "+op+": the store took too long")
			requireMeaning(t, err, context.DeadlineExceeded)
			assert.Len(t, s.requests, test.requests)

			test.store.load, test.store.save = nil, nil
			_, err = a.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "canary-refresh-token-2", test.store.stored())
		})
	}
}

// The source of package oauth2, which has no context, returns also if the store does not.
func TestOAuth2Time(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{memoryStore: memoryStore{token: "t"}, load: func(context.Context) { time.Sleep(time.Hour) }}
		s := newScripted("")
		began := time.Now()
		_, err := newTestAccount(t, store, s.options()).OAuth2().Token()
		require.EqualError(t, err, "teamsauth: GetAccessToken: the store took too long")
		requireMeaning(t, err, context.DeadlineExceeded)
		assert.Equal(t, tokenTimeout+time.Second, time.Since(began))
		assert.Empty(t, s.requests)
		time.Sleep(time.Hour)
	})
}

// The panic of a store goes on in whoever called the account, and a store that ends its
// goroutine is an error. Both leave the account usable.
func TestStorePanics(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(context.Context){
		"panic": func(context.Context) { panic("canary") }, "Goexit": func(context.Context) { runtime.Goexit() },
	} {
		synctest.Test(t, func(t *testing.T) {
			store := &slowStore{memoryStore: memoryStore{token: "t"}}
			a := newTestAccount(t, store, newScripted("").options())
			signIn := func() error { return a.SignIn(t.Context(), func(DeviceCode) error { return nil }) }
			for where, test := range map[string]struct {
				method *func(context.Context)
				call   func() error
			}{
				"Token, load":  {&store.load, func() error { _, err := a.Token(t.Context()); return err }},
				"Token, save":  {&store.save, func() error { _, err := a.Token(t.Context()); return err }},
				"OAuth2":       {&store.load, func() error { _, err := a.OAuth2().Token(); return err }},
				"SignIn, load": {&store.load, signIn},
				"SignIn, save": {&store.save, signIn},
				"SignOut":      {&store.remove, func() error { return a.SignOut(t.Context()) }},
			} {
				store.token = "t"
				*test.method = do
				if name == "panic" {
					assert.PanicsWithValue(t, "canary", func() { _ = test.call() }, where)
				} else {
					assert.Equal(t, errNotReturned, test.call(), where)
				}
				*test.method = nil
				require.NoError(t, test.call(), where)
			}
		})
	}
}

// Two at the same time use a refresh token one after the other, also if it can be used
// only once.
func TestConcurrentOAuth2(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t, skypetest.WithSingleUseRefreshTokens())
	a, store, _ := signedInAccount(t, srv)
	tokens := a.OAuth2()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := tokens.Token()
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Len(t, store.saved, 10)
}

// A refresh token that was refused is not sent again for half a minute, with the same
// error, unless the store has another.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{"error":"invalid_grant","error_codes":[70000]}`: ErrSignInRequired, `{"error":"consent_required"}`: ErrConsent,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newScripted(opAccessToken, reply{status: 400, body: body})
			store := &memoryStore{token: "refused"}
			a := newTestAccount(t, store, s.options())
			_, first := a.Token(t.Context())
			requireMeaning(t, first, want)
			for range 3 {
				_, err := a.Token(t.Context())
				require.Equal(t, first, err)
				failure, ok := errors.AsType[*Error](err)
				require.True(t, ok)
				require.True(t, failure.AskAgain())
			}
			assert.Len(t, s.requests, 1)
			time.Sleep(refusedPause)
			_, err := a.Token(t.Context())
			require.ErrorIs(t, err, want)
			assert.Len(t, s.requests, 2)
			store.token = "another"
			_, err = a.Token(t.Context())
			require.ErrorIs(t, err, want)
			assert.Len(t, s.requests, 3)
		})
	}
}

// A client pauses after every other failure: something was sent, or the user may be asked
// again.
func TestPauseAfterOtherFailures(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]skypecontacts.TokenSource{
		"busy":    newTestAccount(t, &memoryStore{token: "t"}, newScripted(opAccessToken, reply{status: 503}).options()),
		"client":  newTestAccount(t, &memoryStore{token: "t"}, newScripted(opAccessToken, reply{status: 400, body: `{"error":"invalid_client"}`}).options()),
		"account": newTestAccount(t, &memoryStore{token: "t"}, newScripted(opExchange, reply{status: 403}).options()),
		"store":   newTestAccount(t, &memoryStore{loadErr: errStore}, newScripted("").options()),
		"a source of the program": newTestSource(t, tokenSourceFunc(func() (*oauth2.Token, error) {
			return nil, &oauth2.RetrieveError{ErrorCode: "invalid_grant"}
		}), newScripted("").options()),
	} {
		_, err := source.Token(t.Context())
		failure, ok := errors.AsType[*Error](err)
		require.True(t, ok, name)
		assert.False(t, failure.AskAgain(), name)
	}
}

// A refresh token that arrives when the time of the call is up is stored all the same.
func TestIssuedTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{memoryStore: memoryStore{token: "t"}}
		store.load = func(ctx context.Context) {
			time.Sleep(9 * time.Second)
			store.load = func(ctx context.Context) { assert.NoError(t, ctx.Err()) }
		}
		s := newScripted("")
		opts := s.options()
		opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
			time.Sleep(6 * time.Second)
			return s.RoundTrip(req)
		})
		_, err := newTestAccount(t, store, opts).Token(t.Context())
		require.EqualError(t, err, "teamsauth: SaveRefreshToken: the store took too long")
		assert.Equal(t, "canary-refresh-token-2", store.stored())
		assert.Len(t, s.requests, 1)
	})
}
