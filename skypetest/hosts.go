package skypetest

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
)

// serviceHost is one host of the service, mounted at a path of this server.
type serviceHost struct {
	name      string // of the field of Endpoints, as in JSON; the SDK has none for login and teams
	mount     string
	token     func(*serviceState, http.Header) *accountToken // of a request, or nil; the field is nil if the host takes none
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
	peopleHost     = &serviceHost{"people", "/people", skypeToken, statusErrorBody, false}
	avatarHost     = &serviceHost{"avatar", "/avatar/v1", skypeToken, statusErrorBody, true}
	loginHost      = &serviceHost{"login", "/login", nil, oauthErrorBody, true}
	teamsHost      = &serviceHost{"teams", "/teams", accessToken, statusErrorBody, true}
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

// endpointToken looks up the token with which a client registers an endpoint: the
// Skype token, or the registration token if it has one already.
func endpointToken(s *serviceState, h http.Header) *accountToken {
	return cmp.Or(skypeToken(s, h), registrationToken(s, h))
}

// accessToken looks up the token that a sign-in returns, and that another host
// exchanges for a Skype token.
func accessToken(s *serviceState, h http.Header) *accountToken {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !equalFoldASCII(scheme, "Bearer") {
		return nil
	}
	return s.accessTokens[strings.TrimSpace(token)]
}

// tokenHeader is the header in which the host's token goes, "" if it takes none.
func (h *serviceHost) tokenHeader() string {
	switch h {
	case messengerHost:
		return "RegistrationToken: registrationToken={token}"
	case teamsHost:
		return "Authorization: Bearer {token}"
	case loginHost:
		return ""
	default:
		return "X-Skypetoken: {token}"
	}
}

// endpointTokenHeader is the header with which a client registers an endpoint and
// gets the token of the messenger.
const endpointTokenHeader = "Authentication: skypetoken={token}"

// requestBase returns the URL of this server, without a path, as the sender of a
// request sees it. A proxy may say in the usual headers what it received; what is no
// scheme of HTTP or no host does not count.
func requestBase(r *http.Request) string {
	forwarded := func(name string) string {
		first, _, _ := strings.Cut(r.Header.Get(name), ",")
		return strings.TrimSpace(first)
	}
	scheme, host := lowerASCII(forwarded("X-Forwarded-Proto")), forwarded("X-Forwarded-Host")
	if scheme != "https" {
		scheme = "http"
	}
	if !isHostAndPort(host) {
		host = r.Host
	}
	return scheme + "://" + host
}

// isHostAndPort reports whether s is a host, or a host and a port, and nothing else.
func isHostAndPort(s string) bool {
	u, err := url.Parse("http://" + s)
	return err == nil && u.Host == s && u.Hostname() != "" && u.User == nil
}

// isGateway reports whether the base URL is that of one of the messenger's real
// gateways, for which a proxy makes this server stand.
func isGateway(base string) bool {
	u, err := url.Parse(base)
	return err == nil && strings.HasSuffix(lowerASCII(u.Hostname()), ".messenger.live.com")
}

// messengerURL is the messenger's base URL for a client that sees this server at
// base. What stands for one of the real gateways has no other path than they have.
func messengerURL(base string) string {
	if isGateway(base) {
		_, host, _ := strings.Cut(base, "://")
		return "https://" + host + "/v1"
	}
	return base + messengerHost.mount
}

// noHandlerText is the text of a response to a path without a route.
const noHandlerText = "No handler found for resource"

// messageErrorBody is the error body of the contacts hosts.
func messageErrorBody(_ int, text string) any {
	return jsonObject{"message": text, "stackTrace": nil}
}

// statusErrorBody is the error body of all hosts but contacts and the messenger.
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

// oauthErrorBody is the error body of the sign-in where the protocol has no code of its
// own, as for a fault.
func oauthErrorBody(status int, text string) any {
	code := "invalid_request"
	if status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
		code = "temporarily_unavailable"
	}
	return jsonObject{"error": code, "error_description": text}
}

// codeErrorBody is the error body of the messenger.
func codeErrorBody(status int, text string) any {
	return jsonObject{"errorCode": status, "message": text}
}
