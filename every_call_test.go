package skypecontacts_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the files below testdata/decoded")

func TestEveryRouteIsInTheTable(t *testing.T) {
	t.Parallel()
	var inTable []string
	for name, call := range apitest.ByRoute() {
		if call.Op == "Do" {
			continue // it has any route
		}
		inTable = append(inTable, name)
		assert.True(t, strings.HasPrefix(call.Route, "/"), name)
	}
	require.ElementsMatch(t, skypecontacts.RegisteredRoutes(), inTable)
}

// Every call sends exactly its request and decodes its fixture to exactly its value.
func TestCalls(t *testing.T) {
	t.Parallel()
	for _, call := range apitest.Calls() {
		t.Run(call.Name(), func(t *testing.T) {
			t.Parallel()
			transport := apitest.NewTransport(call.Success(t))
			got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.NoError(t, err)
			require.Equal(t, []string{call.Request}, transport.Requests())
			require.Equal(t, call.Want, got)
		})
	}
}

// Every variant seen on the wire, next to what it decodes to. A change of the
// files below testdata/decoded is to be reviewed.
func TestVariants(t *testing.T) {
	t.Parallel()
	for _, call := range apitest.Calls() {
		for _, variant := range call.Variants {
			t.Run(variant.Fixture, func(t *testing.T) {
				t.Parallel()
				call := call
				if variant.IDs != nil {
					call = call.With(variant.IDs...)
				}
				transport := apitest.NewTransport(apitest.Response(http.StatusOK, apitest.Fixture(t, variant.Fixture+".json")))
				got, err := call.Do(t.Context(), apitest.NewClient(t, transport, skypecontacts.WithDialect(call.Dialect)))
				require.NoError(t, err)
				decoded, err := json.MarshalIndent(got, "", "  ")
				require.NoError(t, err)
				name := "decoded/" + variant.Fixture + ".json"
				if *update {
					path := filepath.Join("testdata", filepath.FromSlash(name))
					require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
					require.NoError(t, os.WriteFile(path, append(decoded, '\n'), 0o644))
				}
				require.Equal(t, apitest.Fixture(t, name), string(decoded))
			})
		}
	}
}

// Every fixture is named by a test or by the table of calls.
func TestFixturesAreUsed(t *testing.T) {
	t.Parallel()
	var sources strings.Builder
	for _, pattern := range []string{"*_test.go", "internal/apitest/*.go", "internal/reliability/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			sources.Write(source)
		}
	}
	for _, pattern := range []string{"testdata/*/*.json", "testdata/*/*.html", "testdata/*/*.png"} {
		fixtures, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, fixtures)
		for _, name := range fixtures {
			name = strings.TrimSuffix(strings.TrimSuffix(filepath.Base(name), ".json"), ".png")
			named := slices.ContainsFunc([]string{`"` + name + `"`, "/" + name + `"`, `"` + name + `.json"`, "/" + name + `.json"`},
				func(literal string) bool { return strings.Contains(sources.String(), literal) })
			assert.True(t, named, name)
		}
	}
}

// The bodies that are sent are those of the fixtures.
func TestRequestBodies(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *skypecontacts.Client) error{
		"send_invite_request": func(ctx context.Context, c *skypecontacts.Client) error {
			return c.SendInvite(ctx, "8:joe.4", "Hi, I'd like to add you as a contact.")
		},
		"block_user_request": func(ctx context.Context, c *skypecontacts.Client) error {
			return c.BlockUser(ctx, "anna.7", skypecontacts.BlockOptions{})
		},
		"block_user_request_report": func(ctx context.Context, c *skypecontacts.Client) error {
			return c.BlockUser(ctx, "anna.7", skypecontacts.BlockOptions{ReportAbuse: true, Reason: "spam"})
		},
	} {
		transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
		require.NoError(t, call(t.Context(), apitest.NewClient(t, transport)))
		_, body, _ := strings.Cut(transport.Requests()[0], "\n\n")
		assert.JSONEq(t, apitest.Fixture(t, "contacts/"+name+".json"), body)
	}
}

