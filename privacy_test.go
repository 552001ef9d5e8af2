package skypecontacts

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
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

// canaryItems returns the errors of entries that cannot be decoded, from each iterator.
func canaryItems(t *testing.T) map[string]error {
	t.Helper()
	items := map[string]error{}
	for name, entry := range map[string]string{
		"no identifier": `{"display_name":"canary-person"}`, "a text": `"canary-person"`, "a name twice": `{"mri":"8:x","mri":"canary-person"}`,
	} {
		page := `{"contacts":[` + entry + `]}`
		for _, err := range newTestClient(t, newWire(reply(200, page))).AllContacts(t.Context()) {
			items["AllContacts, "+name] = err
		}
		for _, err := range ReadContacts(strings.NewReader(page)) {
			items["ReadContacts, "+name] = err
		}
	}
	return items
}

// An error for an entry that cannot be decoded shows nothing of it, also inside other
// values and errors. The program still gets the entry.
func TestSkippedItemsAreNotPrinted(t *testing.T) {
	t.Parallel()
	for name, err := range canaryItems(t) {
		require.Error(t, err, name)
		type hidden struct{ err error }
		type exported struct{ Err error }
		for form, value := range map[string]any{
			"alone": err, "hidden": hidden{err}, "pointer": &hidden{err}, "exported": exported{err}, "nested": struct{ h hidden }{hidden{err}},
			"wrapped": fmt.Errorf("while reading: %w", err), "joined": errors.Join(err, io.EOF), "twice": fmt.Errorf("%w, %w", err, errors.Join(err)),
			"hidden and wrapped": hidden{fmt.Errorf("at last: %w", err)}, "list": []error{err}, "map": map[string]error{"a": err}, "hidden list": struct{ errs []error }{[]error{err}},
		} {
			text := printed(value)
			for _, secret := range append(secretForms("canary-person"), goBytes("canary-person")) {
				assert.NotContains(t, text, secret, "%s, %s", name, form)
			}
		}
		asXML, _ := xml.Marshal(err)
		var asGob bytes.Buffer
		_ = gob.NewEncoder(&asGob).Encode(exported{err})
		assert.NotContains(t, string(asXML)+asGob.String(), "canary-person", name)

		for _, wrapped := range []error{err, fmt.Errorf("while reading: %w", err), errors.Join(io.EOF, err)} {
			var item SkippedItem
			require.ErrorAs(t, wrapped, &item, name)
			assert.Contains(t, string(item.Raw), "canary-person", name)
			assert.Equal(t, SkippedItem{List: "contacts", Index: 0, Raw: item.Raw, Err: item.Err}, item, name)
			assert.ErrorIs(t, wrapped, ErrDecode, name)
		}
		text, jsonErr := json.Marshal(err)
		require.NoError(t, jsonErr)
		assert.JSONEq(t, fmt.Sprintf(`{"list":"contacts","index":0,"error":%q}`, errors.Unwrap(err)), string(text), name)
	}
}

// goBytes returns the bytes of a text as %#v prints them in a list.
func goBytes(text string) string {
	printed := fmt.Sprintf("%#v", []byte(text))
	return printed[len("[]byte{") : len(printed)-1]
}

