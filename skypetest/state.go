package skypetest

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// serviceState is the accounts, bots and tokens of one server.
type serviceState struct {
	instance string // part of every ETag, so that ETags of another server do not match
	style    styleTable

	accounts     []*accountState
	accountByKey map[string]*accountState
	bots         []Bot
	botByKey     map[string]*Bot

	skypeTokens        map[string]*accountToken
	registrationTokens map[string]*accountToken
	accessTokens       map[string]*accountToken // of sign-ins
}

// accountToken is a token that is or was valid.
type accountToken struct {
	owner   *accountState
	expired bool
	refusal int // status of the responses to the expired token, 0 for the usual one
}

// accountState is an [Account] with its changes so far.
type accountState struct {
	number   int // index among the accounts
	mri      skypecontacts.MRI
	profile  Profile
	removed  map[string]bool // members of the profile that an update has removed, by their names in it
	spelling spelling

	skypeToken        string
	registrationToken string // the one that ClientFor sends; each registered endpoint has another

	version   int // number of changes to the three lists
	contacts  versionedList[contactEntry]
	blocklist versionedList[blocklistEntry]
	groups    versionedList[Group]
	invites   []*pendingInvite
	messenger map[string]bool
	presence  string
}

// contactEntry is an entry of an account's contact list.
type contactEntry struct {
	Contact
	invited    bool     // the account has sent an invite that is not accepted
	numberType string   // of a telephone contact's own number; empty is other
	phoneIDs   []string // of Contact.Phones, one for each
	lastID     int      // the number of the last of them; none is used twice
}

func newContactEntry(c Contact) contactEntry {
	entry := contactEntry{Contact: c}
	entry.Phones = nil // the slice belongs to the caller's Data
	for _, p := range c.Phones {
		entry.addPhone(p)
	}
	return entry
}

func (e *contactEntry) addPhone(p Phone) {
	e.lastID++
	e.Phones, e.phoneIDs = append(e.Phones, p), append(e.phoneIDs, strconv.Itoa(e.lastID))
}

// offline is the presence of an account whose data has none, and of what is no account.
const offline = "Offline"

type blocklistEntry struct{ mri skypecontacts.MRI }

type pendingInvite struct {
	from     *accountState
	messages []Message
}

func newServiceState(data Data, style Style) *serviceState {
	s := &serviceState{
		instance:           fmt.Sprintf("%08x", rand.Uint32()),
		style:              tableOf(style),
		accountByKey:       make(map[string]*accountState, len(data.Accounts)),
		bots:               slices.Clone(data.Bots),
		botByKey:           make(map[string]*Bot, len(data.Bots)),
		skypeTokens:        make(map[string]*accountToken, len(data.Accounts)),
		registrationTokens: make(map[string]*accountToken, len(data.Accounts)),
		accessTokens:       make(map[string]*accountToken),
	}
	for i := range s.bots {
		s.botByKey[mriKey(skypecontacts.MRI("28:"+s.bots[i].ID))] = &s.bots[i]
	}
	for i, from := range data.Accounts {
		a := &accountState{
			number:            i,
			mri:               qualifyMRI(string(from.MRI)),
			profile:           from.Profile,
			removed:           make(map[string]bool),
			spelling:          s.spellingOf(from.Spelling),
			skypeToken:        from.SkypeToken,
			registrationToken: from.RegistrationToken,
			messenger:         make(map[string]bool),
			presence:          cmp.Or(from.Presence, offline),
		}
		a.profile.Avatar = bytes.Clone(from.Profile.Avatar)
		if a.profile.AvatarURL == "" && len(a.profile.Avatar) > 0 {
			a.profile.AvatarURL = avatarURL(a.mri, a.profile.Avatar)
		}
		if a.skypeToken == "" {
			a.skypeToken = fmt.Sprintf("skype-token-%d", i+1)
		}
		if a.registrationToken == "" {
			a.registrationToken = fmt.Sprintf("registration-token-%d=", i+1)
		}
		addToken(s.skypeTokens, a.skypeToken, a)
		addToken(s.registrationTokens, a.registrationToken, a)
		s.accounts = append(s.accounts, a)
		s.accountByKey[mriKey(a.mri)] = a
	}
	for i, from := range data.Accounts {
		s.addLists(s.accounts[i], from)
	}
	return s
}

