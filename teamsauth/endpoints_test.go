package teamsauth

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

func TestEndpoints(t *testing.T) {
	t.Parallel()
	got, err := Endpoints{}.withDefaults(false)
	require.NoError(t, err)
	assert.Equal(t, DefaultEndpoints(), got)
	got, err = Endpoints{Token: "https://t.example/x"}.withDefaults(false)
	require.NoError(t, err)
	assert.Equal(t, Endpoints{DefaultEndpoints().DeviceCode, "https://t.example/x", DefaultEndpoints().Exchange}, got)
}

// A token is sent to nothing but https, or to this machine if that is permitted. The
// address is not in the error.
func TestEndpointProblems(t *testing.T) {
	t.Parallel()
	const https = "must begin with https:// (http:// is for loopback hosts, with InsecureLoopback)"
	for _, test := range []struct {
		address  string
		loopback bool
		want     string
	}{
		{"https://h.example/p", false, ""},
		{"http://127.0.0.1:80/p", true, ""},
		{"http://[::1]/p", true, ""},
		{"http://LOCALHOST/p", true, ""},
		{"http://127.0.0.1/p", false, https},
		{"http://canary.example/p", true, https},
		{"http://127.0.0.1.canary.example/p", true, https},
		{"ftp://canary.example/p", true, https},
		{"canary.example/p", true, https},
		{"https:///canary", false, "has no host"},
		{"https://canary:secret@h.example", false, "must not have a user name, a query or a fragment"},
		{"https://h.example/?canary", false, "must not have a user name, a query or a fragment"},
		{"https://h.example/?", false, "must not have a user name, a query or a fragment"},
		{"https://h.example/#canary", false, "must not have a user name, a query or a fragment"},
		{"https://h.example/#", false, "must not have a user name, a query or a fragment"},
		{"https://canary\x00", false, "is not a URL"},
	} {
		assert.Equal(t, test.want, endpointProblem(test.address, test.loopback), test.address)
		if test.want == "" {
			continue
		}
		for name, endpoints := range map[string]Endpoints{
			"DeviceCode": {DeviceCode: test.address}, "Token": {Token: test.address}, "Exchange": {Exchange: test.address},
		} {
			opts := Options{Endpoints: endpoints, InsecureLoopback: test.loopback}
			_, err := New(testClientID, &memoryStore{}, opts)
			require.EqualError(t, err, "invalid argument: Endpoints."+name+" "+test.want)
			require.ErrorIs(t, err, skypecontacts.ErrInvalid)
			_, err = NewSource(oauth2.StaticTokenSource(&oauth2.Token{}), opts)
			require.ErrorIs(t, err, skypecontacts.ErrInvalid)
		}
	}
}
