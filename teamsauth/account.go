package teamsauth

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/skypecontacts/skypecontacts"
	"golang.org/x/oauth2"
)

// Account is a Microsoft account that can be signed in. It is a
// [skypecontacts.TokenSource], and safe for concurrent use.
type Account struct {
	opts   Options
	oauth  oauth2.Config
	store  Store
	source *source

	mu      sync.Mutex // held while the refresh token is loaded, used and saved
	unsaved secret     // a refresh token that could not be saved, nil if there is none
}

// New returns an account. clientID is that of the program, see the package overview. The
// store keeps the refresh token. Nothing is loaded or sent.
func New(clientID string, store Store, opts Options) (*Account, error) {
	if !isTokenText(clientID) {
		return nil, fmt.Errorf("%w: the client ID is empty or has characters that none has", skypecontacts.ErrInvalid)
	}
	if store == nil {
		return nil, fmt.Errorf("%w: the store is nil", skypecontacts.ErrInvalid)
	}
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Account{
		opts:  opts,
		store: store,
		oauth: oauth2.Config{
			ClientID: clientID,
			Scopes:   strings.Fields(scope),
			Endpoint: oauth2.Endpoint{
				DeviceAuthURL: opts.Endpoints.DeviceCode,
				TokenURL:      opts.Endpoints.Token,
				AuthStyle:     oauth2.AuthStyleInParams, // oauth2 would send a request twice to find it out
			},
		},
	}
	a.source = newSource(opts, a.accessToken)
	return a, nil
}

// Format prints the type with every verb.
func (a *Account) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("teamsauth.Account")) }

// Token returns another Skype token: it exchanges the stored refresh token for an access
// token, stores the refresh token that comes with it, and exchanges the access token. It
// keeps neither. Callers that wait at the same time get the same token.
//
// A client that has the account as its source calls it when it has no token, before the
// expiry, and after a 401.
//
// Source: purple-teams and Miranda NG, see the package overview.
//
// Errors: [ErrSignInRequired], [ErrConsent], [ErrNoConsumerAccount], [ErrClientRefused],
// errors of the store and those that may pass, see there. Nothing is sent again after a
// failure. If the refresh token was replaced and cannot be stored there is no result; the
// next call stores it first.
func (a *Account) Token(ctx context.Context) (skypecontacts.Token, error) { return a.source.Token(ctx) }

// OAuth2 returns a source of the access tokens of the account, as [Account.Token] uses
// them. Every call of it requests another one and stores the refresh token that comes with
// it. The access tokens are for the scope of Skype tokens only.
func (a *Account) OAuth2() oauth2.TokenSource { return accountTokens{a} }

// accountTokens is the account as a source of package oauth2.
type accountTokens struct{ account *Account }

func (t accountTokens) Token() (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(context.Background(), exchangeTimeout)
	defer cancel()
	return t.account.accessToken(ctx)
}

// accessToken exchanges the refresh token.
func (a *Account) accessToken(ctx context.Context) (*oauth2.Token, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.save(ctx); err != nil {
		return nil, err
	}
	refreshToken, err := a.load(ctx)
	if err != nil {
		return nil, err
	}
	if refreshToken == "" {
		return nil, &Error{Op: opLoad, err: ErrSignInRequired}
	}
	token, err := a.refresh(ctx, refreshToken)
	if err != nil {
		return nil, err
	}
	if token.RefreshToken != refreshToken {
		a.unsaved = newSecret(token.RefreshToken)
	}
	if err := a.save(ctx); err != nil {
		return nil, err
	}
	return token, nil
}

// load returns the stored refresh token. The caller holds the lock.
func (a *Account) load(ctx context.Context) (string, error) {
	token, err := a.store.Load(ctx)
	if err != nil {
		return "", storeFailure(opLoad, err)
	}
	if token != "" && !isTokenText(token) {
		return "", &Error{Op: opLoad, err: cause{text: "the store has no refresh token", kind: skypecontacts.ErrInvalid}}
	}
	return token, nil
}

// save stores the refresh token that is not stored yet, if there is one. The caller holds
// the lock.
func (a *Account) save(ctx context.Context) error {
	if a.unsaved == nil {
		return nil
	}
	if err := a.store.Save(context.WithoutCancel(ctx), a.unsaved()); err != nil {
		return storeFailure(opSave, err)
	}
	a.unsaved = nil
	return nil
}

// refresh sends a refresh token.
func (a *Account) refresh(ctx context.Context, refreshToken string) (*oauth2.Token, error) {
	client := transport{ctx: ctx, next: a.opts.Transport, form: map[string][]string{"scope": {scope}}}.client()
	tokens := a.oauth.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, client), &oauth2.Token{RefreshToken: refreshToken})
	token, err := tokens.Token()
	if err != nil {
		return nil, oauthError(opAccessToken, err, undecodable("the response is not the JSON of an access token"))
	}
	return checkRefreshToken(token)
}

// checkRefreshToken returns an error if the refresh token of a response cannot be stored.
func checkRefreshToken(token *oauth2.Token) (*oauth2.Token, error) {
	if !isTokenText(token.RefreshToken) {
		return nil, &Error{Op: opAccessToken, err: undecodable("the response has no refresh token")}
	}
	return token, nil
}

// withStore does something with the store, in a goroutine that goes on when ctx ends: what
// was begun is completed, and a keyring that waits for its user cannot be stopped.
func (a *Account) withStore(ctx context.Context, do func(context.Context) error) error {
	done := make(chan error, 1)
	go func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		done <- do(context.WithoutCancel(ctx))
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// SignOut removes the refresh token from the store. Microsoft is not told: what was issued
// stays valid until it expires, or until the user ends it on the pages of the account.
func (a *Account) SignOut(ctx context.Context) error {
	return a.withStore(ctx, func(ctx context.Context) error {
		a.unsaved = nil
		if err := a.store.Delete(ctx); err != nil {
			return storeFailure(opDelete, err)
		}
		return nil
	})
}
