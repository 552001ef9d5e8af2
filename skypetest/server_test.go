package skypetest_test

import (
	"bufio"
	"cmp"
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

// A server on all interfaces is used by its clients through the loopback interface.
func TestListenerOnAllInterfaces(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	srv := skypetest.NewServer(skypetest.WithListener(listener))
	defer srv.Close()
	assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, srv.URL)
	_, err = srv.Client().ListGroups(t.Context())
	require.NoError(t, err)
}

// The first middleware is the outermost. What it responds to itself is no request to the
// service.
func TestMiddleware(t *testing.T) {
	t.Parallel()
	var order []string
	var refuse bool
	note := func(name string, refuses *bool) skypetest.Option {
		return skypetest.WithMiddleware(func(service http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				order = append(order, name)
				if *refuses {
					w.WriteHeader(http.StatusTooManyRequests)
					return
				}
				service.ServeHTTP(w, r)
			})
		})
	}
	srv := skypetest.NewServer(note("outer", new(bool)), note("inner", &refuse))
	defer srv.Close()
	client := srv.Client(skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}))
	_, err := client.ListGroups(t.Context())
	require.NoError(t, err)
	refuse = true
	_, err = client.ListBlocked(t.Context())
	require.ErrorIs(t, err, skypecontacts.ErrRateLimited)
	assert.Equal(t, []string{"outer", "inner", "outer", "inner"}, order)
	assert.Len(t, srv.Requests(), 1)
}

// Close waits for a request that is still in the middleware.
func TestCloseWaitsForMiddleware(t *testing.T) {
	t.Parallel()
	begun, ended := make(chan struct{}), make(chan struct{})
	srv := skypetest.NewServer(skypetest.WithMiddleware(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(begun)
			<-r.Context().Done()
			close(ended)
		})
	}))
	go func() {
		_, _ = srv.Client(skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1})).ListGroups(t.Context())
	}()
	<-begun
	srv.Close()
	select {
	case <-ended:
	default:
		t.Error("the handler is still running")
	}
}

func TestOversizeBody(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"body above 4 MiB", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", strings.Repeat(" ", 4<<20+1), 413, `{"message":"The request is too large","stackTrace":null}`},
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
		data.Accounts = append(data.Accounts, skypetest.Account{MRI: id, Profile: skypetest.Profile{DisplayName: "Helper Jones", FirstName: "Helper", LastName: "Jones"}})
	}
	return data
}

