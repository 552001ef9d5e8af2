package skypetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
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
	spelling spelling

	skypeToken        string
	registrationToken string

	version   int // number of changes to the three lists
	contacts  versionedList[contactEntry]
	blocklist versionedList[blocklistEntry]
	groups    versionedList[Group]
	invites   []*pendingInvite
	messenger map[string]bool
}

// contactEntry is an entry of an account's contact list.
type contactEntry struct {
	Contact
	invited bool // the account has sent an invite that is not accepted
}

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
	}
	for i := range s.bots {
		s.botByKey[mriKey(skypecontacts.MRI("28:"+s.bots[i].ID))] = &s.bots[i]
	}
	for i, from := range data.Accounts {
		a := &accountState{
			number:            i,
			mri:               qualifyMRI(string(from.MRI)),
			profile:           from.Profile,
			spelling:          s.spellingOf(from.Spelling),
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
		s.skypeTokens[a.skypeToken] = &accountToken{owner: a}
		s.registrationTokens[a.registrationToken] = &accountToken{owner: a}
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
		entry := contactEntry{Contact: c}
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
// that of no account, bot or telephone number.
func (s *serviceState) resolve(id skypecontacts.MRI) (resolved skypecontacts.MRI, exists bool) {
	if a := s.accountByKey[mriKey(id)]; a != nil {
		return a.mri, true
	}
	prefix, number := splitMRI(id)
	return id, prefix == "4" && isPhoneNumber(number) || s.botByKey[mriKey(id)] != nil
}

// changeContact returns the entry for id, which the caller then changes. It adds
// the entry if there is none.
func (a *accountState) changeContact(id skypecontacts.MRI, source string, addedAt time.Time) *contactEntry {
	a.version++
	key := mriKey(id)
	if a.contacts.get(key) == nil {
		added := Contact{MRI: id, Explicit: true, AddedAt: addedAt, Source: source}
		a.contacts.put(key, contactEntry{Contact: added}, a.version)
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

func (a *accountState) removeInvite(sender *accountState) {
	a.invites = slices.DeleteFunc(a.invites, func(in *pendingInvite) bool { return in.from == sender })
}

// replaceToken expires the current token and sets another in its place.
func replaceToken(tokens map[string]*accountToken, current *string) {
	old := tokens[*current]
	old.expired = true
	next := *current + "+"
	tokens[next] = &accountToken{owner: old.owner}
	*current = next
}
