package reliability_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// accepting returns a transport that responds 401 to every other token.
func accepting(token string) *apitest.Transport {
	return apitest.NewTransport(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("X-Skypetoken") == token {
			return apitest.Response(http.StatusOK, "")(req)
		}
		return apitest.Response(http.StatusUnauthorized, "")(req)
	})
}

// countedSource returns the tokens in turn, the last of them repeatedly, and the
// number of calls.
func countedSource(err error, tokens ...string) (skypecontacts.TokenSource, *atomic.Int64) {
	var calls atomic.Int64
	return skypecontacts.TokenSourceFunc(func(context.Context) (skypecontacts.Token, error) {
		n := int(calls.Add(1))
		time.Sleep(10 * time.Millisecond)
		if err != nil {
			return skypecontacts.Token{}, err
		}
		return skypecontacts.NewToken(tokens[min(n, len(tokens))-1], time.Time{}), nil
	}), &calls
}

func newTokenClient(t *testing.T, source skypecontacts.TokenSource, transport http.RoundTripper) *skypecontacts.Client {
	t.Helper()
	c, err := skypecontacts.New(source, skypecontacts.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	return c
}

// One refresh serves all callers whose token is rejected.
func TestRefreshForManyCallers(t *testing.T) {
	t.Parallel()
	source, calls := countedSource(nil, "old", "new")
	transport := accepting("new")
	c := newTokenClient(t, source, transport)
	for _, err := range inParallel(100, func() error { return blockUser(c) }) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 2, calls.Load())
	accepted := 0
	for _, request := range transport.Requests() {
		if strings.Contains(request, "X-Skypetoken: new\n") {
			accepted++
		}
	}
	require.Equal(t, 100, accepted)
	measured.set("refreshes for 100 callers with an expired token", calls.Load()-1, "1")
}

// A source that fails, or whose tokens are rejected, is not called for every call.
func TestRefreshThatFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		tokens []string
		want   int64
	}{
		"the source fails":       {errors.New("wrong password"), nil, 1},
		"the same token again":   {nil, []string{"first"}, 2},
		"each token is rejected": {nil, []string{"first", "second", "third"}, 2},
		"an invalid token":       {nil, []string{"two\r\nlines"}, 1},
	} {
		source, calls := countedSource(test.err, test.tokens...)
		c := newTokenClient(t, source, accepting("another"))
		for _, err := range inParallel(100, func() error { return blockUser(c) }) {
			require.Error(t, err, name)
		}
		for range 100 {
			require.Error(t, blockUser(c), name)
		}
		require.Equal(t, test.want, calls.Load(), name)
		measured.set("calls of a source that fails, for 100 + 100 calls", test.want, "1, or 2 if it returns a token")
	}
}

// The requests of two accounts over the same connections carry their own tokens.
func TestTwoAccounts(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
	shared := &http.Client{Transport: transport}
	call := func(name string) func() error {
		c, err := skypecontacts.New(skypecontacts.StaticToken("token-of-"+name), skypecontacts.WithHTTPClient(shared),
			skypecontacts.WithUserID(name), skypecontacts.WithRegistrationToken(skypecontacts.StaticToken("registration-of-"+name)))
		require.NoError(t, err)
		return func() error {
			return errors.Join(c.BlockUser(t.Context(), skypecontacts.MRI(name), skypecontacts.BlockOptions{}),
				c.AddContact(t.Context(), skypecontacts.MRI(name)))
		}
	}
	fred, anna := call("fred.2"), call("anna.7")
	var turn atomic.Int64
	for _, err := range inParallel(100, func() error {
		if turn.Add(1)%2 == 0 {
			return fred()
		}
		return anna()
	}) {
		require.NoError(t, err)
	}
	mixed := 0
	for _, request := range transport.Requests() {
		if strings.Contains(request, "fred.2") == strings.Contains(request, "anna.7") {
			mixed++
		}
	}
	require.Len(t, transport.Requests(), 200)
	require.Zero(t, mixed)
	measured.set("requests of one account with the token of another", mixed, "0")
}