// A write succeeds with each of these responses.
func TestSuccessfulWrites(t *testing.T) {
	t.Parallel()
	for _, call := range apitest.Calls() {
		if !call.Writes {
			continue
		}
		for _, response := range []httpmock.Responder{
			apitest.Response(http.StatusOK, ""), apitest.Response(http.StatusCreated, "{}"),
			apitest.Response(http.StatusAccepted, "null"), apitest.Response(http.StatusNoContent, ""),
			apitest.Response(http.StatusMultiStatus, `{"unknown":[1]}`),
			apitest.Response(http.StatusOK, "", "Content-Type", "text/html"), apitest.Response(http.StatusOK, " \r\n"),
		} {
			transport := apitest.NewTransport(response)
			_, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.NoError(t, err, call.Name())
			require.Len(t, transport.Requests(), 1, call.Name())
		}
	}
}

// failureCase is a response, or the lack of one, with the error that it leads to.
type failureCase struct {
	name     string
	response func(fixture string) httpmock.Responder
	is       error
	status   int
	retried  bool // a GET, PUT or DELETE is sent three times
	maybe    bool // a write may have been applied
	reads    bool // a write succeeds
}

func failureCases() []failureCase {
	always := func(r httpmock.Responder) func(string) httpmock.Responder {
		return func(string) httpmock.Responder { return r }
	}
	response := func(status int, body string, headers ...string) func(string) httpmock.Responder {
		return always(apitest.Response(status, body, headers...))
	}
	of := func(status int, body func(string) string) func(string) httpmock.Responder {
		return func(fixture string) httpmock.Responder { return apitest.Response(status, body(fixture)) }
	}
	const notFound = `{"status":{"code":40411,"text":"Requested username 'bad' not found"}}`
	return []failureCase{
		{name: "401", response: response(401, `{"message":"Skype token validation failed!","stackTrace":null}`), is: skypecontacts.ErrUnauthorized, status: 401},
		{name: "403 empty", response: response(403, ""), is: skypecontacts.ErrForbidden, status: 403},
		{name: "404", response: response(404, `{"status":{"code":40499,"text":"No handler found for resource"}}`), is: skypecontacts.ErrNotFound, status: 404},
		{name: "409", response: response(409, ""), is: skypecontacts.ErrConflict, status: 409},
		{name: "410", response: response(410, ""), is: skypecontacts.ErrNotFound, status: 410},
		{name: "429 with a long Retry-After", response: response(429, "", "Retry-After", "3600"), is: skypecontacts.ErrRateLimited, status: 429},
		{name: "429", response: response(429, "", "Retry-After", "0"), is: skypecontacts.ErrRateLimited, status: 429, retried: true},
		{name: "502 HTML", response: always(apitest.HTMLResponse(502)), is: skypecontacts.ErrUnavailable, status: 502, retried: true, maybe: true},
		{name: "503", response: response(503, "", "Retry-After", "0"), is: skypecontacts.ErrUnavailable, status: 503, retried: true, maybe: true},
		{name: "302", response: response(302, "", "Location", "https://evil.example/"), is: skypecontacts.ErrRedirect, status: 302},
		{name: "200 HTML", response: always(apitest.HTMLResponse(200)), is: skypecontacts.ErrDecode, status: 200, maybe: true},
		{name: "200 with an error", response: response(200, notFound), is: skypecontacts.ErrNotFound, status: 200},
		{name: "200 empty", response: response(200, ""), is: skypecontacts.ErrDecode, status: 200, reads: true},
		{name: "200 null", response: response(200, "null"), is: skypecontacts.ErrDecode, status: 200, reads: true},
		{name: "200 truncated", response: of(200, func(s string) string { return s[:len(s)/2] }), is: skypecontacts.ErrDecode, status: 200, maybe: true},
		{name: "200 with trailing data", response: of(200, func(s string) string { return s + "{}" }), is: skypecontacts.ErrDecode, status: 200, maybe: true},
		{name: "206", response: of(206, func(s string) string { return s }), status: 206, maybe: true},
		{name: "connection lost", response: always(apitest.NetworkError(io.ErrUnexpectedEOF)), is: skypecontacts.ErrUnavailable, retried: true, maybe: true},
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, test := range failureCases() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, call := range apitest.Calls() {
				if test.reads && call.Writes {
					continue
				}
				transport := apitest.NewTransport(test.response(call.Body(t)))
				got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
				var failure *skypecontacts.Error
				require.ErrorAs(t, err, &failure, call.Name())
				if test.is != nil {
					require.ErrorIs(t, err, test.is, call.Name())
				}
				attempts := 1
				if test.retried && call.Repeatable() {
					attempts = 3
				}
				require.Len(t, transport.Requests(), attempts, call.Name())
				want := *failure // what differs with the response is compared by the tests of errors
				want.Op, want.Method, want.Route, want.Status = call.Op, call.Method, call.Route, test.status
				want.Attempts, want.MaybeApplied = attempts, test.maybe && call.Writes
				require.Equal(t, want, *failure, call.Name())
				if !call.Writes {
					require.Zero(t, got, "%s returned a value with its error", call.Name())
				}
			}
		})
	}
}

