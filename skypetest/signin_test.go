package skypetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A client that polls early has to wait five seconds more each time, as RFC 8628 has it.
func TestPolledTooFast(t *testing.T) {
	t.Parallel()
	began := time.Unix(1_800_000_000, 0)
	d := deviceCode{interval: time.Second}
	for _, poll := range []struct {
		after time.Duration // the begin
		early bool
		then  time.Duration // the interval
	}{
		{0, false, time.Second},
		{900 * time.Millisecond, false, time.Second},
		{1000 * time.Millisecond, true, 6 * time.Second},
		{7 * time.Second, false, 6 * time.Second},
		{9 * time.Second, true, 11 * time.Second},
	} {
		assert.Equal(t, poll.early, d.polledTooFast(began.Add(poll.after)), poll.after)
		assert.Equal(t, poll.then, d.interval, poll.after)
	}
}

// A user may write the code in any case, with spaces and hyphens, until it expires, and
// only once.
func TestUnconfirmed(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	var s signInState
	d := s.begin("i", "client", signInScope, now)
	other := s.begin("i", "client", signInScope, now)
	require.Len(t, d.userCode, 9)
	require.NotEqual(t, d.userCode, other.userCode)
	d.userCode = "BCD2F"
	for _, text := range []string{"BCD2F", "bcd2f", " bc-d 2f"} {
		assert.Same(t, d, s.unconfirmed(text, now), text)
	}
	assert.Nil(t, s.unconfirmed("", now))
	assert.Same(t, d, s.unconfirmed("BCD2F", now.Add(deviceCodeLifetime-time.Second)))
	assert.Nil(t, s.unconfirmed("BCD2F", now.Add(deviceCodeLifetime)))
	d.declined = true
	assert.Nil(t, s.unconfirmed("BCD2F", now))
	other.owner = &accountState{}
	assert.Nil(t, s.unconfirmed(other.userCode, now))
	assert.Same(t, other, s.byCode(other.code, "client"))
	assert.Nil(t, s.byCode(other.code, "other client"))
}
