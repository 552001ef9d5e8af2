package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/credential"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// The requests of a sign-in, byte for byte, what the user is shown, and the result.
func TestSignIn(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	store := &memoryStore{}
	a := newTestAccount(t, store, serverOptions(srv))
	var code DeviceCode
	require.NoError(t, a.SignIn(t.Context(), func(c DeviceCode) error {
		code = c
		srv.ApproveSignIn(c.UserCode(), "joe.4")
		return nil
	}))
	assert.Equal(t, srv.URL+"/login/device", code.VerificationURI)
	assert.Len(t, code.UserCode(), 9)
	assert.WithinDuration(t, time.Now().Add(15*time.Minute), code.Expiry, time.Minute)
	assert.Equal(t, []string{store.stored()}, store.saved)
	assert.NotEmpty(t, store.stored())

	sent := srv.Requests()
	require.Len(t, sent, 2)
	const escaped = "service%3A%3Aapi.fl.spaces.skype.com%3A%3AMBI_SSL+openid+profile+offline_access"
	assert.Equal(t, "POST /login/consumers/oauth2/v2.0/devicecode client_id="+testClientID+"&scope="+escaped,
		sent[0].Method+" "+sent[0].Path+" "+string(sent[0].Body))
	body := string(sent[1].Body)
	deviceCode, _, _ := strings.Cut(strings.SplitAfter(body, "device_code=")[1], "&")
	assert.Equal(t, "client_id="+testClientID+"&device_code="+deviceCode+
		"&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&scope="+escaped, body)
	for _, r := range sent {
		assert.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
	}

	token, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, token.Value())
	requests := srv.Requests()
	assert.Equal(t, skypecontacts.MRI("8:joe.4"), requests[len(requests)-1].Account)
}

// pending is the response to a poll before the user has confirmed.
var pending = reply{status: 400, body: `{"error":"authorization_pending","error_codes":[70016]}`}

// Polls come as seldom as the service wants, and a failed one is followed by others.
func TestPolling(t *testing.T) {
	t.Parallel()
	good := reply{status: 200, body: goodAccess}
	slow := reply{status: 400, body: `{"error":"slow_down"}`}
	plain := reply{status: 400, body: pending.body, header: http.Header{"Content-Type": {"text/plain"}}}
	for _, test := range []struct {
		name   string
		device string // members of the response with the device code
		polls  []reply
		want   []int // seconds after the begin
	}{
		{"every five seconds", `"interval":5`, []reply{pending, pending, good}, []int{5, 10, 15}},
		{"every two seconds", `"interval":2`, []reply{pending, good}, []int{2, 4}},
		{"without an interval", `"x":1`, []reply{pending, good}, []int{5, 10}},
		{"interval zero", `"interval":0`, []reply{pending, good}, []int{5, 10}},
		{"slow down", `"interval":5`, []reply{pending, slow, pending, slow, good}, []int{5, 10, 20, 30, 45}},
		{"lost connection", `"interval":5`, []reply{pending, {err: errors.New("lost")}, pending, good}, []int{5, 10, 20, 30}},
		{"busy, says a code", `"interval":5`, []reply{{status: 400, body: `{"error":"temporarily_unavailable"}`}, {status: 400, body: `{"error":"server_error"}`}, good}, []int{5, 15, 30}},
		{"busy with a large page", `"interval":5`, []reply{{status: 503, body: strings.Repeat("x", maxResponse+1)}, good}, []int{5, 15}},
		{"pending, not as JSON", `"interval":5`, []reply{plain, good}, []int{5, 10}},
		{"busy", `"interval":5`, []reply{{status: 503, body: "<html>"}, {status: 429}, {status: 408}, good}, []int{5, 15, 30, 50}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScripted(opAccessToken, test.polls...)
				s.replies[opDeviceCode] = []reply{{status: 200, body: strings.Replace(goodDeviceCode, `"interval":5`, test.device, 1)}}
				began := time.Now()
				var got []int
				opts := s.options()
				opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
					if req.URL.Path == "/token" {
						got = append(got, int(time.Since(began).Seconds()))
					}
					return s.RoundTrip(req)
				})
				store := &memoryStore{}
				require.NoError(t, newTestAccount(t, store, opts).SignIn(t.Context(), func(DeviceCode) error { return nil }))
				assert.Equal(t, test.want, got)
				assert.Equal(t, "canary-refresh-token-2", store.stored())
			})
		})
	}
}

