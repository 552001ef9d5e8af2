package skypetest

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// form returns the parameters of a body that is a form. It is empty if the body is none.
func (x *exchange) form() url.Values {
	values, err := url.ParseQuery(string(x.request.Body))
	if err != nil {
		return nil
	}
	return values
}

// oauthForm returns the parameters of a request for OAuth, which counts as one without any
// unless its media type is that of a form.
func (x *exchange) oauthForm() url.Values {
	mediaType, _, err := mime.ParseMediaType(x.request.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return nil
	}
	return x.form()
}

// getDeviceCode begins a sign-in. Any client may.
func (x *exchange) getDeviceCode() *bufferedResponse {
	form := x.oauthForm()
	scope := form.Get("scope")
	switch {
	case form.Get("client_id") == "":
		return oauthError("invalid_request", 900144, "The request body must contain the following parameter: 'client_id'.", x.now)
	case !hasScope(scope, signInScope): // NoSlacking was refused another scope of the same service
		return oauthError("invalid_scope", 70011, "The provided value for the input parameter 'scope' isn't valid.", x.now)
	}
	d := x.core.signIns.begin(x.core.state.instance, form.Get("client_id"), scope, x.now)
	return jsonResponse(http.StatusOK, deviceCodeJSON(d, x.base+loginHost.mount+"/device", x.now))
}

// hasScope reports whether a list of scopes has one of that name.
func hasScope(scopes, name string) bool { return slices.Contains(strings.Fields(scopes), name) }

// getAccessToken responds to both grants of a sign-in.
func (x *exchange) getAccessToken() *bufferedResponse {
	form := x.oauthForm()
	switch form.Get("grant_type") {
	case "urn:ietf:params:oauth:grant-type:device_code":
		return x.redeemDeviceCode(form)
	case "refresh_token":
		return x.redeemRefreshToken(form)
	default:
		return oauthError("unsupported_grant_type", 70003, "The app returned an unsupported grant type.", x.now)
	}
}

// redeemDeviceCode responds to a poll.
func (x *exchange) redeemDeviceCode(form url.Values) *bufferedResponse {
	d := x.core.signIns.byCode(form.Get("device_code"), form.Get("client_id"))
	now := time.Now() // with a part of a second, unlike that of the exchange
	switch {
	case d == nil, d.redeemed:
		return oauthError("bad_verification_code", 0, "The device code is not known.", x.now)
	case !now.Before(d.expiry):
		return oauthError("expired_token", 70019, "Verification code expired.", x.now)
	case d.declined:
		return oauthError("authorization_declined", 0, "The user declined.", x.now)
	case d.owner != nil:
		d.redeemed = true
		return x.issueTokens(refreshToken{owner: d.owner, clientID: d.clientID, scope: d.scope})
	case d.polledTooFast(now):
		return oauthError("slow_down", 0, "Too many requests.", x.now)
	default:
		return oauthError("authorization_pending", 70016, "Authorization is pending. Continue polling.", x.now)
	}
}

// redeemRefreshToken responds with another access token and another refresh token.
func (x *exchange) redeemRefreshToken(form url.Values) *bufferedResponse {
	token := x.core.signIns.refresh[form.Get("refresh_token")]
	if token == nil || token.revoked || token.clientID != form.Get("client_id") {
		return oauthError("invalid_grant", 70000, "The refresh token isn't valid.", x.now)
	}
	if scope := form.Get("scope"); scope != "" && !hasScope(scope, signInScope) {
		return oauthError("invalid_scope", 70011, "The provided value for the input parameter 'scope' isn't valid.", x.now)
	}
	issued := *token
	token.revoked = x.core.singleUse
	return x.issueTokens(issued)
}

// issueTokens responds with the tokens of a sign-in.
func (x *exchange) issueTokens(of refreshToken) *bufferedResponse {
	x.request.Account = of.owner.mri
	state, signIns := x.core.state, &x.core.signIns
	access, refresh := signIns.newToken("access-token", state.instance), ""
	addToken(state.accessTokens, access, of.owner)
	if hasScope(of.scope, refreshScope) {
		refresh = signIns.newRefreshToken(state.instance, of)
	}
	return jsonResponse(http.StatusOK, accessTokenJSON(access, refresh, of.scope))
}

// exchangeToken responds with a Skype token that is valid beside all others of the
// account.
func (x *exchange) exchangeToken() *bufferedResponse {
	state := x.core.state
	token := x.core.signIns.newToken("skype-token-of-sign-in", state.instance)
	addToken(state.skypeTokens, token, x.self)
	return jsonResponse(http.StatusOK, skypeTokenJSON(x.self, token))
}

// getSignInPage responds with the page on which a user confirms a sign-in.
func (x *exchange) getSignInPage() *bufferedResponse {
	return x.signInPage(http.StatusOK, x.query.Get("user_code"), "")
}

// confirmSignIn is what that page sends. The account is the first one unless the form
// names another.
func (x *exchange) confirmSignIn() *bufferedResponse {
	form := x.form()
	userCode := form.Get("user_code")
	owner := x.core.state.accounts[0]
	if name := form.Get("account"); name != "" {
		owner = x.core.state.accountByKey[mriKey(skypecontacts.MRI(name))]
	}
	d := x.core.signIns.unconfirmed(userCode, x.now)
	switch {
	case d == nil:
		return x.signInPage(http.StatusBadRequest, userCode, "There is no such code, or it has expired.")
	case form.Get("action") == "decline":
		d.declined = true
		return x.signInPage(http.StatusOK, "", "You have declined. You can close this page.")
	case owner == nil:
		return x.signInPage(http.StatusBadRequest, userCode, "There is no such account.")
	}
	d.owner = owner
	return x.signInPage(http.StatusOK, "", "You are signed in as "+mriName(owner.mri)+". You can close this page.")
}

func (x *exchange) signInPage(status int, userCode, message string) *bufferedResponse {
	account := mriName(x.core.state.accounts[0].mri)
	return &bufferedResponse{status, http.Header{"Content-Type": {htmlContentType}}, []byte(signInHTML(userCode, account, message))}
}
