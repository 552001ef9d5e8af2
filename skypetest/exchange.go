package skypetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// exchange is one request with all that its handler needs to respond to it.
type exchange struct {
	core    *serverCore
	request *Request
	host    *serviceHost
	base    string                            // URL of this server as the client sees it, see Server.baseOf
	handler func(*exchange) *bufferedResponse // not called if refusal is set
	refusal *bufferedResponse                 // to a request that is refused with any token
	params  map[string]string                 // by the name of the placeholder in the route's path
	query   url.Values
	self    *accountState // the owner of the token, nil without a known token
	expired bool          // the token has expired
	expiry  int           // status of the response if it has, 0 for the usual one
	now     time.Time
	number  int // of the request on this server
}

// handle returns the response to the request and makes its effect.
func (x *exchange) handle() *bufferedResponse {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	// A fault may have expired the token since the request was received.
	if token := x.token(); token != nil {
		x.expired, x.expiry = token.expired, token.refusal
	}
	switch {
	case x.refusal != nil:
		return x.refusal
	case x.host.token != nil && (x.expired || x.self == nil && !x.needsNoToken()):
		return x.unauthorized()
	}
	if name, ok := x.params["self"]; ok && !x.isSelf(name) {
		return x.otherAccount(name)
	}
	x.request.Reached = true
	return x.handler(x)
}

// token is the token of the request, or nil. An endpoint is registered with another
// token than the other requests of its host have.
func (x *exchange) token() *accountToken {
	if x.request.Operation == registerEndpointOperation {
		return endpointToken(x.core.state, x.request.Header)
	}
	if x.host.token == nil {
		return nil
	}
	return x.host.token(x.core.state, x.request.Header)
}

// registerEndpointOperation is the operation whose token is another.
const registerEndpointOperation = "RegisterEndpoint"

// getAvatarOperation is the operation that needs no token.
const getAvatarOperation = "GetAvatar"

// needsNoToken reports whether the request is one for a picture that has no token, as
// those of browsers.
func (x *exchange) needsNoToken() bool {
	header := x.request.Header
	return x.request.Operation == getAvatarOperation && header.Get("X-Skypetoken") == "" && header.Get("Authentication") == ""
}

// isSelf reports whether a name in a path stands for the own account.
func (x *exchange) isSelf(name string) bool {
	return equalFoldASCII(name, "self") || equalFoldASCII(name, "me") || equalFoldASCII(name, mriName(x.self.mri))
}

// queryValue returns a query parameter. The service ignores the case of names.
func (x *exchange) queryValue(name string) string {
	for given, values := range x.query {
		if equalFoldASCII(given, name) {
			return values[0]
		}
	}
	return ""
}

// decodeJSON decodes the body with any Content-Type: the official client sends
// JSON with that of a form. It reports false if the body does not decode.
func (x *exchange) decodeJSON(v any) bool { return json.Unmarshal(x.request.Body, v) == nil }

// resolve returns the identifier of a name in a request, or none for a name that
// the host does not know in this form. It reports false if the name is no account,
// bot or telephone number.
func (x *exchange) resolve(name string) (id skypecontacts.MRI, exists bool) {
	if hasPrefix(name) == x.host.bareNames {
		return "", false
	}
	return x.core.state.resolve(qualifyMRI(name))
}

// change makes a change about another identifier and records the effect if there
// was one. It refuses the own account and what does not exist.
func (x *exchange) change(name string, success int, makeChange func(skypecontacts.MRI) bool) *bufferedResponse {
	id, exists := x.resolve(name)
	switch {
	case !exists && !x.self.has(id):
		return x.errorResponse(http.StatusNotFound, noAccountText)
	case mriKey(id) == mriKey(x.self.mri):
		return x.errorResponse(http.StatusBadRequest, "The account is the own one")
	}
	if makeChange(id) {
		x.core.addEffect(x.request, id)
	}
	return emptyResponse(success)
}

const (
	noAccountText = "The account does not exist"
	nothingText   = "There is nothing of that name"
)

