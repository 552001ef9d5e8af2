package otel

import (
	"reflect"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
)

func TestServers(t *testing.T) {
	t.Parallel()
	for base, want := range map[string][]attribute.KeyValue{
		"https://contacts.skype.com/contacts/v2": {attribute.String("server.address", "contacts.skype.com"), attribute.Int("server.port", 443)},
		"https://proxy.example:8443":             {attribute.String("server.address", "proxy.example"), attribute.Int("server.port", 8443)},
		"http://[::1]/contacts":                  {attribute.String("server.address", "::1"), attribute.Int("server.port", 80)},
	} {
		got, err := newServers(skypecontacts.Endpoints{Contacts: base})
		require.NoError(t, err)
		require.Equal(t, servers{"Contacts": want}, got)
	}
}

// Each field of Endpoints has its own name here.
func TestEveryService(t *testing.T) {
	t.Parallel()
	var endpoints skypecontacts.Endpoints
	want := servers{}
	for field, value := range reflect.ValueOf(&endpoints).Elem().Fields() {
		value.SetString("https://" + field.Name + ".example")
		want[field.Name] = []attribute.KeyValue{attribute.String("server.address", field.Name+".example"), attribute.Int("server.port", 443)}
	}
	got, err := newServers(endpoints)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// The error names the services, in their order, and nothing of the URLs.
func TestInvalidServers(t *testing.T) {
	t.Parallel()
	got, err := newServers(skypecontacts.Endpoints{Contacts: "https:///joe.4", Bots: "joe.4", Avatar: "https://joe.4:joe.4"})
	require.Nil(t, got)
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	require.EqualError(t, err, "otel: Endpoints: Contacts: invalid argument: not a URL\n"+
		"otel: Endpoints: Bots: invalid argument: not a URL\notel: Endpoints: Avatar: invalid argument: not a URL")
}
