package teamsauth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// What can fail, to be tested with [errors.Is] also on the error of a call of the client.
// Other failures match these errors of package skypecontacts: ErrUnavailable and
// ErrRateLimited (try again later, see [Error.RetryAfter]), and ErrInvalid (an argument, or
// what the store has). They match none that the client has for the responses of its own
// services, such as ErrNotFound.
var (
	// ErrSignInRequired: nobody has signed in, or the refresh token has expired (after some
	// 90 days without use) or was revoked, as by a new password. Call [Account.SignIn].
	ErrSignInRequired = errors.New("signing in is required")
	// ErrConsent: the user declined, or has to consent to what the client ID asks for. Call
	// [Account.SignIn].
	ErrConsent = errors.New("the user has not consented")
	// ErrCodeExpired: the user did not confirm the device code in time.
	ErrCodeExpired = errors.New("the device code has expired")
	// ErrNoConsumerAccount: the account is signed in, but the service has no Skype token for
	// it: it is of work or school, or not on Teams Free. Which one no response says.
	ErrNoConsumerAccount = errors.New("this is no personal account on Teams Free")
	// ErrClientRefused: the client ID is not known, or may not do this. Signing in again
	// does not help.
	ErrClientRefused = errors.New("the client ID was refused")
	// ErrServiceChanged: the response is none that this package knows: a redirect, one that
	// says that the address is gone (404, 410), one that cannot be decoded or is too large.
	// Perhaps something between here and the service has sent it, such as the sign-in page
	// of a wireless network. Else another version of this package is needed.
	ErrServiceChanged = errors.New("the service has changed")
)

// Error is what every method and every source of this package returns, but for errors
// about arguments, the context's own, and that of the function that shows a [DeviceCode].
// Neither its text nor any other way of printing it
// shows a token, a code or anything that a server sent.
type Error struct {
	// Op is the request or step that failed: GetDeviceCode, GetAccessToken, ExchangeToken,
	// LoadRefreshToken, SaveRefreshToken or DeleteRefreshToken.
	Op string
	// Status is the HTTP status of the response, 0 if there was none.
	Status int
	// Code is the error code of OAuth, such as "invalid_grant", if it is one that the
	// protocols or Microsoft's documentation define.
	Code string
	// Number is Microsoft's number of the error, which begins with AADSTS, 0 if there is
	// none. It helps a person, at https://login.microsoftonline.com/error; Microsoft asks
	// programs not to depend on it.
	Number int
	// RetryAfter is the wait that the service asked for, 0 if it did not.
	RetryAfter time.Duration

	err      error
	askAgain bool
}

// The values of [Error.Op].
const (
	opDeviceCode  = "GetDeviceCode"
	opAccessToken = "GetAccessToken"
	opExchange    = "ExchangeToken"
	opLoad        = "LoadRefreshToken"
	opSave        = "SaveRefreshToken"
	opDelete      = "DeleteRefreshToken"
)

// Error describes the step and the failure.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("teamsauth: " + e.Op)
	if e.Status != 0 {
		text.WriteString(strings.TrimRight(fmt.Sprintf(": %d %s", e.Status, http.StatusText(e.Status)), " "))
	}
	var details []string
	if e.Code != "" {
		details = append(details, e.Code)
	}
	if e.Number != 0 {
		details = append(details, fmt.Sprintf("AADSTS%d", e.Number))
	}
	if len(details) > 0 {
		text.WriteString(" (" + strings.Join(details, ", ") + ")")
	}
	text.WriteString(": " + e.failure())
	if e.RetryAfter > 0 {
		fmt.Fprintf(&text, "; retry after %v", e.RetryAfter)
	}
	return text.String()
}

// failure is the text of the cause.
func (e *Error) failure() string {
	if e.err == nil { // made by a program, not by this package
		return "failed"
	}
	return e.err.Error()
}

// Format prints [Error.Error] with every verb.
func (e Error) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.Error())) }

// LogValue returns the fields and the description of the failure.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(slog.String("op", e.Op), slog.Int("status", e.Status), slog.String("code", e.Code),
		slog.Int("number", e.Number), slog.Duration("retry_after", e.RetryAfter), slog.String("failure", e.failure()))
}

// AskAgain reports whether [Account.Token] may be called again at once: nobody is signed in,
// which it finds out without a request. A client then makes no pause, see
// [skypecontacts.TokenSource].
func (e *Error) AskAgain() bool { return e.askAgain }

// Unwrap returns the cause: an error of this package or of skypecontacts, the context's
// error, the network's without a URL, or that of a store or a source of the program.
func (e *Error) Unwrap() error { return e.err }

// cause is an error with a text of this package and one or two others behind it: what it
// matches, and where it is from. Texts from elsewhere may hold anything.
type cause struct {
	text   string
	kind   error // nil if there is none
	origin error // nil if there is none
}

func (c cause) Error() string        { return c.text }
func (c cause) Unwrap() error        { return c.origin }
func (c cause) Is(target error) bool { return c.kind != nil && target == c.kind }

// errRefused is the cause of an error for which nothing better is known.
var errRefused error = cause{text: "the service refused the request"}

// unexpected is the cause of an error about a response that is none of the service.
func unexpected(problem string) error {
	return cause{text: problem, kind: ErrServiceChanged}
}