// What ends a sign-in, with the error, and that it ends then.
func TestSignInErrors(t *testing.T) {
	t.Parallel()
	bad := func(body string) reply { return reply{status: 400, body: body} }
	for _, test := range []struct {
		name     string
		op       string
		replies  []reply
		want     []error
		shown    shown
		after    time.Duration
		requests int
	}{
		{
			"declined", opAccessToken,
			[]reply{pending, bad(`{"error":"authorization_declined","error_description":"canary"}`)},
			[]error{ErrConsent},
			shown{opAccessToken, 400, "authorization_declined", 0, "teamsauth: GetAccessToken: 400 Bad Request (authorization_declined): the user has not consented"},
			10 * time.Second, 3,
		},
		{
			"denied", opAccessToken,
			[]reply{bad(`{"error":"access_denied"}`)},
			[]error{ErrConsent},
			shown{opAccessToken, 400, "access_denied", 0, "teamsauth: GetAccessToken: 400 Bad Request (access_denied): the user has not consented"},
			5 * time.Second, 2,
		},
		{
			"expired, says the service", opAccessToken,
			[]reply{bad(`{"error":"expired_token","error_codes":[70019]}`)},
			[]error{ErrCodeExpired},
			shown{opAccessToken, 400, "expired_token", 70019, "teamsauth: GetAccessToken: 400 Bad Request (expired_token, AADSTS70019): the device code has expired"},
			5 * time.Second, 2,
		},
		{
			"forgotten", opAccessToken,
			[]reply{bad(`{"error":"bad_verification_code"}`)},
			[]error{ErrCodeExpired},
			shown{opAccessToken, 400, "bad_verification_code", 0, "teamsauth: GetAccessToken: 400 Bad Request (bad_verification_code): the device code has expired"},
			5 * time.Second, 2,
		},
		{
			"nobody confirms", opAccessToken,
			[]reply{pending},
			[]error{ErrCodeExpired},
			shown{opAccessToken, 0, "", 0, "teamsauth: GetAccessToken: the device code has expired"},
			900 * time.Second, 180,
		},
		{
			"the network is gone", opAccessToken,
			[]reply{{err: errors.New("canary")}},
			[]error{skypecontacts.ErrUnavailable},
			shown{opAccessToken, 0, "", 0, "teamsauth: GetAccessToken: no response"},
			900 * time.Second, 19,
		},
		{
			"the service is out of order", opAccessToken,
			[]reply{{status: 500, body: "canary"}},
			[]error{skypecontacts.ErrUnavailable},
			shown{opAccessToken, 500, "", 0, "teamsauth: GetAccessToken: 500 Internal Server Error: service unavailable"},
			900 * time.Second, 19,
		},
		{
			"an unknown refusal", opAccessToken,
			[]reply{bad(`{"error":"canary"}`)},
			nil,
			shown{opAccessToken, 400, "", 0, "teamsauth: GetAccessToken: 400 Bad Request: the service refused the request"},
			5 * time.Second, 2,
		},
		{
			"client without public flows", opAccessToken,
			[]reply{{status: 401, body: `{"error":"invalid_client","error_codes":[7000218]}`}},
			[]error{ErrClientRefused},
			shown{opAccessToken, 401, "invalid_client", 7000218, "teamsauth: GetAccessToken: 401 Unauthorized (invalid_client, AADSTS7000218): the client ID was refused"},
			5 * time.Second, 2,
		},
		{
			"no refresh token", opAccessToken,
			[]reply{{status: 200, body: `{"access_token":"canary"}`}},
			[]error{ErrServiceChanged},
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response has no refresh token"},
			5 * time.Second, 2,
		},
		{
			"a page", opAccessToken,
			[]reply{{status: 200, body: `<html>canary</html>`}},
			[]error{ErrServiceChanged},
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response is not a JSON object"},
			5 * time.Second, 2,
		},
		{
			"a long response", opAccessToken,
			[]reply{{status: 200, body: strings.Repeat("canary", 50_000)}},
			[]error{ErrServiceChanged},
			shown{opAccessToken, 200, "", 0, "teamsauth: GetAccessToken: 200 OK: the response is too large"},
			5 * time.Second, 2,
		},
		{
			"scope", opDeviceCode,
			[]reply{bad(`{"error":"invalid_scope","error_codes":[70011]}`)},
			[]error{ErrClientRefused},
			shown{opDeviceCode, 400, "invalid_scope", 70011, "teamsauth: GetDeviceCode: 400 Bad Request (invalid_scope, AADSTS70011): the client ID was refused"},
			0, 1,
		},
		{
			"device code: no response", opDeviceCode,
			[]reply{{err: errors.New("canary")}},
			[]error{skypecontacts.ErrUnavailable},
			shown{opDeviceCode, 0, "", 0, "teamsauth: GetDeviceCode: no response"},
			0, 1,
		},
		{
			"device code: other JSON", opDeviceCode,
			[]reply{{status: 200, body: `{"expires_in":"canary"}`}},
			[]error{ErrServiceChanged},
			shown{opDeviceCode, 200, "", 0, "teamsauth: GetDeviceCode: 200 OK: the response is not the JSON of a device code"},
			0, 1,
		},
		{
			"device code: null", opDeviceCode,
			[]reply{{status: 200, body: `null`}},
			[]error{ErrServiceChanged},
			shown{opDeviceCode, 200, "", 0, "teamsauth: GetDeviceCode: 200 OK: the response is not a JSON object"},
			0, 1,
		},
		{
			"device code: none", opDeviceCode,
			[]reply{{status: 200, body: `{"user_code":"CANARY"}`}},
			[]error{ErrServiceChanged},
			shown{opDeviceCode, 200, "", 0, "teamsauth: GetDeviceCode: 200 OK: the response has no device code"},
			0, 1,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScripted(test.op, test.replies...)
				store := &memoryStore{token: "kept"}
				began := time.Now()
				err := newTestAccount(t, store, s.options()).SignIn(t.Context(), func(DeviceCode) error { return nil })
				require.Error(t, err)
				requireMeaning(t, err, test.want...)
				assert.Equal(t, test.shown, showError(t, err))
				assert.Equal(t, test.after, time.Since(began).Truncate(time.Second))
				// At its end a poll may still be sent.
				assert.Contains(t, []int{test.requests, test.requests + 1}, len(s.requests))
				assert.Equal(t, "kept", store.stored())
			})
		})
	}
}

