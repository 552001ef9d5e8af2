package skypetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// Random writes of several accounts on each other and on identifiers of all kinds,
// by all routes and by the SDK, have the results of the model in every style: in their
// statuses and effects, in the lists of every account, in deltas, profiles and invites.
func TestChangesFollowModel(t *testing.T) {
	t.Parallel()
	for i, style := range skypetest.Styles() {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(style, " ", strict), func(t *testing.T) {
				t.Parallel()
				newModelRun(t, uint64(i), style, strict).run(500)
			})
		}
	}
}

// modelRun is a server and the model of what it should hold.
type modelRun struct {
	*testing.T
	changesModel
	style   skypetest.Style
	rng     *rand.Rand
	srv     *skypetest.Server
	people  []skypecontacts.MRI // the accounts
	others  []skypecontacts.MRI // identifiers without an account here
	clients map[skypecontacts.MRI]*skypecontacts.Client
	deltas  map[skypecontacts.MRI]*deltaClient
	rosters map[skypecontacts.MRI]*skypecontacts.Roster // that the SDK keeps up to date
	skype   map[skypecontacts.MRI]string
	message map[skypecontacts.MRI]string // registration tokens
}

func newModelRun(t *testing.T, seed uint64, style skypetest.Style, strict bool) *modelRun {
	m := &modelRun{
		T: t, changesModel: newChangesModel(strict), style: style, rng: rand.New(rand.NewPCG(seed, 0)),
		people:  []skypecontacts.MRI{"8:fred.2", "8:Joe.4", "8:live:anna.7", "8:.cid.daisy"},
		others:  []skypecontacts.MRI{"28:concierge", "1:someone@mail.example", "2:someone@corp.example", "4:+442079460999"},
		clients: map[skypecontacts.MRI]*skypecontacts.Client{}, deltas: map[skypecontacts.MRI]*deltaClient{},
		rosters: map[skypecontacts.MRI]*skypecontacts.Roster{}, skype: map[skypecontacts.MRI]string{}, message: map[skypecontacts.MRI]string{},
	}
	data := skypetest.Data{Bots: []skypetest.Bot{{ID: "concierge", DisplayName: "Skype"}}}
	for _, p := range m.people {
		data.Accounts = append(data.Accounts, skypetest.Account{
			MRI: p, Groups: []skypetest.Group{{ID: "f", Name: "Favorites", IsFavorite: true}, {ID: "w"}},
			Profile: skypetest.Profile{Phones: []skypetest.Phone{{Number: modelProfilePhone.number, Type: modelProfilePhone.word}}},
		})
	}
	opts := []skypetest.Option{skypetest.WithData(data), skypetest.WithStyle(style)}
	if strict {
		opts = append(opts, skypetest.WithStrictEnds())
	}
	m.srv = skypetest.NewServer(opts...)
	t.Cleanup(m.srv.Close)
	for i, p := range m.people {
		m.clients[p] = m.srv.ClientFor(string(p))
		m.skype[p], m.message[p] = fmt.Sprintf("skype-token-%d", i+1), fmt.Sprintf("registration-token-%d=", i+1)
		m.deltas[p] = &deltaClient{token: m.skype[p], etag: "/"}
	}
	return m
}

func (m *modelRun) run(steps int) {
	changes, names := 0, sortedKeys(modelOperations)
	for step := range steps {
		name := names[m.rng.IntN(len(names))]
		own := m.people[m.rng.IntN(len(m.people))]
		subjects := slices.DeleteFunc(append(slices.Clone(m.people), m.others...), func(id skypecontacts.MRI) bool { return id == own })
		w := modelWrite{modelRelation: modelRelation{own, subjects[m.rng.IntN(len(subjects))]}, operation: name}
		w.detail = m.rng.IntN(3)
		before := len(m.srv.Effects())
		requests := modelOperations[name](m, &w)
		if len(requests) == 0 {
			continue // this operation does not exist for that kind
		}
		if call := sdkWrites[name]; call != nil && !w.deletes && (w.phone.word == "" || w.phone.word == "other") {
			requests = append(requests, modelRequest{call: func(c *skypecontacts.Client) error { return call(c, m.Context(), w.b) }})
		}
		found, changed := m.apply(w)
		m.send(step, w, requests[m.rng.IntN(len(requests))], found)
		var want []skypetest.Effect
		if changed {
			changes++
			want = []skypetest.Effect{{Operation: name, Account: own, Subject: w.subject()}}
		}
		require.ElementsMatch(m, want, m.srv.Effects()[before:], "step %d: %+v", step, w)
		if step%20 == 0 {
			m.checkAccount(step, own)
		}
	}
	for _, p := range m.people {
		m.checkAccount(steps, p)
	}
	require.Greater(m, changes, steps/5, "many operations must change something")
	require.Equal(m, 0, m.srv.FaultsPending())
}

