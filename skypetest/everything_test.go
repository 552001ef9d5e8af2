package skypetest_test

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// helpers are accounts that want something of both the accounts that meet.
var helpers = []skypecontacts.MRI{"8:helper.1", "8:helper.2", "8:live:helper_3", "8:.cid.helper4", "8:helper.5"}

func meeting() skypetest.Data {
	sample := skypetest.SampleData()
	data := skypetest.Data{Bots: sample.Bots}
	for _, own := range []skypetest.Account{sample.Accounts[0], sample.Accounts[1]} {
		own.Invites = nil
		for _, h := range helpers[:4] {
			own.Invites = append(own.Invites, skypetest.Invite{From: h, Messages: []skypetest.Message{{Text: "Hi", Time: time.Unix(1e9, 0)}}})
		}
		own.Contacts, own.Blocklist, own.Messenger = nil, nil, nil
		data.Accounts = append(data.Accounts, own)
	}
	for _, h := range helpers {
		data.Accounts = append(data.Accounts, skypetest.Account{MRI: h, Profile: skypetest.Profile{DisplayName: "Helper", FirstName: "Helper", LastName: "Jones"}})
	}
	return data
}

// Two accounts at once do all that the SDK can, in each dialect.
func TestEverything(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]skypecontacts.Dialect{"documented": skypecontacts.DialectDocumented, "current": skypecontacts.DialectCurrent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer(skypetest.WithData(meeting()))
			defer srv.Close()
			var both, reading sync.WaitGroup
			reading.Add(2) // what they read is empty until one of them writes
			both.Go(func() {
				v := visitor{t, srv.Client(skypecontacts.WithDialect(dialect)), "8:fred.2"}
				v.readAll()
				reading.Done()
				reading.Wait()
				v.writeAll()
				v.succeeds("SendInvite", v.c.SendInvite(t.Context(), "joe.4", "It is me"))
				v.awaits("8:joe.4")
			})
			both.Go(func() {
				v := visitor{t, srv.ClientFor("joe.4", skypecontacts.WithDialect(dialect), skypecontacts.WithUserID("joe.4"), skypecontacts.WithAuthStyle(skypecontacts.AuthTeams)), "8:joe.4"}
				v.readAll()
				reading.Done()
				reading.Wait()
				v.writeAll()
				assert.Eventually(t, func() bool { return v.c.AcceptInvite(t.Context(), "fred.2") == nil }, time.Minute, time.Millisecond)
				v.awaits("8:fred.2")
			})
			both.Wait()
			checkAllWasDone(t, srv)
		})
	}
}

// visitor is one of the accounts.
type visitor struct {
	t   *testing.T
	c   *skypecontacts.Client
	own skypecontacts.MRI
}

func (v visitor) succeeds(what string, err error) { assert.NoError(v.t, err, "%s by %s", what, v.own) }

func got[T any](v visitor, what string, call func(context.Context) (T, error)) T {
	value, err := call(v.t.Context())
	v.succeeds(what, err)
	return value
}

func (v visitor) readAll() {
	ctx := v.t.Context()
	helperCard := func(p *skypecontacts.Profile) {
		assert.Equal(v.t, "Helper", p.Name.First)
		assert.Equal(v.t, "Jones", p.Name.Last)
	}
	contacts := got(v, "ListContacts", v.c.ListContacts)
	assert.Empty(v.t, contacts.Contacts)
	assert.Empty(v.t, got(v, "ListBlocked", v.c.ListBlocked).Blocked)
	groups := got(v, "ListGroups", v.c.ListGroups).Groups
	assert.Len(v.t, got(v, "ListInvites", v.c.ListInvites).Invites, 4)
	assert.Len(v.t, got(v, "LegacyListAuthRequests", v.c.LegacyListAuthRequests).Requests, 4)
	assert.Empty(v.t, got(v, "LegacyListContacts", v.c.LegacyListContacts).Contacts)

	roster := got(v, "GetRoster", v.c.GetRoster)
	assert.Equal(v.t, groups, roster.Groups)
	refreshed, err := v.c.RefreshRoster(ctx, roster)
	v.succeeds("RefreshRoster", err)
	assert.Same(v.t, roster, refreshed)
	for _, err := range v.c.AllContacts(ctx) {
		v.succeeds("AllContacts", err)
	}

	assert.Equal(v.t, v.own, got(v, "GetOwnProfile", v.c.GetOwnProfile).MRI)
	profile, err := v.c.GetProfile(ctx, v.own)
	v.succeeds("GetProfile", err)
	assert.Equal(v.t, v.own, profile.MRI)
	_, err = v.c.GetProfile(ctx, helpers[0])
	assert.ErrorIs(v.t, err, skypecontacts.ErrForbidden)
	list, err := v.c.GetPublicProfiles(ctx, helpers[0], "nobody", helpers[2])
	v.succeeds("GetPublicProfiles", err)
	assert.Len(v.t, list.Profiles, 2)
	helperCard(&list.Profiles[1])
	assert.Equal(v.t, []skypecontacts.MRI{"8:nobody"}, list.Missing)
	for result := range v.c.LookupProfiles(ctx, helpers, skypecontacts.LookupOptions{ChunkSize: 2}) {
		v.succeeds("LookupProfiles", result.Err)
		helperCard(result.Profile)
	}

	found, err := v.c.SearchDirectory(ctx, "jones")
	v.succeeds("SearchDirectory", err)
	assert.Len(v.t, found.Entries, len(helpers))
	helperCard(&found.Entries[4].Profile)
	found, err = v.c.LegacySearchDirectory(ctx, "HELPER.5")
	v.succeeds("LegacySearchDirectory", err)
	assert.Len(v.t, found.Entries, 1)
	helperCard(&found.Entries[0].Profile)
	assert.Len(v.t, got(v, "ListBots", v.c.ListBots).Bots, 2)
	bot, err := v.c.GetBot(ctx, "28:concierge")
	v.succeeds("GetBot", err)
	assert.Equal(v.t, "Skype", bot.DisplayName)
}

