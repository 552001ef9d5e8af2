package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

func newTestSource(t *testing.T, tokens oauth2.TokenSource, opts Options) skypecontacts.TokenSource {
	t.Helper()
	source, err := NewSource(tokens, opts)
	require.NoError(t, err)
	return source
}

// Access tokens from anywhere are exchanged, and the contact list responds to the result.
func TestNewSource(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	access, _ := issuedTokens(t, srv)
	n := len(srv.Requests())
	source := newTestSource(t, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: access}), serverOptions(srv))
	token, err := source.Token(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(86397*time.Second), token.Expiry(), time.Minute)
	client, err := skypecontacts.New(source, skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback())
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	list, err := client.ListContacts(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Contacts, 3)
	assert.Equal(t, []string{opExchange, opExchange, "ListContacts"}, operations(srv, n))

	sent := srv.Requests()[n]
	assert.Equal(t, "POST /teams/api/auth/v1.0/authz/consumer", sent.Method+" "+sent.Path)
	assert.Empty(t, sent.Body)
	sent.Header.Del("Accept-Encoding") // of net/http
	assert.Equal(t, http.Header{
		"Accept": {"application/json"}, "Authorization": {"Bearer " + access}, "Connection": {"close"}, "Content-Length": {"0"},
		"User-Agent": {userAgent}, "X-Ms-Client-Consumer-Type": {"teams4life"},
	}, sent.Header)

	_, err = NewSource(nil, Options{})
	require.EqualError(t, err, "invalid argument: the source of access tokens is nil")
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
}

// What a status means, and that nothing is sent twice.
func TestExchangeErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reply reply
		want  error
	}{
		{reply{status: 401, body: `{"status":{"code":40100,"text":"canary"}}`}, ErrNoConsumerAccount},
		{reply{status: 403, body: `<html>canary</html>`}, ErrNoConsumerAccount},
		{reply{status: 200, body: `{"skypeToken":{"skypetoken":"canary","isBusinessTenant":true}}`}, ErrNoConsumerAccount},
		{reply{status: 404}, ErrServiceChanged},
		{reply{status: 410}, ErrServiceChanged},
		{reply{status: 429}, skypecontacts.ErrRateLimited},
		{reply{status: 500, body: "canary"}, skypecontacts.ErrUnavailable},
		{reply{status: 503}, skypecontacts.ErrUnavailable},
		{reply{status: 408}, skypecontacts.ErrUnavailable},
		{reply{status: 307}, ErrServiceChanged},
		{reply{status: 200, body: "{}"}, ErrServiceChanged},
		{reply{status: 200, body: "canary"}, ErrServiceChanged},
		{reply{status: 201, body: goodExchange}, nil}, // unknown
		{reply{status: 204}, ErrServiceChanged},
		{reply{status: 400, body: `{"error":"invalid_grant"}`}, nil},
		{reply{err: errors.New("canary")}, skypecontacts.ErrUnavailable},
	} {
		s := newScripted(opExchange, test.reply)
		token, err := newTestSource(t, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "canary-access"}), s.options()).Token(t.Context())
		require.Error(t, err)
		if test.want == nil {
			requireMeaning(t, err)
		} else {
			requireMeaning(t, err, test.want)
		}
		got := showError(t, err)
		assert.Equal(t, opExchange, got.op)
		assert.NotContains(t, got.text, "canary")
		assert.Len(t, s.requests, 1)
		assert.Empty(t, token.Value())
	}
}

// An error of the source of access tokens is converted, and nothing is sent.
func TestSourceErrors(t *testing.T) {
	t.Parallel()
	lost := errors.New("canary")
	for _, test := range []struct {
		token *oauth2.Token
		err   error
		want  []error
		text  string
	}{
		{nil, lost, nil, "teamsauth: GetAccessToken: the source of access tokens failed"},
		{nil, fmt.Errorf("canary: %w", context.Canceled), []error{context.Canceled}, "teamsauth: GetAccessToken: the source of access tokens failed"},
		{nil, &oauth2.RetrieveError{ErrorCode: "invalid_grant", ErrorDescription: "canary"}, []error{ErrSignInRequired}, "teamsauth: GetAccessToken (invalid_grant): signing in is required"},
		{nil, nil, nil, "teamsauth: GetAccessToken: there is no access token"},
		{&oauth2.Token{}, nil, nil, "teamsauth: GetAccessToken: there is no access token"},
		{&oauth2.Token{AccessToken: "canary\r\nX: y"}, nil, nil, "teamsauth: GetAccessToken: there is no access token"},
	} {
		s := newScripted("")
		source := newTestSource(t, tokenSourceFunc(func() (*oauth2.Token, error) { return test.token, test.err }), s.options())
		_, err := source.Token(t.Context())
		require.EqualError(t, err, test.text)
		requireMeaning(t, err, test.want...)
		assert.Empty(t, s.requests)
	}
	_, err := newTestSource(t, tokenSourceFunc(func() (*oauth2.Token, error) { return nil, lost }), newScripted("").options()).Token(t.Context())
	require.ErrorIs(t, err, lost, "it can be found")
}

