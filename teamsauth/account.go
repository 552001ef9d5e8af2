package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/credential"
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
	unsaved *unsavedToken
	refused *refusedToken
}

// unsavedToken is a refresh token that is not saved yet.
type unsavedToken struct {
	token    credential.Secret
	replaces credential.Secret // what the store had
}

// refusedToken is a refresh token that the service has refused. It is not sent again for a
// while, also if a client asks for a token again and again.
type refusedToken struct {
	token credential.Secret
	until time.Time
	err   *Error
}

// storePause is how long another process may need to store what it has received.
const storePause = time.Second

// refusedPause is as long as a client pauses after an error of its source.
const refusedPause = 30 * time.Second

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

// Token returns another Skype token: it refreshes the access token with the stored refresh
// token, stores the refresh token that comes with it, and exchanges the access token. It
// keeps neither. Callers that wait at the same time get the same token. After
// [Account.SignIn] or [Account.SignOut] has returned, no call begins that gets a token of
// the account before.
//
// A client that has the account as its source calls it when it has no token, before the
// expiry, and after a 401. So it has the token of the account before until that expires:
// make a new client after signing in as another.
//
// Source: purple-teams and Miranda NG, see the package overview.
//
// Errors: [ErrSignInRequired], [ErrConsent], [ErrNoConsumerAccount], [ErrClientRefused],
// [ErrServiceChanged], errors of the store and those that may pass, see there. Nothing is
// sent again after a failure. A refresh token that was refused is not sent again for thirty
// seconds: the error is the same then. If the refresh token was replaced and cannot be stored
// there is no result; the next call stores it first, unless the store has another by then.
func (a *Account) Token(ctx context.Context) (skypecontacts.Token, error) { return a.source.Token(ctx) }

// OAuth2 returns a source of the access tokens of the account, as [Account.Token] uses
// them. Every call of it requests another one, and stores the refresh token that comes with
// it; that is not in the result. The access tokens are for the scope of Skype tokens only.
// An [oauth2.Token] prints in clear text: keep it out of logs.
func (a *Account) OAuth2() oauth2.TokenSource { return accountTokens{a} }

// accountTokens is the account as a source of package oauth2.
type accountTokens struct{ account *Account }

// Token returns in time even if the store does not.
func (t accountTokens) Token() (*oauth2.Token, error) {
	f := startFlight(context.Background(), func(ctx context.Context) (*oauth2.Token, error) {
		ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
		defer cancel()
		return t.account.accessToken(ctx)
	})
	patience, cancel := context.WithTimeout(context.Background(), tokenTimeout+time.Second)
	defer cancel()
	token, err := f.wait(patience)
	if err != nil && patience.Err() != nil {
		return nil, storeTooSlow(opAccessToken, patience.Err())
	}
	return token, err
}

// accessToken refreshes the access token.
func (a *Account) accessToken(ctx context.Context) (*oauth2.Token, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	refreshToken, err := a.current(ctx)
	if err != nil {
		return nil, err
	}
	token, err := a.refresh(ctx, refreshToken)
	if isSignedOut(err) {
		if replaced := a.replacedElsewhere(ctx, refreshToken); replaced != "" {
			refreshToken = replaced
			token, err = a.refresh(ctx, refreshToken)
		}
	}
	if err != nil {
		return nil, a.noteRefusal(refreshToken, err)
	}
	if token.RefreshToken != refreshToken {
		a.unsaved = &unsavedToken{token: credential.NewSecret(token.RefreshToken), replaces: credential.NewSecret(refreshToken)}
		if _, err := a.stored(context.WithoutCancel(ctx)); err != nil { // what was issued must not be lost
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, storeTooSlow(opSave, ctx.Err())
		}
	}
	return &oauth2.Token{AccessToken: token.AccessToken, TokenType: token.TokenType, Expiry: token.Expiry}, nil
}

// isSignedOut reports whether the user has to sign in.
func isSignedOut(err error) bool {
	return errors.Is(err, ErrSignInRequired) || errors.Is(err, ErrConsent)
}

// replacedElsewhere returns the refresh token that another process has stored in place of
// the one that was refused, "" if there is none. That process may have used the token at the
// same time, and be about to store what it got.
func (a *Account) replacedElsewhere(ctx context.Context, refused string) string {
	for _, pause := range []time.Duration{0, storePause} {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ""
		}
		if stored, err := a.load(ctx); err != nil || stored != refused {
			return stored
		}
	}
	return ""
}

