package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClientWithoutToken(t *testing.T) {
	t.Parallel()
	client, closeAll, err := newClient(Account{}, "", "", nil)
	require.NoError(t, err)
	t.Cleanup(closeAll)
	own, err := client.GetOwnProfile(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Fred Adams", own.FullName())
}

func TestClientWithToken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, token, user, path string
		err                     error
	}{
		{"own name", "sample-skype-token-2", "", "/contacts/v2/users/self/groups", nil},
		{"given name", "sample-skype-token-2", "joe.4", "/contacts/v2/users/joe.4/groups", nil},
		{"wrong token", "stale", "", "/contacts/v2/users/self/groups", skypecontacts.ErrUnauthorized},
		{"bad name", "sample-skype-token-2", "a/b", "", skypecontacts.ErrInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			t.Cleanup(srv.Close)
			client, closeAll, err := newClient(Account{}, tt.token, tt.user, []skypecontacts.Option{
				skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback(),
			})
			if err == nil {
				defer closeAll()
				_, err = client.ListGroups(t.Context())
			}
			require.ErrorIs(t, err, tt.err)
			path := ""
			if sent := srv.Requests(); len(sent) > 0 {
				path = sent[0].Path
			}
			assert.Equal(t, tt.path, path)
		})
	}
}

// Not parallel, since all tests share the environment.
func TestLive(t *testing.T) {
	t.Setenv("SKYPE_TOKEN", "")
	_, _, err := Live(Account{})
	require.EqualError(t, err, "SKYPE_TOKEN is not set")

	t.Setenv("SKYPE_TOKEN", "sample-skype-token-2")
	client, closeAll, err := Live(Account{})
	require.NoError(t, err)
	closeAll()
	assert.NotNil(t, client)

	t.Setenv("SKYPE_USER", "a/b")
	_, _, err = Live(Account{})
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)

	// With -endpoints neither the token nor the user of the environment is used.
	t.Setenv("SKYPE_TOKEN", "real-token")
	srv := skypetest.NewServer()
	defer srv.Close()
	client, closeAll, err = Live(Account{Endpoints: serverLine(t, srv)})
	require.NoError(t, err)
	defer closeAll()
	own, err := client.GetOwnProfile(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Fred Adams", own.FullName())
	for _, sent := range srv.Requests() {
		assert.Equal(t, "sample-skype-token-1", sent.Header.Get("X-Skypetoken"))
	}
}

// The flags replace the token of the fake service, and -teams the header.
func TestTokenFlags(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	joe := Accounts(skypetest.SampleData())[1]
	path := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, "%s\n%s\n4102444800\nregistrationToken=%s\n4102444800\nhttps://h.example/v1\n",
		joe.UserID, joe.SkypeToken, joe.RegistrationToken), 0o600))
	client, closeAll, err := newClient(Account{Endpoints: serverLine(t, srv), TokenFile: path, Teams: true}, "real-token", "a/b", nil)
	require.NoError(t, err)
	defer closeAll()
	_, err = client.ListGroups(t.Context())
	require.NoError(t, err)
	require.NoError(t, client.AddContact(t.Context(), "8:anna.7"))
	sent := srv.Requests()
	require.Equal(t, "skypetoken="+joe.SkypeToken, sent[0].Header.Get("Authentication"))
	require.Equal(t, "registrationToken="+joe.RegistrationToken, sent[1].Header.Get("RegistrationToken"))

	for account, want := range map[Account]error{
		{TokenFile: path, TokenCommand: "x"}:        ErrUsage,
		{TokenFile: filepath.Join(path, "x")}:       nil, // found when it is read
		{TokenCommand: " no-such-program show  x "}: nil,
	} {
		_, closeAll, err := newClient(account, "", "", nil)
		require.ErrorIs(t, err, want)
		if err == nil {
			closeAll()
		}
	}
	_, _, err = newClient(Account{TokenFile: path}, "", "a/b", nil)
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
}