// No encoding of an error has message or excerpt. Its metadata survives gob and JSON.
func TestErrorEncodings(t *testing.T) {
	t.Parallel()
	const canary = "canary-person"
	for name, response := range map[string]httpmock.Responder{
		"a code":       reply(404, `{"status":{"code":40411,"text":"canary-person not found"}}`, "X-Skype-Request-Id", "0a1b"),
		"under 200":    reply(200, `{"message":"canary-person is not served"}`),
		"HTML":         reply(403, "<p>canary-person</p>", "Content-Type", "text/html"),
		"problem+json": reply(429, `{"detail":"canary-person"}`, "Content-Type", "application/problem+json", "Retry-After", "90"),
		"cut off":      cutReply(200, `{"contacts":[{"mri":"canary-person`),
	} {
		_, err := newTestClient(t, newWire(response)).ListContacts(t.Context())
		var failure *Error
		require.ErrorAs(t, err, &failure, name)
		require.Contains(t, failure.Message+failure.Excerpt, canary, name)
		wanted := Error{
			Op: failure.Op, Method: failure.Method, Route: failure.Route, Status: failure.Status, Code: failure.Code,
			RequestID: failure.RequestID, RetryAfter: failure.RetryAfter, Attempts: failure.Attempts,
		}
		for _, value := range []any{failure, *failure, []*Error{failure}, struct{ Err *Error }{failure}, struct{ Err Error }{*failure}} {
			asXML, _ := xml.Marshal(value)
			asJSON, jsonErr := json.Marshal(value)
			require.NoError(t, jsonErr)
			var asGob bytes.Buffer
			_ = gob.NewEncoder(&asGob).Encode(value) // cannot encode an Error without its address
			assert.NotContains(t, string(asXML)+string(asJSON)+asGob.String()+fmt.Sprintf("%v %+v %#v %s %q %x %d", value, value, value, value, value, value, value), canary, name)
		}
		var encoded bytes.Buffer
		require.NoError(t, gob.NewEncoder(&encoded).Encode(failure))
		var back Error
		require.NoError(t, gob.NewDecoder(&encoded).Decode(&back))
		assert.Equal(t, wanted, back, name)
		asJSON, jsonErr := json.Marshal(failure)
		require.NoError(t, jsonErr)
		back = Error{}
		require.NoError(t, json.Unmarshal(asJSON, &back))
		assert.Equal(t, wanted, back, name)
		asXML, xmlErr := xml.Marshal(failure)
		require.NoError(t, xmlErr)
		back = Error{}
		require.NoError(t, xml.Unmarshal(asXML, &back))
		assert.Equal(t, wanted, back, name)
	}
	require.Error(t, new(Error).GobDecode([]byte("{")))
}

// personal has a value of every exported struct type that may hold something personal.
func personal() []any {
	return []any{
		AuthRequest{},
		AuthRequestList{},
		Avatar{},
		AvatarOptions{},
		BlockedUser{},
		Blocklist{},
		Bot{},
		BotList{},
		Call{},
		Client{},
		Contact{},
		ContactList{},
		DirectoryEntry{},
		DirectoryResults{},
		Error{},
		Group{},
		GroupList{},
		Invite{},
		InviteList{},
		InviteMessage{},
		Location{},
		LookupResult{},
		Mood{},
		Name{},
		Phone{},
		Profile{},
		ProfileList{},
		ProfileUpdate{},
		Roster{},
		RosterChanges{},
		SkippedItem{},
		Token{},
	}
}

// Every exported struct type that may hold something personal has a LogValue that does
// not show it; the others are named here, so that a new type is looked at.
func TestPersonalTypesInALog(t *testing.T) {
	t.Parallel()
	looked := []string{
		"Agent", "Attempt", "BlockOptions", "BotTiles", "Date", "Endpoints", "LookupOptions", "Operation", "RelationshipSource", "Retry", // hold nothing of a person
	}
	for _, value := range personal() {
		kind := reflect.TypeOf(value)
		looked = append(looked, kind.Name())
		filled := reflect.New(kind)
		fillWithCanary(filled.Elem(), 0)
		for _, value := range []any{filled.Interface(), filled.Elem().Interface()} {
			var text bytes.Buffer
			for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&text, nil)} {
				slog.New(handler).With("with", value).WithGroup("g").Info("x", "value", value, slog.Group("group", "inner", value))
			}
			assert.NotContains(t, text.String(), "canary-person", kind.Name())
		}
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var structs []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				if _, ok := spec.Type.(*ast.StructType); ok {
					structs = append(structs, spec.Name.Name)
				}
			}
			return true
		})
	}
	assert.ElementsMatch(t, structs, looked, "a new type needs a LogValue, or a place in the list of those that hold nothing of a person")
}

// fillWithCanary sets every text that v can hold but for the metadata of an Error.
func fillWithCanary(v reflect.Value, depth int) {
	if depth > 6 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("canary-person")
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type() != reflect.TypeFor[Error]() || v.Type().Field(i).Tag.Get("json") == "-" {
				fillWithCanary(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`"canary-person"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillWithCanary(v.Index(0), depth+1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillWithCanary(v.Elem(), depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if v.Type() == reflect.TypeFor[Extra]() {
			v.SetMapIndex(reflect.ValueOf("canary-person"), reflect.ValueOf(raw(`"canary-person"`)))
		}
	default:
	}
}
