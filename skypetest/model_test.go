package skypetest_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// modelRelation is the relation of account a to identifier b.
type modelRelation struct{ a, b skypecontacts.MRI }

func (r modelRelation) reverse() modelRelation { return modelRelation{r.b, r.a} }

// modelWrite is one operation with all that its request has.
type modelWrite struct {
	modelRelation
	operation string
	detail    int // chooses values of the request
	deletes   bool
	phone     modelPhone
	profile   map[string]string
}

func (w *modelWrite) subject() skypecontacts.MRI {
	if w.profile != nil {
		return w.a
	}
	return w.b
}

func (w *modelWrite) escaped() string { return url.PathEscape(string(w.b)) }

func (w *modelWrite) phones() string {
	return "/contacts/v2/users/self/contacts/" + w.escaped() + "/phones"
}

// newPhone chooses a number and its type, and returns the JSON of the type.
func (w *modelWrite) newPhone(rng *rand.Rand) string {
	words := []string{"home", "office", "mobile", "other"}
	code := rng.IntN(len(words))
	w.phone.number, w.phone.word = "+4420794609"+strconv.Itoa(10+rng.IntN(3)), words[code]
	if rng.IntN(2) == 0 {
		return strconv.Itoa(code)
	}
	return strconv.Quote(words[code])
}

type modelPhone struct{ id, number, word string }

// modelProfilePhone is the number that every account has in its profile.
var modelProfilePhone = modelPhone{"", "+442079460800", "office"}

// changesModel is the rules of the package comment in the simplest form: which relations
// there are, and what profiles have.
type changesModel struct {
	strict                                               bool // see WithStrictEnds
	sent, pending, authorized, blocked, messenger, entry map[modelRelation]bool
	favorite, explicit                                   map[modelRelation]bool
	phones                                               map[modelRelation][]modelPhone
	lastPhone                                            map[modelRelation]int
	numberType                                           map[modelRelation]string // of the number of a telephone itself
	profiles                                             map[skypecontacts.MRI]map[string]string
}

func newChangesModel(strict bool) changesModel {
	flags := func() map[modelRelation]bool { return map[modelRelation]bool{} }
	return changesModel{
		strict, flags(), flags(), flags(), flags(), flags(), flags(), flags(), flags(),
		map[modelRelation][]modelPhone{},
		map[modelRelation]int{},
		map[modelRelation]string{},
		map[skypecontacts.MRI]map[string]string{},
	}
}

// randomPhone is the id of a number of a contact, or one that none has.
func (m *modelRun) randomPhone(r modelRelation) string {
	return strconv.Itoa(m.rng.IntN(m.lastPhone[r] + 2))
}

// apply applies a write. It reports whether what it is about is found, and whether
// it changes anything.
func (m changesModel) apply(w modelWrite) (found, changed bool) {
	r := w.modelRelation
	kind := r.b.Kind()
	ended := func(changed bool) (bool, bool) { return changed || !m.strict, changed }
	switch w.operation {
	case "SendInvite", "AddBot":
		switch {
		case m.authorized[r]:
			return true, false
		case kind == skypecontacts.KindPhone || kind == skypecontacts.KindBot:
			m.authorized[r], m.numberType[r] = true, w.phone.word
		default:
			m.sent[r], m.pending[r.reverse()] = true, m.pending[r.reverse()] || kind == skypecontacts.KindSkype && !m.blocked[r.reverse()]
		}
		m.entry[r], m.explicit[r] = true, true
		return true, true
	case "AcceptInvite", "LegacyAcceptAuthRequest":
		if !m.pending[r] {
			return m.authorized[r] && !m.strict, false
		}
		for _, side := range []modelRelation{r, r.reverse()} {
			m.entry[side], m.explicit[side], m.authorized[side], m.sent[side], m.pending[side] = true, true, true, false, false
		}
		return true, true
	case "DeclineInvite", "LegacyDeclineAuthRequest":
		changed, m.pending[r] = m.pending[r], false
		return ended(changed)
	case "RevokeContact", "LegacyDeleteContact":
		return ended(m.revoke(r))
	case "BlockUser":
		changed, m.blocked[r] = !m.blocked[r], true
		return true, w.deletes && m.revoke(r) || changed
	case "UnblockUser":
		changed, m.blocked[r] = m.blocked[r], false
		return ended(changed)
	case "AddContact":
		if changed = !m.messenger[r]; changed && !m.entry[r] {
			m.entry[r], m.explicit[r] = true, true
		}
		m.messenger[r] = true
		return true, changed
	case "RemoveContact":
		if changed = m.messenger[r]; changed && !m.authorized[r] && !m.sent[r] {
			m.entry[r], m.explicit[r], m.favorite[r], m.phones[r], m.numberType[r] = false, false, false, nil, ""
		}
		m.messenger[r] = false
		return ended(changed)
	case "RegisterEndpoint":
		return true, false
	case "UpdateOwnProfile", "SetOwnAvatar":
		return true, m.updateProfile(w)
	case "DeleteOwnAvatar":
		return ended(m.updateProfile(w))
	}
	return m.applyToEntry(w)
}

