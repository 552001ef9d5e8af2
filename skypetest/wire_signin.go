package skypetest

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"
)

// oauthError is an error of the sign-in as Microsoft documents it. The number is the one
// that begins with AADSTS, 0 if there is none to be found for the error.
func oauthError(code string, number int, text string, now time.Time) *bufferedResponse {
	body := jsonObject{
		"error": code, "error_description": text, "timestamp": now.Format("2006-01-02 15:04:05Z"),
		"trace_id": "00000000-0000-4000-8000-000000000001", "correlation_id": "00000000-0000-4000-8000-000000000002",
	}
	if number != 0 {
		body["error_codes"] = []int{number}
		body["error_description"] = fmt.Sprintf("AADSTS%d: %s", number, text)
	}
	return jsonResponse(http.StatusBadRequest, body)
}

// deviceCodeJSON is the response to the begin of a sign-in.
func deviceCodeJSON(d *deviceCode, page string, now time.Time) jsonObject {
	return jsonObject{
		"device_code":      d.code,
		"user_code":        d.userCode,
		"verification_uri": page,
		"expires_in":       int(d.expiry.Sub(now).Seconds()),
		"interval":         int(d.interval.Seconds()),
		"message":          "To sign in, use a web browser to open the page " + page + " and enter the code " + d.userCode + " to authenticate.",
	}
}

// accessTokenJSON is the response with the tokens of a sign-in. refresh is "" if there is
// no refresh token.
func accessTokenJSON(access, refresh, scope string) jsonObject {
	o := jsonObject{
		"token_type": "Bearer", "scope": scope, "access_token": access,
		"expires_in": int(accessTokenLifetime.Seconds()), "ext_expires_in": int(accessTokenLifetime.Seconds()),
	}
	if refresh != "" {
		o["refresh_token"] = refresh
	}
	return o
}

// skypeTokenJSON is the response to the exchange of an access token, as issue 5046 of
// Miranda NG quotes one. No client of contacts uses the addresses in regionGtms, so those
// here lead nowhere.
func skypeTokenJSON(owner *accountState, token string) jsonObject {
	signInName := mriName(owner.mri)
	if len(owner.profile.Emails) > 0 {
		signInName = owner.profile.Emails[0]
	}
	return jsonObject{
		"skypeToken": jsonObject{
			"skypetoken": token, "expiresIn": 86397, "skypeid": mriName(owner.mri), "signinname": signInName, "isBusinessTenant": false,
		},
		"regionGtms": jsonObject{
			"chatService": "https://chatservice.example", "middleTier": "https://middletier.example", "unifiedPresence": "https://presence.example",
		},
	}
}

// signInHTML is the page on which a user confirms a sign-in.
func signInHTML(userCode, account, message string) string {
	var page strings.Builder
	page.WriteString("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in to the fake service</title></head><body>\n")
	page.WriteString("<h1>Sign in to the fake service</h1>\n")
	if message != "" {
		fmt.Fprintf(&page, "<p>%s</p>\n", html.EscapeString(message))
	}
	fmt.Fprintf(&page, "<form method=\"post\">\n"+
		"<p><label>Code <input name=\"user_code\" value=\"%s\" autocomplete=\"off\"></label></p>\n"+
		"<p><label>Account <input name=\"account\" value=\"%s\"></label></p>\n"+
		"<p><button name=\"action\" value=\"approve\">Approve</button> <button name=\"action\" value=\"decline\">Decline</button></p>\n"+
		"</form>\n</body></html>\n", html.EscapeString(userCode), html.EscapeString(account))
	return page.String()
}