// Before the user is asked it is known that the store works. What the program says ends
// the sign-in, too.
func TestSignInEndsEarly(t *testing.T) {
	t.Parallel()
	s := newScripted("")
	store := &memoryStore{loadErr: errStore}
	a := newTestAccount(t, store, s.options())
	err := a.SignIn(t.Context(), func(DeviceCode) error { return nil })
	require.ErrorIs(t, err, errStore)
	assert.Equal(t, shown{opLoad, 0, "", 0, "teamsauth: LoadRefreshToken: the store failed"}, showError(t, err))
	assert.Empty(t, s.requests)

	store.failSaves(nil)
	err = a.SignIn(t.Context(), func(DeviceCode) error { return errStore })
	require.Equal(t, errStore, err)
	assert.Len(t, s.requests, 1, "nothing is polled")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, context.Canceled, a.SignIn(ctx, func(DeviceCode) error { return nil }))
}

// A sign-in ends with its context while it waits.
func TestSignInCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newTestAccount(t, &memoryStore{}, newScripted(opAccessToken, pending).options())
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		began := time.Now()
		err := a.SignIn(ctx, func(DeviceCode) error { return nil })
		require.Equal(t, context.DeadlineExceeded, err)
		assert.Equal(t, 12*time.Second, time.Since(began))
	})
}

