package skypecontacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// No way of printing an error shows a token, an identifier or the text of the
// server, for any kind of failure. Neither does the log.
func TestNothingPrivateIsPrinted(t *testing.T) {
	t.Parallel()
	const canary = "canary-person"
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	responses := []httpmock.Responder{
		reply(200, "{}"), echoes,
		reply(400, `{"message":"`+canary+`"}`), reply(404, `{"status":{"code":40411,"text":"Requested username '`+canary+`' not found"}}`),
		reply(429, canary, "Retry-After", "0"), reply(302, "", "Location", "https://"+canary+".example/"), page(503),
		reply(200, `{"contacts":[{"`+canary+`":1}`), reply(200, `{"`+canary+`":1,"`+canary+`":2}`), reply(200, canary),
		fails(fmt.Errorf("while sending to %s with %s", canary, testToken)),
		fails(&url.Error{Op: "Get", URL: "https://contacts.skype.com/" + canary, Err: &url.Error{Op: "Get", URL: canary, Err: io.EOF}}),
	}
	var errs []error
	for _, response := range responses {
		c := newTestClient(t, newWire(response), WithLogger(logger), WithUserID(canary))
		_, err := c.ListContacts(t.Context())
		errs = append(errs, err, c.SendInvite(t.Context(), canary, canary), c.RevokeContact(t.Context(), canary),
			c.AddContact(t.Context(), canary), c.BlockUser(t.Context(), canary+"/..", BlockOptions{}))
		_, err = c.SearchDirectory(t.Context(), canary)
		errs = append(errs, err)
		_, err = c.GetPublicProfiles(t.Context(), canary)
		errs = append(errs, err)
	}
	checked := 0
	for _, err := range errs {
		if err == nil {
			continue
		}
		checked++
		var failure *Error
		require.ErrorAs(t, err, &failure)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			assertClean(t, fmt.Sprintf(verb+verb+verb, err, *failure, []error{err}), canary)
			// A wrong verb for a struct with the error in an unexported field
			// makes fmt go round every method. Even that shows no token.
			assertClean(t, fmt.Sprintf(verb, struct{ e error }{err}))
		}
		encoded, jsonErr := json.Marshal(err)
		require.NoError(t, jsonErr)
		assertClean(t, string(encoded), canary)
		logger.Error("failed", "err", err, "value", *failure)
		slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "err", err)
	}
	require.Greater(t, checked, 50)
	require.Contains(t, log.String(), `"op":"SendInvite"`)
	assertClean(t, log.String(), canary)
}

// echoes responds with the token of the request, as debug pages do, in message and
// excerpt.
func echoes(req *http.Request) (*http.Response, error) {
	token := req.Header.Get("X-Skypetoken") + req.Header.Get("RegistrationToken")
	return reply(500, `{"errorCode":1,"message":"`+strings.Repeat("x", 450)+token+token+token+`"}`)(req)
}

func assertClean(t *testing.T, text string, more ...string) {
	t.Helper()
	for _, canary := range append(more, testToken, testRegistrationToken) {
		assert.NotContains(t, text, canary)
		assert.NotContains(t, text, fmt.Sprintf("%x", canary))
		assert.NotContains(t, text, fmt.Sprintf("%X", canary))
	}
}

func TestLogIsMetadata(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	handler := slog.NewJSONHandler(&log, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		},
	})
	w := newWire(reply(503, "", "X-Stratus-Request-Id", "0a1b"), reply(200, ""))
	require.NoError(t, newTestClient(t, w, WithLogger(slog.New(handler))).UnblockUser(t.Context(), "8:joe.4"))
	require.Equal(t,
		`{"level":"DEBUG","msg":"skypecontacts request","op":"UnblockUser","method":"DELETE","route":"/users/{id}/contacts/blocklist/{mri}","attempt":1,"status":503,"ok":false,"request_id":"0a1b"}`+"\n"+
			`{"level":"DEBUG","msg":"skypecontacts request","op":"UnblockUser","method":"DELETE","route":"/users/{id}/contacts/blocklist/{mri}","attempt":2,"status":200,"ok":true,"request_id":""}`+"\n",
		log.String())
}

// The causes of a network error do not contain the URL, which names the account.
func TestNoURLBehindAnError(t *testing.T) {
	t.Parallel()
	cause := errors.New("the connection is gone")
	err := newTestClient(t, newWire(fails(cause))).RevokeContact(t.Context(), "8:joe.4")
	require.ErrorIs(t, err, cause)
	for ; err != nil; err = errors.Unwrap(err) {
		require.NotContains(t, err.Error(), "joe.4")
	}
}

// printed returns v as fmt, encoding/json and log/slog print it.
func printed(v any) string {
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%e", "%c", "%p", "%T", "%U", "%08.3f"} {
		fmt.Fprintf(&text, verb+"\n", v)
	}
	encoded, _ := json.Marshal(v)
	text.Write(encoded)
	for _, handler := range []slog.Handler{
		slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}),
		slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}),
	} {
		slog.New(handler).Debug("printed", "value", v, slog.Group("group", "value", v))
	}
	return text.String()
}

// secretForms returns what the verbs of printed make of a secret.
func secretForms(secret string) []string {
	return []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), strings.Trim(fmt.Sprint([]byte(secret)), "[]")}
}

func TestNothingPrintsAToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, nothingPrintsAToken)
}

