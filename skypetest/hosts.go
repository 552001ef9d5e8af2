package skypetest

import (
	"net/http"
	"strings"
)

// serviceHost is one host of the service, mounted at a path of this server.
type serviceHost struct {
	name      string // of the field of Endpoints, as in JSON
	mount     string
	token     func(*serviceState, http.Header) *accountToken // of a request, or nil
	errorBody func(status int, text string) any
	bareNames bool // people are known by the name without prefix only, else with it only
}

// The mounts are the path prefixes of the real hosts, as far as they differ.
var (
	contactsHost   = &serviceHost{"contacts", "/contacts/v2", skypeToken, messageErrorBody, false}
	contactsV1Host = &serviceHost{"contactsV1", "/contacts/v1", skypeToken, messageErrorBody, true}
	apiHost        = &serviceHost{"api", "/api", skypeToken, statusErrorBody, true}
	profileHost    = &serviceHost{"profile", "/profile/v1", skypeToken, statusErrorBody, true}
	directoryHost  = &serviceHost{"directory", "/directory", skypeToken, statusErrorBody, true}
	botsHost       = &serviceHost{"bots", "/bots/v1", skypeToken, statusErrorBody, true}
	messengerHost  = &serviceHost{"messenger", "/messenger/v1", registrationToken, codeErrorBody, false}
	unknownHost    = &serviceHost{"", "", skypeToken, statusErrorBody, true} // of paths below no mount
)

// skypeToken looks up the token that all hosts but the messenger take. Clients of
// Teams Free send it in the Authentication header.
func skypeToken(s *serviceState, h http.Header) *accountToken {
	token := h.Get("X-Skypetoken")
	if name, value, _ := strings.Cut(h.Get("Authentication"), "="); token == "" && equalFoldASCII(strings.TrimSpace(name), "skypetoken") {
		token = strings.TrimSpace(value)
	}
	return s.skypeTokens[token]
}

// registrationToken looks up the messenger's token. Some clients send it with the
// other parameters of the header in which they received it.
func registrationToken(s *serviceState, h http.Header) *accountToken {
	for part := range strings.SplitSeq(h.Get("RegistrationToken"), ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(part), "="); equalFoldASCII(name, "registrationToken") {
			return s.registrationTokens[value]
		}
	}
	return nil
}

// tokenHeader is the header in which the host's token goes.
func (h *serviceHost) tokenHeader() string {
	if h == messengerHost {
		return "RegistrationToken: registrationToken={token}"
	}
	return "X-Skypetoken: {token}"
}

// noHandlerText is the text of a response to a path without a route.
const noHandlerText = "No handler found for resource"

// messageErrorBody is the error body of the contacts hosts.
func messageErrorBody(_ int, text string) any {
	return jsonObject{"message": text, "stackTrace": nil}
}

// statusErrorBody is the error body of the api, profile, directory and bots hosts.
func statusErrorBody(status int, text string) any {
	code := status * 100
	switch {
	case text == noHandlerText:
		code += 99
	case status == http.StatusNotFound:
		code += 11
	}
	return jsonObject{"status": jsonObject{"code": code, "text": text}}
}

// codeErrorBody is the error body of the messenger.
func codeErrorBody(status int, text string) any {
	return jsonObject{"errorCode": status, "message": text}
}