// Unknown members of a response are kept in Extra.
func TestUnknownMembers(t *testing.T) {
	t.Parallel()
	partial := []string{"AllContacts", "GetBot"} // which return a part of the response
	for _, call := range apitest.Calls() {
		body := call.Body(t)
		if !strings.HasPrefix(body, "{") || body == "{}" {
			continue
		}
		transport := apitest.NewTransport(apitest.Response(200, `{"news":{"deep":[1,null]},`+body[1:]))
		got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
		require.NoError(t, err, call.Name())
		stored, err := json.Marshal(got)
		require.NoError(t, err)
		if !slices.Contains(partial, call.Op) {
			assert.Contains(t, string(stored), `"news":{"deep":[1,null]}`, call.Name())
		}
	}
}

func TestCanceledContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, call := range apitest.Calls() {
		transport := apitest.NewTransport(apitest.Response(200, "{}"))
		_, err := call.Do(ctx, apitest.NewClient(t, transport, call.ClientOptions()...))
		require.ErrorIs(t, err, context.Canceled, call.Name())
		require.Empty(t, transport.Requests(), call.Name())
		var failure *skypecontacts.Error
		require.ErrorAs(t, err, &failure, call.Name())
		require.False(t, failure.MaybeApplied, call.Name())
	}
}

// Every service gets its token header and no other.
func TestAuthStyles(t *testing.T) {
	t.Parallel()
	teams := map[string]string{
		"Authentication": "skypetoken=" + apitest.Token, "Ms-Ic3-Product": "tfl",
		"Ms-Ic3-Additional-Product": "Sfl", "X-Ms-Client-Consumer-Type": "teams4life",
	}
	skype := map[string]string{"X-Skypetoken": apitest.Token}
	gateway := map[string]string{"Registrationtoken": "registrationToken=" + apitest.RegistrationToken}
	for _, call := range apitest.Calls() {
		for _, style := range []skypecontacts.AuthStyle{skypecontacts.AuthSkypeToken, skypecontacts.AuthTeams} {
			want := skype
			switch {
			case call.Service == "Messenger":
				want = gateway
			case style == skypecontacts.AuthTeams && strings.HasPrefix(call.Service, "Contacts"):
				want = teams
			}
			sent := make(chan http.Header, 1)
			transport := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
				sent <- req.Header
				return call.Success(t)(req)
			})
			_, err := call.Do(t.Context(), apitest.NewClient(t, transport, append(call.ClientOptions(), skypecontacts.WithAuthStyle(style))...))
			require.NoError(t, err, call.Name())
			got, header := map[string]string{}, <-sent
			for _, name := range []string{
				"X-Skypetoken", "Authentication", "Registrationtoken", "Authorization", "Cookie", "Lockandkey",
				"Ms-Ic3-Product", "Ms-Ic3-Additional-Product", "X-Ms-Client-Consumer-Type",
			} {
				if value := header.Get(name); value != "" {
					got[name] = value
				}
			}
			require.Equal(t, want, got, call.Name())
		}
	}
}

// Every method that takes an identifier rejects a bad one before anything is sent.
// The methods are found by reflection; a string that is not an identifier has to
// be named here.
func TestBadIdentifiers(t *testing.T) {
	t.Parallel()
	notIDs := map[string]bool{"SendInvite/2": true, "SearchDirectory/1": true, "LegacySearchDirectory/1": true}
	tested := 0
	client := reflect.TypeFor[*skypecontacts.Client]()
	for method := range client.Methods() {
		for arg := 2; arg < method.Type.NumIn(); arg++ { // after receiver and context
			place := method.Name + "/" + string('0'+rune(arg-1))
			in := method.Type.In(arg)
			isID := in == reflect.TypeFor[skypecontacts.MRI]() || in == reflect.TypeFor[[]skypecontacts.MRI]() || in.Kind() == reflect.String && !notIDs[place]
			if !isID {
				continue
			}
			tested++
			for _, id := range skypecontacts.BadIDs() {
				transport := apitest.NewTransport(apitest.Response(200, "{}"))
				err := callWith(t, apitest.NewClient(t, transport), method, arg, id)
				require.ErrorIs(t, err, skypecontacts.ErrInvalid, "%s with %q", place, id)
				require.Empty(t, transport.Requests(), "%s with %q", place, id)
				var failure *skypecontacts.Error
				require.ErrorAs(t, err, &failure)
				require.Zero(t, failure.Attempts)
				if len(id) > 3 {
					require.NotContains(t, err.Error(), id)
				}
			}
		}
	}
	require.GreaterOrEqual(t, tested, 14, "methods were found")
}