// applyToEntry applies a write about an entry.
func (m changesModel) applyToEntry(w modelWrite) (found, changed bool) {
	r := w.modelRelation
	at := slices.IndexFunc(m.phones[r], func(p modelPhone) bool { return p.id == w.phone.id })
	switch found = m.entry[r]; w.operation {
	case "RemoveFavorite":
		changed, m.favorite[r] = m.favorite[r], false
		return changed || !m.strict, changed
	case "AddFavorite":
		changed, m.favorite[r] = found && !m.favorite[r], found
	case "SetExplicit":
		changed = found && m.explicit[r] != (w.detail == 0)
		m.explicit[r] = found && w.detail == 0
	case "AddContactPhone":
		if changed = found; found {
			m.lastPhone[r]++
			w.phone.id = strconv.Itoa(m.lastPhone[r])
			m.phones[r] = append(m.phones[r], w.phone)
		}
	case "SetContactPhone":
		if found = at >= 0; found {
			changed = m.phones[r][at] != w.phone
			m.phones[r][at] = w.phone
		}
	case "RemoveContactPhone":
		if found = at >= 0; found {
			m.phones[r], changed = slices.Delete(slices.Clone(m.phones[r]), at, at+1), true
		}
	default:
		panic(w.operation)
	}
	return found, changed
}

func (m changesModel) revoke(r modelRelation) (changed bool) {
	if changed = m.authorized[r] || m.sent[r]; changed {
		m.authorized[r], m.authorized[r.reverse()], m.sent[r], m.pending[r.reverse()] = false, false, false, false
	}
	return changed
}

func (m changesModel) updateProfile(w modelWrite) (changed bool) {
	before := m.profiles[w.a]
	after := maps.Clone(before)
	if after == nil {
		after = map[string]string{}
	}
	for name, value := range w.profile {
		switch name {
		case "mood":
			name, value = "richMood", strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(value)
		case "avatar":
			if value != "" {
				value = "https://avatar.skype.com/v1/avatars/" + w.a.ID() + "?auth_key=" + value
			}
		}
		after[name] = value
	}
	// A display name follows the names that it is made of, which it is not once they were removed.
	fullName := func(p map[string]string) string { return strings.TrimSpace(p["firstname"] + " " + p["lastname"]) }
	if before["displayname"] == "" || before["displayname"] == fullName(before) {
		after["displayname"] = cmp.Or(fullName(after), before["displayname"])
	}
	m.profiles[w.a] = after
	for _, name := range []string{"richMood", "avatar", "firstname", "lastname", "about", "city"} {
		changed = changed || before[name] != after[name]
	}
	return changed
}