// It ends with its context also during the request for a code, with the error of that.
func TestSignInCanceledAtTheBegin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		opts := newScripted("").options()
		opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := newTestAccount(t, &memoryStore{}, opts).SignIn(ctx, func(DeviceCode) error { return nil })
		require.Equal(t, context.DeadlineExceeded, err)
	})
}

// A refresh token that cannot be stored after the user has confirmed is not lost: the
// account stores it at the next call.
func TestSignInSaveFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScripted("")
		store := &memoryStore{saveErr: errStore}
		a := newTestAccount(t, store, s.options())
		err := a.SignIn(t.Context(), func(DeviceCode) error { return nil })
		require.ErrorIs(t, err, errStore)
		assert.Equal(t, opSave, showError(t, err).op)
		assert.Empty(t, store.stored())
		store.failSaves(nil)
		_, err = a.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "canary-refresh-token-2", store.stored())
	})
}

// Another sign-in replaces the one before.
func TestSignInAgain(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	a, store, n := signedInAccount(t, srv)
	before := store.stored()
	require.NoError(t, a.SignIn(t.Context(), func(c DeviceCode) error {
		srv.ApproveSignIn(c.UserCode(), "daisy.5")
		return nil
	}))
	assert.NotEqual(t, before, store.stored())
	_, err := a.Token(t.Context())
	require.NoError(t, err)
	requests := srv.Requests()
	assert.Equal(t, skypecontacts.MRI("8:daisy.5"), requests[len(requests)-1].Account)
	assert.Len(t, requests, n+4)
}

// What a user is shown is a code and a page of https, and expires in time.
func TestNewDeviceCode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		const noCode, noPage = "the response has no device code", "the response has no page for the user"
		for _, test := range []struct {
			name   string
			change func(*oauth2.DeviceAuthResponse)
			expiry time.Duration
			want   string
		}{
			{"good", func(*oauth2.DeviceAuthResponse) {}, 10 * time.Minute, ""},
			{"does not say when it expires", func(r *oauth2.DeviceAuthResponse) { r.Expiry = time.Time{} }, 15 * time.Minute, ""},
			{"a day", func(r *oauth2.DeviceAuthResponse) { r.Expiry = now.Add(24 * time.Hour) }, time.Hour, ""},
			{"a page with the code", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI += "?otc=CANARY#CANARY" }, 10 * time.Minute, ""},
			{"expired", func(r *oauth2.DeviceAuthResponse) { r.Expiry = now }, 0, "the response has a device code that has expired"},
			{"no device code", func(r *oauth2.DeviceAuthResponse) { r.DeviceCode = "" }, 0, noCode},
			{"no user code", func(r *oauth2.DeviceAuthResponse) { r.UserCode = "" }, 0, noCode},
			{"a user code that moves the cursor", func(r *oauth2.DeviceAuthResponse) { r.UserCode = "A\x1b[2J" }, 0, noCode},
			{"a long user code", func(r *oauth2.DeviceAuthResponse) { r.UserCode = strings.Repeat("A", 65) }, 0, noCode},
			{"no page", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "" }, 0, noPage},
			{"a page by http", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "http://sign.example" }, 0, noPage},
			{"a page of this machine", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "http://127.0.0.1/" }, 0, noPage},
			{"a script", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "javascript:alert(1)" }, 0, noPage},
			{"a page with a user", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "https://microsoft.com@sign.example/" }, 0, noPage},
			{"a page without a host", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "https:///x" }, 0, noPage},
			{"a page that moves the cursor", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "https://sign.example/\x1b" }, 0, noPage},
			{"a page and more", func(r *oauth2.DeviceAuthResponse) { r.VerificationURI = "https://sign.example/ and more" }, 0, noPage},
		} {
			auth := &oauth2.DeviceAuthResponse{DeviceCode: "canary", UserCode: "CANARY", VerificationURI: "https://sign.example/page", Expiry: now.Add(10 * time.Minute)}
			test.change(auth)
			before := *auth
			code, err := newDeviceCode(auth, false)
			assert.Equal(t, before, *auth, test.name)
			if test.want != "" {
				assert.EqualError(t, err, test.want, test.name)
				assert.Empty(t, code.UserCode()+code.VerificationURI, test.name)
				continue
			}
			require.NoError(t, err, test.name)
			assert.Equal(t, []any{"CANARY", "https://sign.example/page", now.Add(test.expiry)}, []any{code.UserCode(), code.VerificationURI, code.Expiry}, test.name)
			assertClean(t, test.name, printed(code))
		}
		local := &oauth2.DeviceAuthResponse{DeviceCode: "c", UserCode: "C", VerificationURI: "http://127.0.0.1:80/page"}
		_, err := newDeviceCode(local, true)
		require.NoError(t, err)
	})
	assert.Empty(t, DeviceCode{}.UserCode())
	assert.Contains(t, printed(DeviceCode{VerificationURI: "https://sign.example/page", userCode: credential.NewSecret("CANARY")}), "https://sign.example/page [redacted]")
}

