package bench_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

func fakeFigures(t *testing.T) []figure {
	t.Helper()
	n := full(100_000)
	data := skypetest.Generate(n, 1)
	server := skypetest.NewServer(skypetest.WithData(data))
	t.Cleanup(server.Close)
	read := func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.Endpoints().Contacts+"/users/SELF/contacts", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("X-Skypetoken", data.Accounts[0].SkypeToken)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, http.StatusOK, resp.StatusCode)
		size, err := io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.Greater(t, size, int64(100*n))
	}
	return []figure{
		{"P15", "skypetest serves 100,000 contacts: µs a contact", cost(wallTime, read) * 1e6 / float64(n), 40, 20, false, false},
	}
}