// Of 100 callers one exchange serves all. A caller that leaves takes nothing from the
// others.
func TestSingleFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		tokens := tokenSourceFunc(func() (*oauth2.Token, error) {
			calls++
			time.Sleep(3 * time.Second)
			return &oauth2.Token{AccessToken: "access"}, nil
		})
		s := newScripted("")
		source := newTestSource(t, tokens, s.options())
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if i%10 == 0 { // the first one of all may be among them
					time.AfterFunc(time.Second, cancel)
				}
				began := time.Now()
				token, err := source.Token(ctx)
				if i%10 == 0 {
					assert.Equal(t, context.Canceled, err)
					assert.Equal(t, time.Second, time.Since(began))
					return
				}
				assert.NoError(t, err)
				assert.Equal(t, "canary-skype-token", token.Value())
				assert.Equal(t, 3*time.Second, time.Since(began))
			})
		}
		all.Wait()
		assert.Equal(t, 1, calls)
		assert.Len(t, s.requests, 1)

		_, err := source.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 2, calls, "a later call begins another")

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = source.Token(ctx)
		assert.Equal(t, context.Canceled, err)
		assert.Equal(t, 2, calls, "a call that has ended begins none")
	})
}

// A failure is that of all who wait, and is not remembered.
func TestSharedFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failed := false
		source := newTestSource(t, tokenSourceFunc(func() (*oauth2.Token, error) {
			time.Sleep(time.Second)
			if !failed {
				failed = true
				return nil, errStore
			}
			return &oauth2.Token{AccessToken: "access"}, nil
		}), newScripted("").options())
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				_, err := source.Token(t.Context())
				assert.ErrorIs(t, err, errStore)
			})
		}
		all.Wait()
		_, err := source.Token(t.Context())
		assert.NoError(t, err)
	})
}

// The panic of a program's source goes on in its callers, and the next call works.
func TestSourcePanics(t *testing.T) {
	t.Parallel()
	do := func() { panic("canary") }
	source := newTestSource(t, tokenSourceFunc(func() (*oauth2.Token, error) {
		do()
		return &oauth2.Token{AccessToken: "access"}, nil
	}), newScripted("").options())
	assert.PanicsWithValue(t, "canary", func() { _, _ = source.Token(t.Context()) })
	do = runtime.Goexit
	_, err := source.Token(t.Context())
	require.Equal(t, errNotReturned, err)
	do = func() {}
	_, err = source.Token(t.Context())
	require.NoError(t, err)
}

// A service that does not respond ends the exchange before the client gives up its source,
// so that the error of the call says what it was.
func TestExchangeTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		opts := newScripted("").options()
		opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		source := newTestSource(t, tokenSourceFunc(func() (*oauth2.Token, error) {
			time.Sleep(10 * time.Second)
			return &oauth2.Token{AccessToken: "access"}, nil
		}), opts)
		client, err := skypecontacts.New(source)
		require.NoError(t, err)
		began := time.Now()
		_, err = client.ListContacts(t.Context())
		require.EqualError(t, err, "skypecontacts: ListContacts: GET /users/{id}/contacts: the token source failed")
		assert.Equal(t, shown{opExchange, 0, "", 0, "teamsauth: ExchangeToken: no response in time"}, showError(t, err))
		assert.ErrorIs(t, err, skypecontacts.ErrUnavailable)
		assert.Equal(t, tokenTimeout, time.Since(began))
	})
}

// A flight that no caller joins any more does not end the one that has taken its place.
func TestFlightThatWasLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		s := newSource(newScripted("").options(), func(context.Context) (*oauth2.Token, error) {
			time.Sleep(time.Duration(3*calls.Add(1)) * time.Second)
			return &oauth2.Token{AccessToken: "access"}, nil
		})
		var all sync.WaitGroup
		for _, at := range []time.Duration{0, time.Second, 4 * time.Second} { // the first lands after 3 s, the second after 7 s
			all.Go(func() {
				time.Sleep(at)
				if at == time.Second {
					s.leave()
				}
				_, err := s.Token(t.Context())
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.Equal(t, int64(2), calls.Load())
	})
}