// end is for changes to the path parameter mri that end something. If there is
// nothing to end, nothing changes, and the response is the same unless the
// identifier is unknown or the server is strict, see [WithStrictEnds].
func (x *exchange) end(success int, makeChange func(skypecontacts.MRI) bool) *bufferedResponse {
	id, exists := x.resolve(x.params["mri"])
	switch {
	case makeChange(id):
		x.core.addEffect(x.request, id)
	case x.core.strictEnds || !exists && !x.self.has(id):
		return x.errorResponse(http.StatusNotFound, nothingText)
	}
	return emptyResponse(success)
}

// changeEntry makes a change to the contact entry of the path parameter mri. It
// responds 404 if there is none.
func (x *exchange) changeEntry(success int, makeChange func(*contactEntry) bool) *bufferedResponse {
	id, _ := x.resolve(x.params["mri"])
	entry := x.self.contacts.get(mriKey(id))
	if entry == nil {
		return x.errorResponse(http.StatusNotFound, nothingText)
	}
	if makeChange(entry) {
		x.self.markContact(id)
		x.core.addEffect(x.request, entry.MRI)
	}
	return emptyResponse(success)
}

// setProfile replaces the own profile.
func (x *exchange) setProfile(p Profile) *bufferedResponse {
	if x.core.state.setProfile(x.self, p) {
		x.core.addEffect(x.request, x.self.mri)
	}
	return emptyResponse(http.StatusOK)
}

// errorResponse is an error in the shape of the host.
func (x *exchange) errorResponse(status int, text string) *bufferedResponse {
	return jsonResponse(status, x.host.errorBody(status, text))
}

func (x *exchange) malformedJSON() *bufferedResponse {
	return x.errorResponse(http.StatusBadRequest, "The request is not valid JSON")
}

func (x *exchange) missingParameters() *bufferedResponse {
	return x.errorResponse(http.StatusBadRequest, "required parameters are missing")
}

func (x *exchange) unknownPhoneType() *bufferedResponse {
	return x.errorResponse(http.StatusBadRequest, "There is no such type of telephone number")
}

// unauthorized is the response to a token that is missing, unknown or expired.
func (x *exchange) unauthorized() *bufferedResponse {
	if x.expired && x.expiry != 0 {
		if x.host == messengerHost {
			return emptyResponse(x.expiry)
		}
		return x.errorResponse(x.expiry, "Skypetoken has expired")
	}
	switch x.host {
	case contactsHost, contactsV1Host:
		return x.errorResponse(http.StatusUnauthorized, "Skype token validation failed!")
	case messengerHost:
		r := x.errorResponse(http.StatusUnauthorized, "Authentication failed")
		r.header.Set("StatusText", "SkypeTokenExpired")
		return r
	case teamsHost:
		return x.errorResponse(http.StatusUnauthorized, "Authentication failed")
	case directoryHost:
		if !x.expired {
			return x.errorResponse(http.StatusForbidden, "Authentication failed")
		}
	}
	if x.expired {
		return x.errorResponse(http.StatusUnauthorized, "Skypetoken has expired")
	}
	return x.errorResponse(http.StatusUnauthorized, "Authentication failed")
}

// otherAccount is the response to a request about another account. The contacts
// hosts respond as to a wrong token.
func (x *exchange) otherAccount(name string) *bufferedResponse {
	switch x.host {
	case contactsHost, contactsV1Host:
		return x.errorResponse(http.StatusUnauthorized, "Skype token validation failed!")
	default:
		return x.errorResponse(http.StatusForbidden, fmt.Sprintf("User '%s' is not authorized to request resource of user '%s'", mriName(x.self.mri), name))
	}
}

// send writes a response without any fault.
func (x *exchange) send(w http.ResponseWriter, r *bufferedResponse) {
	x.completeHeader(r)
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // fails if the client has closed the connection
}

// completeHeader adds the headers that every response has: the request's id,
// which the api and profile hosts call otherwise, and the length of the body.
func (x *exchange) completeHeader(r *bufferedResponse) {
	requestHeader, responseHeader := "X-Skype-Request-Id", "X-Skype-Request-Id"
	if x.host == apiHost || x.host == profileHost {
		requestHeader, responseHeader = "X-Stratus-Request", "X-Stratus-Request-Id"
	}
	r.header.Set(responseHeader, cmp.Or(x.request.Header.Get(requestHeader), fmt.Sprintf("%08x", x.number)))
	if r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		r.header.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
}
