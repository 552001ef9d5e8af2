package skypecontacts

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every part of a call is in its request, and nothing else.
func TestDoRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call Call
		want []string // the request line, the headers of the call, the body
	}{
		"presence": {
			Call{Service: "Messenger", Method: "GET", Path: "/users/ME/contacts/ALL/presenceDocs/messagingService", Query: url.Values{"cMri": {"8:joe.4", "8:anna.7"}}},
			[]string{
				"GET https://client-s.gateway.messenger.live.com/v1/users/ME/contacts/ALL/presenceDocs/messagingService?cMri=8%3Ajoe.4&cMri=8%3Aanna.7",
				"Registrationtoken: registrationToken=", "",
			},
		},
		"identifiers": {
			Call{Service: "Contacts", Method: "PUT", Path: "/users/{id}/contacts/favorites/{mri}", IDs: []MRI{"8:fred.2", "joe.4"}},
			[]string{"PUT https://contacts.skype.com/contacts/v2/users/fred.2/contacts/favorites/8:joe.4", "Content-Type: application/json", ""},
		},
		"JSON": {
			Call{Service: "API", Method: "POST", Path: "/users/self/profile/partial", JSON: map[string]any{"payload": map[string]string{"mood": "<b>"}}},
			[]string{"POST https://api.skype.com/users/self/profile/partial", "Content-Type: application/json", `{"payload":{"mood":"<b>"}}`},
		},
		"form": {
			Call{Service: "API", Method: "POST", Path: "/users/self/contacts/profiles", Form: url.Values{"contacts[]": {"joe.4", "anna.7"}}, ReadOnly: true},
			[]string{"POST https://api.skype.com/users/self/contacts/profiles", "Content-Type: application/x-www-form-urlencoded", "contacts[]=joe.4&contacts[]=anna.7"},
		},
		"DELETE": {
			Call{Service: "Contacts", Method: "DELETE", Path: "/users/SELF/contacts/{mri}/phones/1", IDs: []MRI{"+442099887766"}},
			[]string{"DELETE https://contacts.skype.com/contacts/v2/users/SELF/contacts/4:%2B442099887766/phones/1", "X-Skypetoken: ", ""},
		},
		"slash at the end": {
			Call{Service: "Directory", Method: "GET", Path: "/v2.0/search/", Query: url.Values{"searchString": {"a&b=c#d"}}},
			[]string{"GET https://skypegraph.skype.com/v2.0/search/?searchString=a%26b%3Dc%23d", "X-Skypetoken: ", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(reply(http.StatusOK, `{"x":1}`))
			c := newTestClient(t, w, WithRegistrationToken(StaticToken("registration-token")))
			var got struct{ X int }
			require.NoError(t, c.Do(t.Context(), test.call, &got))
			require.Len(t, w.requests(), 1)
			head, body, _ := strings.Cut(w.requests()[0], "\n\n")
			line, header, _ := strings.Cut(head, "\n")
			assert.Equal(t, test.want[0], line)
			assert.Contains(t, header+"\n", test.want[1])
			assert.Equal(t, test.want[2], strings.TrimSuffix(body, "\n"))
		})
	}
}

