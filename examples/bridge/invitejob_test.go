package main

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inviteTest is an invite of Fred to Daisy, whom he does not know in this data.
type inviteTest struct {
	server *skypetest.Server
	client *skypecontacts.Client
	worker *inviteWorker
	store  *store
}

func newInviteTest(t *testing.T) *inviteTest {
	t.Helper()
	data := skypetest.Data{Accounts: []skypetest.Account{{MRI: "8:fred.2"}, {MRI: "8:daisy.5"}}}
	x := &inviteTest{server: skypetest.NewServer(skypetest.WithData(data)), store: newStore(t, fred)}
	t.Cleanup(x.server.Close)
	x.client = x.server.Client(skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}))
	x.worker = &inviteWorker{store: x.store}
	_, err := x.store.pool.Exec(t.Context(), `insert into invites (account, peer) values ($1, '8:daisy.5')`, fredID)
	require.NoError(t, err)
	return x
}

// invite reads the invite, as every run of its job does.
func (x *inviteTest) invite(t *testing.T) *invite {
	t.Helper()
	in, err := x.store.invite(t.Context(), 1)
	require.NoError(t, err)
	return in
}

// crash leaves the invite as a program does that was killed during the request, so long ago
// that the request is over.
func (x *inviteTest) crash(t *testing.T) {
	t.Helper()
	require.NoError(t, x.store.beginSending(t.Context(), x.invite(t)))
	_, err := x.store.pool.Exec(t.Context(), `update invites set sending_at = now() - $1::interval`, 2*requestTimeout)
	require.NoError(t, err)
}

// run runs the job until it does not ask for another run.
func (x *inviteTest) run(t *testing.T) (state, failure string) {
	t.Helper()
	for range 3 {
		state, failure, err := x.worker.advance(t.Context(), x.client, x.invite(t))
		if err == nil {
			return state, failure
		}
		var snooze *river.JobSnoozeError
		require.ErrorAs(t, err, &snooze)
	}
	t.Fatal("the invite is still open")
	return "", ""
}

// However the request or the program ends, one invite is made.
func TestInviteIsMadeOnce(t *testing.T) {
	t.Parallel()
	fault := func(f skypetest.Fault) func(*testing.T, *inviteTest) {
		return func(_ *testing.T, x *inviteTest) {
			f.Operation = "SendInvite"
			x.server.Inject(f)
		}
	}
	for name, c := range map[string]struct {
		before   func(*testing.T, *inviteTest)
		requests int // for the invite
		lookups  int // that did not find it
	}{
		"nothing goes wrong":           {func(*testing.T, *inviteTest) {}, 1, 0},
		"the response is lost":         {fault(skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: true}), 1, 1},
		"the request is lost":          {fault(skypetest.Fault{Kind: skypetest.FaultReset}), 2, 1},
		"the service fails":            {fault(skypetest.Fault{Kind: skypetest.FaultStatus}), 2, 1},
		"the service fails afterwards": {fault(skypetest.Fault{Kind: skypetest.FaultStatus, AfterEffect: true}), 1, 1},
		"the response is no JSON":      {fault(skypetest.Fault{Kind: skypetest.FaultGarbage, AfterEffect: true}), 1, 1},
		"the program ends before it":   {func(t *testing.T, x *inviteTest) { x.crash(t) }, 1, 1},
		"the program ends after it": {func(t *testing.T, x *inviteTest) {
			x.crash(t)
			require.NoError(t, x.client.SendInvite(t.Context(), "8:daisy.5", ""))
		}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newInviteTest(t)
			c.before(t, x)
			state, failure := x.run(t)
			assert.Equal(t, [2]string{inviteSent, ""}, [2]string{state, failure})
			var effects, requests int
			for _, e := range x.server.Effects() {
				assert.Equal(t, "SendInvite", e.Operation)
				effects++
			}
			for _, r := range x.server.Requests() {
				if r.Operation == "SendInvite" {
					requests++
				}
			}
			assert.Equal(t, [2]int{1, c.requests}, [2]int{effects, requests})
			var lookups int
			require.NoError(t, x.store.pool.QueryRow(t.Context(), `select lookups from invites`).Scan(&lookups))
			assert.Equal(t, c.lookups, lookups)
		})
	}
}

// MaybeApplied is in the database before the job ends.
func TestMaybeAppliedIsStored(t *testing.T) {
	t.Parallel()
	x := newInviteTest(t)
	x.server.Inject(skypetest.Fault{Kind: skypetest.FaultReset, Operation: "SendInvite", AfterEffect: true})
	_, _, err := x.worker.advance(t.Context(), x.client, x.invite(t))
	var snooze *river.JobSnoozeError
	require.ErrorAs(t, err, &snooze)
	assert.Equal(t, inviteMaybe, x.invite(t).state)
}

// A response that says that nothing was done leaves the invite as it was, and the time that
// the service asked for is slept.
func TestRefusedInviteIsNew(t *testing.T) {
	t.Parallel()
	x := newInviteTest(t)
	x.server.Inject(skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 7 * time.Second})
	_, _, err := x.worker.advance(t.Context(), x.client, x.invite(t))
	assert.Equal(t, river.JobSnooze(7*time.Second), err)
	assert.Equal(t, inviteNew, x.invite(t).state)
}

func TestInviteFails(t *testing.T) {
	t.Parallel()
	x := newInviteTest(t)
	_, err := x.store.pool.Exec(t.Context(), `update invites set peer = '8:nobody.9'`)
	require.NoError(t, err)
	state, failure := x.run(t)
	assert.Equal(t, [2]string{inviteFailed, "not found"}, [2]string{state, failure})

	x = newInviteTest(t)
	keep(t, x.store, 1, "", &skypecontacts.Roster{ETag: "e", Contacts: []skypecontacts.Contact{{MRI: "8:daisy.5"}}})
	state, failure = x.run(t)
	assert.Equal(t, [2]string{inviteFailed, "a contact already"}, [2]string{state, failure})
	assert.Empty(t, x.server.Requests())
}

// Nobody looks while the request of a program that died may still arrive.
func TestLookWaitsForTheRequest(t *testing.T) {
	t.Parallel()
	x := newInviteTest(t)
	require.NoError(t, x.store.beginSending(t.Context(), x.invite(t)))
	_, _, err := x.worker.advance(t.Context(), x.client, x.invite(t))
	var snooze *river.JobSnoozeError
	require.ErrorAs(t, err, &snooze)
	assert.InDelta(t, 2*requestTimeout, snooze.Duration, float64(requestTimeout))
	assert.Empty(t, x.server.Requests())
}

// Of two jobs that have read the same invite one sends it.
func TestTwoJobsForOneInvite(t *testing.T) {
	t.Parallel()
	x := newInviteTest(t)
	first, second := x.invite(t), x.invite(t)
	require.NoError(t, x.store.beginSending(t.Context(), first))
	require.ErrorIs(t, x.store.beginSending(t.Context(), second), errInviteMoved)
	// Nor does an older job say what became of a newer request.
	second.requests = 0
	require.NoError(t, setInvite(context.WithoutCancel(t.Context()), x.store.pool, second, inviteNew, ""))
	assert.Equal(t, inviteSending, x.invite(t).state)
}
