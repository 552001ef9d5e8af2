package teamsauth

import (
	"context"
	"errors"
	"strconv"

	"github.com/skypecontacts/skypecontacts/internal/credential"
	"github.com/zalando/go-keyring"
)

// Keyring returns a store in the keyring of the system: the Keychain of macOS, the
// Credential Manager of Windows, and elsewhere the Secret Service, as GNOME Keyring and
// KWallet have it. service names the program and user the entry, which are not secret; user
// is in no error.
//
// Keyrings have limits for the length of a secret, 2.5 kB on Windows. Machines without a
// desktop often have no keyring at all. The error then names [File] as the alternative.
//
// A keyring that is locked asks the user. While it waits, [Account.Token] and the other
// methods return when their context ends, and what they began goes on.
func Keyring(service, user string) Store {
	return keyringStore{
		service: service, user: credential.NewSecret(user),
		get: keyring.Get, set: keyring.Set, remove: keyring.Delete,
	}
}

// keyringStore is an entry of a keyring. The functions are those of package keyring, which
// have no context.
type keyringStore struct {
	service string
	user    credential.Secret
	get     func(service, user string) (string, error)
	set     func(service, user, secret string) error
	remove  func(service, user string) error
}

func (k keyringStore) Load(context.Context) (string, error) {
	token, err := k.get(k.service, k.user())
	if errors.Is(err, keyring.ErrNotFound) {
		return "", nil
	}
	return token, k.failure(err)
}

func (k keyringStore) Save(_ context.Context, refreshToken string) error {
	return k.failure(k.set(k.service, k.user(), refreshToken))
}

func (k keyringStore) Delete(context.Context) error {
	err := k.remove(k.service, k.user())
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return k.failure(err)
}

// failure returns the error without its text: it is of many programs and libraries.
func (k keyringStore) failure(err error) error {
	if err == nil {
		return nil
	}
	problem := "the keyring cannot be used: there is none, or it stayed locked; a file can keep the refresh token instead (teamsauth.File)"
	if errors.Is(err, keyring.ErrSetDataTooBig) {
		problem = "the refresh token is too long for it; a file can keep it instead (teamsauth.File)"
	}
	return storeError{store: "keyring entry of " + strconv.Quote(k.service), problem: problem, cause: err}
}