// addLists adds the lists of an [Account], and to other accounts the entries that
// follow from them.
func (s *serviceState) addLists(a *accountState, from Account) {
	for _, c := range from.Contacts {
		c.MRI = qualifyMRI(string(c.MRI))
		entry := newContactEntry(c)
		if known := a.contacts.get(mriKey(c.MRI)); known != nil {
			entry.Authorized, entry.invited = entry.Authorized || known.Authorized, known.invited
		}
		a.contacts.put(mriKey(c.MRI), entry, 0)
		if other := s.accountByKey[mriKey(c.MRI)]; c.Authorized && other != nil && other != a {
			other.changeContact(a.mri, "accept_invite", c.AddedAt).Authorized = true
		}
	}
	for _, g := range from.Groups {
		a.groups.put(lowerASCII(g.ID), g, 0)
	}
	for _, id := range from.Blocklist {
		a.blocklist.put(mriKey(id), blocklistEntry{qualifyMRI(string(id))}, 0)
	}
	for _, id := range from.Messenger {
		a.messenger[mriKey(id)] = true
	}
	for _, in := range from.Invites {
		if sender := s.accountByKey[mriKey(in.From)]; sender != nil {
			a.invites = append(a.invites, &pendingInvite{sender, slices.Clone(in.Messages)})
			var sent time.Time
			if len(in.Messages) > 0 {
				sent = in.Messages[0].Time
			}
			sender.changeContact(a.mri, "add_contact", sent).invited = true
		}
	}
}

// spellingOf returns the spelling of an account or bot with that seed.
func (s *serviceState) spellingOf(seed uint64) spelling { return spelling{spellingSeed(seed), s.style} }

// resolve returns the identifier as the account has it. It reports false if it is
// that of no account, bot or telephone number. Everybody with a mail address may
// have an account of Messenger or Lync, which are other services: skype4pidgin and
// purple-teams invite them, and nobody recorded a refusal.
func (s *serviceState) resolve(id skypecontacts.MRI) (resolved skypecontacts.MRI, exists bool) {
	if a := s.accountByKey[mriKey(id)]; a != nil {
		return a.mri, true
	}
	switch prefix, name := splitMRI(id); prefix {
	case "4":
		return id, isPhoneNumber(name)
	case "1", "2":
		return id, isMailAddress(name)
	}
	return id, s.botByKey[mriKey(id)] != nil
}

// changeContact returns the entry for id, which the caller then changes. It adds
// the entry if there is none.
func (a *accountState) changeContact(id skypecontacts.MRI, source string, addedAt time.Time) *contactEntry {
	a.version++
	key := mriKey(id)
	if a.contacts.get(key) == nil {
		added := newContactEntry(Contact{MRI: id, Explicit: true, AddedAt: addedAt, Source: source})
		if removed := a.contacts.byKey[key]; removed != nil {
			added.lastID = removed.value.lastID
		}
		a.contacts.put(key, added, a.version)
	}
	a.contacts.markChanged(key, a.version)
	return a.contacts.get(key)
}

// inviteFrom returns the pending invite of a sender, or nil.
func (a *accountState) inviteFrom(sender *accountState) *pendingInvite {
	for _, in := range a.invites {
		if in.from == sender {
			return in
		}
	}
	return nil
}

// isInvited reports whether a has a pending invite of id.
func (s *serviceState) isInvited(a *accountState, id skypecontacts.MRI) bool {
	sender := s.accountByKey[mriKey(id)]
	return sender != nil && a.inviteFrom(sender) != nil
}

func (a *accountState) isAuthorized(id skypecontacts.MRI) bool {
	entry := a.contacts.get(mriKey(id))
	return entry != nil && entry.Authorized
}

func (a *accountState) removeInvite(sender *accountState) {
	a.invites = slices.DeleteFunc(a.invites, func(in *pendingInvite) bool { return in.from == sender })
}

// has reports whether id is in one of the account's lists.
func (a *accountState) has(id skypecontacts.MRI) bool {
	key := mriKey(id)
	return a.contacts.get(key) != nil || a.blocklist.get(key) != nil || a.messenger[key]
}

// markContact puts the entry for id, if there is one, into the next delta.
func (a *accountState) markContact(id skypecontacts.MRI) {
	if a.contacts.get(mriKey(id)) != nil {
		a.version++
		a.contacts.markChanged(mriKey(id), a.version)
	}
}

func addToken(tokens map[string]*accountToken, text string, owner *accountState) {
	tokens[text] = &accountToken{owner: owner}
}

// expire ends a token. If it is the one that [Server.ClientFor] sends, another
// takes its place; a client that registered an endpoint has to do so again.
func (s *serviceState) expire(token *accountToken, refusal int) {
	token.expired, token.refusal = true, refusal
	owner := token.owner
	switch token {
	case s.skypeTokens[owner.skypeToken]:
		owner.skypeToken += "+"
		addToken(s.skypeTokens, owner.skypeToken, owner)
	case s.registrationTokens[owner.registrationToken]:
		owner.registrationToken += "+"
		addToken(s.registrationTokens, owner.registrationToken, owner)
	}
}