func TestDoInvalid(t *testing.T) {
	t.Parallel()
	valid := Call{Service: "API", Method: "GET", Path: "/users/self/displayname"}
	changed := func(change func(*Call)) Call { c := valid; change(&c); return c }
	var into any
	for name, call := range map[string]Call{
		"no service":        changed(func(c *Call) { c.Service = "" }),
		"service by URL":    changed(func(c *Call) { c.Service = "https://evil.example" }),
		"service in lower":  changed(func(c *Call) { c.Service = "api" }),
		"method":            changed(func(c *Call) { c.Method = "PATCH" }),
		"no method":         changed(func(c *Call) { c.Method = "" }),
		"method with space": changed(func(c *Call) { c.Method = "GET /x" }),
		"no path":           changed(func(c *Call) { c.Path = "" }),
		"relative path":     changed(func(c *Call) { c.Path = "users" }),
		"host":              changed(func(c *Call) { c.Path = "//evil.example/x" }),
		"dots":              changed(func(c *Call) { c.Path = "/users/../x" }),
		"dots at the end":   changed(func(c *Call) { c.Path = "/users/.." }),
		"escape":            changed(func(c *Call) { c.Path = "/users/%2e%2e/x" }),
		"query in path":     changed(func(c *Call) { c.Path = "/users?x=1" }),
		"fragment":          changed(func(c *Call) { c.Path = "/users#x" }),
		"user":              changed(func(c *Call) { c.Path = "/users@evil.example" }),
		"prefix in path":    changed(func(c *Call) { c.Path = "/users/8:joe.4" }),
		"semicolon":         changed(func(c *Call) { c.Path = "/users/..;/x" }),
		"backslash":         changed(func(c *Call) { c.Path = `/users\x` }),
		"line":              changed(func(c *Call) { c.Path = "/users\r\nX-Evil: 1" }),
		"placeholder":       changed(func(c *Call) { c.Path = "/users/{name}" }),
		"missing ID":        changed(func(c *Call) { c.Path = "/users/{id}" }),
		"one ID more":       changed(func(c *Call) { c.IDs = []MRI{"joe.4"} }),
		"bad ID":            changed(func(c *Call) { c.Path, c.IDs = "/users/{id}", []MRI{"8:.."} }),
		"body of a GET":     changed(func(c *Call) { c.JSON = 1 }),
		"form of a GET":     changed(func(c *Call) { c.Form = url.Values{} }),
		"ReadOnly GET":      changed(func(c *Call) { c.ReadOnly = true }),
		"two bodies":        changed(func(c *Call) { c.Method, c.JSON, c.Form = "POST", 1, url.Values{} }),
		"not JSON":          changed(func(c *Call) { c.Method, c.JSON = "POST", func() {} }),
		"not UTF-8":         changed(func(c *Call) { c.Method, c.JSON = "POST", "\xff" }),
		"long query":        changed(func(c *Call) { c.Query = url.Values{"x": {strings.Repeat("a", maxURL)}} }),
	} {
		w := newWire(reply(http.StatusOK, `{}`))
		err := newTestClient(t, w).Do(t.Context(), call, &into)
		require.ErrorIs(t, err, ErrInvalid, name)
		assert.Empty(t, w.requests(), name)
		var failure *Error
		require.ErrorAs(t, err, &failure, name)
		assert.Equal(t, "Do", failure.Op)
		assert.NotContains(t, err.Error(), "evil", name)
	}
	for name, into := range map[string]any{"value": struct{}{}, "nil pointer": (*int)(nil), "map": map[string]any{}} {
		w := newWire(reply(http.StatusOK, `{}`))
		require.ErrorIs(t, newTestClient(t, w).Do(t.Context(), valid, into), ErrInvalid, name)
		assert.Empty(t, w.requests(), name)
	}
	c, err := New(StaticToken(testToken))
	require.NoError(t, err)
	require.ErrorIs(t, c.Do(t.Context(), Call{Service: "Messenger", Method: "GET", Path: "/users/ME/properties"}, &into), ErrNoRegistrationToken)
}

// What a response under 200 says of a failure is an error, whatever else it has.
func TestDoResponses(t *testing.T) {
	t.Parallel()
	read := Call{Service: "API", Method: "GET", Path: "/users/self"}
	change := Call{Service: "API", Method: "PUT", Path: "/users/self"}
	for _, test := range []struct {
		call Call
		body string
		want any // the value, or the kind of error
	}{
		{read, `{"a":[1,{"b":null}]}`, map[string]any{"a": []any{1.0, map[string]any{"b": nil}}}},
		{read, "\ufeff[1]", []any{1.0}},
		{read, `"x"`, "x"},
		{read, `null`, nil},
		{read, `{"status":"Online","availability":"Away"}`, map[string]any{"status": "Online", "availability": "Away"}},
		{read, `{"message":"hello","id":1}`, map[string]any{"message": "hello", "id": 1.0}},
		{read, `{"error":null,"id":1}`, map[string]any{"error": nil, "id": 1.0}},
		{read, `{"status":{"code":200},"id":1}`, map[string]any{"status": map[string]any{"code": 200.0}, "id": 1.0}},
		{read, `{"status":{"code":40399,"text":"no"},"id":1}`, ErrForbidden},
		{read, `{"errorCode":404,"message":"no","id":1}`, ErrNotFound},
		{read, `{"error":{"code":"x"},"id":1}`, errReported},
		{read, `{"error":"denied","id":1}`, errReported},
		{read, `{"message":"denied"}`, errReported},
		{read, `{"message":"denied","stackTrace":null}`, errReported},
		{read, `{"status":false}`, errReported},
		{read, ``, ErrDecode},
		{read, `{"a":1`, ErrDecode},
		{read, `{"a":1}x`, ErrDecode},
		{read, `{"a":1,"a":2}`, ErrDecode},
		{read, `{"a":{"b":1,"b":2}}`, ErrDecode},
		{read, strings.Repeat("[", 100) + strings.Repeat("]", 100), ErrDecode},
		{change, ``, nil},
		{change, `{"id":1}`, map[string]any{"id": 1.0}},
		{change, `{"message":"denied"}`, errReported},
	} {
		var got any
		err := newTestClient(t, newWire(reply(http.StatusOK, test.body))).Do(t.Context(), test.call, &got)
		if want, ok := test.want.(error); ok {
			var failure *Error
			require.ErrorAs(t, err, &failure, test.body)
			if want == errReported {
				assert.Equal(t, http.StatusOK, failure.Status, test.body)
			} else {
				assert.ErrorIs(t, err, want, test.body)
			}
			continue
		}
		require.NoError(t, err, test.body)
		assert.Equal(t, test.want, got, test.body)
	}
}

