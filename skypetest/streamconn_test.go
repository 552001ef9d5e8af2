package skypetest_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newHTTP2Client has no other protocol, without TLS.
func newHTTP2Client(t *testing.T) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// net/http repeats a refused request by itself if it can send the body again.
func TestFaultsOfHTTP2(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		fault      skypetest.Fault
		repeatable bool
		status     int // 0 if the request fails
		requests   int
	}{
		{"no fault", skypetest.Fault{Kind: skypetest.FaultDelay}, true, 201, 1},
		{"refused stream", skypetest.Fault{Kind: skypetest.FaultRefusedStream}, true, 201, 2},
		{"refused stream, body sent once", skypetest.Fault{Kind: skypetest.FaultRefusedStream}, false, 0, 1},
		{"GOAWAY", skypetest.Fault{Kind: skypetest.FaultGoAway}, true, 201, 2},
		{"GOAWAY, body sent once", skypetest.Fault{Kind: skypetest.FaultGoAway}, false, 0, 1},
		{"reset stream", skypetest.Fault{Kind: skypetest.FaultReset}, true, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			defer srv.Close()
			client := newHTTP2Client(t)
			for before := range 3 { // later streams of the same connection
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/contacts/v2/users/self", http.NoBody)
				require.NoError(t, err)
				req.Header.Set("X-Skypetoken", "sample-skype-token-1")
				resp, err := client.Do(req)
				require.NoError(t, err)
				require.Equal(t, 2, resp.ProtoMajor)
				_, err = io.Copy(io.Discard, resp.Body)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Len(t, srv.Requests(), before+1)
			}
			srv.Inject(test.fault)
			var body io.Reader = strings.NewReader(`{"mri":"8:daisy.5"}`)
			if !test.repeatable {
				body = io.MultiReader(body) // hides the type from net/http
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/contacts/v2/users/self/contacts", body)
			require.NoError(t, err)
			req.Header.Set("X-Skypetoken", "sample-skype-token-1")
			resp, err := client.Do(req)
			if test.status == 0 {
				require.Error(t, err)
			} else {
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				assert.Equal(t, test.status, resp.StatusCode)
			}
			assert.Len(t, srv.Requests(), 3+test.requests)
			assert.Equal(t, 0, srv.FaultsPending())
			assert.Len(t, srv.Effects(), min(test.status, 1))
		})
	}
}

// The client of the SDK reads everything over HTTP/2 as well.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(2000, 1)))
	defer srv.Close()
	want, err := srv.Client().GetRoster(t.Context())
	require.NoError(t, err)
	got, err := srv.Client(skypecontacts.WithHTTPClient(newHTTP2Client(t))).GetRoster(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

// writtenConn records what is written to it.
type writtenConn struct {
	net.Conn
	written bytes.Buffer
}

func (c *writtenConn) Write(p []byte) (int, error) { return c.written.Write(p) }

// However the frames are divided, only the reset of a refused stream is replaced.
func TestRefusals(t *testing.T) {
	t.Parallel()
	frame := func(kind, stream byte, payload string) string {
		return string([]byte{0, 0, byte(len(payload)), kind, 0, 0, 0, 0, stream}) + payload
	}
	const settings, data, reset, goAway = 4, 0, 3, 7
	sent := frame(settings, 0, "") + frame(data, 5, "\x00\x00\x04\x03") +
		frame(reset, 5, "\x00\x00\x00\x08") + // CANCEL
		frame(reset, 7, "\x00\x00\x00\x02") + frame(data, 9, "abc") +
		frame(reset, 9, "\x00\x00\x00\x02") + frame(reset, 11, "\x00\x00\x00\x02")
	want := frame(settings, 0, "") + frame(data, 5, "\x00\x00\x04\x03") +
		frame(reset, 5, "\x00\x00\x00\x08") +
		frame(reset, 7, "\x00\x00\x00\x07") + frame(data, 9, "abc") +
		frame(goAway, 0, "\x00\x00\x00\x08\x00\x00\x00\x00") + frame(reset, 11, "\x00\x00\x00\x02")
	for step := 1; step <= len(sent); step++ {
		under := new(writtenConn)
		conn := skypetest.NewStreamConn(under)
		conn.RefuseNext(false)
		conn.RefuseNext(true)
		for rest := []byte(sent); len(rest) > 0; rest = rest[min(step, len(rest)):] {
			n, err := conn.Write(rest[:min(step, len(rest))])
			require.NoError(t, err)
			require.Equal(t, min(step, len(rest)), n)
		}
		require.Equal(t, want, under.written.String(), step)
	}
	under := new(writtenConn)
	conn := skypetest.NewStreamConn(under)
	conn.RefuseNext(false)
	for _, part := range []string{"HTTP", "/1.1 200 OK\r\n\r\n" + sent} {
		before := under.written.Len()
		_, err := conn.Write([]byte(part))
		require.NoError(t, err)
		require.Equal(t, part, under.written.String()[before:], "nothing is held back")
	}
	require.Equal(t, "HTTP/1.1 200 OK\r\n\r\n"+sent, under.written.String())
}
