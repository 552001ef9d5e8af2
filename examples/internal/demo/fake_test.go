package demo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A running fake service is described by the JSON itself or by a file.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	line := serverLine(t, srv)
	file := filepath.Join(t.TempDir(), "line.json")
	require.NoError(t, os.WriteFile(file, []byte(line+"\nand more output"), 0o600))
	for _, endpoints := range []string{line, " " + line, file} {
		fake, err := newFake(endpoints, nil)
		require.NoError(t, err)
		for id, want := range map[skypecontacts.MRI]string{"fred.2": "Fred Adams", "8:joe.4": "Joe Bloggs", "DAISY.5": "Daisy"} {
			client, err := fake.ClientFor(id)
			require.NoError(t, err)
			own, err := client.GetOwnProfile(t.Context())
			require.NoError(t, err)
			assert.Equal(t, want, own.FullName())
		}
		client, err := fake.Client()
		require.NoError(t, err)
		require.NoError(t, client.AddContact(t.Context(), "anna.7"))
		_, err = fake.ClientFor("nobody.99")
		require.EqualError(t, err, "the fake service has no account nobody.99 with a token")
		_, err = fake.Client(skypecontacts.WithUserID("a/b"))
		require.ErrorIs(t, err, skypecontacts.ErrInvalid)
		fake.Close()
	}
}

func TestEndpointsErrors(t *testing.T) {
	t.Parallel()
	for endpoints, want := range map[string]string{
		"{":  "an argument is not valid: -endpoints: this is not the first line of examples/server: unexpected EOF",
		"{}": "an argument is not valid: -endpoints: the JSON has no skypeToken, or lacks one of the endpoints",
		`{"skypeToken":"t","endpoints":{"contacts":"http://127.0.0.1:1"}}`: "an argument is not valid: -endpoints: " +
			"the JSON has no skypeToken, or lacks one of the endpoints",
		"none.json": "open none.json: no such file or directory",
	} {
		_, err := newFake(endpoints, nil)
		require.EqualError(t, err, want)
		_, _, err = newClient(Account{Endpoints: endpoints}, "", "", nil)
		require.EqualError(t, err, want)
	}
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	_, _, err := newClient(Account{Endpoints: serverLine(t, srv)}, "", "", []skypecontacts.Option{skypecontacts.WithUserID("a/b")})
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
}
