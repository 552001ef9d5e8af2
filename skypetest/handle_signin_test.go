package skypetest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	testClientID = "11111111-2222-4333-8444-555555555555"
	testScope    = "service::api.fl.spaces.skype.com::MBI_SSL openid profile offline_access"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
)

// postForm sends a form and returns the response with its JSON object.
func postForm(t *testing.T, target string, form map[string]string) (status int, body map[string]any) {
	t.Helper()
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	resp := send(t, http.MethodPost, target, values.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	require.NoError(t, json.Unmarshal([]byte(resp.body), &body), resp.body)
	return resp.status, body
}

// beginSignIn returns the response to a request for a device code.
func beginSignIn(t *testing.T, srv *skypetest.Server, scope string) map[string]any {
	t.Helper()
	status, body := postForm(t, srv.SignInEndpoints().DeviceCode, map[string]string{"client_id": testClientID, "scope": scope})
	require.Equal(t, http.StatusOK, status)
	return body
}

// poll returns status and body of a poll.
func poll(t *testing.T, srv *skypetest.Server, deviceCode any) (status int, body map[string]any) {
	t.Helper()
	return postForm(t, srv.SignInEndpoints().Token, map[string]string{
		"grant_type": deviceGrant, "client_id": testClientID, "device_code": deviceCode.(string),
	})
}

// signedIn is the tokens of a sign-in.
type signedIn struct{ AccessToken, RefreshToken string }

// signIn signs the first account in.
func signIn(t *testing.T, srv *skypetest.Server) signedIn {
	t.Helper()
	begun := beginSignIn(t, srv, testScope)
	srv.ApproveSignIn(begun["user_code"].(string), "")
	status, body := poll(t, srv, begun["device_code"])
	require.Equal(t, http.StatusOK, status)
	return signedIn{body["access_token"].(string), body["refresh_token"].(string)}
}

// refresh returns status and body of a request for another access token.
func refresh(t *testing.T, srv *skypetest.Server, token string) (status int, body map[string]any) {
	t.Helper()
	return postForm(t, srv.SignInEndpoints().Token, map[string]string{
		"grant_type": "refresh_token", "client_id": testClientID, "refresh_token": token, "scope": testScope,
	})
}

// exchange returns the response to the exchange of an access token.
func exchange(t *testing.T, srv *skypetest.Server, accessToken string) rawResponse {
	t.Helper()
	return send(t, http.MethodPost, srv.SignInEndpoints().Exchange, "", map[string]string{"Authorization": "Bearer " + accessToken})
}

// without returns a copy of the object in which members have been checked and are gone.
func without(t *testing.T, body map[string]any, members ...string) map[string]any {
	t.Helper()
	for _, name := range members {
		assert.NotEmpty(t, body[name], name)
		delete(body, name)
	}
	return body
}

// From a device code to the contact list, request by request.
func TestSignInStepByStep(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	begun := beginSignIn(t, srv, testScope)
	deviceCode, userCode := begun["device_code"], begun["user_code"].(string)
	page := srv.URL + "/login/device"
	assert.Equal(t, map[string]any{
		"verification_uri": page, "expires_in": 900.0, "interval": 1.0,
		"message": "To sign in, use a web browser to open the page " + page + " and enter the code " + userCode + " to authenticate.",
	}, without(t, begun, "device_code", "user_code"))

	status, body := poll(t, srv, deviceCode)
	assert.Equal(t, 400, status)
	assert.Equal(t, "authorization_pending", body["error"])
	assert.Equal(t, []any{70016.0}, body["error_codes"])

	srv.ApproveSignIn(userCode, "8:joe.4")
	status, body = poll(t, srv, deviceCode)
	assert.Equal(t, 200, status)
	access, first := body["access_token"].(string), body["refresh_token"].(string)
	assert.Equal(t, map[string]any{"token_type": "Bearer", "scope": testScope, "expires_in": 3600.0, "ext_expires_in": 3600.0},
		without(t, body, "access_token", "refresh_token"))

	status, body = poll(t, srv, deviceCode)
	assert.Equal(t, 400, status, "a code is used once")
	assert.Equal(t, "bad_verification_code", body["error"])

	status, body = refresh(t, srv, first)
	assert.Equal(t, 200, status)
	assert.NotEqual(t, access, body["access_token"])
	assert.NotEqual(t, first, body["refresh_token"])

	resp := exchange(t, srv, body["access_token"].(string))
	require.Equal(t, 200, resp.status, resp.body)
	var exchanged map[string]map[string]any
	require.NoError(t, json.Unmarshal([]byte(resp.body), &exchanged))
	skypeToken := exchanged["skypeToken"]["skypetoken"].(string)
	assert.Equal(t, map[string]map[string]any{
		"skypeToken": {"expiresIn": 86397.0, "skypeid": "joe.4", "signinname": "joe.4@example.com", "isBusinessTenant": false},
		"regionGtms": {
			"chatService": "https://chatservice.example", "middleTier": "https://middletier.example", "unifiedPresence": "https://presence.example",
		},
	}, map[string]map[string]any{"skypeToken": without(t, exchanged["skypeToken"], "skypetoken"), "regionGtms": exchanged["regionGtms"]})

	list := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/SELF/contacts", "", map[string]string{"Authentication": "skypetoken=" + skypeToken})
	assert.Equal(t, 200, list.status)
	assert.Contains(t, list.body, "8:fred.2")

	var got []string
	for _, r := range srv.Requests() {
		got = append(got, r.Operation+" "+string(r.Account))
	}
	assert.Equal(t, []string{
		"GetDeviceCode ", "GetAccessToken ", "GetAccessToken 8:joe.4", "GetAccessToken ", "GetAccessToken 8:joe.4", "ExchangeToken 8:joe.4", "ListContacts 8:joe.4",
	}, got)
}

// What is refused, with the code of OAuth and Microsoft's number.
func TestSignInRefusals(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	endpoints := srv.SignInEndpoints()
	signed := signIn(t, srv)
	for _, test := range []struct {
		name, url string
		form      map[string]string
		code      string
		number    any
	}{
		{"no client", endpoints.DeviceCode, map[string]string{"scope": testScope}, "invalid_request", 900144.0},
		{"no form", endpoints.DeviceCode, map[string]string{}, "invalid_request", 900144.0},
		{"other scope", endpoints.DeviceCode, map[string]string{"client_id": "c", "scope": "https://api.spaces.skype.com/.default"}, "invalid_scope", 70011.0},
		{"no grant", endpoints.Token, map[string]string{"client_id": "c"}, "unsupported_grant_type", 70003.0},
		{"unknown device code", endpoints.Token, map[string]string{"client_id": testClientID, "grant_type": deviceGrant, "device_code": "x"}, "bad_verification_code", nil},
		{"unknown refresh token", endpoints.Token, map[string]string{"client_id": testClientID, "grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant", 70000.0},
		{"refresh token of another client", endpoints.Token, map[string]string{"client_id": "c", "grant_type": "refresh_token", "refresh_token": signed.RefreshToken}, "invalid_grant", 70000.0},
		{"refresh with another scope", endpoints.Token, map[string]string{
			"client_id": testClientID, "grant_type": "refresh_token", "refresh_token": signed.RefreshToken, "scope": "openid",
		}, "invalid_scope", 70011.0},
	} {
		status, body := postForm(t, test.url, test.form)
		assert.Equal(t, 400, status, test.name)
		assert.Equal(t, test.code, body["error"], test.name)
		var numbers any
		if test.number != nil {
			numbers = []any{test.number}
		}
		assert.Equal(t, numbers, body["error_codes"], test.name)
	}
	for token, want := range map[string]int{"": 401, signed.RefreshToken: 401, "sample-skype-token-1": 401, signed.AccessToken: 200} {
		assert.Equal(t, want, exchange(t, srv, token).status, token)
	}
	wrongScheme := send(t, http.MethodPost, endpoints.Exchange, "", map[string]string{"Authorization": signed.AccessToken})
	assert.Equal(t, 401, wrongScheme.status)
	assert.JSONEq(t, `{"status":{"code":40100,"text":"Authentication failed"}}`, wrongScheme.body)
}

// A form with another media type, or with none, is not read, as servers of OAuth do.
func TestSignInMediaType(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	endpoints := srv.SignInEndpoints()
	signed := signIn(t, srv)
	begin := url.Values{"client_id": {testClientID}, "scope": {testScope}}.Encode()
	again := url.Values{"client_id": {testClientID}, "grant_type": {"refresh_token"}, "refresh_token": {signed.RefreshToken}}.Encode()
	for mediaType, want := range map[string]int{
		"": 400, "text/plain": 400, "application/json": 400, "multipart/form-data": 400, "x": 400, "application/x-www-form-urlencoded x": 400,
		"application/x-www-form-urlencoded": 200, "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8": 200,
	} {
		for address, form := range map[string]string{endpoints.DeviceCode: begin, endpoints.Token: again} {
			resp := send(t, http.MethodPost, address, form, map[string]string{"Content-Type": mediaType})
			assert.Equal(t, want, resp.status, "%q: %s", mediaType, resp.body)
		}
	}
}

// Without offline_access there is no refresh token, and a client may ask for the tenant
// by its identifier.
func TestSignInVariants(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	begun := beginSignIn(t, srv, "service::api.fl.spaces.skype.com::MBI_SSL")
	srv.ApproveSignIn(begun["user_code"].(string), "")
	_, body := poll(t, srv, begun["device_code"])
	assert.NotEmpty(t, body["access_token"])
	assert.NotContains(t, body, "refresh_token")

	status, _ := postForm(t, srv.URL+"/login/9188040d-6c67-4c5b-b112-36a304b66dad/oauth2/v2.0/devicecode",
		map[string]string{"client_id": testClientID, "scope": testScope})
	assert.Equal(t, 200, status)
	status, body = postForm(t, srv.URL+"/login/common/oauth2/v2.0/devicecode", map[string]string{"client_id": testClientID, "scope": testScope})
	assert.Equal(t, 404, status)
	assert.Equal(t, map[string]any{"error": "invalid_request", "error_description": "No handler found for resource"}, body)
}

// A client that polls again at once is told to slow down, and goes on.
func TestPollTooFast(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	begun := beginSignIn(t, srv, testScope)
	codes := map[any]int{}
	for range 20 { // a busy machine may need half a second for some
		_, body := poll(t, srv, begun["device_code"])
		codes[body["error"]]++
	}
	assert.Positive(t, codes["slow_down"])
	assert.Equal(t, 20, codes["slow_down"]+codes["authorization_pending"])
	srv.ApproveSignIn(begun["user_code"].(string), "")
	status, _ := poll(t, srv, begun["device_code"])
	assert.Equal(t, 200, status)
}

// A user approves or declines on the page, as any account.
func TestSignInPage(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	page := srv.URL + "/login/device"
	first := send(t, http.MethodGet, page+"?user_code=ABC", "", nil)
	assert.Equal(t, 200, first.status)
	assert.Equal(t, "text/html; charset=utf-8", first.header.Get("Content-Type"))
	assert.Contains(t, first.body, `name="user_code" value="ABC"`)
	assert.Contains(t, first.body, `name="account" value="fred.2"`)

	for _, test := range []struct {
		name, account, action string
		status                int
		text                  string
		poll                  any // error of the next poll, nil if there is none
		owner                 skypecontacts.MRI
	}{
		{"form of curl", "", "", 200, "You are signed in as fred.2.", nil, "8:fred.2"},
		{"other account", "8:JOE.4", "approve", 200, "You are signed in as joe.4.", nil, "8:joe.4"},
		{"declined", "joe.4", "decline", 200, "You have declined.", "authorization_declined", ""},
		{"no such account", "nobody.9", "approve", 400, "There is no such account.", "authorization_pending", ""},
	} {
		begun := beginSignIn(t, srv, testScope)
		form := url.Values{"user_code": {begun["user_code"].(string)}, "account": {test.account}, "action": {test.action}}
		resp := send(t, http.MethodPost, page, form.Encode(), nil)
		assert.Equal(t, test.status, resp.status, test.name)
		assert.Contains(t, resp.body, test.text, test.name)
		_, body := poll(t, srv, begun["device_code"])
		assert.Equal(t, test.poll, body["error"], test.name)
		requests := srv.Requests()
		assert.Equal(t, test.owner, requests[len(requests)-1].Account, test.name)
	}
	for _, body := range []string{"user_code=ABC", "", "%"} {
		resp := send(t, http.MethodPost, page, body, nil)
		assert.Equal(t, 400, resp.status, body)
		assert.Contains(t, resp.body, "There is no such code", body)
	}
}

// Faults apply to signing in as to every operation.
func TestSignInFaults(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	signed := signIn(t, srv)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultRateLimit, Operation: "GetDeviceCode"})
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: 400, Body: `{"error":"slow_down"}`, Operation: "GetAccessToken"})
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Operation: "ExchangeToken"})
	status, body := postForm(t, srv.SignInEndpoints().DeviceCode, map[string]string{"client_id": testClientID, "scope": testScope})
	assert.Equal(t, 429, status)
	assert.Equal(t, map[string]any{"error": "temporarily_unavailable", "error_description": "API calls quota exceeded!"}, body)
	_, body = refresh(t, srv, signed.RefreshToken)
	assert.Equal(t, map[string]any{"error": "slow_down"}, body)
	assert.Equal(t, 401, exchange(t, srv, signed.AccessToken).status)
	assert.Equal(t, 401, exchange(t, srv, signed.AccessToken).status, "it stays expired")
	status, _ = refresh(t, srv, signed.RefreshToken)
	assert.Equal(t, 200, status)
}
