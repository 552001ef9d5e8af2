package skypetest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConstructorsPanic(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() { skypetest.NewServer(skypetest.WithData(skypetest.Data{})) })
	srv := skypetest.NewServer()
	defer srv.Close()
	assert.Panics(t, func() { srv.ClientFor("nobody") })
	assert.Panics(t, func() { srv.Client(skypecontacts.WithTimeout(-1)) })
}

func TestListener(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := skypetest.NewServer(skypetest.WithListener(listener))
	assert.Equal(t, "http://"+listener.Addr().String(), srv.URL)
	_, err = srv.Client().ListGroups(t.Context())
	require.NoError(t, err)
	srv.Close()
	_, err = new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	assert.Error(t, err)
	assert.NotPanics(t, srv.Close, "closing twice")
}

func TestOversizeBody(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"body above 1 MiB", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", strings.Repeat(" ", 1<<20+1), 413, `{"message":"The request is too large","stackTrace":null}`},
	})
}

// sharedContacts are accounts of which both own accounts have or add a contact.
var sharedContacts = []skypecontacts.MRI{"8:helper.1", "8:helper.2", "8:live:helper_3", "8:.cid.helper4", "8:helper.5"}

// sharedContactsData has Fred and Joe, each with pending invites of four of the
// shared contacts.
func sharedContactsData() skypetest.Data {
	sample := skypetest.SampleData()
	data := skypetest.Data{Bots: sample.Bots}
	for _, own := range []skypetest.Account{sample.Accounts[0], sample.Accounts[1]} {
		own.Invites = nil
		for _, id := range sharedContacts[:4] {
			own.Invites = append(own.Invites, skypetest.Invite{From: id, Messages: []skypetest.Message{{Text: "Hi", Time: time.Unix(1e9, 0)}}})
		}
		own.Contacts, own.Blocklist, own.Messenger = nil, nil, nil
		data.Accounts = append(data.Accounts, own)
	}
	for _, id := range sharedContacts {
		data.Accounts = append(data.Accounts, skypetest.Account{MRI: id, Profile: skypetest.Profile{DisplayName: "Helper", FirstName: "Helper", LastName: "Jones"}})
	}
	return data
}

// Two accounts call all methods of the SDK at the same time, in each dialect.
func TestAllMethods(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]skypecontacts.Dialect{"documented": skypecontacts.Documented, "current": skypecontacts.Current} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer(skypetest.WithData(sharedContactsData()))
			defer srv.Close()
			var both, reading sync.WaitGroup
			reading.Add(2) // neither writes before both have read
			both.Go(func() {
				v := accountTest{t, srv.Client(skypecontacts.WithDialect(dialect)), "8:fred.2"}
				v.readAll()
				reading.Done()
				reading.Wait()
				v.writeAll()
				v.succeeds("SendInvite", v.c.SendInvite(t.Context(), "joe.4", "It is me"))
				v.awaitsAuthorized("8:joe.4")
			})
			both.Go(func() {
				v := accountTest{t, srv.ClientFor("joe.4", skypecontacts.WithDialect(dialect), skypecontacts.WithUserID("joe.4"), skypecontacts.WithAuthStyle(skypecontacts.AuthTeams)), "8:joe.4"}
				v.readAll()
				reading.Done()
				reading.Wait()
				v.writeAll()
				assert.Eventually(t, func() bool { return v.c.AcceptInvite(t.Context(), "fred.2") == nil }, time.Minute, time.Millisecond)
				v.awaitsAuthorized("8:fred.2")
			})
			both.Wait()
			checkAllMethods(t, srv)
		})
	}
}

// accountTest is the calls of one account.
type accountTest struct {
	t   *testing.T
	c   *skypecontacts.Client
	own skypecontacts.MRI
}

func (v accountTest) succeeds(method string, err error) {
	assert.NoError(v.t, err, "%s by %s", method, v.own)
}

// result asserts that a call succeeds and returns its result.
func result[T any](v accountTest, method string, call func(context.Context) (T, error)) T {
	value, err := call(v.t.Context())
	v.succeeds(method, err)
	return value
}

