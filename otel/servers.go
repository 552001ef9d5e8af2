package otel

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/skypecontacts/skypecontacts"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// servers has server.address and server.port by service.
type servers map[string][]attribute.KeyValue

// newServers takes the hosts of the endpoints that are not empty.
func newServers(e skypecontacts.Endpoints) (servers, error) {
	all := servers{}
	var problems []error
	for _, endpoint := range []struct{ service, base string }{
		{"Contacts", e.Contacts},
		{"ContactsV1", e.ContactsV1},
		{"API", e.API},
		{"Profile", e.Profile},
		{"Directory", e.Directory},
		{"Bots", e.Bots},
		{"Messenger", e.Messenger},
		{"People", e.People},
		{"Avatar", e.Avatar},
	} {
		if endpoint.base == "" {
			continue
		}
		u, err := url.Parse(endpoint.base)
		if err != nil || u.Hostname() == "" {
			// The text of err has the URL.
			problems = append(problems, fmt.Errorf("otel: Endpoints: %s: %w: not a URL", endpoint.service, skypecontacts.ErrInvalid))
			continue
		}
		all[endpoint.service] = []attribute.KeyValue{semconv.ServerAddress(u.Hostname()), semconv.ServerPort(portOf(u))}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return all, nil
}

func portOf(u *url.URL) int {
	if port, err := strconv.Atoi(u.Port()); err == nil {
		return port
	}
	if u.Scheme == "http" {
		return 80
	}
	return 443
}
