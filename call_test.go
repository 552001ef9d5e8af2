package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stalls blocks until the request is canceled.
func stalls(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

type stalledBody struct{ ctx context.Context }

func (b stalledBody) Read([]byte) (int, error) { <-b.ctx.Done(); return 0, b.ctx.Err() }

func (stalledBody) Close() error { return nil }

func stallsInBody(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: stalledBody{req.Context()}}, nil
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	for name, stall := range map[string]httpmock.Responder{"before the headers": stalls, "in the body": stallsInBody} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				w := newWire(stall, stall, reply(200, "{}"))
				_, err := newTestClient(t, w, WithTimeout(10*time.Minute)).ListContacts(t.Context())
				require.NoError(t, err, "an attempt that takes too long is repeated")
				require.Len(t, w.requests(), 3)
			})
			assert.InDelta(t, time.Minute, took, float64(time.Millisecond))

			took = timed(t, func(t *testing.T) {
				w := newWire(stall)
				_, err := newTestClient(t, w, WithTimeout(5*time.Second)).ListContacts(t.Context())
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Len(t, w.requests(), 1)
			})
			assert.Equal(t, 5*time.Second, took)

			took = timed(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				err := newTestClient(t, newWire(stall)).SendInvite(ctx, "joe.4", "")
				require.ErrorIs(t, err, context.DeadlineExceeded)
				var failure *Error
				require.ErrorAs(t, err, &failure)
				require.True(t, failure.MaybeApplied)
			})
			assert.Equal(t, 3*time.Second, took)
		})
	}
}

// The error of a call that is canceled in a pause has the cancellation and the failure.
func TestCanceledPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := newTestClient(t, newWire(reply(503, "", "Retry-After", "20")))
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		_, err := c.ListContacts(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, ErrUnavailable)
		require.Equal(t, time.Second, time.Since(started))
		require.Equal(t, "skypecontacts: ListContacts: GET /users/{id}/contacts: 503 Service Unavailable: canceled; retry after 20s", err.Error())
	})
}

type limiterFunc func(context.Context) error

func (f limiterFunc) Wait(ctx context.Context) error { return f(ctx) }

func TestLimiter(t *testing.T) {
	t.Parallel()
	var waits atomic.Int64
	counting := limiterFunc(func(context.Context) error { waits.Add(1); return nil })
	w := newWire(reply(503, ""), reply(200, "{}"))
	_, err := newTestClient(t, w, WithLimiter(counting)).ListContacts(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, waits.Load(), "every request waits, repeats included")

	refusal := errors.New("over quota for " + testToken)
	w = newWire(reply(200, "{}"))
	_, err = newTestClient(t, w, WithLimiter(limiterFunc(func(context.Context) error { return refusal }))).ListContacts(t.Context())
	require.ErrorIs(t, err, refusal)
	require.NotContains(t, err.Error(), testToken)
	require.Empty(t, w.requests())
}

// A failure reported in the body of a 200 has the effect of that status.
func TestReportedFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		body  string
		ok    bool
		is    error
		maybe bool
		asked int64 // how often the token source is asked
	}{
		{body: `{"status":{"code":40411,"text":"not found"}}`, is: ErrNotFound, asked: 1},
		{body: `{"status":{"code":40300}}`, is: ErrForbidden, asked: 1},
		{body: `{"status":{"code":50000,"text":"no"}}`, is: ErrUnavailable, maybe: true, asked: 1},
		{body: `{"status":{"text":"no"}}`, maybe: true, asked: 1},
		{body: `{"status":{"code":40100,"text":"Authentication failed"}}`, is: ErrUnauthorized, asked: 2},
		{body: `{"errorCode":803,"message":"Login Rate limit exceeded"}`, maybe: true, asked: 1},
		{body: `{"status":{"code":200,"text":"OK"}}`, ok: true, asked: 1},
		{body: `{"status":{"code":20000}}`, ok: true, asked: 1},
		{body: `{"status":{"code":0,"text":"OK"}}`, ok: true, asked: 1},
		{body: `{"errorCode":0}`, ok: true, asked: 1},
	} {
		var asked atomic.Int64
		source := TokenSourceFunc(func(context.Context) (Token, error) {
			return NewToken(fmt.Sprint(testToken, asked.Add(1)), time.Time{}), nil
		})
		c, err := New(source, WithHTTPClient(&http.Client{Transport: newWire(reply(200, test.body))}))
		require.NoError(t, err)
		err = c.BlockUser(t.Context(), "joe.4", BlockOptions{})
		assert.Equal(t, test.asked, asked.Load(), test.body)
		if test.ok {
			assert.NoError(t, err, test.body)
			continue
		}
		var failure *Error
		require.ErrorAs(t, err, &failure, test.body)
		assert.Equal(t, test.maybe, failure.MaybeApplied, test.body)
		if test.is != nil {
			assert.ErrorIs(t, err, test.is, test.body)
		}
	}
}

