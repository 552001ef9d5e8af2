package skypetest_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// relation is the relation of account a to account b.
type relation struct{ a, b skypecontacts.MRI }

func (r relation) reverse() relation { return relation{r.b, r.a} }

// model is the rules of the documentation, in the simplest form: which relations
// there are.
type model struct{ sent, pending, authorized, blocked, messenger, contact map[relation]bool }

func newModel() model {
	return model{map[relation]bool{}, map[relation]bool{}, map[relation]bool{}, map[relation]bool{}, map[relation]bool{}, map[relation]bool{}}
}

// apply applies an operation. It reports whether the operation succeeds.
func (m model) apply(operation string, r relation) (ok bool) {
	switch operation {
	case "SendInvite":
		if ok = true; !m.authorized[r] {
			m.contact[r], m.sent[r], m.pending[r.reverse()] = true, true, m.pending[r.reverse()] || !m.blocked[r.reverse()]
		}
	case "AcceptInvite", "LegacyAcceptAuthRequest":
		if ok = m.pending[r]; ok {
			for _, side := range []relation{r, r.reverse()} {
				m.contact[side], m.authorized[side], m.sent[side], m.pending[side] = true, true, false, false
			}
		}
	case "DeclineInvite", "LegacyDeclineAuthRequest":
		ok, m.pending[r] = m.pending[r], false
	case "RevokeContact":
		if ok = m.authorized[r] || m.sent[r]; ok {
			m.authorized[r], m.authorized[r.reverse()], m.sent[r], m.pending[r.reverse()] = false, false, false, false
		}
	case "BlockUser":
		ok, m.blocked[r] = true, true
	case "UnblockUser":
		ok, m.blocked[r] = m.blocked[r], false
	case "AddContact":
		ok, m.contact[r], m.messenger[r] = true, true, true
	case "RemoveContact":
		if ok = m.messenger[r]; ok {
			m.messenger[r], m.contact[r] = false, m.authorized[r] || m.sent[r]
		}
	}
	return ok
}

// operations calls the writes of the SDK by their names.
var operations = map[string]func(*skypecontacts.Client, context.Context, skypecontacts.MRI) error{
	"SendInvite": func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
		return c.SendInvite(ctx, id, "Hello")
	},
	"AcceptInvite":             (*skypecontacts.Client).AcceptInvite,
	"DeclineInvite":            (*skypecontacts.Client).DeclineInvite,
	"LegacyAcceptAuthRequest":  (*skypecontacts.Client).LegacyAcceptAuthRequest,
	"LegacyDeclineAuthRequest": (*skypecontacts.Client).LegacyDeclineAuthRequest,
	"RevokeContact":            (*skypecontacts.Client).RevokeContact,
	"BlockUser": func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
		return c.BlockUser(ctx, id, skypecontacts.BlockOptions{})
	},
	"UnblockUser":   (*skypecontacts.Client).UnblockUser,
	"AddContact":    (*skypecontacts.Client).AddContact,
	"RemoveContact": (*skypecontacts.Client).RemoveContact,
}

// Random operations of several accounts on each other have the results of the
// model: in their errors, in the lists of every account and in the deltas.
func TestChangesFollowModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			checkModel(t, seed, 1500)
		})
	}
}

func checkModel(t *testing.T, seed uint64, steps int) {
	people := []skypecontacts.MRI{"8:fred.2", "8:Joe.4", "8:live:anna.7", "8:.cid.daisy"}
	var data skypetest.Data
	for _, p := range people {
		data.Accounts = append(data.Accounts, skypetest.Account{MRI: p})
	}
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	clients := make(map[skypecontacts.MRI]*skypecontacts.Client)
	deltas := make(map[skypecontacts.MRI]*deltaClient)
	for _, p := range people {
		clients[p] = srv.ClientFor(string(p))
		deltas[p] = &deltaClient{token: "skype-token-" + strconv.Itoa(len(deltas)+1), etag: "/"}
	}

	rng := rand.New(rand.NewPCG(seed, 0))
	m := newModel()
	names := sortedKeys(operations)
	changes := 0
	for step := range steps {
		pair := rng.Perm(len(people))
		r := relation{people[pair[0]], people[pair[1]]}
		name := names[rng.IntN(len(names))]
		before := len(srv.Effects())
		err := operations[name](clients[r.a], t.Context(), r.b)
		if m.apply(name, r) {
			require.NoError(t, err, "step %d: %s", step, name)
		} else {
			require.ErrorIs(t, err, skypecontacts.ErrNotFound, "step %d: %s", step, name)
			require.Len(t, srv.Effects(), before, "a failed operation changes nothing")
		}
		if after := srv.Effects(); len(after) > before {
			changes++
			require.Equal(t, []skypetest.Effect{{Operation: name, Account: r.a, Subject: r.b}}, after[before:])
		}
		if step%10 == 0 {
			checkLists(t, m, clients[r.a], r.a, people)
			deltas[r.a].refresh(t, srv)
			require.Equal(t, fetchRoster(t, srv, deltas[r.a].token), deltas[r.a].roster, "step %d: deltas", step)
		}
	}
	require.Greater(t, changes, steps/4, "many operations must change something")
	require.Equal(t, 0, srv.FaultsPending())
}

func checkLists(t *testing.T, m model, c *skypecontacts.Client, own skypecontacts.MRI, people []skypecontacts.MRI) {
	type state struct{ authorized, blocked bool }
	entries, blocklist, pending := map[skypecontacts.MRI]state{}, map[skypecontacts.MRI]bool{}, map[skypecontacts.MRI]bool{}
	contacts, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	for _, contact := range contacts.Contacts {
		entries[contact.MRI] = state{contact.Authorized, contact.Blocked}
	}
	blocked, err := c.ListBlocked(t.Context())
	require.NoError(t, err)
	for _, user := range blocked.Blocked {
		blocklist[user.MRI] = true
	}
	invites, err := c.ListInvites(t.Context())
	require.NoError(t, err)
	for _, in := range invites.Invites {
		pending[in.From] = true
	}
	for _, other := range people {
		r := relation{own, other}
		got, found := entries[other]
		require.Equal(t, m.contact[r], found)
		if found {
			require.Equal(t, state{m.authorized[r], m.blocked[r]}, got)
		}
		require.Equal(t, m.blocked[r], blocklist[other])
		require.Equal(t, m.pending[r], pending[other])
	}
}