// callWith calls a method with one bad identifier and plain values for the rest.
func callWith(t *testing.T, c *skypecontacts.Client, method reflect.Method, bad int, id string) error {
	t.Helper()
	in := []reflect.Value{reflect.ValueOf(c), reflect.ValueOf(t.Context())}
	for i := 2; i < method.Type.NumIn(); i++ {
		value := reflect.New(method.Type.In(i)).Elem()
		switch {
		case i == bad && value.Kind() == reflect.Slice:
			value.Set(reflect.ValueOf([]skypecontacts.MRI{skypecontacts.MRI(id)}))
		case i == bad:
			value.SetString(id)
		case value.Kind() == reflect.String:
			value.SetString("joe.4")
		}
		in = append(in, value)
	}
	var out []reflect.Value
	if method.Type.IsVariadic() {
		out = method.Func.CallSlice(in)
	} else {
		out = method.Func.Call(in)
	}
	switch last := out[len(out)-1].Interface().(type) {
	case error:
		return last
	case iter.Seq[skypecontacts.LookupResult]:
		for result := range last {
			return result.Err
		}
	}
	return errors.New("no error")
}

func TestNoIdentifiers(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(200, "[]"))
	_, err := apitest.NewClient(t, transport).GetPublicProfiles(t.Context())
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	require.Empty(t, transport.Requests())
}

func TestBadText(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(200, "{}"))
	c := apitest.NewClient(t, transport)
	for _, query := range []string{"", "  ", "a\x00", "a\r\nb", "\xff", strings.Repeat("a", 8<<10)} {
		_, err := c.SearchDirectory(t.Context(), query)
		assert.ErrorIs(t, err, skypecontacts.ErrInvalid, "%q", query)
		_, err = c.LegacySearchDirectory(t.Context(), query)
		assert.ErrorIs(t, err, skypecontacts.ErrInvalid, "%q", query)
	}
	assert.ErrorIs(t, c.SendInvite(t.Context(), "joe.4", "\xff"), skypecontacts.ErrInvalid)
	assert.ErrorIs(t, c.BlockUser(t.Context(), "joe.4", skypecontacts.BlockOptions{ReportAbuse: true, Reason: "\xff"}), skypecontacts.ErrInvalid)
	_, err := c.RefreshRoster(t.Context(), &skypecontacts.Roster{ETag: "a\r\nX-Evil: 1"})
	assert.ErrorIs(t, err, skypecontacts.ErrInvalid)
	assert.Empty(t, transport.Requests())
}

func TestSegments(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"joe.4":                  "8:joe.4",
		"8:echo123":              "8:echo123",
		"live:.cid.1f":           "8:live:.cid.1f",
		"2:a@corp.example":       "2:a%40corp.example",
		"+442099887766":          "4:%2B442099887766",
		"19:abc@thread.skype":    "19:abc%40thread.skype",
		"8:josé":                 "8:jos%C3%A9",
		"8:日本":                   "8:%E6%97%A5%E6%9C%AC",
		"8:a;b,c":                "8:a%3Bb%2Cc",
		`8:a"b`:                  "8:a%22b",
		strings.Repeat("a", 254): "8:" + strings.Repeat("a", 254),
	} {
		transport := apitest.NewTransport(apitest.Response(200, "{}"))
		require.NoError(t, apitest.NewClient(t, transport).AcceptInvite(t.Context(), skypecontacts.MRI(id)))
		assert.Contains(t, transport.Requests()[0], "/users/self/invites/"+want+"/accept\n")
	}
}

// A client without a registration token sends nothing to the gateway.
func TestNoRegistrationToken(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(200, "{}"))
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), skypecontacts.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	for _, call := range []func(context.Context, skypecontacts.MRI) error{c.AddContact, c.RemoveContact} {
		require.ErrorIs(t, call(t.Context(), "joe.4"), skypecontacts.ErrNoRegistrationToken)
	}
	require.Empty(t, transport.Requests())
}

