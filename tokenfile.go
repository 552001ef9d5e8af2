package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts/internal/credential"
)

// TokenFile is the path of a token file as the Python library SkPy writes it. It is a
// [TokenSource] of the Skype token in the file; [TokenFile.RegistrationToken] returns one
// of the registration token.
//
//	tokens := skypecontacts.TokenFile("/home/fred/.tokens-app")
//	client, err := skypecontacts.New(tokens,
//		skypecontacts.WithRegistrationToken(tokens.RegistrationToken()))
//
// The file has exactly six lines: the Skype name of the account, the Skype token and its
// expiry, the registration token and its expiry, and the base URL of the messenger
// gateway. The expiries are Unix times in seconds. The last line is checked and not used:
// the registration token is sent to [Endpoints.Messenger].
//
// The file is read at every call of the source, which the client makes when it has no
// token, before the expiry, and after a 401, without a pause after an error. So another program may replace the file
// while the client is in use, but only by tokens of the same account. A token that has
// expired is returned as well: the service decides, since the local clock may be wrong.
//
// The file must be a regular file of at most 64 KiB that only its owner can read or
// change (mode 0600 or less), as SkPy makes it. On Windows, where a mode does not say
// that, and in JavaScript the mode is not checked. Errors name the path, the mode and the
// number of a line, and nothing of the content. Those about the file match [fs.ErrNotExist]
// or [fs.ErrPermission] and so on, those about mode and content [ErrInvalid].
//
// Source: Terrance/SkPy, skpy/conn.py, SkypeConnection.readToken and writeToken, the same
// in two versions that are years apart. No file of a current sign-in was tried: in June 2025
// SkPy was reported to fail before it writes one (issue 299 of that project), so the tokens
// in an existing file have probably expired. See docs/tokens.md.
type TokenFile string

// Token reads the Skype token with its expiry.
func (f TokenFile) Token(ctx context.Context) (Token, error) {
	content, err := f.read(ctx)
	return content.skype, err
}

// RegistrationToken returns a source of the registration token, for
// [WithRegistrationToken].
func (f TokenFile) RegistrationToken() TokenSource {
	return TokenSourceFunc(func(ctx context.Context) (Token, error) {
		content, err := f.read(ctx)
		return content.registration, err
	})
}

// UserID reads the Skype name of the account, for [WithUserID]. A client needs it only
// where the service does not take "self"; SkPy always sends the name.
func (f TokenFile) UserID() (string, error) {
	content, err := f.read(context.Background())
	return content.userID, err
}

// tokenFileContent is what a token file holds.
type tokenFileContent struct {
	userID              string
	skype, registration Token
}

func (f TokenFile) read(ctx context.Context) (tokenFileContent, error) {
	if err := ctx.Err(); err != nil {
		return tokenFileContent{}, err
	}
	text, err := f.readText()
	if err != nil {
		return tokenFileContent{}, err
	}
	content, problem := parseTokenFile(text)
	if problem != "" {
		return tokenFileContent{}, f.problem(problem)
	}
	return content, nil
}

// readText reads the file after checking its type, mode and size.
func (f TokenFile) readText() (string, error) {
	text, err := credential.ReadFile(string(f), maxTokenText)
	if problem, ok := errors.AsType[credential.Problem](err); ok {
		return "", f.problem(problem.Error())
	}
	if err != nil {
		return "", f.newError(credential.ErrorText(err), err)
	}
	return text, nil
}

func (f TokenFile) problem(text string) error { return f.newError(text, ErrInvalid) }

func (f TokenFile) newError(problem string, cause error) error {
	return sourceError{source: "token file " + strconv.Quote(string(f)), problem: problem, cause: cause, askAgain: true}
}

// parseTokenFile parses the content of a token file. It returns the problem, "" if there
// is none, which never repeats the content.
func parseTokenFile(text string) (content tokenFileContent, problem string) {
	lines := textLines(text)
	if len(lines) != 6 {
		return tokenFileContent{}, fmt.Sprintf("has %d lines; a token file of SkPy has 6", len(lines))
	}
	id, err := ParseMRI(lines[0])
	if err != nil || id.Kind() != KindSkype {
		return tokenFileContent{}, "line 1 is not a Skype name"
	}
	if !credential.IsToken(lines[1]) {
		return tokenFileContent{}, "line 2 is not a Skype token"
	}
	skypeExpiry, ok := parseUnixSeconds(lines[2])
	if !ok {
		return tokenFileContent{}, "line 3 is not a Unix time in seconds"
	}
	registration := registrationValue(lines[3]) // SkPy writes the name before it
	if !credential.IsToken(lines[3]) || strings.HasPrefix(lowerASCII(registration), "registrationtoken=") {
		return tokenFileContent{}, "line 4 is not a registration token"
	}
	registrationExpiry, ok := parseUnixSeconds(lines[4])
	if !ok {
		return tokenFileContent{}, "line 5 is not a Unix time in seconds"
	}
	if _, problem := parseBase(lines[5], false); problem != "" {
		return tokenFileContent{}, "line 6 is not a base URL of the messenger gateway"
	}
	return tokenFileContent{
		userID:       lines[0],
		skype:        NewToken(lines[1], skypeExpiry),
		registration: NewToken(registration, registrationExpiry),
	}, ""
}
