package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http/httpguts"
)

// sampleTokenFile has the tokens of the tests. SkPy writes such a file.
const sampleTokenFile = "fred.2\n" +
	testToken + "\n1800000000\n" +
	"registrationToken=" + testRegistrationToken + "\n1800003600\n" +
	"https://db5-client-s.gateway.messenger.live.com/v1\n"

// writeTokenFile returns the path of a new file that only its owner can read.
func writeTokenFile(tb testing.TB, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "tokens")
	require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// plainToken has the values of a Token in clear text, so that they can be compared.
type plainToken struct {
	value  string
	expiry time.Time
}

func plain(token Token) plainToken { return plainToken{token.Value(), token.Expiry()} }

// tokenFileValues is what the methods of a TokenFile return.
type tokenFileValues struct {
	userID              string
	skype, registration plainToken
	problem             string // of all three
}

func readTokenFile(t *testing.T, path string) (values tokenFileValues) {
	t.Helper()
	file := TokenFile(path)
	skype, err := file.Token(t.Context())
	registration, registrationErr := file.RegistrationToken().Token(t.Context())
	userID, userErr := file.UserID()
	require.Equal(t, err, registrationErr)
	require.Equal(t, err, userErr)
	values = tokenFileValues{userID: userID, skype: plain(skype), registration: plain(registration)}
	if err != nil {
		values.problem = err.Error()
		assertClean(t, err.Error(), "fred.2")
	}
	return values
}

// Every form that is read, and every problem with its line and without its content.
func TestTokenFileContent(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(sampleTokenFile, "\n"), "\n")
	with := func(number int, text string) string {
		changed := append([]string(nil), lines...)
		changed[number-1] = text
		return strings.Join(changed, "\n") + "\n"
	}
	sample := tokenFileValues{
		userID: "fred.2", skype: plainToken{testToken, time.Unix(1_800_000_000, 0).UTC()},
		registration: plainToken{testRegistrationToken, time.Unix(1_800_003_600, 0).UTC()},
	}
	sampleWith := func(change func(v *tokenFileValues)) tokenFileValues {
		v := sample
		change(&v)
		return v
	}
	problem := func(text string) tokenFileValues { return tokenFileValues{problem: text} }
	long := strings.Repeat("t", maxTokenText-len(with(2, "")))
	tests := []struct {
		name, content string
		want          tokenFileValues
	}{
		{"as SkPy writes it", sampleTokenFile, sample},
		{"on Windows", strings.ReplaceAll(sampleTokenFile, "\n", "\r\n"), sample},
		{"no line end at the end", strings.TrimSuffix(sampleTokenFile, "\n"), sample},
		{"live name", with(1, "live:.cid.1f"), sampleWith(func(v *tokenFileValues) { v.userID = "live:.cid.1f" })},
		{"bare registration token", with(4, testRegistrationToken), sample},
		{"expired", with(3, "1"), sampleWith(func(v *tokenFileValues) { v.skype.expiry = time.Unix(1, 0).UTC() })},
		{"the largest file", with(2, long), sampleWith(func(v *tokenFileValues) { v.skype.value = long })},
		{"empty", "", problem("has 0 lines; a token file of SkPy has 6")},
		{"a token alone", testToken + "\n", problem("has 1 lines; a token file of SkPy has 6")},
		{"rest of a longer file", sampleTokenFile + "om/v1\n", problem("has 7 lines; a token file of SkPy has 6")},
		{"blank line at the end", sampleTokenFile + "\n", problem("has 7 lines; a token file of SkPy has 6")},
		{"too large", with(2, long+"t"), problem("larger than 64 KiB")},
		{"no name", with(1, ""), problem("line 1 is not a Skype name")},
		{"byte order mark", "\ufeff" + sampleTokenFile, problem("line 1 is not a Skype name")},
		{"telephone as name", with(1, "+442099887766"), problem("line 1 is not a Skype name")},
		{"path as name", with(1, "fred.2/.."), problem("line 1 is not a Skype name")},
		{"no Skype token", with(2, ""), problem("line 2 is not a Skype token")},
		{"Skype token with a space", with(2, testToken+" "), problem("line 2 is not a Skype token")},
		{"Skype token that is none", with(2, "canary-skype-token\x00"), problem("line 2 is not a Skype token")},
		{"expiry with a fraction", with(3, "1800000000.5"), problem("line 3 is not a Unix time in seconds")},
		{"expiry None", with(3, "None"), problem("line 3 is not a Unix time in seconds")},
		{"expiry zero", with(3, "0"), problem("line 3 is not a Unix time in seconds")},
		{"expiry with a sign", with(3, "+1800000000"), problem("line 3 is not a Unix time in seconds")},
		{"expiry in milliseconds", with(3, "1800000000000000"), problem("line 3 is not a Unix time in seconds")},
		{"expiry out of range", with(3, "9223372036854775808"), problem("line 3 is not a Unix time in seconds")},
		{"no registration token", with(4, ""), problem("line 4 is not a registration token")},
		{"empty registration token", with(4, "registrationToken="), problem("line 4 is not a registration token")},
		{"registration token twice", with(4, "registrationToken=RegistrationToken=a"), problem("line 4 is not a registration token")},
		{"whole header", with(4, "registrationToken=a; expires=1800000000"), problem("line 4 is not a registration token")},
		{"no expiry", with(5, ""), problem("line 5 is not a Unix time in seconds")},
		{"no gateway", with(6, ""), problem("line 6 is not a base URL of the messenger gateway")},
		{"gateway by http", with(6, "http://127.0.0.1/v1"), problem("line 6 is not a base URL of the messenger gateway")},
		{"gateway with a user", with(6, "https://canary-skype-token@h.example/v1"), problem("line 6 is not a base URL of the messenger gateway")},
	}
	for _, test := range tests {
		path := writeTokenFile(t, test.content)
		if test.want.problem != "" {
			test.want.problem = fmt.Sprintf("token file %q: %s", path, test.want.problem)
		}
		assert.Equal(t, test.want, readTokenFile(t, path), test.name)
		if test.want.problem != "" {
			_, err := TokenFile(path).UserID()
			assert.ErrorIs(t, err, ErrInvalid, test.name)
		}
	}
}

