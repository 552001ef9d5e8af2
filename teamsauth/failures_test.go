package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// meanings are all errors that a failure can match.
var meanings = []error{
	ErrSignInRequired, ErrConsent, ErrCodeExpired, ErrNoConsumerAccount, ErrClientRefused, ErrServiceChanged,
	skypecontacts.ErrUnavailable, skypecontacts.ErrRateLimited, skypecontacts.ErrDecode, skypecontacts.ErrTooLarge,
	skypecontacts.ErrRedirect, skypecontacts.ErrNotFound, skypecontacts.ErrForbidden, skypecontacts.ErrConflict, skypecontacts.ErrUnauthorized,
	skypecontacts.ErrInvalid, context.Canceled, context.DeadlineExceeded,
}

// requireMeaning asserts that an error matches these meanings and no other.
func requireMeaning(t *testing.T, err error, want ...error) {
	t.Helper()
	var got []error
	for _, meaning := range meanings {
		if errors.Is(err, meaning) {
			got = append(got, meaning)
		}
	}
	require.ElementsMatch(t, want, got, "%v", err)
}

// Every code of the protocols and of Microsoft's documentation, with the status that comes
// with it.
func TestResponseErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status     int
		code, body string
		want       error
		wantCode   string
		number     int
	}{
		{400, "invalid_grant", `{"error_codes":[700082,1]}`, ErrSignInRequired, "invalid_grant", 700082},
		{400, "invalid_grant", `{"suberror":"bad_token"}`, ErrSignInRequired, "invalid_grant", 0},
		{400, "invalid_grant", `{"suberror":"consent_required","error_codes":[65001]}`, ErrConsent, "invalid_grant", 65001},
		{400, "interaction_required", `{}`, ErrSignInRequired, "interaction_required", 0},
		{400, "login_required", ``, ErrSignInRequired, "login_required", 0},
		{400, "consent_required", `{}`, ErrConsent, "consent_required", 0},
		{400, "access_denied", `{}`, ErrConsent, "access_denied", 0},
		{400, "authorization_declined", `{}`, ErrConsent, "authorization_declined", 0},
		{400, "expired_token", `{}`, ErrCodeExpired, "expired_token", 0},
		{400, "bad_verification_code", `{}`, ErrCodeExpired, "bad_verification_code", 0},
		{401, "invalid_client", `{"error_codes":[7000218]}`, ErrClientRefused, "invalid_client", 7000218},
		{400, "unauthorized_client", `{}`, ErrClientRefused, "unauthorized_client", 0},
		{400, "unsupported_grant_type", `{}`, ErrClientRefused, "unsupported_grant_type", 0},
		{400, "invalid_scope", `{"error_codes":[70011]}`, ErrClientRefused, "invalid_scope", 70011},
		{400, "invalid_resource", `{}`, ErrClientRefused, "invalid_resource", 0},
		{400, "temporarily_unavailable", `{}`, skypecontacts.ErrUnavailable, "temporarily_unavailable", 0},
		{400, "server_error", `{}`, skypecontacts.ErrUnavailable, "server_error", 0},
		{400, "invalid_request", `{"error_codes":[900144]}`, nil, "invalid_request", 900144},
		{503, "invalid_request", `{}`, skypecontacts.ErrUnavailable, "invalid_request", 0},
		{400, "slow_down", `{}`, nil, "slow_down", 0},
		{429, "temporarily_unavailable", `{}`, skypecontacts.ErrRateLimited, "temporarily_unavailable", 0},
		{429, "authorization_pending", `{}`, skypecontacts.ErrRateLimited, "authorization_pending", 0},
		{400, "canary", `{"error_codes":[70011]}`, nil, "", 70011},
		{400, "", `{}`, nil, "", 0},
		{200, "canary", `{}`, ErrServiceChanged, "", 0},
		{200, "invalid_grant", `{}`, ErrSignInRequired, "invalid_grant", 0},
		{403, "", ``, nil, "", 0},
		{408, "", ``, skypecontacts.ErrUnavailable, "", 0},
		{429, "", ``, skypecontacts.ErrRateLimited, "", 0},
		{500, "", ``, skypecontacts.ErrUnavailable, "", 0},
		{302, "", ``, ErrServiceChanged, "", 0},
		{404, "", ``, ErrServiceChanged, "", 0},
		{410, "", ``, ErrServiceChanged, "", 0},
		{0, "", ``, nil, "", 0},
	} {
		// As package oauth2 and a program that wraps its error return it.
		refused := &oauth2.RetrieveError{Response: &http.Response{StatusCode: test.status}, Body: []byte(test.body), ErrorCode: test.code, ErrorDescription: "canary"}
		if test.status == 0 {
			refused.Response = nil
		}
		err := oauthError(opAccessToken, fmt.Errorf("canary: %w", refused), errRefused)
		name := fmt.Sprint(test.status, " ", test.code)
		assert.Equal(t, [...]any{test.status, test.wantCode, test.number}, [...]any{err.Status, err.Code, err.Number}, name)
		if test.want == nil {
			requireMeaning(t, err)
		} else {
			requireMeaning(t, err, test.want)
		}
		assert.NotContains(t, err.Error(), "canary", name)
		assert.NotErrorAs(t, err, &refused, name)
	}
}