func nothingPrintsAToken(t *testing.T) {
	token := NewToken(testToken, time.Now())
	source := StaticToken(testToken)
	client := newTestClient(t, newWire(reply(200, "")), WithUserID("secret.name.1"))
	require.NoError(t, block(client)) // now the caches are full
	require.NoError(t, client.AddContact(t.Context(), "8:joe.4"))
	synctest.Wait() // for the last of the goroutines that asked: a printer takes no locks
	type exported struct {
		Token  Token
		Client *Client
	}
	type hidden struct {
		token  Token
		client *Client
		copied Client
		cache  *tokenCache
	}
	values := map[string]any{
		"token": token, "pointer": &token, "slice": []Token{token}, "map": map[string]Token{"a": token},
		"source": source, "client": client, "client by value": *client, "sender": client.core.sender,
		"exported fields": exported{token, client}, "hidden fields": hidden{token, client, *client, client.core.tokens},
		"pointer to hidden fields": &hidden{token, client, *client, client.core.registration},
		"option":                   WithRegistrationToken(source), "error": fmt.Errorf("with %v", token),
	}
	for name, value := range values {
		text := printed(value)
		for _, secret := range []string{testToken, testRegistrationToken, "secret.name.1"} {
			for _, form := range secretForms(secret) {
				assert.NotContains(t, text, form, name)
			}
		}
	}
	encoded, err := json.Marshal(token)
	require.NoError(t, err)
	require.JSONEq(t, `"[redacted]"`, string(encoded))
	require.Equal(t, "[redacted]", token.String())
	require.Equal(t, testToken, token.Value())
	require.Empty(t, Token{}.Value())
}

// No way of printing, logging or marshalling a client or its parts shows a secret,
// also not as a part of another value.
func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	token := NewToken(testToken, time.Unix(1, 0))
	c := newTestClient(t, newWire(reply(200, "{}")), WithUserID("canary-own-id"))
	_, err := c.ListContacts(t.Context()) // so that the token is cached
	require.NoError(t, err)
	values := map[string]any{
		"client":                c,
		"client value":          *c,
		"in a struct":           struct{ c *Client }{c},
		"in a struct, by value": struct{ c Client }{*c},
		"cache":                 c.core.tokens,
		"sender":                c.core.sender,
		"token":                 token,
		"token pointer":         &token,
		"token inside":          struct{ t Token }{token},
		"tokens":                []Token{token},
		"source":                StaticToken(testToken),
		"option":                WithRegistrationToken(StaticToken(testToken)),
		"user option":           WithUserID("canary-own-id"),
	}
	for name, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T"} {
			text := fmt.Sprintf(verb, value)
			assert.NotContains(t, text, testToken, "%s %s", name, verb)
			assert.NotContains(t, text, fmt.Sprintf("%x", testToken), "%s %s", name, verb)
			assert.NotContains(t, text, "canary-own-id", "%s %s", name, verb)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", value)
		assertClean(t, log.String(), "canary-own-id")
	}
	text, err := json.Marshal(map[string]any{"t": token, "c": c})
	require.NoError(t, err)
	assertClean(t, string(text), "canary-own-id")
	assert.Equal(t, testToken, token.Value())
	assert.Equal(t, time.Unix(1, 0), token.Expiry())
	assert.Equal(t, redacted, token.String())
	assert.Empty(t, Token{}.Value())
}

func TestLookupResultsPrintNothingOfTheResponse(t *testing.T) {
	t.Parallel()
	w := newWire(reply(http.StatusForbidden, `{"message":"User 'canary.person' is not authorized"}`))
	for result := range newTestClient(t, w).LookupProfiles(t.Context(), []MRI{"8:canary.person"}, LookupOptions{}) {
		printed, err := json.Marshal(result.Err)
		require.NoError(t, err)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", result.Err, result.Err, result.Err, printed), "canary")
	}
}

// An observed attempt has nothing personal in any printed form, for any kind of failure.
func TestAttemptsAreMetadata(t *testing.T) {
	t.Parallel()
	const canary = "canary-person"
	secrets := []string{canary, testToken, testRegistrationToken}
	for _, response := range []httpmock.Responder{
		reply(200, `{"username":"`+canary+`"}`), echoes, reply(404, `{"status":{"code":40411,"text":"Requested username '`+canary+`' not found"}}`),
		reply(200, `{"status":{"code":40411,"text":"`+canary+`"}}`), reply(200, `{"`+canary+`":1,"`+canary+`":2}`),
		reply(400, canary, "X-Skype-Request-Id", canary+"@skype"), reply(302, "", "Location", "https://"+canary+".example/"),
		fails(fmt.Errorf("while sending to %s with %s", canary, testToken)),
		fails(&url.Error{Op: "Get", URL: "https://contacts.skype.com/" + canary, Err: io.EOF}),
	} {
		observer, attempts := observed()
		c := newTestClient(t, newWire(response), observer, WithUserID(canary))
		ctx := t.Context()
		_, listErr := c.ListContacts(ctx)
		_, searchErr := c.SearchDirectory(ctx, canary)
		_, profileErr := c.GetProfile(ctx, canary)
		_ = errors.Join(listErr, searchErr, profileErr, c.SendInvite(ctx, canary, canary), c.AddContact(ctx, canary), c.RevokeContact(ctx, canary))
		require.NotEmpty(t, attempts())
		for _, a := range attempts() {
			text := printed(a) + printed(&a) + printed([]Attempt{a}) + printed(struct{ a Attempt }{a})
			if a.Failure != nil {
				text += printed(a.Failure) + a.Failure.Error()
			}
			for _, secret := range secrets {
				for _, form := range secretForms(secret) {
					require.NotContains(t, text, form)
				}
			}
			require.NotContains(t, text, "evil.example")
		}
	}
}
