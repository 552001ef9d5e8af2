package skypetest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exchange is a request of a transcript and the answer to it.
type exchange struct {
	name    string
	request string // as it is sent, but for the lines that depend on the connection
	status  int
	answer  string
}

func readTranscript(t testing.TB) (list []exchange) {
	text, err := os.ReadFile("testdata/older_clients.txt")
	require.NoError(t, err)
	for _, part := range strings.Split(string(text), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		request, answer, found := strings.Cut(rest, "\n---\n")
		require.True(t, found, name)
		status, answer, _ := strings.Cut(answer, "\n")
		code, err := strconv.Atoi(status)
		require.NoError(t, err, name)
		head, body, _ := strings.Cut(request, "\n\n")
		line, header, _ := strings.Cut(head, "\n")
		raw := line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n" +
			strings.ReplaceAll(header, "\n", "\r\n") + "\r\n\r\n" + body
		list = append(list, exchange{name, raw, code, strings.TrimSpace(answer)})
	}
	return list
}

// Clients that were written for the real service complete against this one: each
// request is sent as it stands in the transcript, byte for byte.
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
		if x.answer == "" {
			require.Empty(t, string(body), x.name)
		} else {
			require.Equal(t, "application/json; ver=1.0; charset=utf-8", resp.Header.Get("Content-Type"))
			requireJSON(t, x, string(body))
		}
		if strings.HasPrefix(x.name, "contact sync") {
			etag = resp.Header.Get("ETag")
		}
	}

	assert.Equal(t, []skypetest.Effect{
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
	}, srv.Effects())
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

// requireJSON compares an answer with the one in the transcript.
func requireJSON(t *testing.T, x exchange, got string) {
	var wanted, received any
	require.NoError(t, json.Unmarshal([]byte(x.answer), &wanted), x.name)
	require.NoError(t, json.Unmarshal([]byte(got), &received), x.name)
	require.Equal(t, wanted, blank(wanted, received), x.name)
}

// blank puts "*" where the transcript has it.
func blank(wanted, received any) any {
	switch w := wanted.(type) {
	case string:
		if text := fmt.Sprint(received); w == "*" && received != nil && text != "" {
			return "*"
		}
	case map[string]any:
		if r, ok := received.(map[string]any); ok {
			for name, value := range r {
				r[name] = blank(w[name], value)
			}
		}
	case []any:
		if r, ok := received.([]any); ok {
			for i := range min(len(w), len(r)) {
				r[i] = blank(w[i], r[i])
			}
		}
	}
	return received
}
