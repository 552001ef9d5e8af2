package skypetest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// transcriptEntry is a request and its response.
type transcriptEntry struct {
	name    string
	request string // as it is sent; {etag} stands for the last ETag
	status  int
	body    string // * stands for any value
}

func readTranscript(t testing.TB) (list []transcriptEntry) {
	text, err := os.ReadFile("testdata/older_clients.txt")
	require.NoError(t, err)
	for _, part := range strings.Split(string(text), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		request, response, found := strings.Cut(rest, "\n---\n")
		require.True(t, found, name)
		status, wantBody, _ := strings.Cut(response, "\n")
		code, err := strconv.Atoi(status)
		require.NoError(t, err, name)
		head, body, _ := strings.Cut(request, "\n\n")
		line, header, _ := strings.Cut(head, "\n")
		raw := line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n" +
			strings.ReplaceAll(header, "\n", "\r\n") + "\r\n\r\n" + body
		list = append(list, transcriptEntry{name, raw, code, strings.TrimSpace(wantBody)})
	}
	return list
}

// olderClientsEffects returns the effects of the requests in the transcript.
func olderClientsEffects() []skypetest.Effect {
	return []skypetest.Effect{
		{Operation: "AcceptInvite", Account: "8:fred.2", Subject: "8:daisy.5"},
		{Operation: "BlockUser", Account: "8:fred.2", Subject: "8:daisy.5"},
		{Operation: "BlockUser", Account: "8:fred.2", Subject: "8:joe.4"},
		{Operation: "UnblockUser", Account: "8:fred.2", Subject: "8:joe.4"},
		{Operation: "UnblockUser", Account: "8:fred.2", Subject: "8:anna.7"},
		{Operation: "RevokeContact", Account: "8:fred.2", Subject: "8:joe.4"},
		{Operation: "RemoveContact", Account: "8:fred.2", Subject: "8:joe.4"},
		{Operation: "AddContact", Account: "8:fred.2", Subject: "8:daisy.5"},
		{Operation: "SendInvite", Account: "8:fred.2", Subject: "8:anna.7"},
		{Operation: "SendInvite", Account: "8:fred.2", Subject: "8:anna.7"},
		{Operation: "LegacyDeclineAuthRequest", Account: "8:anna.7", Subject: "8:fred.2"},
		{Operation: "SendInvite", Account: "8:fred.2", Subject: "8:joe.4"},
		{Operation: "LegacyAcceptAuthRequest", Account: "8:joe.4", Subject: "8:fred.2"},
		{Operation: "SendInvite", Account: "8:fred.2", Subject: "28:7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908"},
		{Operation: "SendInvite", Account: "8:fred.2", Subject: "4:+442099887766"},
		{Operation: "SendInvite", Account: "8:joe.4", Subject: "8:daisy.5"},
		{Operation: "BlockUser", Account: "8:daisy.5", Subject: "8:joe.4"},
		{Operation: "UnblockUser", Account: "8:daisy.5", Subject: "8:joe.4"},
		{Operation: "AddContact", Account: "8:daisy.5", Subject: "8:fred.2"},
	}
}

// Clients that were written for the real service get responses that they can read.
// Each request is sent byte for byte as it is in the transcript.
func TestOlderClients(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	in := bufio.NewReader(conn)

	etag := ""
	transcript := readTranscript(t)
	require.Greater(t, len(transcript), 40)
	for _, x := range transcript {
		_, err := io.WriteString(conn, strings.ReplaceAll(x.request, "{etag}", etag))
		require.NoError(t, err, x.name)
		resp, err := http.ReadResponse(in, nil)
		require.NoError(t, err, x.name)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err, x.name)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, x.status, resp.StatusCode, "%s: %s", x.name, body)
		if x.body == "" {
			require.Empty(t, string(body), x.name)
		} else {
			require.Equal(t, "application/json; ver=1.0; charset=utf-8", resp.Header.Get("Content-Type"))
			requireJSON(t, x, string(body))
		}
		if strings.HasPrefix(x.name, "roster") {
			etag = resp.Header.Get("ETag")
		}
	}

	assert.Equal(t, olderClientsEffects(), srv.Effects())
	for i, r := range srv.Requests() {
		line, _, _ := strings.Cut(transcript[i].request, " HTTP")
		query := ""
		if r.Query != "" {
			query = "?" + r.Query
		}
		assert.Equal(t, line, r.Method+" "+r.Path+query)
		assert.True(t, r.Reached, line)
		assert.NotEmpty(t, r.Operation, line)
	}
}