type timeoutError struct{ error }

func (timeoutError) Timeout() bool { return true }

// A request without a response: the cause is kept, and its text and the URL are not.
func TestNetworkErrors(t *testing.T) {
	t.Parallel()
	lost := errors.New("canary")
	for _, test := range []struct {
		cause error
		text  string
		want  []error
	}{
		{lost, "no response", []error{skypecontacts.ErrUnavailable}},
		{io.ErrUnexpectedEOF, "no response", []error{skypecontacts.ErrUnavailable}},
		{timeoutError{lost}, "no response in time", []error{skypecontacts.ErrUnavailable}},
		{context.DeadlineExceeded, "no response in time", []error{skypecontacts.ErrUnavailable, context.DeadlineExceeded}},
		{context.Canceled, "canceled", []error{context.Canceled}},
		{errTooLarge, "the response is too large", []error{ErrServiceChanged}},
		{errNoObject, "the response is not a JSON object", []error{ErrServiceChanged}},
	} {
		err := oauthError(opDeviceCode, &url.Error{Op: "Post", URL: "https://canary.example", Err: test.cause}, errRefused)
		assert.EqualError(t, err, "teamsauth: GetDeviceCode: "+test.text)
		requireMeaning(t, err, test.want...)
		if test.text != "canceled" {
			assert.ErrorIs(t, err, test.cause)
		}
	}
}

// Other errors of package oauth2 may have what the server sent in their text.
func TestOtherErrors(t *testing.T) {
	t.Parallel()
	err := oauthError(opAccessToken, errors.New("oauth2: cannot parse json: canary"), unexpected("the text"))
	assert.EqualError(t, err, "teamsauth: GetAccessToken: the text")
	requireMeaning(t, err, ErrServiceChanged)
	own := &Error{Op: opLoad, err: ErrSignInRequired}
	assert.Same(t, own, oauthError(opAccessToken, fmt.Errorf("canary: %w", own), errRefused))
}

// The wait that a service asks for is reported where it fails for the moment, by every
// request, and is in the text.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for value, want := range map[string]time.Duration{
		"": 0, "canary": 0, "-5": 0, "0": 0, "17": 17 * time.Second, "4294967295": maxRetryAfter, "99999999999999999999": 0,
		now.Add(time.Hour).UTC().Format(http.TimeFormat): time.Hour, now.Add(-time.Hour).UTC().Format(http.TimeFormat): 0,
		now.Add(9999 * time.Hour).UTC().Format(http.TimeFormat): maxRetryAfter,
	} {
		got := retryAfter(&http.Response{Header: http.Header{"Retry-After": {value}}}, now)
		assert.InDelta(t, want.Seconds(), got.Seconds(), 1, value)
	}
	for _, op := range []string{opDeviceCode, opAccessToken, opExchange} {
		for status, want := range map[int]time.Duration{429: 17 * time.Second, 503: 17 * time.Second, 403: 0, 200: 0} {
			s := newScripted(op, reply{status: status, body: `{"error":"canary"}`, header: http.Header{"Retry-After": {"17"}}})
			a := newTestAccount(t, &memoryStore{token: "t"}, s.options())
			_, err := a.Token(t.Context())
			if op == opDeviceCode {
				err = a.SignIn(t.Context(), func(DeviceCode) error { return errStore })
			}
			failure, ok := errors.AsType[*Error](err)
			require.True(t, ok, "%s %d: %v", op, status, err)
			assert.Equal(t, want, failure.RetryAfter, "%s %d", op, status)
			assert.Equal(t, status, failure.Status)
			assert.Equal(t, want > 0, strings.HasSuffix(err.Error(), "; retry after 17s"), err.Error())
		}
	}
}

// The status is known also if the response is none that can be used.
func TestStatusOfUnusableResponses(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", maxResponse+1)
	for _, op := range []string{opAccessToken, opExchange} {
		for _, test := range []struct {
			reply reply
			want  error
		}{
			{reply{status: 200, body: "<html>"}, ErrServiceChanged},
			{reply{status: 200, body: large}, ErrServiceChanged},
			{reply{status: 200, body: "{"}, ErrServiceChanged},
			{reply{status: 204}, ErrServiceChanged},
			{reply{status: 400, body: large}, ErrServiceChanged},
			{reply{status: 429, body: large}, skypecontacts.ErrRateLimited},
			{reply{status: 500, body: large}, skypecontacts.ErrUnavailable},
		} {
			_, err := newTestAccount(t, &memoryStore{token: "t"}, newScripted(op, test.reply).options()).Token(t.Context())
			requireMeaning(t, err, test.want)
			assert.Equal(t, test.reply.status, showError(t, err).status, "%s %d", op, test.reply.status)
		}
	}
}
