package teamsauth

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// Endpoints are the URLs that requests are sent to. An empty one means the default.
type Endpoints struct {
	DeviceCode string // begins a sign-in
	Token      string // exchanges the device code, and later the refresh token, for an access token
	Exchange   string // exchanges the access token for a Skype token
}

// DefaultEndpoints are the addresses that other clients use, of the tenant for personal
// accounts.
func DefaultEndpoints() Endpoints {
	return Endpoints{ //nolint:gosec // URLs, no credentials
		DeviceCode: "https://login.microsoftonline.com/consumers/oauth2/v2.0/devicecode",
		Token:      "https://login.microsoftonline.com/consumers/oauth2/v2.0/token",
		Exchange:   "https://teams.live.com/api/auth/v1.0/authz/consumer",
	}
}

// scope is what other clients ask for: a token that can be exchanged for a Skype token,
// and (offline_access) a refresh token.
const scope = "service::api.fl.spaces.skype.com::MBI_SSL openid profile offline_access"

// withDefaults returns the endpoints to use. It returns an error if a token must not be
// sent to one of them.
func (e Endpoints) withDefaults(insecureLoopback bool) (Endpoints, error) {
	defaults := DefaultEndpoints()
	e = Endpoints{
		cmp.Or(e.DeviceCode, defaults.DeviceCode), cmp.Or(e.Token, defaults.Token), cmp.Or(e.Exchange, defaults.Exchange),
	}
	for name, address := range map[string]string{"DeviceCode": e.DeviceCode, "Token": e.Token, "Exchange": e.Exchange} {
		if problem := endpointProblem(address, insecureLoopback); problem != "" {
			return Endpoints{}, fmt.Errorf("%w: Endpoints.%s %s", skypecontacts.ErrInvalid, name, problem)
		}
	}
	return e, nil
}

// endpointProblem returns why an address is refused, "" if it is not. It does not repeat
// the address, which may hold a password.
func endpointProblem(address string, insecureLoopback bool) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "is not a URL"
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(address, "#"):
		return "must not have a user name, a query or a fragment"
	case u.Scheme != "https" && !(u.Scheme == "http" && insecureLoopback && isLoopback(u.Hostname())):
		return "must begin with https:// (http:// is for loopback hosts, with InsecureLoopback)"
	case u.Hostname() == "":
		return "has no host"
	default:
		return ""
	}
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