func (v accountTest) readAll() {
	ctx := v.t.Context()
	checkName := func(p *skypecontacts.Profile) {
		assert.Equal(v.t, "Helper", p.Name.First)
		assert.Equal(v.t, "Jones", p.Name.Last)
	}
	contacts := result(v, "ListContacts", v.c.ListContacts)
	assert.Empty(v.t, contacts.Contacts)
	assert.Empty(v.t, result(v, "ListBlocked", v.c.ListBlocked).Users)
	groups := result(v, "ListGroups", v.c.ListGroups).Groups
	assert.Len(v.t, result(v, "ListInvites", v.c.ListInvites).Invites, 4)
	assert.Len(v.t, result(v, "LegacyListAuthRequests", v.c.LegacyListAuthRequests).Requests, 4)
	assert.Empty(v.t, result(v, "LegacyListContacts", v.c.LegacyListContacts).Contacts)

	roster := result(v, "GetRoster", v.c.GetRoster)
	assert.Equal(v.t, groups, roster.Groups)
	refreshed, err := v.c.RefreshRoster(ctx, roster)
	v.succeeds("RefreshRoster", err)
	assert.Same(v.t, roster, refreshed)
	for _, err := range v.c.AllContacts(ctx) {
		v.succeeds("AllContacts", err)
	}

	assert.Equal(v.t, v.own, result(v, "GetOwnProfile", v.c.GetOwnProfile).MRI)
	profile, err := v.c.GetProfile(ctx, v.own)
	v.succeeds("GetProfile", err)
	assert.Equal(v.t, v.own, profile.MRI)
	_, err = v.c.GetProfile(ctx, sharedContacts[0])
	assert.ErrorIs(v.t, err, skypecontacts.ErrForbidden)
	list, err := v.c.GetPublicProfiles(ctx, sharedContacts[0], "nobody", sharedContacts[2])
	v.succeeds("GetPublicProfiles", err)
	assert.Len(v.t, list.Profiles, 2)
	checkName(&list.Profiles[1])
	assert.Equal(v.t, []skypecontacts.MRI{"8:nobody"}, list.Missing)
	for found := range v.c.LookupProfiles(ctx, sharedContacts, skypecontacts.LookupOptions{ChunkSize: 2}) {
		v.succeeds("LookupProfiles", found.Err)
		checkName(found.Profile)
	}

	found, err := v.c.SearchDirectory(ctx, "jones")
	v.succeeds("SearchDirectory", err)
	assert.Len(v.t, found.Entries, len(sharedContacts))
	checkName(&found.Entries[4].Profile)
	found, err = v.c.LegacySearchDirectory(ctx, "HELPER.5")
	v.succeeds("LegacySearchDirectory", err)
	assert.Len(v.t, found.Entries, 1)
	checkName(&found.Entries[0].Profile)
	assert.Len(v.t, result(v, "ListBots", v.c.ListBots).Bots, 2)
	bot, err := v.c.GetBot(ctx, "28:concierge")
	v.succeeds("GetBot", err)
	assert.Equal(v.t, "Skype", bot.DisplayName)
}

// sharedContactChanges are the writes of each account.
var sharedContactChanges = []struct {
	operation string
	subject   skypecontacts.MRI
}{
	{"AcceptInvite", sharedContacts[0]},
	{"DeclineInvite", sharedContacts[1]},
	{"LegacyAcceptAuthRequest", sharedContacts[2]},
	{"LegacyDeclineAuthRequest", sharedContacts[3]},
	{"SendInvite", sharedContacts[4]},
	{"SendInvite", "28:concierge"},
	{"SendInvite", "4:+442099887766"},
	{"BlockUser", sharedContacts[4]},
	{"BlockUser", sharedContacts[0]},
	{"UnblockUser", sharedContacts[4]},
	{"AddContact", sharedContacts[2]},
	{"AddContact", sharedContacts[3]},
	{"RevokeContact", sharedContacts[2]},
	{"RemoveContact", sharedContacts[3]},
}