// failuresUnderSuccess are responses under 200 that report a failure or have nothing
// of what was asked for.
func failuresUnderSuccess() map[string]httpmock.Responder {
	responses := map[string]httpmock.Responder{
		"problem+json": apitest.Response(200, `{"type":"about:blank","title":"Forbidden","status":403,"detail":"refused"}`,
			"Content-Type", "application/problem+json; charset=utf-8"),
		"problem+json in capitals":     apitest.Response(201, `{"title":"Forbidden"}`, "Content-Type", "Application/Problem+JSON"),
		"problem+json without members": apitest.Response(202, `{}`, "Content-Type", "application/problem+json"),
		"problem+json without content": apitest.Response(200, ``, "Content-Type", "application/problem+json"),
		"problem+json that is cut off": apitest.Response(200, `{"title":"Forb`, "Content-Type", "application/problem+json"),
	}
	for _, body := range []string{
		`{"message":"The service is being moved, try later"}`,
		`{"error":{"code":"ServiceUnavailable","message":"no"}}`,
		`{"errorCode":"AccessDenied","message":"no"}`,
		`{"errorCode":1e400,"message":"no"}`,
		`{"status":{"code":"forbidden","text":"You may not"}}`,
		`{"status":{"code":null,"text":"You may not"}}`,
		`{"status":"error","text":"no"}`,
		`{"message":"the token is refused","stackTrace":null}`,
		`{"type":"about:blank","title":"Forbidden","status":403,"detail":"refused"}`,
		// Not in the reports:
		`{"Message":"The request is invalid."}`,
		`{"error":[403]}`,
		`{"error":["no"],"message":null}`,
		`{"errorCode":-1}`,
		`{"status":false}`,
		`{"message":{"text":"no"}}`,
		`{"status":{}}`,
		`{"m\u0065ssage":"escaped"}`,
		`{"message":null}`,
		`{"error":null,"errorCode":null}`,
		`{"message":"","status":null}`,
	} {
		responses[body] = apitest.Response(200, body)
	}
	return responses
}

// No call takes a failure under 200 for a success.
func TestFailuresUnderSuccess(t *testing.T) {
	t.Parallel()
	for name, response := range failuresUnderSuccess() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, call := range apitest.Calls() {
				transport := apitest.NewTransport(response)
				got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
				checkRefused(t, call, got, err)
				require.Equal(t, []string{call.Request}, transport.Requests(), "it is not repeated")
			}
		})
	}
}

// The response to a write that is not an object fails unless it means success.
func TestWritesWithOtherValues(t *testing.T) {
	t.Parallel()
	for body, message := range map[string]string{
		`"OK"`: "", `"success"`: "", `""`: "", `true`: "", `0`: "", `200`: "", `20000`: "", `null`: "", `[]`: "", `[ [] ]`: "",
		`"Access denied"`: "Access denied", `"true"`: "true", `false`: "false", `7`: "7", `500`: "500",
		`["Access denied"]`: `["Access denied"]`, `[{"error":"x"}]`: `[{"error":"x"}]`, `[0]`: `[0]`, `[null]`: `[null]`,
	} {
		for _, call := range apitest.Calls() {
			if !call.Writes {
				continue
			}
			transport := apitest.NewTransport(apitest.Response(200, body))
			_, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.Equal(t, []string{call.Request}, transport.Requests(), "%s %s", call.Name(), body)
			if message == "" {
				require.NoError(t, err, "%s %s", call.Name(), body)
				continue
			}
			checkRefused(t, call, nil, err)
			failure, _ := errors.AsType[*skypecontacts.Error](err)
			require.Equal(t, message, failure.Message, call.Name())
			require.True(t, failure.MaybeApplied, "%s %s", call.Name(), body)
			require.Equal(t, 1, failure.Attempts, "%s %s", call.Name(), body)
		}
	}
}

// checkRefused requires an error with a message and without a value.
func checkRefused(t *testing.T, call apitest.Call, got any, err error) {
	t.Helper()
	var failure *skypecontacts.Error
	require.ErrorAs(t, err, &failure, call.Name())
	require.Equal(t, 2, failure.Status/100, call.Name())
	require.NotEmpty(t, failure.Message, call.Name())
	require.NotContains(t, err.Error(), failure.Message+" ", call.Name())
	if !call.Writes {
		require.Zero(t, got, "%s returned a value with its error", call.Name())
	}
}