// Two accounts call all methods of the SDK at the same time, in each dialect.
func TestAllMethods(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]skypecontacts.Dialect{"documented": skypecontacts.DialectDocumented, "current": skypecontacts.DialectCurrent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer(skypetest.WithData(sharedContactsData()))
			defer srv.Close()
			var both, reading sync.WaitGroup
			reading.Add(2) // neither writes before both have read
			both.Go(func() {
				a := accountTest{t, srv.Client(skypecontacts.WithDialect(dialect), skypecontacts.WithUserID("fred.2")), "8:fred.2"}
				a.readAll()
				reading.Done()
				reading.Wait()
				a.writeAll()
				a.succeeds("SendInvite", a.c.SendInvite(t.Context(), "joe.4", "It is me"))
				a.awaitsAuthorized("8:joe.4")
			})
			both.Go(func() {
				a := accountTest{t, srv.ClientFor("joe.4", skypecontacts.WithDialect(dialect), skypecontacts.WithUserID("joe.4"), skypecontacts.WithAuthStyle(skypecontacts.AuthTeams)), "8:joe.4"}
				a.readAll()
				reading.Done()
				reading.Wait()
				a.writeAll()
				assert.Eventually(t, func() bool { return a.c.AcceptInvite(t.Context(), "fred.2") == nil }, time.Minute, time.Millisecond)
				a.awaitsAuthorized("8:fred.2")
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

func (a accountTest) succeeds(method string, err error) {
	assert.NoError(a.t, err, "%s by %s", method, a.own)
}

// methodResult asserts that a call succeeds and returns its result.
func methodResult[T any](a accountTest, method string, call func(context.Context) (T, error)) T {
	value, err := call(a.t.Context())
	a.succeeds(method, err)
	return value
}

func (a accountTest) readAll() {
	ctx := a.t.Context()
	checkName := func(p *skypecontacts.Profile) {
		assert.Equal(a.t, "Helper", p.Name.First)
		assert.Equal(a.t, "Jones", p.Name.Last)
	}
	contacts := methodResult(a, "ListContacts", a.c.ListContacts)
	assert.Empty(a.t, contacts.Contacts)
	assert.Empty(a.t, methodResult(a, "ListBlocked", a.c.ListBlocked).Blocked)
	groups := methodResult(a, "ListGroups", a.c.ListGroups).Groups
	assert.Len(a.t, methodResult(a, "ListInvites", a.c.ListInvites).Invites, 4)
	assert.Len(a.t, methodResult(a, "LegacyListAuthRequests", a.c.LegacyListAuthRequests).Requests, 4)
	assert.Empty(a.t, methodResult(a, "LegacyListContacts", a.c.LegacyListContacts).Contacts)

	roster := methodResult(a, "GetRoster", a.c.GetRoster)
	assert.Equal(a.t, groups, roster.Groups)
	refreshed, err := a.c.RefreshRoster(ctx, roster)
	a.succeeds("RefreshRoster", err)
	assert.Same(a.t, roster, refreshed)
	for _, err := range a.c.AllContacts(ctx) {
		a.succeeds("AllContacts", err)
	}

	assert.Equal(a.t, a.own, methodResult(a, "GetOwnProfile", a.c.GetOwnProfile).MRI)
	profile, err := a.c.GetProfile(ctx, a.own)
	a.succeeds("GetProfile", err)
	assert.Equal(a.t, a.own, profile.MRI)
	_, err = a.c.GetProfile(ctx, sharedContacts[0])
	assert.ErrorIs(a.t, err, skypecontacts.ErrForbidden)
	list, err := a.c.GetPublicProfiles(ctx, sharedContacts[0], "nobody", sharedContacts[2])
	a.succeeds("GetPublicProfiles", err)
	assert.Len(a.t, list.Profiles, 2)
	checkName(&list.Profiles[1])
	assert.Equal(a.t, []skypecontacts.MRI{"8:nobody"}, list.Missing)
	for found := range a.c.LookupProfiles(ctx, sharedContacts, skypecontacts.LookupOptions{ChunkSize: 2}) {
		a.succeeds("LookupProfiles", found.Err)
		checkName(found.Profile)
	}

	found, err := a.c.SearchDirectory(ctx, "jones")
	a.succeeds("SearchDirectory", err)
	assert.Len(a.t, found.Entries, len(sharedContacts))
	checkName(&found.Entries[4].Profile)
	found, err = a.c.LegacySearchDirectory(ctx, "HELPER.5")
	a.succeeds("LegacySearchDirectory", err)
	assert.Len(a.t, found.Entries, 1)
	checkName(&found.Entries[0].Profile)
	assert.Len(a.t, methodResult(a, "ListBots", a.c.ListBots).Bots, 2)
	bot, err := a.c.GetBot(ctx, "28:concierge")
	a.succeeds("GetBot", err)
	assert.Equal(a.t, "Skype", bot.DisplayName)
	avatar, err := a.c.GetAvatar(ctx, a.own, skypecontacts.AvatarOptions{})
	a.succeeds("GetAvatar", err)
	assert.Equal(a.t, "image/png", avatar.MediaType)
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
	{"AddFavorite", sharedContacts[0]},
	{"RemoveFavorite", sharedContacts[0]},
	{"AddContactPhone", sharedContacts[0]},
	{"SetContactPhone", sharedContacts[0]},
	{"RemoveContactPhone", sharedContacts[0]},
	{"UpdateOwnProfile", ""}, // about the own account
}

// sharedContactWrites are those of them that need more than an identifier.
var sharedContactWrites = map[string]func(*skypecontacts.Client, context.Context, skypecontacts.MRI) error{
	"AddContactPhone": func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
		return c.AddContactPhone(ctx, id, skypecontacts.Phone{Number: "+442079460999"})
	},
	"SetContactPhone": func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
		return c.SetContactPhone(ctx, id, skypecontacts.Phone{Number: "+442079460998", ID: "1"})
	},
	"RemoveContactPhone": func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
		return c.RemoveContactPhone(ctx, id, "1")
	},
	"UpdateOwnProfile": func(c *skypecontacts.Client, ctx context.Context, _ skypecontacts.MRI) error {
		return c.UpdateOwnProfile(ctx, skypecontacts.ProfileUpdate{Mood: new("Busy & glad")})
	},
}

func (a accountTest) writeAll() {
	ctx := a.t.Context()
	before := methodResult(a, "GetRoster", a.c.GetRoster)
	for _, change := range sharedContactChanges {
		write := sdkWrites[change.operation]
		if write == nil {
			write = sharedContactWrites[change.operation]
		}
		a.succeeds(change.operation, write(a.c, ctx, change.subject))
	}
	a.succeeds("SetOwnAvatar", a.c.SetOwnAvatar(ctx, []byte("GIF89a")))
	a.succeeds("DeleteOwnAvatar", a.c.DeleteOwnAvatar(ctx))
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
	assert.Equal(a.t, want, states(methodResult(a, "ListContacts", a.c.ListContacts).Contacts))
	refreshed, err := a.c.RefreshRoster(ctx, before)
	a.succeeds("RefreshRoster", err)
	assert.Equal(a.t, "delta", refreshed.Scope)
	assert.Equal(a.t, want, states(refreshed.Contacts))
	var all []skypecontacts.Contact
	for c, err := range a.c.AllContacts(ctx) {
		a.succeeds("AllContacts", err)
		all = append(all, *c)
	}
	assert.Equal(a.t, want, states(all))
	assert.Equal(a.t, []skypecontacts.BlockedUser{{MRI: sharedContacts[0]}}, methodResult(a, "ListBlocked", a.c.ListBlocked).Blocked)
}

// awaitsAuthorized waits until the two accounts are authorized.
func (a accountTest) awaitsAuthorized(other skypecontacts.MRI) {
	assert.Eventually(a.t, func() bool {
		list := methodResult(a, "ListContacts", a.c.ListContacts)
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
	assert.Equal(t, sdkOperations(), sortedKeys(received))

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
			want = append(want, skypetest.Effect{Operation: change.operation, Account: own, Subject: cmp.Or(change.subject, own)})
		}
		for _, operation := range []string{"SetOwnAvatar", "DeleteOwnAvatar"} {
			want = append(want, skypetest.Effect{Operation: operation, Account: own, Subject: own})
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