// send sends a request and asserts that it is successful, or not found.
func (m *modelRun) send(step int, w modelWrite, r modelRequest, found bool) {
	m.Helper()
	if r.call != nil {
		err := r.call(m.clients[w.a])
		if found {
			require.NoError(m, err, "step %d: %+v", step, w)
		} else {
			require.ErrorIs(m, err, skypecontacts.ErrNotFound, "step %d: %+v", step, w)
		}
		return
	}
	header := map[string]string{"X-Skypetoken": m.skype[w.a], "RegistrationToken": "registrationToken=" + m.message[w.a]}
	if r.contentType != "" {
		header["Content-Type"] = r.contentType
	}
	resp := send(m.T, r.method, m.srv.URL+r.path, r.body, header)
	status := http.StatusNotFound
	if found {
		status = r.status
		require.Empty(m, resp.body)
	}
	require.Equal(m, status, resp.status, "step %d: %+v: %s", step, w, resp.body)
	if r.received != nil {
		r.received(resp)
	}
}

// sdkWrites calls the writes of the SDK by their names.
var sdkWrites = map[string]func(*skypecontacts.Client, context.Context, skypecontacts.MRI) error{
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
	"UnblockUser":    (*skypecontacts.Client).UnblockUser,
	"AddContact":     (*skypecontacts.Client).AddContact,
	"RemoveContact":  (*skypecontacts.Client).RemoveContact,
	"AddFavorite":    (*skypecontacts.Client).AddFavorite,
	"RemoveFavorite": (*skypecontacts.Client).RemoveFavorite,
}

// sdkPhone is the number of a write as the SDK has it.
func (w *modelWrite) sdkPhone() skypecontacts.Phone {
	phoneType := skypecontacts.PhoneType(w.phone.word)
	if phoneType == "office" {
		phoneType = skypecontacts.PhoneWork
	}
	return skypecontacts.Phone{Number: w.phone.number, Type: phoneType, ID: w.phone.id}
}

// sdkUpdate is the update of a write as the SDK has it, if it can have it.
func (w *modelWrite) sdkUpdate() (update skypecontacts.ProfileUpdate, ok bool) {
	fields := map[string]**string{
		"mood": &update.Mood, "firstname": &update.FirstName, "lastname": &update.LastName, "about": &update.About, "city": &update.City,
	}
	for name, value := range w.profile {
		if ok = fields[name] != nil; ok {
			*fields[name] = &value
		}
	}
	return update, ok
}

// modelRequest is one way to send a write: a request or a call of the SDK.
type modelRequest struct {
	method, path, body string
	status             int
	contentType        string
	received           func(rawResponse)
	call               func(*skypecontacts.Client) error
}