// errReported stands for a failure that no Err variable is for.
var errReported = decodeError("reported")

// Do returns whole documents: one that goes on is not taken for all of it.
func TestDoPages(t *testing.T) {
	t.Parallel()
	var into any
	w := newWire(reply(http.StatusOK, `{"contacts":[]}`, continuationHeader, "more"))
	require.ErrorIs(t, newTestClient(t, w).Do(t.Context(), Call{Service: "Contacts", Method: "GET", Path: "/users/SELF"}, &into), ErrDecode)
	require.Nil(t, into)
}

// The error of a response that does not fit holds nothing of it.
func TestDoMismatch(t *testing.T) {
	t.Parallel()
	var into struct{ Number int8 }
	err := newTestClient(t, newWire(reply(http.StatusOK, `{"Number":442099887766}`))).Do(t.Context(), Call{Service: "API", Method: "GET", Path: "/x"}, &into)
	require.ErrorIs(t, err, ErrDecode)
	assert.NotContains(t, err.Error(), "442099887766")
}

// A POST is repeated only if it says that it changes nothing. Logs have its template.
func TestDoRepeats(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method   string
		readOnly bool
		requests int
		maybe    bool
	}{
		{"GET", false, 2, false},
		{"POST", false, 1, true},
		{"POST", true, 2, false},
		{"PUT", false, 2, true},
		{"DELETE", false, 2, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			var attempts []Attempt
			w := newWire(reply(http.StatusBadGateway, ""))
			c := newTestClient(t, w, WithRetry(Retry{MaxAttempts: 2}), WithObserver(func(_ context.Context, a Attempt) { attempts = append(attempts, a) }))
			var into any
			err := c.Do(t.Context(), Call{Service: "API", Method: test.method, Path: "/users/{id}/x", IDs: []MRI{"joe.4"}, ReadOnly: test.readOnly}, &into)
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Len(t, w.requests(), test.requests)
			require.Equal(t, test.maybe, failure.MaybeApplied, test)
			require.NotContains(t, err.Error(), "joe.4")
			for _, a := range attempts {
				require.Equal(t, []string{"Do", "API", test.method, "/users/{id}/x"}, []string{a.Op, a.Service, a.Method, a.Route})
			}
		})
	}
}

// checkDo is a fuzz target: whatever a call has, the request goes to its service below
// the base path, or there is none.
func checkDo(tb testing.TB, input []byte) {
	tb.Helper()
	parts := strings.SplitN(string(input), "|", 5)
	for len(parts) < 5 {
		parts = append(parts, "")
	}
	w := newWire(reply(http.StatusOK, `{}`))
	c := newTestClient(tb, w, WithEndpoints(Endpoints{API: "https://api.example/base"}))
	call := Call{Service: "API", Method: parts[0], Path: parts[1], Query: url.Values{parts[3]: {parts[4]}}}
	if parts[2] != "" {
		call.IDs = []MRI{MRI(parts[2])}
	}
	err := c.Do(context.Background(), call, nil)
	for _, sent := range w.requests() {
		line, header, _ := strings.Cut(sent, "\n")
		method, target, _ := strings.Cut(line, " ")
		u, err := url.Parse(target)
		require.NoError(tb, err)
		require.Equal(tb, parts[0], method)
		require.Equal(tb, "https://api.example", u.Scheme+"://"+u.Host)
		require.Nil(tb, u.User)
		require.True(tb, strings.HasPrefix(u.EscapedPath(), "/base/"), line)
		require.Equal(tb, strings.Count(parts[1], "/"), strings.Count(u.EscapedPath(), "/")-1, line)
		require.NotContains(tb, strings.Split(u.Path, "/"), "..")
		require.Equal(tb, url.Values{parts[3]: {parts[4]}}, u.Query())
		require.Equal(tb, 1, strings.Count(header, testToken))
		require.NotContains(tb, line, testToken)
	}
	if len(w.requests()) == 0 {
		require.ErrorIs(tb, err, ErrInvalid)
	} else {
		require.NoError(tb, err)
	}
}

func FuzzDo(f *testing.F) { fuzzTargets(f)["Do"].Fuzz(f) }