// noteRefusal returns the error, and remembers it if the service has refused the token.
func (a *Account) noteRefusal(refreshToken string, err error) error {
	failure, ok := errors.AsType[*Error](err)
	if ok && isSignedOut(failure) {
		failure.askAgain = true
		a.refused = &refusedToken{token: credential.NewSecret(refreshToken), until: time.Now().Add(refusedPause), err: failure}
	}
	return err
}

// current returns the refresh token to use. The caller holds the lock.
func (a *Account) current(ctx context.Context) (string, error) {
	stored, err := a.stored(ctx)
	switch {
	case err != nil:
		return "", err
	case stored == "":
		return "", &Error{Op: opLoad, err: ErrSignInRequired, askAgain: true}
	case a.refused != nil && stored == a.refused.token() && time.Now().Before(a.refused.until):
		return "", a.refused.err
	default:
		return stored, nil
	}
}

// stored returns the refresh token in the store, "" if there is none. One that is not saved
// yet is saved before, unless the store has another by now than the one that it replaces:
// that is of another process, and newer. The caller holds the lock.
func (a *Account) stored(ctx context.Context) (string, error) {
	stored, err := a.load(ctx)
	unsaved := a.unsaved
	switch {
	case err != nil, unsaved == nil:
		return stored, err
	case stored != unsaved.replaces():
		a.unsaved = nil
		return stored, nil
	default:
		return unsaved.token(), a.save(ctx)
	}
}

// load returns the refresh token in the store, "" if there is none. The caller holds the
// lock.
func (a *Account) load(ctx context.Context) (string, error) {
	token, err := a.store.Load(ctx)
	switch {
	case ctx.Err() != nil:
		return "", storeTooSlow(opLoad, ctx.Err())
	case err != nil:
		return "", storeFailure(opLoad, err)
	case token != "" && !isTokenText(token):
		return "", &Error{Op: opLoad, err: cause{text: "what the store has is no refresh token", kind: skypecontacts.ErrInvalid}}
	default:
		return token, nil
	}
}

// save stores the refresh token that is not saved yet. The caller holds the lock.
func (a *Account) save(ctx context.Context) error {
	if err := a.store.Save(context.WithoutCancel(ctx), a.unsaved.token()); err != nil {
		return storeFailure(opSave, err)
	}
	a.unsaved = nil
	if ctx.Err() != nil {
		return storeTooSlow(opSave, ctx.Err())
	}
	return nil
}

// refresh sends a refresh token.
func (a *Account) refresh(ctx context.Context, refreshToken string) (*oauth2.Token, error) {
	sent := transport{ctx: ctx, next: a.opts.Transport, form: map[string][]string{"scope": {scope}}}
	tokens := a.oauth.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, sent.client()), &oauth2.Token{RefreshToken: refreshToken})
	token, err := tokens.Token()
	if err != nil {
		return nil, sent.withStatus(oauthError(opAccessToken, err, unexpected("the response is not the JSON of an access token")))
	}
	if !isTokenText(token.RefreshToken) { // and so cannot be stored
		return nil, sent.withStatus(&Error{Op: opAccessToken, err: errNoRefreshToken})
	}
	return token, nil
}

var errNoRefreshToken = unexpected("the response has no refresh token")

// inStore does something with the store of an account. It goes on when ctx ends: what was
// begun is completed, and a keyring that waits for its user cannot be stopped.
func inStore[T any](ctx context.Context, a *Account, do func(context.Context) (T, error)) (T, error) {
	return startFlight(ctx, func(ctx context.Context) (T, error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		return do(ctx)
	}).wait(ctx)
}

// SignOut removes the refresh token from the store. Microsoft is not told: what was issued
// stays valid until it expires, or until the user ends it on the pages of the account. A
// client that has a token uses it until then.
//
// If ctx ends before, nothing is removed; if it ends while the store is at work, removing
// goes on, and the error is that of ctx.
func (a *Account) SignOut(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := inStore(ctx, a, func(ctx context.Context) (none struct{}, err error) {
		a.source.leave()
		a.unsaved = nil
		if err := a.store.Delete(ctx); err != nil {
			return none, storeFailure(opDelete, err)
		}
		return none, nil
	})
	return err
}