func (v accountTest) writeAll() {
	ctx := v.t.Context()
	before := result(v, "GetRoster", v.c.GetRoster)
	for _, change := range sharedContactChanges {
		v.succeeds(change.operation, operations[change.operation](v.c, ctx, change.subject))
	}
	type state struct{ authorized, blocked bool }
	want := map[skypecontacts.MRI]state{
		sharedContacts[0]: {true, true}, sharedContacts[2]: {false, false}, sharedContacts[4]: {false, false},
		"28:concierge": {authorized: true}, "4:+442099887766": {authorized: true},
	}
	states := func(contacts []skypecontacts.Contact) map[skypecontacts.MRI]state {
		m := make(map[skypecontacts.MRI]state)
		for _, c := range contacts {
			if slices.Contains(sharedContacts, c.MRI) || c.MRI.Kind() != skypecontacts.KindSkype { // the other account may have sent its invite
				m[c.MRI] = state{c.Authorized, c.Blocked}
			}
		}
		return m
	}
	assert.Equal(v.t, want, states(result(v, "ListContacts", v.c.ListContacts).Contacts))
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
	assert.Equal(v.t, []skypecontacts.BlockedUser{{MRI: sharedContacts[0]}}, result(v, "ListBlocked", v.c.ListBlocked).Users)
}

// awaitsAuthorized waits until the two accounts are authorized.
func (v accountTest) awaitsAuthorized(other skypecontacts.MRI) {
	assert.Eventually(v.t, func() bool {
		list := result(v, "ListContacts", v.c.ListContacts)
		return slices.ContainsFunc(list.Contacts, func(c skypecontacts.Contact) bool { return c.MRI == other && c.Authorized })
	}, time.Minute, time.Millisecond)
}

// checkAllMethods asserts that the server received every operation, and the
// effects of each account in their order.
func checkAllMethods(t *testing.T, srv *skypetest.Server) {
	received := make(map[string]bool)
	for _, r := range srv.Requests() {
		received[r.Operation] = true
	}
	assert.Equal(t, skypetest.Operations(), sortedKeys(received))

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
		for _, change := range sharedContactChanges {
			want = append(want, skypetest.Effect{Operation: change.operation, Account: own, Subject: change.subject})
		}
		assert.Equal(t, append(want, last), effects[own])
	}
}

// Every request gets a response in the form of its host and leaves the state
// consistent.
func FuzzRequests(f *testing.F) {
	for _, x := range readTranscript(f) {
		f.Add(x.request)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
		if err != nil {
			return // net/http sends the response itself
		}
		srv := skypetest.NewUnservedServer(skypetest.SampleData())
		recorder := httptest.NewRecorder()
		skypetest.ServeHTTP(srv, recorder, req)
		checkRecorded(t, req, recorder)
		checkState(t, srv)
	})
}

func checkRecorded(t *testing.T, req *http.Request, resp *httptest.ResponseRecorder) {
	require.Contains(t, []int{200, 201, 304, 400, 401, 403, 404, 405, 413}, resp.Code)
	if resp.Body.Len() == 0 {
		require.Less(t, resp.Code, 400)
		return
	}
	var body any
	require.NoError(t, json.Unmarshal(resp.Body.Bytes(), &body))
	if resp.Code < 400 {
		return
	}
	members := make([]string, 0, 2)
	for name := range body.(map[string]any) {
		members = append(members, name)
	}
	slices.Sort(members)
	shapes := [][]string{{"status"}, {"message", "stackTrace"}, {"errorCode", "message"}}
	require.Contains(t, shapes, members)
	if strings.HasPrefix(req.URL.EscapedPath(), "/contacts/v") {
		require.NotEqual(t, shapes[2], members)
	}
}

// checkState asserts that every account can be listed and that authorizations are
// mutual.
func checkState(t *testing.T, srv *skypetest.Server) {
	authorized := make(map[[2]string]bool)
	accounts := skypetest.SampleData().Accounts
	for _, a := range accounts {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/contacts/v2/users/self", http.NoBody)
		req.Header.Set("X-Skypetoken", a.SkypeToken)
		recorder := httptest.NewRecorder()
		skypetest.ServeHTTP(srv, recorder, req)
		require.Equal(t, http.StatusOK, recorder.Code)
		var view struct {
			Contacts []struct {
				MRI        string
				Authorized bool
			}
		}
		require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &view))
		for _, c := range view.Contacts {
			authorized[[2]string{string(a.MRI), c.MRI}] = c.Authorized
		}
	}
	for _, a := range accounts {
		for _, b := range accounts {
			require.Equal(t, authorized[[2]string{string(a.MRI), string(b.MRI)}], authorized[[2]string{string(b.MRI), string(a.MRI)}])
		}
	}
}
