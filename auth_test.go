package skypecontacts

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http/httpguts"
)

func TestIsHeaderValue(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "skype token", "\u0085", "\u2028", "\xff\n", "a\r\nb: c"} {
		require.Equal(t, httpguts.ValidHeaderFieldValue(text), isHeaderValue(text), "%q", text)
	}
	for b := range 256 {
		text := "a" + string([]byte{byte(b)}) + "z"
		require.Equal(t, httpguts.ValidHeaderFieldValue(text), isHeaderValue(text), "%q", text)
	}
}

func TestStaticTokenRefused(t *testing.T) {
	t.Parallel()
	w := newWire(accepts("another"))
	require.ErrorIs(t, block(newAuthClient(t, w, StaticToken("only"))), ErrUnauthorized)
	require.Len(t, w.requests(), 1)
}

// Two accounts over the same connections never use the token of the other.
func TestTwoAccounts(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, ""))
	shared := &http.Client{Transport: w}
	call := func(name string) func() error {
		c, err := New(StaticToken("token-of-"+name), WithHTTPClient(shared), WithUserID(name),
			WithRegistrationToken(StaticToken("registration-of-"+name)))
		require.NoError(t, err)
		return func() error {
			return errors.Join(c.BlockUser(context.Background(), MRI(name), BlockOptions{}),
				c.AddContact(context.Background(), MRI(name)))
		}
	}
	fred, anna := call("fred.2"), call("anna.7")
	var turn atomic.Int64
	errs := atOnce(100, func() error {
		if turn.Add(1)%2 == 0 {
			return fred()
		}
		return anna()
	})
	for _, err := range errs {
		require.NoError(t, err)
	}
	mixed := 0
	for _, sent := range w.requests() {
		if strings.Contains(sent, "fred.2") == strings.Contains(sent, "anna.7") {
			mixed++
		}
	}
	require.Len(t, w.requests(), 200)
	require.Zero(t, mixed)
	require.Nil(t, shared.Jar)
	require.Nil(t, shared.CheckRedirect, "the caller's client is not modified")
}

func TestParseRegistrationToken(t *testing.T) {
	t.Parallel()
	expiry := time.Unix(1_800_000_000, 0).UTC()
	tests := []struct {
		header, value string
		expiry        time.Time
		ok            bool
	}{
		{"registrationToken=U2lnbg==; expires=1800000000; endpointId={0a1b}", "U2lnbg==", expiry, true},
		{"registrationToken=U2lnbg==; expires=1800000000", "U2lnbg==", expiry, true},
		{"registrationToken=U2lnbg==", "U2lnbg==", time.Time{}, true},
		{"RegistrationToken=a=b==;expires=1800000000", "a=b==", expiry, true},
		{"endpointId={0a1b}; registrationToken=a", "a", time.Time{}, true},
		{"registrationToken=a; expires=soon", "a", time.Time{}, true},
		{"registrationToken=a; expires=-1", "a", time.Time{}, true},
		{"registrationToken=a; expires=99999999999999999999", "a", time.Time{}, true},
		{"registrationToken=a; expires=9223372036854775807", "a", time.Time{}, true},
		{"registrationToken=; expires=1800000000", "", time.Time{}, false},
		{"registrationToken", "", time.Time{}, false},
		{"registrationToken=a\r\nb", "", time.Time{}, false},
		{"expires=1800000000", "", time.Time{}, false},
		{"", "", time.Time{}, false},
	}
	for _, test := range tests {
		token, ok := parseRegistrationToken(test.header)
		require.Equal(t, test.ok, ok, test.header)
		require.Equal(t, test.value, token.Value(), test.header)
		require.Equal(t, test.expiry, token.Expiry(), test.header)
	}
}

// The error names the problem, such as a line break at the end, and not the token.
func TestUnusableTokens(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{"": "token is empty", testToken + "\n": "token holds characters that a header must not"} {
		w := newWire(reply(200, "{}"))
		c, err := New(StaticToken(token), WithHTTPClient(&http.Client{Transport: w}))
		require.NoError(t, err)
		_, err = c.ListContacts(t.Context())
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, want)
		assertClean(t, err.Error())
		require.Empty(t, w.requests())
	}
}

func FuzzRegistrationToken(f *testing.F) { fuzzTargets(f)["RegistrationToken"].Fuzz(f) }

// A registration token is valid in a header, and parses to itself.
func checkRegistrationToken(tb testing.TB, input []byte) {
	token, ok := parseRegistrationToken(string(input))
	if !ok {
		require.Empty(tb, token.Value())
		require.Equal(tb, string(input), registrationValue(string(input)))
		return
	}
	require.NotEmpty(tb, token.Value())
	require.True(tb, httpguts.ValidHeaderFieldValue(token.Value()))
	require.NotContains(tb, token.Value(), ";")
	require.Equal(tb, token.Value(), registrationValue(string(input)))
	again, ok := parseRegistrationToken("registrationToken=" + token.Value())
	require.True(tb, ok)
	require.Equal(tb, token.Value(), again.Value())
	if !token.Expiry().IsZero() {
		require.True(tb, token.Expiry().Year() >= 1970 && token.Expiry().Year() <= 9999)
	}
}
