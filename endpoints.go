package skypecontacts

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Endpoints are the base URLs of the services, each with any path prefix. An
// empty one means the default.
type Endpoints struct {
	Contacts   string // contacts, blocklist, groups, invites
	ContactsV1 string // the first version of the same
	API        string // profiles and the old directory
	Profile    string // profiles, in the Current dialect
	Directory  string // search
	Bots       string // bots
	Messenger  string // messenger gateway, with its own token
}

// DefaultEndpoints are the addresses in the service's documentation.
func DefaultEndpoints() Endpoints {
	return Endpoints{
		Contacts:   "https://contacts.skype.com/contacts/v2",
		ContactsV1: "https://contacts.skype.com/contacts/v1",
		API:        "https://api.skype.com",
		Profile:    "https://profile.skype.com/profile/v1",
		Directory:  "https://skypegraph.skype.com",
		Bots:       "https://api.aps.skype.com/v1",
		Messenger:  "https://client-s.gateway.messenger.live.com/v1",
	}
}

// service is one of the hosts, each with its own address and rate limit.
type service int

const (
	contactsService service = iota
	contactsV1Service
	apiService
	profileService
	directoryService
	botsService
	messengerService
	serviceCount
)

type endpoint struct{ name, address string }

func (e Endpoints) list() [serviceCount]endpoint {
	return [serviceCount]endpoint{
		contactsService:   {"Contacts", e.Contacts},
		contactsV1Service: {"ContactsV1", e.ContactsV1},
		apiService:        {"API", e.API},
		profileService:    {"Profile", e.Profile},
		directoryService:  {"Directory", e.Directory},
		botsService:       {"Bots", e.Bots},
		messengerService:  {"Messenger", e.Messenger},
	}
}

// parseBase reads a base URL, or says what is wrong with it without repeating it:
// people paste addresses with passwords in them.
func parseBase(address string, insecureLoopback bool) (u *url.URL, problem string) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, "not a URL"
	case u.User != nil:
		return nil, "must not hold a user name"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(address, "#"):
		return nil, "must not have a query or fragment"
	case u.Scheme != "https" && !(u.Scheme == "http" && insecureLoopback && isLoopback(u)):
		return nil, "must begin with https:// (http:// is for loopback hosts, with WithInsecureLoopback)"
	case !isHost(u):
		return nil, "has no usable host"
	}
	u.Host = strings.ToLower(u.Host)
	u = u.JoinPath() // cleans the path
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, ""
}

// isHost reports whether the URL names a host that means the same to everyone
// who reads it: ASCII letters, digits, dots and hyphens, or an IP address.
func isHost(u *url.URL) bool {
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if host == "" || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") {
		return false
	}
	return strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" &&
		!strings.HasSuffix(u.Host, ":")
}

func isLoopback(u *url.URL) bool {
	host := u.Hostname()
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
