package teamsauth

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/skypecontacts/skypecontacts/internal/credential"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// printed is all that the printers of the standard library make of a value.
func printed(value any) string {
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X"} {
		fmt.Fprintf(&text, verb+"\n", value)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&text, nil)} {
		slog.New(handler).Info("message", "value", value)
	}
	_ = json.NewEncoder(&text).Encode(value)
	_ = xml.NewEncoder(&text).Encode(value)
	_ = gob.NewEncoder(&text).Encode(value)
	return text.String()
}

// Nothing prints a token, a code, a name of an account or what a server sent, whatever
// holds it.
func TestNothingPrivateIsPrinted(t *testing.T) {
	t.Parallel()
	values := map[string]any{}
	synctest.Test(t, func(t *testing.T) {
		store := &memoryStore{}
		a := newTestAccount(t, store, newScripted("").options())
		require.NoError(t, a.SignIn(t.Context(), func(code DeviceCode) error {
			values["device code"] = code
			return nil
		}))
		token, err := a.Token(t.Context())
		require.NoError(t, err)
		store.failSaves(errStore)
		store.token = "canary-refresh-token-1"
		_, failure := a.Token(t.Context()) // the account keeps the other one
		require.ErrorIs(t, failure, errStore)
		values["account"], values["skype token"], values["not saved"] = a, token, failure
	})
	for op, bodies := range map[string][]string{
		opAccessToken: {`{"error":"canary","error_description":"canary"}`, `{"error":"invalid_grant","error_description":"canary","suberror":"canary"}`, "canary"},
		opExchange:    {`{"status":{"code":1,"text":"canary"}}`, "canary"},
		opDeviceCode:  {`{"error":"canary","error_uri":"https://canary.example"}`, "canary"},
	} {
		for i, body := range bodies {
			for _, status := range []int{200, 400, 401, 500} {
				a := newTestAccount(t, &memoryStore{token: "canary-refresh-token"}, newScripted(op, reply{status: status, body: body}).options())
				_, err := a.Token(t.Context())
				if op == opDeviceCode {
					err = a.SignIn(t.Context(), func(DeviceCode) error { return nil })
				}
				require.Error(t, err)
				values[fmt.Sprint(op, i, status)] = err
			}
		}
	}
	lost := newTestAccount(t, &memoryStore{token: "canary-refresh-token"}, newScripted(opAccessToken, reply{
		err: &url.Error{Op: "Post", URL: "https://canary.example", Err: errors.New("canary")},
	}).options())
	_, err := lost.Token(t.Context())
	require.Error(t, err)
	values["lost"] = err
	values["oauth2"] = lost.OAuth2()
	values["source"], err = NewSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "canary-access-token"}), Options{})
	require.NoError(t, err)
	values["keyring"] = Keyring("service", "canary@example.com")
	_, err = keyringStore{service: "service", user: credential.NewSecret("canary@example.com"), get: func(string, string) (string, error) {
		return "", errors.New("canary")
	}}.Load(t.Context())
	values["keyring failure"] = storeFailure(opLoad, err)
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, File(path).Save(t.Context(), "canary-refresh-token"))
	values["file"] = File(path)

	type hidden struct{ value any }
	for name, value := range values {
		for _, holder := range []any{value, []any{value}, map[string]any{"key": value}, struct{ Value any }{value}} {
			assertClean(t, name, printed(holder))
		}
		if _, isError := value.(error); isError {
			wrapped := fmt.Errorf("wrapped: %w", errors.Join(value.(error), value.(error)))
			assertClean(t, name, wrapped.Error()+printed(wrapped))
			continue // of an error in an unexported field fmt prints the fields of the causes
		}
		assertClean(t, name, printed(hidden{value}))
	}
}

// assertClean asserts that a text has no canary, in any of the forms that printers make.
func assertClean(t *testing.T, name, text string) {
	t.Helper()
	lower := strings.ToLower(text)
	for _, form := range []string{"canary", fmt.Sprintf("%x", "canary"), fmt.Sprintf("%v", []byte("canary")), base64.StdEncoding.EncodeToString([]byte("canary"))} {
		assert.NotContains(t, lower, strings.ToLower(strings.Trim(form, "[]")), name)
	}
}
