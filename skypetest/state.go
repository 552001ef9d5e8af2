package skypetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// store is everything the service keeps. [Server] locks it.
type store struct {
	accounts []*account
	byKey    map[string]*account
	bots     []Bot
	botByKey map[string]*Bot

	skypeTokens        map[string]*credential
	registrationTokens map[string]*credential
}

// credential is a token that was given out, perhaps long ago.
type credential struct {
	owner   *account
	expired bool
}

// account is the changing part of an [Account].
type account struct {
	number   int // among the accounts
	mri      skypecontacts.MRI
	profile  Profile
	spelling spelling

	skypeToken        string
	registrationToken string

	version   int // counts the changes of the three lists
	contacts  table[relation]
	blocklist table[blocked]
	groups    table[Group]
	invites   []*invite
	messenger map[string]bool
}

// relation is an account's entry for another.
type relation struct {
	Contact
	invited bool // the other was asked and has not accepted
}

type blocked struct{ mri skypecontacts.MRI }

type invite struct {
	from     *account
	messages []Message
}

// table is a list whose changes can be told: rows stay where they are, and one
// that was removed stays as a marker of that.
type table[T any] struct {
	rows  []*row[T]
	byKey map[string]*row[T]
}

type row[T any] struct {
	value   T
	changed int // version of the account
	removed bool
}

// get is the entry that is in the list under a key, or nil.
func (t *table[T]) get(key string) *T {
	if r := t.byKey[key]; r != nil && !r.removed {
		return &r.value
	}
	return nil
}

func (t *table[T]) put(key string, value T, version int) {
	if t.byKey == nil {
		t.byKey = make(map[string]*row[T])
	}
	r := t.byKey[key]
	if r == nil {
		r = new(row[T])
		t.byKey[key] = r
		t.rows = append(t.rows, r)
	}
	*r = row[T]{value: value, changed: version}
}

// touch says that an entry looks different now.
func (t *table[T]) touch(key string, version int) {
	if r := t.byKey[key]; r != nil {
		r.changed = version
	}
}

func (t *table[T]) remove(key string, version int) {
	if r := t.byKey[key]; r != nil {
		r.removed, r.changed = true, version
	}
}

// full puts an identifier into the form with a prefix, which is that of a
// telephone number if it looks like one.
func full(id string) skypecontacts.MRI {
	digits := len(id) - len(strings.TrimLeft(id, "0123456789"))
	if digits > 0 && digits < len(id) && id[digits] == ':' {
		return skypecontacts.MRI(id)
	}
	if len(id) > 1 && id[0] == '+' && strings.Trim(id[1:], "0123456789") == "" {
		return skypecontacts.MRI("4:" + id)
	}
	return skypecontacts.MRI("8:" + id)
}

// split divides an identifier that is [full] into prefix and bare name.
func split(id skypecontacts.MRI) (prefix, name string) {
	prefix, name, _ = strings.Cut(string(id), ":")
	return prefix, name
}

func bare(id skypecontacts.MRI) string {
	_, name := split(id)
	return name
}

// key is the form by which identifiers are compared: the service ignores case.
func key(id skypecontacts.MRI) string { return strings.ToLower(string(full(string(id)))) }

func newStore(data Data) *store {
	s := &store{
		byKey:              make(map[string]*account, len(data.Accounts)),
		bots:               slices.Clone(data.Bots),
		botByKey:           make(map[string]*Bot, len(data.Bots)),
		skypeTokens:        make(map[string]*credential, len(data.Accounts)),
		registrationTokens: make(map[string]*credential, len(data.Accounts)),
	}
	for i := range s.bots {
		s.botByKey[key(skypecontacts.MRI("28:"+s.bots[i].ID))] = &s.bots[i]
	}
	for i, from := range data.Accounts {
		a := &account{
			number:            i,
			mri:               full(string(from.MRI)),
			profile:           from.Profile,
			spelling:          spelling(from.Spelling),
			skypeToken:        from.SkypeToken,
			registrationToken: from.RegistrationToken,
			messenger:         make(map[string]bool),
		}
		if a.skypeToken == "" {
			a.skypeToken = fmt.Sprintf("skype-token-%d", i+1)
		}
		if a.registrationToken == "" {
			a.registrationToken = fmt.Sprintf("registration-token-%d=", i+1)
		}
		s.skypeTokens[a.skypeToken] = &credential{owner: a}
		s.registrationTokens[a.registrationToken] = &credential{owner: a}
		s.accounts = append(s.accounts, a)
		s.byKey[key(a.mri)] = a
	}
	for i, from := range data.Accounts {
		s.fill(s.accounts[i], from)
	}
	return s
}