// changes are what each account does with the helpers.
var changes = []struct {
	operation string
	subject   skypecontacts.MRI
}{
	{"AcceptInvite", helpers[0]},
	{"DeclineInvite", helpers[1]},
	{"LegacyAcceptAuthRequest", helpers[2]},
	{"LegacyDeclineAuthRequest", helpers[3]},
	{"SendInvite", helpers[4]},
	{"SendInvite", "28:concierge"},
	{"SendInvite", "4:+442099887766"},
	{"BlockUser", helpers[4]},
	{"BlockUser", helpers[0]},
	{"UnblockUser", helpers[4]},
	{"AddContact", helpers[2]},
	{"AddContact", helpers[3]},
	{"RevokeContact", helpers[2]},
	{"RemoveContact", helpers[3]},
}

func (v visitor) writeAll() {
	ctx := v.t.Context()
	before := got(v, "GetRoster", v.c.GetRoster)
	for _, change := range changes {
		v.succeeds(change.operation, operations[change.operation](v.c, ctx, change.subject))
	}
	type state struct{ authorized, blocked bool }
	want := map[skypecontacts.MRI]state{
		helpers[0]: {true, true}, helpers[2]: {false, false}, helpers[4]: {false, false},
		"28:concierge": {authorized: true}, "4:+442099887766": {authorized: true},
	}
	states := func(contacts []skypecontacts.Contact) map[skypecontacts.MRI]state {
		m := make(map[skypecontacts.MRI]state)
		for _, c := range contacts {
			if slices.Contains(helpers, c.MRI) || c.MRI.Kind() != skypecontacts.KindSkype { // the other may be at it already
				m[c.MRI] = state{c.Authorized, c.Blocked}
			}
		}
		return m
	}
	assert.Equal(v.t, want, states(got(v, "ListContacts", v.c.ListContacts).Contacts))
	refreshed, err := v.c.RefreshRoster(ctx, before)
	v.succeeds("RefreshRoster", err)
	assert.Equal(v.t, "delta", refreshed.Scope)
	assert.Equal(v.t, want, states(refreshed.Contacts))
	var all []skypecontacts.Contact
	for c, err := range v.c.AllContacts(ctx) {
		v.succeeds("AllContacts", err)
		all = append(all, *c)
	}
	assert.Equal(v.t, want, states(all))
	assert.Equal(v.t, []skypecontacts.BlockedUser{{MRI: helpers[0]}}, got(v, "ListBlocked", v.c.ListBlocked).Blocked)
}

// awaits is over when both are authorized.
func (v visitor) awaits(other skypecontacts.MRI) {
	assert.Eventually(v.t, func() bool {
		list := got(v, "ListContacts", v.c.ListContacts)
		return slices.ContainsFunc(list.Contacts, func(c skypecontacts.Contact) bool { return c.MRI == other && c.Authorized })
	}, time.Minute, time.Millisecond)
}

func checkAllWasDone(t *testing.T, srv *skypetest.Server) {
	done := make(map[string]bool)
	for _, r := range srv.Requests() {
		done[r.Operation] = true
	}
	// LookupProfiles sends what GetPublicProfiles does, and the others nothing.
	methods := []string{}
	client := reflect.TypeFor[*skypecontacts.Client]()
	for method := range client.Methods() {
		if name := method.Name; !slices.Contains([]string{"LookupProfiles", "CloseIdleConnections", "Format"}, name) {
			methods = append(methods, name)
		}
	}
	assert.Equal(t, methods, sortedKeys(done))
	assert.Equal(t, methods, skypetest.Operations())

	effects := make(map[skypecontacts.MRI][]skypetest.Effect)
	for _, e := range srv.Effects() {
		effects[e.Account] = append(effects[e.Account], e)
	}
	require.Len(t, effects, 2)
	for own, last := range map[skypecontacts.MRI]skypetest.Effect{
		"8:fred.2": {Operation: "SendInvite", Account: "8:fred.2", Subject: "8:joe.4"},
		"8:joe.4":  {Operation: "AcceptInvite", Account: "8:joe.4", Subject: "8:fred.2"},
	} {
		var want []skypetest.Effect
		for _, change := range changes {
			want = append(want, skypetest.Effect{Operation: change.operation, Account: own, Subject: change.subject})
		}
		assert.Equal(t, append(want, last), effects[own])
	}
}
