//go:build !race

// The race detector changes what is allocated.

package skypecontacts

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// smallCallAllowance is how many allocations a small call may take beside those of
// net/http: for the path, the header, resty, the guard and the context of its attempt,
// and for decoding a profile.
const smallCallAllowance = 44

func TestSmallCallAllocations(t *testing.T) { //nolint:paralleltest // counts what the whole process does
	address := "http://" + cannedServer(t, []byte(fixture(t, "profile/get_own_profile.json")))
	c := newLoopbackClient(t, address)
	plain := &http.Client{Transport: newTransport(), Timeout: time.Minute}
	defer plain.CloseIdleConnections()
	ours := mallocs(func() bool {
		_, err := c.GetOwnProfile(t.Context())
		return err == nil
	})
	byHand := mallocs(func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/users/self/profile", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", "plain")
		req.Header.Set("X-Skypetoken", testToken)
		resp, err := plain.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err == nil
	})
	assert.LessOrEqual(t, ours-byHand, float64(smallCallAllowance), "%v allocations, net/http %v", ours, byHand)
}