// A poll whose response was lost may have used up the code. The error is that of the
// poll, not that nobody has confirmed in time.
func TestLostPoll(t *testing.T) {
	t.Parallel()
	lost, gone := reply{err: errors.New("canary")}, reply{status: 400, body: `{"error":"bad_verification_code"}`}
	const noResponse, busy = "teamsauth: GetAccessToken: no response", "teamsauth: GetAccessToken: 504 Gateway Timeout: service unavailable"
	for name, test := range map[string]struct {
		polls []reply
		want  error
		text  string
	}{
		"used":                       {[]reply{lost, gone}, skypecontacts.ErrUnavailable, noResponse},
		"used, as RFC 6749 says it":  {[]reply{lost, {status: 400, body: `{"error":"invalid_grant"}`}}, skypecontacts.ErrUnavailable, noResponse},
		"used behind a gateway":      {[]reply{{status: 504}, gone}, skypecontacts.ErrUnavailable, busy},
		"not used":                   {[]reply{lost, pending, gone}, ErrCodeExpired, "teamsauth: GetAccessToken: 400 Bad Request (bad_verification_code): the device code has expired"},
		"never lost":                 {[]reply{{status: 400, body: `{"error":"invalid_grant"}`}}, ErrCodeExpired, "teamsauth: GetAccessToken: 400 Bad Request (invalid_grant): the device code has expired"},
		"lost, and then declined":    {[]reply{lost, {status: 400, body: `{"error":"access_denied"}`}}, ErrConsent, "teamsauth: GetAccessToken: 400 Bad Request (access_denied): the user has not consented"},
		"lost until the code's end":  {[]reply{lost}, skypecontacts.ErrUnavailable, noResponse},
		"asked to wait until then":   {[]reply{{status: 429, header: http.Header{"Retry-After": {"60"}}}}, skypecontacts.ErrRateLimited, "teamsauth: GetAccessToken: 429 Too Many Requests: rate limited; retry after 1m0s"},
		"lost, but then not for 14'": {[]reply{lost, pending}, ErrCodeExpired, "teamsauth: GetAccessToken: the device code has expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := newTestAccount(t, &memoryStore{}, newScripted(opAccessToken, test.polls...).options()).SignIn(t.Context(), func(DeviceCode) error { return nil })
				require.EqualError(t, err, test.text)
				requireMeaning(t, err, test.want)
			})
		})
	}
}