// A file that others can read or change is refused, also if its content is malformed.
func TestTokenFileMode(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		return // the mode says nothing there
	}
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o700, 0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o666, 0o777} {
		path := writeTokenFile(t, sampleTokenFile)
		require.NoError(t, os.Chmod(path, mode))
		_, err := TokenFile(path).Token(t.Context())
		if mode&0o077 == 0 {
			assert.NoError(t, err, "%o", mode)
			continue
		}
		assert.ErrorIs(t, err, ErrInvalid, "%o", mode)
		assert.EqualError(t, err, fmt.Sprintf("token file %q: mode 0%o lets others than the owner read or change it; change it to 0600", path, mode))
	}
	path := filepath.Join(t.TempDir(), "link")
	target := writeTokenFile(t, sampleTokenFile)
	require.NoError(t, os.Symlink(target, path))
	_, err := TokenFile(path).Token(t.Context())
	require.NoError(t, err)
	require.NoError(t, os.Chmod(target, 0o644))
	_, err = TokenFile(path).Token(t.Context())
	require.ErrorIs(t, err, ErrInvalid, "the mode is that of the target")
}

func TestTokenFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	for path, want := range map[string]struct {
		kind error
		text string // "" for that of the system
	}{
		missing:         {fs.ErrNotExist, ""},
		"":              {fs.ErrNotExist, ""},
		dir:             {ErrInvalid, "not a regular file"},
		dir + "/a\x00b": {nil, ""},
		filepath.Join(writeTokenFile(t, ""), "x"): {nil, ""},
	} {
		_, err := TokenFile(path).Token(t.Context())
		require.Error(t, err, "%q", path)
		assert.True(t, strings.HasPrefix(err.Error(), "token file "+strconv.Quote(path)+": "), "%v", err)
		assert.Equal(t, 1, strings.Count(err.Error(), strconv.Quote(path)), "%v", err)
		if want.kind != nil {
			assert.ErrorIs(t, err, want.kind)
		}
		if want.text != "" {
			assert.EqualError(t, err, fmt.Sprintf("token file %q: %s", path, want.text))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := TokenFile(missing).Token(ctx)
	require.Equal(t, context.Canceled, err)
}

// The source does not remember the file: the next call of it reads what is there then.
func TestTokenFileIsReadAgain(t *testing.T) {
	t.Parallel()
	path := writeTokenFile(t, sampleTokenFile)
	before := readTokenFile(t, path)
	info, err := os.Stat(path)
	require.NoError(t, err)
	changed := strings.ReplaceAll(sampleTokenFile, "canary", "CANARY") // of the same size
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
	require.NoError(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
	after := readTokenFile(t, path)
	require.Equal(t, plainToken{testToken, time.Unix(1_800_000_000, 0).UTC()}, before.skype)
	require.Equal(t, plainToken{strings.ToUpper(testToken[:6]) + testToken[6:], time.Unix(1_800_000_000, 0).UTC()}, after.skype)
}

// After a 401 the file is read once more. A call fails if that has no other token.
func TestTokenFileAfterARefusal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, content string // of the file when the service responds with 401
		err           error
		requests      int
	}{
		{"a new token", strings.Replace(sampleTokenFile, testToken, "new-token", 1), nil, 2},
		{"the same token", sampleTokenFile, ErrUnauthorized, 1},
		{"a malformed file", "half", ErrInvalid, 1},
	} {
		path := writeTokenFile(t, sampleTokenFile)
		w := newWire(func(req *http.Request) (*http.Response, error) {
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				return nil, err
			}
			return reply(401, "{}")(req)
		}, accepts("new-token"))
		_, err := newAuthClient(t, w, TokenFile(path)).ListContacts(t.Context())
		require.ErrorIs(t, err, test.err, test.name)
		require.Len(t, w.requests(), test.requests, test.name)
		require.Contains(t, w.requests()[0], "X-Skypetoken: "+testToken+"\n")
	}
}

