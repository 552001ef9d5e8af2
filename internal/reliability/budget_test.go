package reliability_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// The budget for retries bounds the requests while the service is unavailable, for
// calls in turn and for a hundred at a time.
func TestBudget(t *testing.T) {
	t.Parallel()
	const calls = 1000
	for _, concurrent := range []int{1, 100} {
		transport := apitest.NewTransport(apitest.Response(503, ""))
		c := apitest.NewClient(t, transport, skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Nanosecond}))
		for range calls / concurrent {
			for _, err := range inParallel(concurrent, func() error { return blockUser(c) }) {
				require.ErrorIs(t, err, skypecontacts.ErrUnavailable)
			}
		}
		factor := float64(len(transport.Requests())) / calls
		require.LessOrEqual(t, factor, 1.05)
		measured.set(fmt.Sprintf("requests per call while unavailable, %d at a time", concurrent), factor, "1.05")
	}
}
