package skypetest

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// endpointLifetime is the nominal lifetime of a registration token. The server does
// not end it by itself.
const endpointLifetime = 24 * time.Hour

// registerEndpoint gives the account another registration token. The body must be
// JSON, and none of it is read. LockAndKey is not checked.
//
// What clients read: the official one needs registrationToken and expires, in that
// order, and a 404 or another host in Location only to go there. SkPy takes from
// the token what is base64, expires, endpointId, and a Location that begins with
// https:// (another one makes it fail: over http it needs a proxy with TLS).
// skype-http requires 201, all three parameters and a Location on the host that it
// called; skype4pidgin the header's name in this spelling and endpointId at the end;
// go-skypeapi a Location with the URL that it called before "/v1".
func (x *exchange) registerEndpoint() *bufferedResponse {
	var body jsonObject
	if !x.decodeJSON(&body) || body == nil {
		return x.malformedJSON()
	}
	state := x.core.state
	token := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s endpoint %d", state.instance, len(state.registrationTokens)))
	id := fmt.Sprintf("{%08x-%04x-4%03x-%04x-%012x}", rand.Uint32(), rand.N(1<<16), rand.N(1<<12), 0x8000|rand.N(1<<14), rand.N(int64(1)<<48))
	addToken(state.registrationTokens, token, x.self)

	r := emptyResponse(http.StatusCreated)
	r.header[setRegistrationTokenHeader] = []string{
		fmt.Sprintf("registrationToken=%s; expires=%d; endpointId=%s", token, x.now.Add(endpointLifetime).Unix(), id),
	}
	r.header.Set("Location", messengerURL(x.base)+"/users/ME/endpoints/"+url.PathEscape(id))
	return r
}

// setRegistrationTokenHeader is not in the canonical form of net/http: over HTTP/1
// skype4pidgin looks for this spelling.
const setRegistrationTokenHeader = "Set-RegistrationToken"

// configureEndpoint accepts what SkPy tells of an endpoint right after it has
// registered it. listEndpoints is its next request, before it uses the token.
func (x *exchange) configureEndpoint() *bufferedResponse { return emptyResponse(http.StatusOK) }

func (x *exchange) listEndpoints() *bufferedResponse {
	return jsonResponse(http.StatusOK, jsonObject{"endpointPresenceDocs": []jsonObject{}})
}

// notHere responds to requests of the messenger that are about messages, events or
// the own presence. 404 would make SkPy register again, without end; at 501 it stops, and
// skype4pidgin goes on without.
func (x *exchange) notHere() *bufferedResponse {
	return x.errorResponse(http.StatusNotImplemented, "Only contacts, their presence and the registration of endpoints are here")
}