// fill gives an account its lists, and the other accounts what follows from them.
func (s *store) fill(a *account, from Account) {
	for _, c := range from.Contacts {
		c.MRI = full(string(c.MRI))
		r := relation{Contact: c}
		if known := a.contacts.get(key(c.MRI)); known != nil {
			r.Authorized, r.invited = r.Authorized || known.Authorized, known.invited
		}
		a.contacts.put(key(c.MRI), r, 0)
		if other := s.byKey[key(c.MRI)]; c.Authorized && other != nil && other != a {
			s.relate(other, a.mri, "accept_invite", c.AddedAt).Authorized = true
		}
	}
	for _, g := range from.Groups {
		a.groups.put(strings.ToLower(g.ID), g, 0)
	}
	for _, id := range from.Blocklist {
		a.blocklist.put(key(id), blocked{full(string(id))}, 0)
	}
	for _, id := range from.Messenger {
		a.messenger[key(id)] = true
	}
	for _, in := range from.Invites {
		if sender := s.byKey[key(in.From)]; sender != nil {
			a.invites = append(a.invites, &invite{sender, slices.Clone(in.Messages)})
			var asked time.Time
			if len(in.Messages) > 0 {
				asked = in.Messages[0].Time
			}
			s.relate(sender, a.mri, "add_contact", asked).invited = true
		}
	}
}

// find is the full identifier that a name stands for. It reports false if there
// is nobody and nothing of that name.
func (s *store) find(name string) (id skypecontacts.MRI, exists bool) {
	id = full(name)
	if a := s.byKey[key(id)]; a != nil {
		return a.mri, true
	}
	prefix, number := split(id)
	dialable := len(number) > 1 && number[0] == '+' && strings.Trim(number[1:], "0123456789") == ""
	return id, prefix == "4" && dialable || s.botByKey[key(id)] != nil
}

// relate is the entry that a has for another, made if there is none. The caller
// is about to change it.
func (s *store) relate(a *account, id skypecontacts.MRI, source string, at time.Time) *relation {
	a.version++
	k := key(id)
	if a.contacts.get(k) == nil {
		a.contacts.put(k, relation{Contact: Contact{MRI: id, Explicit: true, AddedAt: at, Source: source}}, a.version)
	}
	a.contacts.touch(k, a.version)
	return a.contacts.get(k)
}

// invite asks another to become a contact, or if it is not to be told only makes
// an entry for it. Bots and telephones agree at once. It reports whether anything
// changed.
func (s *store) invite(a *account, id skypecontacts.MRI, greeting string, tell bool, now time.Time) bool {
	known := a.contacts.get(key(id))
	if known != nil && (known.Authorized || known.Explicit && !tell) {
		return false
	}
	r := s.relate(a, id, "add_contact", now)
	r.Explicit, r.Suggested = true, false
	switch prefix, _ := split(id); {
	case prefix == "28" || prefix == "4":
		r.Authorized = true
		return true
	case !tell:
		return true
	}
	r.invited = true
	other := s.byKey[key(id)]
	if other == nil || other.blocklist.get(key(a.mri)) != nil {
		return true // and the other never hears of it
	}
	message := Message{greeting, now}
	if waiting := other.inviteFrom(a); waiting != nil {
		waiting.messages = append(waiting.messages, message)
	} else {
		other.invites = append(other.invites, &invite{a, []Message{message}})
	}
	return true
}

