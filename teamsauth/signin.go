package teamsauth

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

// DeviceCode is what a user needs to sign in. Its code prints as "[redacted]": with it
// and the page anybody can sign this program in to an account of their own.
type DeviceCode struct {
	// VerificationURI is the page to open in a browser, on any device.
	VerificationURI string
	// Expiry is when the code stops being valid, usually after a quarter of an hour.
	Expiry time.Time

	userCode secret
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
	switch {
	case !isTokenText(auth.DeviceCode) || !isTokenText(auth.UserCode) || len(auth.UserCode) > 64:
		return DeviceCode{}, undecodable("the response has no device code")
	case err != nil || !isTokenText(auth.VerificationURI) || page.User != nil || page.Hostname() == "" ||
		page.Scheme != "https" && !(page.Scheme == "http" && insecureLoopback && isLoopback(page.Hostname())):
		return DeviceCode{}, undecodable("the response has no page for the user")
	case auth.Expiry.IsZero():
		auth.Expiry = now.Add(defaultCodeLifetime)
	case !auth.Expiry.After(now):
		return DeviceCode{}, undecodable("the response has a device code that has expired")
	case auth.Expiry.After(now.Add(maxCodeLifetime)):
		auth.Expiry = now.Add(maxCodeLifetime)
	}
	return DeviceCode{VerificationURI: auth.VerificationURI, Expiry: auth.Expiry, userCode: newSecret(auth.UserCode)}, nil
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
// Errors: [ErrConsent] if the user declined, [ErrCodeExpired], [ErrClientRefused], errors of
// the store, which is tried before the user is asked, and those that may pass. If the
// refresh token cannot be stored, the account keeps it in memory: the next call of
// [Account.Token] stores it first.
func (a *Account) SignIn(ctx context.Context, show func(DeviceCode) error) error {
	err := a.withStore(ctx, func(ctx context.Context) error {
		_, err := a.load(ctx)
		return err
	})
	if err != nil {
		return err
	}
	auth, err := a.deviceCode(ctx)
	if err != nil {
		return err
	}
	code, err := newDeviceCode(auth, a.opts.InsecureLoopback)
	if err != nil {
		return &Error{Op: opDeviceCode, err: err}
	}
	if err := show(code); err != nil {
		return err
	}
	token, err := a.poll(ctx, auth)
	if err != nil {
		return err
	}
	return a.withStore(ctx, func(ctx context.Context) error {
		a.unsaved = newSecret(token.RefreshToken)
		return a.save(ctx)
	})
}

// deviceCode requests a device code.
func (a *Account) deviceCode(ctx context.Context) (*oauth2.DeviceAuthResponse, error) {
	client := transport{ctx: ctx, next: a.opts.Transport}.client()
	auth, err := a.oauth.DeviceAuth(context.WithValue(ctx, oauth2.HTTPClient, client))
	switch {
	case err == nil:
		return auth, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	default:
		return nil, oauthError(opDeviceCode, err, undecodable("the response is not the JSON of a device code"))
	}
}

// poll waits until the user has confirmed.
func (a *Account) poll(ctx context.Context, auth *oauth2.DeviceAuthResponse) (*oauth2.Token, error) {
	polls := &pollTransport{transport: transport{ctx: ctx, next: a.opts.Transport}}
	token, err := a.oauth.DeviceAccessToken(context.WithValue(ctx, oauth2.HTTPClient, polls.client()), auth)
	switch {
	case err == nil:
		return checkRefreshToken(token)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case time.Now().Before(auth.Expiry):
		return nil, oauthError(opAccessToken, err, undecodable("the response is not the JSON of an access token"))
	case polls.failure != nil:
		return nil, polls.failure
	default:
		return nil, &Error{Op: opAccessToken, err: ErrCodeExpired}
	}
}
