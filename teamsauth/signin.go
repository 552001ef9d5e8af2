package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/credential"
	"golang.org/x/oauth2"
)

// DeviceCode is what a user needs to sign in. Its code prints as "[redacted]": with it
// and the page anybody can sign this program in to an account of their own.
type DeviceCode struct {
	// VerificationURI is the page to open in a browser, on any device. It has no query and no
	// fragment, which may have the code.
	VerificationURI string
	// Expiry is when the code stops being valid, usually after a quarter of an hour.
	Expiry time.Time

	userCode credential.Secret
}

// UserCode returns the code that the user enters on the page.
func (c DeviceCode) UserCode() string {
	if c.userCode == nil {
		return ""
	}
	return c.userCode()
}

// Format prints the page and "[redacted]" with every verb.
func (c DeviceCode) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte(c.VerificationURI + " [redacted]"))
}

// LogValue returns the page and the expiry.
func (c DeviceCode) LogValue() slog.Value {
	return slog.GroupValue(slog.String("verification_uri", c.VerificationURI), slog.Time("expiry", c.Expiry))
}

const (
	// defaultCodeLifetime is what Microsoft documents, for a response that does not say.
	defaultCodeLifetime = 15 * time.Minute
	maxCodeLifetime     = time.Hour
)

// newDeviceCode checks a response of the service. The texts in it are shown to a user.
func newDeviceCode(auth *oauth2.DeviceAuthResponse, insecureLoopback bool) (DeviceCode, error) {
	page, err := url.Parse(auth.VerificationURI)
	now := time.Now()
	expiry := auth.Expiry
	switch {
	case !isTokenText(auth.DeviceCode) || !isTokenText(auth.UserCode) || len(auth.UserCode) > 64:
		return DeviceCode{}, unexpected("the response has no device code")
	case err != nil || !isTokenText(auth.VerificationURI) || page.User != nil || page.Hostname() == "" ||
		page.Scheme != "https" && !(page.Scheme == "http" && insecureLoopback && isLoopback(page.Hostname())):
		return DeviceCode{}, unexpected("the response has no page for the user")
	case expiry.IsZero():
		expiry = now.Add(defaultCodeLifetime)
	case !expiry.After(now):
		return DeviceCode{}, unexpected("the response has a device code that has expired")
	case expiry.After(now.Add(maxCodeLifetime)):
		expiry = now.Add(maxCodeLifetime)
	}
	page.RawQuery, page.ForceQuery, page.Fragment, page.RawFragment = "", false, "", ""
	return DeviceCode{VerificationURI: page.String(), Expiry: expiry, userCode: credential.NewSecret(auth.UserCode)}, nil
}

// SignIn signs in by a device code. It calls show with what the user has to do, waits until
// the user has confirmed on the page, and stores the refresh token. An error of show ends
// it and is returned.
//
// Which account signs in is the user's choice; whether it is one of Teams Free turns out at
// [Account.Token]. A user who is signed in already can sign in again, also as another.
//
// While it waits it asks the service again and again, as often as that wants. A request
// that fails then is not the end: others follow, five seconds later each time.
//
// Source: RFC 8628 and Microsoft's documentation of the protocol; the scope, and that this
// scope can be had by a device code, is from other clients, see the package overview.
//
// Errors: [ErrConsent] if the user declined, [ErrCodeExpired], [ErrClientRefused],
// [ErrServiceChanged], errors of the store, which is tried before the user is asked, and those
// that may pass. One of those after the user has confirmed means that the response with the
// tokens was lost; the user has to confirm another code. If the refresh token cannot be stored,
// the account keeps it in memory: the next call of [Account.Token] stores it first. If ctx
// ends while it is being stored, the error is that of ctx, and storing goes on.
func (a *Account) SignIn(ctx context.Context, show func(DeviceCode) error) error {
	if show == nil {
		return fmt.Errorf("%w: the function that shows the device code is nil", skypecontacts.ErrInvalid)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	stored, err := inStore(ctx, a, a.tryStore)
	if err != nil {
		return err
	}
	auth, code, err := a.deviceCode(ctx)
	if err != nil {
		return err
	}
	if err := show(code); err != nil {
		return err
	}
	token, err := a.poll(ctx, auth)
	if err != nil {
		return err
	}
	_, err = inStore(ctx, a, func(ctx context.Context) (none struct{}, err error) {
		a.source.leave()
		a.unsaved = &unsavedToken{token: credential.NewSecret(token.RefreshToken), replaces: credential.NewSecret(stored)}
		return none, a.save(ctx)
	})
	return err
}

// tryStore returns the stored refresh token, or why none can be loaded or saved. The caller
// holds the lock.
func (a *Account) tryStore(ctx context.Context) (string, error) {
	stored, err := a.load(ctx)
	if err != nil {
		return "", err
	}
	if store, ok := a.store.(interface{ Check(context.Context) error }); ok {
		if err := store.Check(ctx); err != nil {
			return "", storeFailure(opSave, err)
		}
	}
	return stored, nil
}

// deviceCode requests a device code. It returns what polls need, and what the user needs.
func (a *Account) deviceCode(ctx context.Context) (*oauth2.DeviceAuthResponse, DeviceCode, error) {
	sent := transport{ctx: ctx, next: a.opts.Transport}
	auth, err := a.oauth.DeviceAuth(context.WithValue(ctx, oauth2.HTTPClient, sent.client()))
	var code DeviceCode
	var failure *Error
	switch {
	case ctx.Err() != nil:
		return nil, DeviceCode{}, ctx.Err()
	case err != nil:
		failure = oauthError(opDeviceCode, err, unexpected("the response is not the JSON of a device code"))
	default:
		if code, err = newDeviceCode(auth, a.opts.InsecureLoopback); err == nil {
			polled := *auth
			polled.Expiry = code.Expiry
			return &polled, code, nil
		}
		failure = &Error{Op: opDeviceCode, err: err}
	}
	if errors.Is(failure, ErrSignInRequired) { // which is what is being done
		failure.err = errRefused
	}
	return nil, DeviceCode{}, sent.withStatus(failure)
}

// poll waits until the user has confirmed.
func (a *Account) poll(ctx context.Context, auth *oauth2.DeviceAuthResponse) (*oauth2.Token, error) {
	polls := &pollTransport{transport: transport{ctx: ctx, next: a.opts.Transport}}
	token, err := a.oauth.DeviceAccessToken(context.WithValue(ctx, oauth2.HTTPClient, polls.client()), auth)
	var failure *Error
	_, isResponse := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case err == nil && isTokenText(token.RefreshToken):
		return token, nil
	case err == nil:
		failure = &Error{Op: opAccessToken, err: errNoRefreshToken}
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case isResponse, time.Now().Before(auth.Expiry):
		failure = oauthError(opAccessToken, err, unexpected("the response is not the JSON of an access token"))
	default:
		failure = &Error{Op: opAccessToken, err: ErrCodeExpired}
	}
	if errors.Is(failure, ErrSignInRequired) { // the code is no longer valid
		failure.err = ErrCodeExpired
	}
	if polls.failure != nil && errors.Is(failure, ErrCodeExpired) {
		return nil, polls.failure // the response that was lost may have had the tokens
	}
	return nil, polls.withStatus(failure)
}