func (a *account) inviteFrom(sender *account) *invite {
	for _, in := range a.invites {
		if in.from == sender {
			return in
		}
	}
	return nil
}

func (a *account) dropInvite(sender *account) {
	a.invites = slices.DeleteFunc(a.invites, func(in *invite) bool { return in.from == sender })
}

// answer accepts or declines what another asked. It reports false if that did
// not ask.
func (s *store) answer(a *account, id skypecontacts.MRI, accept bool, now time.Time) bool {
	sender := s.byKey[key(id)]
	if sender == nil || a.inviteFrom(sender) == nil {
		return false
	}
	a.dropInvite(sender)
	if !accept {
		return true
	}
	sender.dropInvite(a)
	for _, side := range []struct{ a, other *account }{{a, sender}, {sender, a}} {
		r := s.relate(side.a, side.other.mri, "accept_invite", now)
		r.Authorized, r.Explicit, r.Suggested, r.invited = true, true, false, false
	}
	return true
}

// revoke ends an authorization on both sides, or takes back what was asked. The
// entries stay. It reports false if there was neither.
func (s *store) revoke(a *account, id skypecontacts.MRI) bool {
	r := a.contacts.get(key(id))
	if r == nil || !r.Authorized && !r.invited {
		return false
	}
	a.version++
	a.contacts.touch(key(id), a.version)
	wasAuthorized := r.Authorized
	r.Authorized, r.invited = false, false
	other := s.byKey[key(id)]
	if other == nil {
		return true
	}
	other.dropInvite(a)
	if back := other.contacts.get(key(a.mri)); back != nil && wasAuthorized {
		other.version++
		other.contacts.touch(key(a.mri), other.version)
		back.Authorized = false
	}
	return true
}

// block puts another on the blocklist, which changes nothing else. It reports
// false if it was there.
func (s *store) block(a *account, id skypecontacts.MRI) bool {
	if a.blocklist.get(key(id)) != nil {
		return false
	}
	a.version++
	a.blocklist.put(key(id), blocked{id}, a.version)
	a.contacts.touch(key(id), a.version)
	return true
}

// unblock reports false if the other was not on the blocklist.
func (s *store) unblock(a *account, id skypecontacts.MRI) bool {
	if a.blocklist.get(key(id)) == nil {
		return false
	}
	a.version++
	a.blocklist.remove(key(id), a.version)
	a.contacts.touch(key(id), a.version)
	return true
}

// list puts another into the messenger's contact list. It reports false if it
// was there.
func (s *store) list(a *account, id skypecontacts.MRI, now time.Time) bool {
	if a.messenger[key(id)] {
		return false
	}
	a.messenger[key(id)] = true
	if a.contacts.get(key(id)) == nil {
		s.relate(a, id, "add_contact", now)
	}
	return true
}

// unlist takes another off the messenger's contact list, and with it the entry
// that nothing else holds. It reports false if it was not there.
func (s *store) unlist(a *account, id skypecontacts.MRI) bool {
	if !a.messenger[key(id)] {
		return false
	}
	delete(a.messenger, key(id))
	if r := a.contacts.get(key(id)); r != nil && !r.Authorized && !r.invited && !r.Suggested {
		a.version++
		a.contacts.remove(key(id), a.version)
		a.ungroup(id)
	}
	return true
}

// ungroup takes another out of all groups.
func (a *account) ungroup(id skypecontacts.MRI) {
	for _, g := range a.groups.rows {
		same := func(member skypecontacts.MRI) bool { return key(member) == key(id) }
		if slices.ContainsFunc(g.value.Contacts, same) {
			g.value.Contacts = slices.DeleteFunc(slices.Clone(g.value.Contacts), same) // the Data is the caller's
			g.changed = a.version
		}
	}
}

// expire ends a token and gives the account another in its place.
func expire(tokens map[string]*credential, current *string) {
	old := tokens[*current]
	old.expired = true
	next := *current + "+"
	tokens[next] = &credential{owner: old.owner}
	*current = next
}