// A service that does not respond at all is no user who has not confirmed, also if the last
// poll is cut off by the end of the code.
func TestNoResponseUntilTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScripted("")
		opts := s.options()
		opts.Transport = roundTripFunc(func(req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/token" {
				<-req.Context().Done()
				return nil, req.Context().Err()
			}
			return s.RoundTrip(req)
		})
		for _, lifetime := range []string{"900", "834", "835"} {
			s.replies[opDeviceCode] = []reply{{status: 200, body: strings.Replace(goodDeviceCode, "900", lifetime, 1)}}
			err := newTestAccount(t, &memoryStore{}, opts).SignIn(t.Context(), func(DeviceCode) error { return nil })
			require.EqualError(t, err, "teamsauth: GetAccessToken: no response in time", lifetime)
			require.ErrorIs(t, err, skypecontacts.ErrUnavailable)
			require.NotErrorIs(t, err, ErrCodeExpired)
		}
	})
}

// That signing in is required is no result of signing in. Without a function that shows
// the code nothing is requested.
func TestSignInIsNotRequired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, code := range []string{"invalid_grant", "interaction_required", "login_required"} {
			for op, want := range map[string][]error{opDeviceCode: nil, opAccessToken: {ErrCodeExpired}} {
				s := newScripted(op, reply{status: 400, body: `{"error":"` + code + `"}`})
				err := newTestAccount(t, &memoryStore{}, s.options()).SignIn(t.Context(), func(DeviceCode) error { return nil })
				requireMeaning(t, err, want...)
				assert.Equal(t, code, showError(t, err).code)
			}
		}
		s := newScripted("")
		err := newTestAccount(t, &memoryStore{}, s.options()).SignIn(t.Context(), nil)
		require.EqualError(t, err, "invalid argument: the function that shows the device code is nil")
		require.ErrorIs(t, err, skypecontacts.ErrInvalid)
		assert.Empty(t, s.requests)
	})
}

// What cannot be written is known before the user is asked.
func TestSignInTriesToWrite(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "none", "rt")
	readOnly := filepath.Join(t.TempDir(), "rt")
	require.NoError(t, os.Chmod(filepath.Dir(readOnly), 0o500))
	t.Cleanup(func() { assert.NoError(t, os.Chmod(filepath.Dir(readOnly), 0o700)) })
	tests := map[string]string{
		missing: fmt.Sprintf("teamsauth: SaveRefreshToken: file %q: no such file or directory", missing),
		"":      `teamsauth: LoadRefreshToken: file "": the path is empty`,
	}
	if os.Geteuid() > 0 { // a file system lets root write everywhere
		tests[readOnly] = fmt.Sprintf("teamsauth: SaveRefreshToken: file %q: permission denied", readOnly)
	}
	for path, want := range tests {
		s := newScripted("")
		err := newTestAccount(t, File(path), s.options()).SignIn(t.Context(), func(DeviceCode) error { return nil })
		if runtime.GOOS == "windows" {
			require.Error(t, err)
		} else {
			require.EqualError(t, err, want)
		}
		assert.Empty(t, s.requests)
	}
}

// A context that ends while the token is being stored does not cost it.
func TestSignInEndsWhileStoring(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		store := &slowStore{save: func(ctx context.Context) {
			cancel()
			time.Sleep(time.Minute)
			assert.NoError(t, ctx.Err())
		}}
		err := newTestAccount(t, store, newScripted("").options()).SignIn(ctx, func(DeviceCode) error { return nil })
		require.Equal(t, context.Canceled, err)
		time.Sleep(2 * time.Minute)
		assert.Equal(t, "canary-refresh-token-2", store.stored())
	})
}
