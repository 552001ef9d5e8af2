package skypecontacts

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Endpoints are the base URLs of the services, each with any path prefix. An
// empty one means the default.
type Endpoints struct {
	Contacts   string // contacts, blocklist, groups, invites
	ContactsV1 string // the same, version 1
	API        string // profiles and the old directory
	Profile    string // the own profile, in DialectCurrent
	Directory  string // search
	Bots       string // bots
	Messenger  string // messenger gateway, with its own token
	People     string // profiles of others, in DialectCurrent
	Avatar     string // pictures of people
}

// DefaultEndpoints are the addresses in the service's documentation; those of People and
// Avatar are from other clients.
func DefaultEndpoints() Endpoints {
	return Endpoints{
		Contacts:   "https://contacts.skype.com/contacts/v2",
		ContactsV1: "https://contacts.skype.com/contacts/v1",
		API:        "https://api.skype.com",
		Profile:    "https://profile.skype.com/profile/v1",
		Directory:  "https://skypegraph.skype.com",
		Bots:       "https://api.aps.skype.com/v1",
		Messenger:  "https://client-s.gateway.messenger.live.com/v1",
		People:     "https://people.skype.com",
		Avatar:     "https://avatar.skype.com/v1",
	}
}

// serviceID names one of the services, each with its own host and rate limit.
type serviceID int

const (
	contactsService serviceID = iota
	contactsV1Service
	apiService
	profileService
	directoryService
	botsService
	messengerService
	peopleService
	avatarService
	serviceCount
)

// String returns the name of the service's field in [Endpoints].
func (s serviceID) String() string { return Endpoints{}.byService()[s].name }

type namedEndpoint struct{ name, address string }

// byService returns the fields in the order of serviceID.
func (e Endpoints) byService() [serviceCount]namedEndpoint {
	return [serviceCount]namedEndpoint{
		contactsService:   {"Contacts", e.Contacts},
		contactsV1Service: {"ContactsV1", e.ContactsV1},
		apiService:        {"API", e.API},
		profileService:    {"Profile", e.Profile},
		directoryService:  {"Directory", e.Directory},
		botsService:       {"Bots", e.Bots},
		messengerService:  {"Messenger", e.Messenger},
		peopleService:     {"People", e.People},
		avatarService:     {"Avatar", e.Avatar},
	}
}

// parseBase parses a base URL. A problem is described without repeating the URL,
// which may hold a password.
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
	u.Host = lowerASCII(u.Host)
	u = u.JoinPath() // cleans the path
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, ""
}

// isHost reports whether the host of the URL is one that every URL parser reads
// the same way: ASCII letters, digits, dots and hyphens, or an IP address, and a port
// that exists.
func isHost(u *url.URL) bool {
	host := u.Hostname()
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) || strings.HasSuffix(u.Host, ":") {
		return false
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Zone() == "" // a zone has a meaning on one machine only
	}
	if host == "" || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") {
		return false
	}
	return strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == ""
}

// isLoopback reports whether the host is localhost or a loopback address.
func isLoopback(u *url.URL) bool {
	host := u.Hostname()
	return lowerASCII(host) == "localhost" || net.ParseIP(host).IsLoopback()
}

// gatewayDomain is the domain of the messenger gateways of all regions.
const gatewayDomain = ".gateway.messenger.live.com"

// gatewayMove returns the host of the gateway that a Location names, or "" if the
// token must not be sent there. The path of the Location is not used.
func gatewayMove(from, location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Scheme != "https" || u.User != nil || !isHost(u) {
		return ""
	}
	host := lowerASCII(u.Host) // a port, if there is one, fails the suffix test
	if !strings.HasSuffix(host, gatewayDomain) || !strings.HasSuffix(from, gatewayDomain) || host == from {
		return ""
	}
	return host
}