// modelEntry is what both the model and a response have of a contact.
type modelEntry struct {
	Authorized, Blocked, Explicit, Favorite bool
	Name, First, Surname, Mood, About, City string
	Avatar                                  string
	Phones                                  []modelPhone
}

// entryOf is the entry that the model has.
func (m *modelRun) entryOf(r modelRelation) modelEntry {
	p := m.profiles[r.b]
	e := modelEntry{
		m.authorized[r], m.blocked[r], m.explicit[r], m.favorite[r], cmp.Or(p["displayname"], r.b.ID()),
		p["firstname"], p["lastname"], p["richMood"], p["about"], p["city"], p["avatar"], append([]modelPhone(nil), m.phones[r]...), // nil if empty
	}
	if r.b.IsBot() {
		e.Name, e.First = "Skype", "Skype"
	}
	if r.b.Kind() == skypecontacts.KindPhone {
		e.Phones = append([]modelPhone{{"", r.b.ID(), cmp.Or(m.numberType[r], "other")}}, e.Phones...)
	}
	return e
}

// shownName is what strict clients get in place of an empty first name.
func (m *modelRun) shownName(id skypecontacts.MRI) string {
	return cmp.Or(m.profiles[id]["displayname"], id.ID())
}

// styledEntry is the entry as the style of the server shows it.
func (m *modelRun) styledEntry(id skypecontacts.MRI, e modelEntry) modelEntry {
	if m.style == skypetest.StyleDocumented {
		e.Explicit, e.About = false, ""
	}
	hasProfile := id.Kind() == skypecontacts.KindSkype || m.style != skypetest.StyleTeams2025
	if m.style != skypetest.StyleEverything && hasProfile {
		e.First = cmp.Or(e.First, m.shownName(id))
	}
	e.Phones = slices.Clone(e.Phones)
	for i := range e.Phones {
		if m.style == skypetest.StyleDocumented || m.style == skypetest.StyleTeams2025 {
			e.Phones[i].id = ""
		}
		if m.style == skypetest.StyleTeams2025 && e.Phones[i].word != "mobile" {
			e.Phones[i].word = "phone"
		}
	}
	return e
}

// checkAccount compares all that an account can read with the model.
func (m *modelRun) checkAccount(step int, own skypecontacts.MRI) {
	roster := fetchRoster(m.T, m.srv, m.skype[own])
	entries, styled, blocklist, favorites := map[skypecontacts.MRI]modelEntry{}, map[skypecontacts.MRI]modelEntry{}, []string{}, []any{}
	for _, id := range append(slices.Clone(m.people), m.others...) {
		r := modelRelation{own, id}
		if m.entry[r] {
			entries[id] = m.entryOf(r)
			styled[id] = m.styledEntry(id, entries[id])
		}
		if m.blocked[r] {
			blocklist = append(blocklist, string(id))
		}
		if m.favorite[r] {
			favorites = append(favorites, string(id))
		}
	}
	got := map[skypecontacts.MRI]modelEntry{}
	for id, e := range roster["contacts"] {
		got[skypecontacts.MRI(id)] = entryOfJSON(m.T, e)
	}
	require.Equal(m, styled, got, "step %d", step)
	require.ElementsMatch(m, blocklist, sortedKeys(roster["blocklist"]))
	members, _ := roster["groups"]["f"]["contacts"].([]any)
	require.ElementsMatch(m, favorites, members)

	m.deltas[own].refresh(m.T, m.srv)
	require.Equal(m, roster, withoutRemoved(m.deltas[own].roster, roster), "step %d: deltas", step)
	m.checkSDK(step, own)
	m.checkV1(own, entries)
	m.checkInvites(own)
	m.checkProfile(own, own)
	m.checkProfile(own, m.people[m.rng.IntN(len(m.people))])
}

// withoutRemoved returns the lists of a client that merges deltas without what the
// deltas have empty because it was removed, and the full list has not.
func withoutRemoved(merged, full rosterMirror) rosterMirror {
	clean := maps.Clone(merged)
	clean["contacts"] = maps.Clone(merged["contacts"])
	for id, entry := range clean["contacts"] {
		clean["contacts"][id], _ = withoutEmpty(entry, full["contacts"][id]).(map[string]any)
	}
	return clean
}