// The same beside the members of a success.
func TestFailuresBesideTheFixture(t *testing.T) {
	t.Parallel()
	for _, member := range []string{
		`"message":"no"`, `"error":{"code":7}`, `"errorCode":"AccessDenied"`, `"status":{"text":"no"}`, `"errorCode":1e400`, `"ERROR":[1]`, `"status":0.5`,
	} {
		for _, call := range apitest.Calls() {
			fixture := call.Body(t)
			if !strings.HasPrefix(fixture, "{") {
				continue
			}
			rest := strings.TrimSpace(fixture[1:])
			for _, body := range []string{"{" + member + strings.TrimSuffix(","+rest, ",}") + strings.Repeat("}", strings.Count(rest[:1], "}")), beforeEnd(fixture, member)} {
				transport := apitest.NewTransport(apitest.Response(200, body))
				got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
				checkRefused(t, call, got, err)
				require.Equal(t, []string{call.Request}, transport.Requests())
			}
		}
	}
}

// beforeEnd puts a member behind all others of an object.
func beforeEnd(object, member string) string {
	object = strings.TrimSpace(strings.TrimSuffix(object, "}"))
	if !strings.HasSuffix(object, "{") {
		object += ","
	}
	return object + member + "}"
}

// An object of which no member belongs to the response is an error for every call that
// reads.
func TestUnknownDocuments(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"stackTrace":null}`, `{"news":{"deep":[1]}}`, `{"conversations":[{"id":"8:joe.4"}]}`, `{"Contacts":[]}`, `{"":0}`, `{"data":{"contacts":[]}}`,
		`{"status":{"code":200,"text":"OK"}}`, `{"errorCode":0}`, `{"contacts ":[]}`,
	} {
		for _, call := range apitest.Calls() {
			if call.Writes {
				continue
			}
			transport := apitest.NewTransport(apitest.Response(200, body))
			got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.ErrorIs(t, err, skypecontacts.ErrDecode, "%s %s", call.Name(), body)
			checkRefused(t, call, got, err)
			require.Equal(t, []string{call.Request}, transport.Requests())
		}
	}
}

// What is an empty list, for every call that has one.
func TestEmptyLists(t *testing.T) {
	t.Parallel()
	members := map[string]string{
		"ListContacts": "contacts", "AllContacts": "contacts", "GetRoster": "contacts", "LegacyListContacts": "contacts",
		"ListBlocked": "blocklist", "ListGroups": "groups", "ListInvites": "invite_list", "SearchDirectory": "results", "ListBots": "agentDescriptions",
	}
	for _, call := range apitest.Calls() {
		member, ok := members[call.Op]
		if !ok {
			continue
		}
		delete(members, call.Op)
		for _, body := range []string{
			`{}`, ` { } `, `{"` + member + `":null}`, `{"` + member + `":[]}`, `{"count":0}`, `{"scope":"full"}`, `{"scope":"full","count":0,"x":[1]}`,
			`{"count":null}`, `{"` + member + `":[],"status":{"code":200}}`, `{"message":null,"error":null,"` + member + `":[]}`,
			`{"errorCode":0,"message":"all of it","` + member + `":null}`, `{"status":"ok","` + member + `":[]}`,
		} {
			transport := apitest.NewTransport(apitest.Response(200, body))
			got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.NoError(t, err, "%s %s", call.Name(), body)
			for _, list := range []string{"Contacts", "Blocked", "Groups", "Invites", "Entries", "Bots", "Skipped"} {
				if field := reflect.ValueOf(got).Elem().FieldByName(list); field.IsValid() {
					require.Zero(t, field.Len(), "%s %s", call.Name(), body)
				}
			}
			require.Equal(t, []string{call.Request}, transport.Requests())
		}
	}
	require.Empty(t, members, "calls that are not in the table")
}

// A page of several is an error of every call that does not follow pages, and 304 is one
// of every call that named no ETag.
func TestUnexpectedResponses(t *testing.T) {
	t.Parallel()
	pages := []string{"GetRoster", "RefreshRoster", "AllContacts"}
	for _, call := range apitest.Calls() {
		if call.Writes {
			continue
		}
		fixture := call.Body(t)
		for name, response := range map[string]httpmock.Responder{
			"page": apitest.Response(200, fixture, "X-Skype-Continuation-Token", "more"), "304": apitest.Response(304, ""),
		} {
			if name == "page" && slices.Contains(pages, call.Op) || name == "304" && call.Op == "RefreshRoster" {
				continue
			}
			transport := apitest.NewTransport(response)
			got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.ErrorIs(t, err, skypecontacts.ErrDecode, "%s %s", name, call.Name())
			require.Zero(t, got)
			require.Equal(t, []string{call.Request}, transport.Requests())
		}
	}
}

// endOfBody calls a function when its body has been read.
type endOfBody struct {
	io.Reader
	ended func()
}

func (b endOfBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		b.ended()
	}
	return n, err
}

func (endOfBody) Close() error { return nil }

// A response that is complete only after the end of the context is an error.
func TestLateSuccess(t *testing.T) {
	t.Parallel()
	for _, call := range apitest.Calls() {
		ctx, cancel := context.WithCancel(t.Context())
		transport := apitest.NewTransport(func(req *http.Request) (*http.Response, error) {
			resp, err := call.Success(t)(req)
			resp.ContentLength = -1
			resp.Body = endOfBody{resp.Body, cancel}
			return resp, err
		})
		got, err := call.Do(ctx, apitest.NewClient(t, transport, call.ClientOptions()...))
		require.ErrorIs(t, err, context.Canceled, call.Name())
		require.Zero(t, got, call.Name())
		var failure *skypecontacts.Error
		require.ErrorAs(t, err, &failure)
		require.Equal(t, []any{1, call.Writes}, []any{failure.Attempts, failure.MaybeApplied}, call.Name())
		require.Equal(t, []string{call.Request}, transport.Requests())
	}
}

// entryShape is what the entries of a list look like.
type entryShape struct {
	before, after string   // around the entries in the response
	entry         string   // begins an entry
	lists         []string // members of an entry, with a verb for their list
	other         string   // begins an entry of another account; empty: the same
	end           string   // ends an entry; empty: "}"
	keyed         bool     // an entry is a member of an object
}

// body returns a response with two entries. The first has further members.
func (shape entryShape) body(members string) (body, entry string) {
	end := cmp.Or(shape.end, "}")
	entry = shape.entry + members + end
	return shape.before + entry + "," + cmp.Or(shape.other, shape.entry) + end + shape.after, entry
}

// raw returns an entry as it is among those that were skipped.
func (shape entryShape) raw(entry string) string {
	if shape.keyed {
		return "{" + entry + "}"
	}
	return entry
}

// entryShapes are those of each call that returns a list. GetRoster has groups as well.
func entryShapes() map[string]entryShape {
	v2 := strings.Fields(`"profile":{"locations":%s} "profile":{"phones":%s} "phones":%s "profile":{"emails":%s} "email_hashes":%s ` +
		`"phone_hashes":%s "relationship_history":{"sources":%s} "agent":{"capabilities":%s} "agent":{"info":{"capabilities":%s}}`)
	flat := strings.Fields(`"locations":%s "phones":%s "emails":%s "email_hashes":%s "relationship_history":{"sources":%s} "agent":{"capabilities":%s}`)
	contacts := entryShape{before: `{"contacts":[`, after: `]}`, entry: `{"mri":"8:joe.4"`, lists: v2}
	return map[string]entryShape{
		"ListContacts": contacts, "AllContacts": contacts, "GetRoster": contacts, "RefreshRoster": contacts,
		"LegacyListContacts": {before: `{"contacts":[`, after: `]}`, entry: `{"id":"joe.4","type":"skype"`, lists: flat},
		"ListGroups":         {before: `{"groups":[`, after: `]}`, entry: `{"id":"1"`, lists: []string{`"contacts":%s`}},
		"ListBlocked":        {before: `{"blocklist":[`, after: `]}`, entry: `{"mri":"8:joe.4"`},
		"ListInvites":        {before: `{"invite_list":[`, after: `]}`, entry: `{"mri":"8:joe.4"`, lists: []string{`"invites":%s`}},
		"ListBots": {
			before: `{"agentDescriptions":[`, after: `]}`, entry: `{"agentId":"concierge"`, lists: []string{`"supportedLocales":%s`, `"capabilities":%s`},
		},
		"GetPublicProfiles": {
			before: `[`, after: `]`, entry: `{"username":"joe.4","firstname":"Joe"`, lists: []string{`"emails":%s`},
			other: `{"username":"live:daisy.5","firstname":"Daisy"`,
		},
		"GetPublicProfiles: POST People /v2/profiles": {
			before: `{"profiles":{`, after: `}}`, entry: `"8:joe.4":{"profile":{"displayName":"Joe"`, lists: []string{`"emails":%s`},
			other: `"8:live:daisy.5":{"profile":{"displayName":"Daisy"`, end: "}}", keyed: true,
		},
		"SearchDirectory":        {before: `{"results":[`, after: `]}`, entry: `{"nodeProfileData":{"skypeId":"joe.4"}`},
		"LegacyListAuthRequests": {before: `[`, after: `]`, entry: `{"sender":"joe.4"`},
		"LegacySearchDirectory":  {before: `[`, after: `]`, entry: `{"ContactCards":{"Skype":{"SkypeName":"joe.4"}}`},
	}
}

// skippedOf returns the entries of a result that could not be decoded.
func skippedOf(t *testing.T, result any) []skypecontacts.SkippedItem {
	t.Helper()
	skipped, ok := reflect.TypeAssert[[]skypecontacts.SkippedItem](reflect.ValueOf(result).Elem().FieldByName("Skipped"))
	require.True(t, ok)
	return skipped
}

// eachShape calls check for every call that returns a list.
func eachShape(t *testing.T, check func(t *testing.T, call apitest.Call, shape entryShape)) {
	t.Helper()
	shapes, found := entryShapes(), map[string]bool{}
	for _, call := range apitest.Calls() {
		name := call.Name()
		if _, ok := shapes[name]; !ok {
			name = call.Op
		}
		shape, ok := shapes[name]
		if !ok {
			continue
		}
		found[name] = true
		t.Run(call.Name(), func(t *testing.T) {
			t.Parallel()
			check(t, call, shape)
		})
	}
	require.Len(t, found, len(shapes))
}

// A list inside an entry has at most 10,000 elements, whatever they are; one more costs
// the entry, and no other.
func TestInnerLists(t *testing.T) {
	t.Parallel()
	const limit = 10_000
	eachShape(t, func(t *testing.T, call apitest.Call, shape entryShape) {
		for _, member := range shape.lists {
			for n, elements := range map[int][]string{limit: {`"x"`, `{}`}, limit + 1: {`[]`, `{}`, `null`}} {
				for _, element := range elements {
					list := "[" + strings.Repeat(element+",", n-1) + element + "]"
					body, entry := shape.body("," + strings.Replace(member, "%s", list, 1))
					transport := apitest.NewTransport(apitest.Response(200, body))
					got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
					require.NoError(t, err, "%s of %s", member, element)
					require.Equal(t, []string{call.Request}, transport.Requests())
					skipped := skippedOf(t, got)
					if n == limit {
						require.Empty(t, skipped, "%s of %s", member, element)
						continue
					}
					require.Len(t, skipped, 1, "%s of %s", member, element)
					require.Equal(t, 0, skipped[0].Index)
					require.Equal(t, shape.raw(entry), string(skipped[0].Raw))
					require.EqualError(t, skipped[0].Err, "a list has over 10000 elements")
				}
			}
		}
	})
}

// An entry has at most 1 MiB and 256 members in each object; another one is skipped.
func TestEntrySize(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		var members strings.Builder
		for i := range n {
			members.WriteString(strings.ReplaceAll(format, "#", strconv.Itoa(i)))
		}
		return members.String()
	}
	long := strings.Repeat("k", 4000)
	eachShape(t, func(t *testing.T, call apitest.Call, shape entryShape) {
		for name, test := range map[string]struct {
			members string
			skipped bool
		}{
			"200 members":               {many(200, `,"x#":[#]`), false},
			"300 members":               {many(300, `,"x#":[#]`), true},
			"long names":                {many(200, `,"`+long+`#":{}`), false},
			"long names, too many":      {many(257, `,"`+long+`#":{}`), true},
			"a text of 1,000 KiB":       {`,"x":"` + strings.Repeat("x", 1000<<10) + `"`, false},
			"300 members of a member":   {`,"x":{"y":0` + many(300, `,"#":0`) + `}`, false},
			"300,000 values of no list": {`,"x":[` + strings.Repeat("[],", 300_000) + `[]]`, false},
		} {
			body, entry := shape.body(test.members)
			transport := apitest.NewTransport(apitest.Response(200, body))
			got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
			require.NoError(t, err, name)
			require.Equal(t, []string{call.Request}, transport.Requests())
			skipped := skippedOf(t, got)
			if !test.skipped {
				require.Empty(t, skipped, name)
				continue
			}
			require.Len(t, skipped, 1, name)
			require.Equal(t, shape.raw(entry), string(skipped[0].Raw))
		}
	})
}