// requireJSON asserts that a body is the one in the transcript.
func requireJSON(t *testing.T, x transcriptEntry, got string) {
	var want, received any
	require.NoError(t, json.Unmarshal([]byte(x.body), &want), x.name)
	require.NoError(t, json.Unmarshal([]byte(got), &received), x.name)
	require.Equal(t, want, replaceAny(want, received), x.name)
}

// replaceAny replaces by "*" the values for which the transcript has that.
func replaceAny(want, received any) any {
	switch w := want.(type) {
	case string:
		if text := fmt.Sprint(received); w == "*" && received != nil && text != "" {
			return "*"
		}
	case map[string]any:
		if r, ok := received.(map[string]any); ok {
			for name, value := range r {
				r[name] = replaceAny(w[name], value)
			}
		}
	case []any:
		if r, ok := received.([]any); ok {
			for i := range min(len(w), len(r)) {
				r[i] = replaceAny(w[i], r[i])
			}
		}
	}
	return received
}

func TestOperationOfRequest(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	header := map[string]string{"X-Skypetoken": "sample-skype-token-2"}
	for _, test := range []struct{ method, target, operation string }{
		{"GET", "/contacts/v2/users/self", "GetRoster"},
		{"GET", "/contacts/v2/users/self?delta&reason=default", "RefreshRoster"},
		{"GET", "/contacts/v2/users/self?page_size=100", "AllContacts"},
		{"GET", "/bots/v1/agents", "ListBots"},
		{"GET", "/bots/v1/agents?agentid=x", "GetBot"},
		{"GET", "/api/users/SELF/profile", "GetOwnProfile"},
		{"GET", "/api/users/joe.4/profile", "GetProfile"},
		{"GET", "/unknown", ""},
		{"PATCH", "/contacts/v2/users/self/contacts/8:joe.4", ""}, // no fault of an operation applies to another method
	} {
		send(t, test.method, srv.URL+test.target, "", header)
		requests := srv.Requests()
		last := requests[len(requests)-1]
		assert.Equal(t, test.operation, last.Operation, test.target)
		assert.Equal(t, skypecontacts.MRI("8:joe.4"), last.Account)
	}
}

// otherOperations are the routes that the SDK does not use.
var otherOperations = []string{
	"AddBot", "ConfigureEndpoint", "GetAccount", "GetPresence", "GetPublicProfile",
	"LegacyDeleteContact", "LegacyFindUsers", "ListEndpoints", "RegisterEndpoint", "SetExplicit",
}

// signInOperations are the routes for signing in, which handle_signin_test.go tests.
var signInOperations = []string{"ConfirmSignIn", "ExchangeToken", "GetAccessToken", "GetDeviceCode", "GetSignInPage"}

// sdkOperations are the others, which are methods of the SDK.
func sdkOperations() []string {
	return slices.DeleteFunc(skypetest.Operations(), func(name string) bool {
		return slices.Contains(otherOperations, name) || slices.Contains(signInOperations, name)
	})
}

// The names are the methods of the SDK that send a request, and those of the other
// routes.
func TestOperations(t *testing.T) {
	t.Parallel()
	methods := slices.Concat(otherOperations, signInOperations)
	for method := range reflect.TypeFor[*skypecontacts.Client]().Methods() {
		// LookupProfiles sends the requests of GetPublicProfiles, Do any, the others none.
		if name := method.Name; !slices.Contains([]string{"LookupProfiles", "Do", "CloseIdleConnections", "Format"}, name) {
			methods = append(methods, name)
		}
	}
	slices.Sort(methods)
	assert.Equal(t, methods, skypetest.Operations())
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"path", "GET", "/contacts/v2/users/self/friends", "sample-skype-token-1", "", 404, `{"message":"No handler found for resource","stackTrace":null}`},
		{"path of the api host", "GET", "/api/users/self/nothing", "sample-skype-token-1", "", 404, `{"status":{"code":40499,"text":"No handler found for resource"}}`},
		{"path of the messenger", "GET", "/messenger/v1/users/ME", "sample-skype-token-1", "", 404, `{"errorCode":404,"message":"No handler found for resource"}`},
		{"host", "GET", "/other/v2", "", "", 404, `{"status":{"code":40499,"text":"No handler found for resource"}}`},
		{"method of the index", "POST", "/", "", "", 404, `{"status":{"code":40499,"text":"No handler found for resource"}}`},
		{"method", "PATCH", "/contacts/v2/users/self/contacts", "sample-skype-token-1", "", 405, `{"message":"The method is not allowed here","stackTrace":null}`},
	})
}