// withoutEmpty returns a JSON value without the empty members that another has not.
func withoutEmpty(value, other any) any {
	object, isObject := value.(map[string]any)
	if !isObject {
		return value
	}
	others, _ := other.(map[string]any)
	clean := map[string]any{}
	for name, member := range object {
		member = withoutEmpty(member, others[name])
		_, known := others[name]
		if !known && slices.ContainsFunc([]any{"", []any{}, map[string]any{}}, func(empty any) bool { return assert.ObjectsAreEqual(empty, member) }) {
			continue
		}
		clean[name] = member
	}
	return clean
}

// entryOfJSON is the entry of a response.
func entryOfJSON(t *testing.T, o map[string]any) (e modelEntry) {
	text, err := json.Marshal(o)
	require.NoError(t, err)
	var entry struct {
		Authorized, Blocked, Explicit, Favorite bool
		DisplayName                             string `json:"display_name"`
		Phones                                  []struct {
			ID, Number string
			Type       any
		}
		Profile struct {
			Name        struct{ First, Surname string }
			Mood, About string
			AvatarURL   string `json:"avatar_url"`
			Locations   []struct{ City string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &entry))
	p := entry.Profile
	e = modelEntry{
		entry.Authorized, entry.Blocked, entry.Explicit, entry.Favorite, entry.DisplayName,
		p.Name.First, p.Name.Surname, p.Mood, p.About, "", p.AvatarURL, nil,
	}
	if len(p.Locations) > 0 {
		e.City = p.Locations[0].City
	}
	words := map[string]string{"0": "home", "1": "office", "2": "mobile", "3": "other"}
	for _, phone := range entry.Phones {
		word := fmt.Sprint(phone.Type)
		e.Phones = append(e.Phones, modelPhone{phone.ID, phone.Number, cmp.Or(words[word], word)})
	}
	return e
}

// checkSDK asserts that the deltas that the SDK merges are the full lists.
func (m *modelRun) checkSDK(step int, own skypecontacts.MRI) {
	refreshed, err := m.clients[own].RefreshRoster(m.Context(), m.rosters[own])
	require.NoError(m, err)
	m.rosters[own] = refreshed
	full, err := m.clients[own].GetRoster(m.Context())
	require.NoError(m, err)
	byMRI := func(list []skypecontacts.Contact) map[skypecontacts.MRI]skypecontacts.Contact {
		contacts := map[skypecontacts.MRI]skypecontacts.Contact{}
		for _, c := range list {
			if len(c.Phones) == 0 {
				c.Phones = nil
			}
			contacts[c.MRI] = c
		}
		return contacts
	}
	require.Equal(m, byMRI(full.Contacts), byMRI(refreshed.Contacts), "step %d: deltas of the SDK", step)
	require.ElementsMatch(m, full.Blocked, refreshed.Blocked)
	for i, g := range full.Groups {
		require.ElementsMatch(m, g.Contacts, refreshed.Groups[i].Contacts)
	}
}

// checkV1 compares the list of the first version with the other, and asks for it
// again with its ETag.
func (m *modelRun) checkV1(own skypecontacts.MRI, entries map[skypecontacts.MRI]modelEntry) {
	path := m.srv.URL + "/contacts/v1/users/self/contacts"
	resp := send(m.T, http.MethodGet, path, "", map[string]string{"X-Skypetoken": m.skype[own]})
	var list struct{ Contacts []map[string]any }
	require.NoError(m, json.Unmarshal([]byte(resp.body), &list))
	type entryV1 struct {
		authorized bool
		phones     []modelPhone
	}
	got, want := map[string]entryV1{}, map[string]entryV1{}
	for _, c := range list.Contacts {
		e := entryOfJSON(m.T, c)
		got[c["id"].(string)] = entryV1{e.Authorized, e.Phones}
	}
	for id, e := range entries {
		one := entryV1{authorized: e.Authorized}
		if id.Kind() == skypecontacts.KindSkype {
			one.phones = append(one.phones, modelProfilePhone)
		}
		for _, p := range e.Phones {
			one.phones = append(one.phones, modelPhone{"", p.number, p.word})
		}
		want[id.ID()] = one
	}
	require.Equal(m, want, got)
	again := send(m.T, http.MethodGet, path, "", map[string]string{"X-Skypetoken": m.skype[own], "If-None-Match": resp.header.Get("ETag")})
	require.Equal(m, http.StatusNotModified, again.status)
}

func (m *modelRun) checkInvites(own skypecontacts.MRI) {
	invites, err := m.clients[own].ListInvites(m.Context())
	require.NoError(m, err)
	pending, want := []skypecontacts.MRI{}, []skypecontacts.MRI{}
	for _, in := range invites.Invites {
		pending = append(pending, in.From)
	}
	for _, id := range m.people {
		if m.pending[modelRelation{own, id}] {
			want = append(want, id)
		}
	}
	require.ElementsMatch(m, want, pending)
}

// checkProfile compares the profiles of an account on all hosts with the model.
func (m *modelRun) checkProfile(own, id skypecontacts.MRI) {
	want := map[string]string{}
	for _, name := range []string{"firstname", "lastname", "displayname", "city", "richMood", "avatar"} {
		want[name] = m.profiles[id][name]
	}
	if m.style == skypetest.StyleWeb2018 || m.style == skypetest.StyleTeams2025 {
		want["firstname"], want["richMood"] = cmp.Or(want["firstname"], m.shownName(id)), "" // no moods of others
	}
	flat := func(body []byte, list bool) {
		var o map[string]any
		if list {
			require.NoError(m, json.Unmarshal([]byte(strings.Trim(string(body), "[]")), &o))
		} else {
			require.NoError(m, json.Unmarshal(body, &o))
		}
		got := map[string]string{}
		for name := range want {
			got[name], _ = o[name].(string)
		}
		got["avatar"], _ = o["avatarUrl"].(string)
		require.Equal(m, want, got, "%s reads %s", own, id)
		if mood, ok := o["mood"].(string); ok {
			require.Equal(m, html.UnescapeString(strings.NewReplacer("<b>", "").Replace(want["richMood"])), mood)
		}
	}
	header := map[string]string{"X-Skypetoken": m.skype[own]}
	name := id.ID()
	flat([]byte(send(m.T, http.MethodGet, m.srv.URL+"/api/users/"+name+"/profile/public?clientVersion=1", "", header).body), false)
	flat([]byte(send(m.T, http.MethodPost, m.srv.URL+"/profile/v1/batch/profiles", "usernames[0]="+name, header).body), true)
	if own == id {
		delete(want, "displayname") // not in the own profile
		want["richMood"] = m.profiles[id]["richMood"]
		flat([]byte(send(m.T, http.MethodGet, m.srv.URL+"/profile/v1/users/self/profile", "", header).body), false)
	}

	var people struct {
		Profiles map[string]struct{ Profile map[string]string }
	}
	resp := send(m.T, http.MethodPost, m.srv.URL+"/people/v2/profiles", fmt.Sprintf(`{"mris":[%q]}`, id), header)
	require.NoError(m, json.Unmarshal([]byte(resp.body), &people), resp.body)
	p := m.profiles[id]
	require.Equal(m, []string{p["displayname"], p["city"], p["about"], p["avatar"], p["richMood"]}, []string{
		people.Profiles[string(id)].Profile["displayName"], people.Profiles[string(id)].Profile["city"],
		people.Profiles[string(id)].Profile["about"], people.Profiles[string(id)].Profile["avatarUrl"], people.Profiles[string(id)].Profile["mood"],
	})
}