// modelOperations returns the ways to send each operation, none if it does not exist
// for an identifier of that kind. Some of them add to the write.
var modelOperations = map[string]func(*modelRun, *modelWrite) []modelRequest{
	"SendInvite": func(m *modelRun, w *modelWrite) []modelRequest {
		path, body := "/contacts/v2/users/self/contacts", fmt.Sprintf(`{"mri":%q,"greeting":"Hello"}`, w.b)
		if number, ok := strings.CutPrefix(string(w.b), "4:"); ok {
			body = fmt.Sprintf(`{"mri":%q,"phones":[{"number":%q,"type":%s}],"send_invite":false}`, w.b, number, w.newPhone(m.rng))
			return []modelRequest{{method: "POST", path: path, body: body, status: 201}}
		}
		return append(legacyRequests(w, http.MethodPut, 201, "/api/users/self/contacts/auth-request/", "", "greeting=Hello", "/contacts/v1/users/self/contacts/auth-request/"),
			modelRequest{method: "POST", path: path, body: body, status: 201}, modelRequest{method: "PUT", path: path, body: body, status: 201})
	},
	"AcceptInvite":             closeInviteRequests("/accept"),
	"LegacyAcceptAuthRequest":  closeInviteRequests("/accept"),
	"DeclineInvite":            closeInviteRequests("/decline"),
	"LegacyDeclineAuthRequest": closeInviteRequests("/decline"),
	"RevokeContact": func(m *modelRun, w *modelWrite) []modelRequest {
		return []modelRequest{
			{method: "DELETE", path: "/contacts/v2/users/self/contacts/" + w.escaped(), status: 200},
		}
	},
	"LegacyDeleteContact": func(_ *modelRun, w *modelWrite) []modelRequest {
		return legacyRequests(w, http.MethodDelete, 200, "/api/users/self/contacts/", "", "")
	},
	"BlockUser": func(m *modelRun, w *modelWrite) []modelRequest {
		w.deletes = w.detail == 0
		body := fmt.Sprintf(`{"report_abuse":false,"delete_contact":%t}`, w.deletes)
		requests := []modelRequest{
			{method: "PUT", path: "/contacts/v2/users/self/blocklist/" + w.escaped(), body: body, status: 200},
			{method: "PUT", path: "/contacts/v2/users/self/contacts/blocklist/" + string(w.b), body: body, status: 200, contentType: "application/x-www-form-urlencoded"},
		}
		if !w.deletes {
			requests = append(requests, legacyRequests(w, http.MethodPut, 201, "/api/users/self/contacts/", "/block", "reportAbuse=1")...)
		}
		return requests
	},
	"UnblockUser": func(m *modelRun, w *modelWrite) []modelRequest {
		return append(legacyRequests(w, http.MethodPut, 201, "/api/users/self/contacts/", "/unblock", ""),
			modelRequest{method: "DELETE", path: "/contacts/v2/users/self/blocklist/" + w.escaped(), status: 200},
			modelRequest{method: "DELETE", path: "/contacts/v2/users/self/contacts/blocklist/" + w.escaped(), status: 200})
	},
	"AddContact": func(m *modelRun, w *modelWrite) []modelRequest {
		return []modelRequest{
			{method: "PUT", path: "/messenger/v1/users/ME/contacts/" + string(w.b), status: 200},
			{method: "POST", path: "/messenger/v1/users/ME/contacts", body: fmt.Sprintf(`{"contacts":[{"id":%q}]}`, w.b), status: 200},
		}
	},
	"RemoveContact": func(m *modelRun, w *modelWrite) []modelRequest {
		return []modelRequest{
			{method: "DELETE", path: "/messenger/v1/users/ME/contacts/" + string(w.b), status: 200},
		}
	},
	"AddFavorite": func(_ *modelRun, w *modelWrite) []modelRequest {
		return []modelRequest{{method: "PUT", path: "/contacts/v2/users/self/contacts/favorites/" + w.escaped(), status: 200}}
	},
	"RemoveFavorite": func(_ *modelRun, w *modelWrite) []modelRequest {
		return []modelRequest{{method: "DELETE", path: "/contacts/v2/users/self/contacts/favorites/" + w.escaped(), status: 200}}
	},
	"SetExplicit": func(_ *modelRun, w *modelWrite) []modelRequest {
		body := fmt.Sprintf(`{"value":%t}`, w.detail == 0)
		return []modelRequest{{method: "PUT", path: "/contacts/v2/users/self/contacts/" + w.escaped() + "/explicit", body: body, status: 200}}
	},
	"AddContactPhone": func(m *modelRun, w *modelWrite) []modelRequest {
		phoneType := w.newPhone(m.rng)
		return []modelRequest{
			{method: "POST", path: w.phones(), body: fmt.Sprintf(`{"number":%q,"type":%s}`, w.phone.number, phoneType), status: 201},
			{call: func(c *skypecontacts.Client) error { return c.AddContactPhone(m.Context(), w.b, w.sdkPhone()) }},
		}
	},
	"SetContactPhone": func(m *modelRun, w *modelWrite) []modelRequest {
		phoneType := w.newPhone(m.rng)
		w.phone.id = m.randomPhone(w.modelRelation)
		return []modelRequest{
			{method: "PUT", path: w.phones() + "/" + w.phone.id, body: fmt.Sprintf(`{"number":%q,"type":%s}`, w.phone.number, phoneType), status: 200},
			{call: func(c *skypecontacts.Client) error { return c.SetContactPhone(m.Context(), w.b, w.sdkPhone()) }},
		}
	},
	"RemoveContactPhone": func(m *modelRun, w *modelWrite) []modelRequest {
		w.phone.id = m.randomPhone(w.modelRelation)
		return []modelRequest{
			{method: "DELETE", path: w.phones() + "/" + w.phone.id, status: 200},
			{call: func(c *skypecontacts.Client) error { return c.RemoveContactPhone(m.Context(), w.b, w.phone.id) }},
		}
	},
	"AddBot": func(_ *modelRun, w *modelWrite) []modelRequest {
		if w.b.Kind() != skypecontacts.KindBot {
			return nil
		}
		return []modelRequest{{method: "PUT", path: "/bots/v1/relationship/me/" + w.b.ID(), status: 204}}
	},
	"UpdateOwnProfile": func(m *modelRun, w *modelWrite) []modelRequest {
		w.profile = map[string]string{[]string{"mood", "richMood", "firstname", "lastname", "about", "city"}[m.rng.IntN(6)]: []string{"", "A", "B & <b>"}[w.detail]}
		payload, err := json.Marshal(map[string]any{"payload": w.profile})
		require.NoError(m, err)
		requests := []modelRequest{
			{method: "POST", path: "/api/users/" + w.a.ID() + "/profile/partial", body: string(payload), status: 200},
			{method: "POST", path: "/profile/v1/users/self/profile/partial", body: string(payload), status: 200},
		}
		if update, ok := w.sdkUpdate(); ok {
			requests = append(requests, modelRequest{call: func(c *skypecontacts.Client) error { return c.UpdateOwnProfile(m.Context(), update) }})
		}
		return requests
	},
	"SetOwnAvatar": func(_ *modelRun, w *modelWrite) []modelRequest {
		body := []string{"one", "two", "three"}[w.detail]
		w.profile = map[string]string{"avatar": strconv.Itoa(int(int32(crc32.ChecksumIEEE([]byte(body)))))}
		return []modelRequest{
			{method: "PUT", path: "/api/users/" + w.a.ID() + "/profile/avatar", body: body, status: 200},
			{method: "PUT", path: "/avatar/v1/avatars/" + w.a.ID(), body: body, status: 200, contentType: "image/jpeg"},
		}
	},
	"DeleteOwnAvatar": func(_ *modelRun, w *modelWrite) []modelRequest {
		w.profile = map[string]string{"avatar": ""}
		return []modelRequest{{method: "DELETE", path: "/avatar/v1/avatars/self", status: 200}}
	},
	"RegisterEndpoint": func(m *modelRun, w *modelWrite) []modelRequest {
		return []modelRequest{{method: "POST", path: "/messenger/v1/users/ME/endpoints", body: "{}", status: 201, received: func(resp rawResponse) {
			text, _, _ := strings.Cut(resp.header.Get("Set-RegistrationToken"), ";")
			m.message[w.a] = strings.TrimPrefix(text, "registrationToken=")
		}}}
	},
}

// legacyRequests are the requests of the older hosts, which know only people.
func legacyRequests(w *modelWrite, method string, status int, path, action, body string, otherPaths ...string) (list []modelRequest) {
	if w.b.Kind() != skypecontacts.KindSkype {
		return nil
	}
	for _, p := range append(otherPaths, path) {
		list = append(list, modelRequest{method: method, path: p + w.b.ID() + action, body: body, status: status})
	}
	return list
}

func closeInviteRequests(action string) func(*modelRun, *modelWrite) []modelRequest {
	return func(_ *modelRun, w *modelWrite) []modelRequest {
		if strings.HasPrefix(w.operation, "Legacy") {
			return legacyRequests(w, http.MethodPut, 201, "/api/users/self/contacts/auth-request/", action, "", "/contacts/v1/users/self/contacts/auth-request/")
		}
		path := "/contacts/v2/users/self/invites/" + w.escaped() + action
		return []modelRequest{{method: "PUT", path: path, status: 200}, {method: "POST", path: path, status: 200}}
	}
}