// The registration token is sent to the gateway without the name that SkPy writes before
// it, and the error of a call says why there is no token.
func TestTokenFileOfAClient(t *testing.T) {
	t.Parallel()
	file := TokenFile(writeTokenFile(t, sampleTokenFile))
	w := newWire(reply(200, ""))
	c := newAuthClient(t, w, file, WithRegistrationToken(file.RegistrationToken()))
	require.NoError(t, c.AddContact(t.Context(), "8:joe.4"))
	require.Contains(t, w.requests()[0], "\nRegistrationtoken: registrationToken="+testRegistrationToken+"\n")
	require.NotContains(t, w.requests()[0], testToken)

	missing := filepath.Join(t.TempDir(), "missing")
	_, err := newAuthClient(t, w, TokenFile(missing)).ListContacts(t.Context())
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, fmt.Sprintf("skypecontacts: ListContacts: GET /users/{id}/contacts: the token source failed: token file %q: ", missing))

	late := filepath.Join(t.TempDir(), "late")
	c = newAuthClient(t, newWire(reply(200, `{"contacts":[]}`)), TokenFile(late))
	_, err = c.ListContacts(t.Context())
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, os.WriteFile(late, []byte(sampleTokenFile), 0o600))
	_, err = c.ListContacts(t.Context())
	require.NoError(t, err, "a file that is mended is read at once")

	secret := TokenSourceFunc(func(ctx context.Context) (Token, error) {
		_, err := TokenFile(missing).Token(ctx)
		return Token{}, fmt.Errorf("with %s: %w", testToken, err)
	})
	_, err = newAuthClient(t, w, secret).ListContacts(t.Context())
	require.ErrorContains(t, err, fmt.Sprintf("the token source failed: token file %q: ", missing))
	assertClean(t, err.Error())
}

// Nothing that holds the file, a source of it or an error about it prints a token.
func TestTokenFileIsNotPrinted(t *testing.T) {
	t.Parallel()
	good := TokenFile(writeTokenFile(t, sampleTokenFile))
	bad := TokenFile(writeTokenFile(t, sampleTokenFile+testToken))
	token, err := good.Token(t.Context())
	require.NoError(t, err)
	_, failure := bad.Token(t.Context())
	require.Error(t, failure)
	content, err := good.read(t.Context())
	require.NoError(t, err)
	c := newAuthClient(t, newWire(reply(200, `{"contacts":[]}`)), good, WithRegistrationToken(good.RegistrationToken()))
	_, err = c.ListContacts(t.Context())
	require.NoError(t, err)
	_, called := newAuthClient(t, newWire(reply(200, "")), bad).ListContacts(t.Context())
	require.Error(t, called)
	type hidden struct{ value any }
	for name, value := range map[string]any{
		"file": good, "token": token, "registration": good.RegistrationToken(), "content": content, "client": c,
		"error": failure, "error of a call": called, "wrapped": fmt.Errorf("x: %w", errors.Join(failure, called)),
	} {
		text := printed(value) + printed(hidden{value}) + printed([]any{value})
		for _, secret := range []string{testToken, testRegistrationToken} {
			for _, form := range secretForms(secret) {
				assert.NotContains(t, text, form, name)
			}
		}
	}
}

func FuzzTokenFile(f *testing.F) { fuzzTargets(f)["TokenFile"].Fuzz(f) }

// What is read can be sent, and a problem repeats nothing of the content.
func checkTokenFile(tb testing.TB, input []byte) {
	content, problem := parseTokenFile(string(input))
	if problem != "" {
		require.Equal(tb, tokenFileContent{}, content)
		require.Regexp(tb, `^(has \d+ lines; a token file of SkPy has 6|line [1-6] is not a [A-Za-z ]+)$`, problem)
		return
	}
	for _, token := range []Token{content.skype, content.registration} {
		require.NoError(tb, checkToken(token.Value()))
		require.True(tb, httpguts.ValidHeaderFieldValue(token.Value()))
		require.NotContains(tb, token.Value(), " ")
		require.Contains(tb, string(input), token.Value())
		require.True(tb, token.Expiry().Year() >= 1970 && token.Expiry().Year() <= 9999)
	}
	_, err := New(StaticToken(content.skype.Value()), WithUserID(content.userID))
	require.NoError(tb, err)
	again, problem := parseTokenFile(fmt.Sprintf("%s\n%s\n%d\n%s\n%d\nhttps://h.example/v1", content.userID, content.skype.Value(),
		content.skype.Expiry().Unix(), content.registration.Value(), content.registration.Expiry().Unix()))
	require.Empty(tb, problem)
	require.Equal(tb, plain(content.skype), plain(again.skype))
	require.Equal(tb, plain(content.registration), plain(again.registration))
	require.Equal(tb, content.userID, again.userID)
}