// The gateway sends a new token with any response; later calls use it.
func TestSetRegistrationToken(t *testing.T) {
	t.Parallel()
	header := func(value string) []string { return []string{"Set-RegistrationToken", value} }
	tests := []struct {
		name  string
		first httpmock.Responder
		fails error
		used  string // with the next call
	}{
		{"on success", reply(200, "", header("registrationToken=new==; expires=4102444800")...), nil, "new=="},
		{"on failure", reply(403, "", header("registrationToken=new==")...), ErrForbidden, "new=="},
		{"an empty one", reply(403, "", header("registrationToken=; expires=0")...), ErrForbidden, "old"},
		{"one that is none", reply(200, "", header("who knows")...), nil, "old"},
	}
	for _, test := range tests {
		w := newWire(test.first, reply(200, ""))
		c := newAuthClient(t, w, StaticToken("unused"),
			WithRegistrationToken(StaticToken("registrationToken=old; expires=4102444800; endpointId={0a1b}")))
		require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), test.fails, test.name)
		require.NoError(t, c.AddContact(t.Context(), "8:joe.4"), test.name)
		sent := w.requests()
		require.Contains(t, sent[0], "Registrationtoken: registrationToken=old\n", test.name)
		require.Contains(t, sent[1], "Registrationtoken: registrationToken="+test.used+"\n", test.name)
	}
}

// A call uses at most one of the tokens that the gateway sends with a refusal.
func TestRefusedRegistrationTokens(t *testing.T) {
	t.Parallel()
	var sentTokens atomic.Int64
	w := newWire(func(req *http.Request) (*http.Response, error) {
		n := sentTokens.Add(1)
		if n > 10 {
			return reply(500, "")(req)
		}
		return reply(401, "", "Set-RegistrationToken", fmt.Sprintf("registrationToken=number-%d", n))(req)
	})
	c := newAuthClient(t, w, StaticToken("unused"), WithRegistrationToken(StaticToken("old")))
	require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), ErrUnauthorized)
	require.Len(t, w.requests(), 2)
}

// "Create an endpoint before performing this operation" means that the token is
// not valid any more, in each of its three forms.
func TestInvalidRegistrationToken(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"errors/error_code_no_endpoint.json", "errors/nested_string.json", "errors/nested_object.json"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire(reply(404, fixture(t, form)), reply(200, ""))
			c := newAuthClient(t, w, StaticToken("unused"), WithRegistrationToken(sourceOf("old", "new")))
			require.NoError(t, c.RemoveContact(t.Context(), "8:joe.4"), form)
			sent := w.requests()
			require.Len(t, sent, 2, form)
			require.Contains(t, sent[0], "registrationToken=old\n", form)
			require.Contains(t, sent[1], "registrationToken=new\n", form)
		})
	}
}

func FuzzGatewayMove(f *testing.F) { fuzz(f, "GatewayMove") }

// A move leads to another https host of the gateway's domain, or is rejected.
func checkGatewayMove(tb testing.TB, input []byte) {
	const from = "client-s.gateway.messenger.live.com"
	host := gatewayMove(from, string(input))
	if host == "" {
		return
	}
	require.True(tb, strings.HasSuffix(host, gatewayDomain))
	require.NotEqual(tb, from, host)
	require.Empty(tb, strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-."))
	u, err := url.Parse(string(input))
	require.NoError(tb, err)
	require.Equal(tb, "https", u.Scheme)
	require.Nil(tb, u.User)
	require.Empty(tb, u.Port())
	require.Empty(tb, gatewayMove("evil.example", string(input)))
}
