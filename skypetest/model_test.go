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

// pair is one account's side of a relation.
type pair struct{ a, b skypecontacts.MRI }

func (p pair) back() pair { return pair{p.b, p.a} }

// model is the rules of the documentation.
type model struct{ sent, waiting, authorized, blocked, listed, entry map[pair]bool }

func newModel() model {
	return model{map[pair]bool{}, map[pair]bool{}, map[pair]bool{}, map[pair]bool{}, map[pair]bool{}, map[pair]bool{}}
}

// do is what an operation does. It reports false if there is nothing to do it to.
func (m model) do(operation string, p pair) (ok bool) {
	switch operation {
	case "SendInvite":
		if ok = true; !m.authorized[p] {
			m.entry[p], m.sent[p], m.waiting[p.back()] = true, true, m.waiting[p.back()] || !m.blocked[p.back()]
		}
	case "AcceptInvite", "LegacyAcceptAuthRequest":
		if ok = m.waiting[p]; ok {
			for _, side := range []pair{p, p.back()} {
				m.entry[side], m.authorized[side], m.sent[side], m.waiting[side] = true, true, false, false
			}
		}
	case "DeclineInvite", "LegacyDeclineAuthRequest":
		ok, m.waiting[p] = m.waiting[p], false
	case "RevokeContact":
		if ok = m.authorized[p] || m.sent[p]; ok {
			m.authorized[p], m.authorized[p.back()], m.sent[p], m.waiting[p.back()] = false, false, false, false
		}
	case "BlockUser":
		ok, m.blocked[p] = true, true
	case "UnblockUser":
		ok, m.blocked[p] = m.blocked[p], false
	case "AddContact":
		ok, m.entry[p], m.listed[p] = true, true, true
	case "RemoveContact":
		if ok = m.listed[p]; ok {
			m.listed[p], m.entry[p] = false, m.authorized[p] || m.sent[p]
		}
	}
	return ok
}

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

// Thousands of random operations by several accounts on each other: the server
// and the model never disagree, about what fails, nor about any account's lists.
func TestModel(t *testing.T) {
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
	seen := make(map[skypecontacts.MRI]*mirror)
	for _, p := range people {
		clients[p] = srv.ClientFor(string(p))
		seen[p] = &mirror{token: "skype-token-" + strconv.Itoa(len(seen)+1), etag: "/"}
	}

	rng := rand.New(rand.NewPCG(seed, 0))
	m := newModel()
	names := sortedKeys(operations)
	changes := 0
	for step := range steps {
		who := rng.Perm(len(people))
		p := pair{people[who[0]], people[who[1]]}
		name := names[rng.IntN(len(names))]
		before := len(srv.Effects())
		err := operations[name](clients[p.a], t.Context(), p.b)
		if m.do(name, p) {
			require.NoError(t, err, "step %d: %s", step, name)
		} else {
			require.ErrorIs(t, err, skypecontacts.ErrNotFound, "step %d: %s", step, name)
			require.Len(t, srv.Effects(), before, "a refusal must change nothing")
		}
		if now := srv.Effects(); len(now) > before {
			changes++
			require.Equal(t, []skypetest.Effect{{Operation: name, Account: p.a, Subject: p.b}}, now[before:])
		}
		if step%10 == 0 {
			checkLists(t, m, clients[p.a], p.a, people)
			seen[p.a].refresh(t, srv)
			require.Equal(t, fetch(t, srv, seen[p.a].token), seen[p.a].roster, "step %d: the deltas must add up", step)
		}
	}
	require.Greater(t, changes, steps/4, "most of the operations must not be in vain")
	require.Equal(t, 0, srv.FaultsPending())
}

func checkLists(t *testing.T, m model, c *skypecontacts.Client, own skypecontacts.MRI, people []skypecontacts.MRI) {
	type state struct{ authorized, blocked bool }
	entries, blocklist, waiting := map[skypecontacts.MRI]state{}, map[skypecontacts.MRI]bool{}, map[skypecontacts.MRI]bool{}
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
		waiting[in.From] = true
	}
	for _, other := range people {
		p := pair{own, other}
		got, there := entries[other]
		require.Equal(t, m.entry[p], there)
		if there {
			require.Equal(t, state{m.authorized[p], m.blocked[p]}, got)
		}
		require.Equal(t, m.blocked[p], blocklist[other])
		require.Equal(t, m.waiting[p], waiting[other])
	}
}
