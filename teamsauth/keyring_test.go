package teamsauth

import (
	"errors"
	"fmt"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/credential"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zalando/go-keyring"
)

// The library's own mock takes the place of the system's keyring in this process. Not
// parallel, since all tests share it.
func TestKeyring(t *testing.T) { //nolint:paralleltest // see above
	keyring.MockInit()
	ctx := t.Context()
	store, other := Keyring("skypecontacts test", "fred.2"), Keyring("skypecontacts test", "joe.4")
	token, err := store.Load(ctx)
	require.NoError(t, err)
	require.Empty(t, token, "there is none yet")
	require.NoError(t, store.Delete(ctx), "nothing to delete")
	require.NoError(t, store.Save(ctx, "first"))
	require.NoError(t, store.Save(ctx, "second"))
	token, err = store.Load(ctx)
	require.NoError(t, err)
	require.Equal(t, "second", token)
	token, err = other.Load(ctx)
	require.NoError(t, err)
	require.Empty(t, token)
	require.NoError(t, store.Delete(ctx))
	token, err = store.Load(ctx)
	require.NoError(t, err)
	require.Empty(t, token)
}

// Without a keyring, and with one that has no room, the error names the other store. It
// has neither the text of the library nor the user.
func TestKeyringFailures(t *testing.T) {
	t.Parallel()
	const (
		absent = `keyring entry of "service": the keyring cannot be used: there is none, or it stayed locked; a file can keep the refresh token instead (teamsauth.File)`
		tooBig = `keyring entry of "service": the refresh token is too long for it; a file can keep it instead (teamsauth.File)`
	)
	for _, test := range []struct {
		cause error
		want  string
	}{
		{errors.New("The name org.freedesktop.secrets was not provided by any .service files: canary"), absent},
		{keyring.ErrUnsupportedPlatform, absent},
		{fmt.Errorf("canary: %w", keyring.ErrSetDataTooBig), tooBig},
	} {
		store := keyringStore{
			service: "service", user: credential.NewSecret("canary@example.com"),
			get:    func(string, string) (string, error) { return "", test.cause },
			set:    func(string, string, string) error { return test.cause },
			remove: func(string, string) error { return test.cause },
		}
		_, loadErr := store.Load(t.Context())
		for _, err := range []error{loadErr, store.Save(t.Context(), "canary-token"), store.Delete(t.Context())} {
			assert.EqualError(t, err, test.want)
			assert.ErrorIs(t, err, test.cause)
			assert.EqualError(t, storeFailure(opLoad, err), "teamsauth: LoadRefreshToken: "+test.want)
		}
	}
}
