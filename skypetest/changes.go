package skypetest

import (
	"slices"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// Every function here is one write of an account about another identifier. It
// reports whether it changed anything.

// sendInvite adds an entry and, if notify is set, a pending invite of the other
// account. Bots and telephone numbers are authorized at once. An invite to an
// account that blocks the sender is dropped.
func (s *serviceState) sendInvite(a *accountState, id skypecontacts.MRI, greeting string, notify bool, now time.Time) bool {
	prefix, _ := splitMRI(id)
	atOnce := prefix == "28" || prefix == "4"
	known := a.contacts.get(mriKey(id))
	if known != nil && (known.Authorized || known.Explicit && !notify && !atOnce) {
		return false
	}
	entry := a.changeContact(id, "add_contact", now)
	entry.Explicit, entry.Suggested = true, false
	switch {
	case atOnce:
		entry.Authorized = true
		return true
	case !notify:
		return true
	}
	entry.invited = true
	other := s.accountByKey[mriKey(id)]
	if other == nil || other.blocklist.get(mriKey(a.mri)) != nil {
		return true
	}
	message := Message{greeting, now}
	if pending := other.inviteFrom(a); pending != nil {
		pending.messages = append(pending.messages, message)
	} else {
		other.invites = append(other.invites, &pendingInvite{a, []Message{message}})
	}
	return true
}

// closeInvite accepts or declines the pending invite of id.
func (s *serviceState) closeInvite(a *accountState, id skypecontacts.MRI, accept bool, now time.Time) bool {
	sender := s.accountByKey[mriKey(id)]
	if sender == nil || a.inviteFrom(sender) == nil {
		return false
	}
	a.removeInvite(sender)
	if !accept {
		return true
	}
	sender.removeInvite(a)
	for _, side := range []struct{ a, other *accountState }{{a, sender}, {sender, a}} {
		entry := side.a.changeContact(side.other.mri, "accept_invite", now)
		entry.Authorized, entry.Explicit, entry.Suggested, entry.invited = true, true, false, false
	}
	return true
}

// revoke ends an authorization on both sides or withdraws an invite. The entries
// stay.
func (s *serviceState) revoke(a *accountState, id skypecontacts.MRI) bool {
	entry := a.contacts.get(mriKey(id))
	if entry == nil || !entry.Authorized && !entry.invited {
		return false
	}
	a.version++
	a.contacts.markChanged(mriKey(id), a.version)
	wasAuthorized := entry.Authorized
	entry.Authorized, entry.invited = false, false
	other := s.accountByKey[mriKey(id)]
	if other == nil {
		return true
	}
	other.removeInvite(a)
	if reverse := other.contacts.get(mriKey(a.mri)); reverse != nil && wasAuthorized {
		other.version++
		other.contacts.markChanged(mriKey(a.mri), other.version)
		reverse.Authorized = false
	}
	return true
}

// block adds id to the blocklist and changes no authorization.
func (a *accountState) block(id skypecontacts.MRI) bool {
	if a.blocklist.get(mriKey(id)) != nil {
		return false
	}
	a.version++
	a.blocklist.put(mriKey(id), blocklistEntry{id}, a.version)
	a.contacts.markChanged(mriKey(id), a.version)
	return true
}

// unblock removes id from the blocklist.
func (a *accountState) unblock(id skypecontacts.MRI) bool {
	if a.blocklist.get(mriKey(id)) == nil {
		return false
	}
	a.version++
	a.blocklist.remove(mriKey(id), a.version)
	a.contacts.markChanged(mriKey(id), a.version)
	return true
}

// setFavorite marks the entry for id or removes the mark. The group of favorites,
// if the account has one, gets or loses the contact as well.
func (a *accountState) setFavorite(id skypecontacts.MRI, favorite bool) bool {
	entry := a.contacts.get(mriKey(id))
	if entry == nil || entry.Favorite == favorite {
		return false
	}
	entry.Favorite = favorite
	a.markContact(id)
	for _, g := range a.groups.rows {
		if !g.value.IsFavorite || slices.ContainsFunc(g.value.Contacts, sameMRI(id)) == favorite {
			continue
		}
		members := slices.Clone(g.value.Contacts) // the slice belongs to the caller's Data
		if favorite {
			members = append(members, entry.MRI)
		} else {
			members = slices.DeleteFunc(members, sameMRI(id))
		}
		g.value.Contacts, g.changed = members, a.version
	}
	return true
}

// phoneIndex is the position of the number with that id, or -1.
func (e *contactEntry) phoneIndex(id string) int { return slices.Index(e.phoneIDs, id) }

func (e *contactEntry) setPhone(i int, p Phone) bool {
	changed := e.Phones[i] != p
	e.Phones[i] = p
	return changed
}

func (e *contactEntry) removePhone(i int) {
	e.Phones, e.phoneIDs = slices.Delete(e.Phones, i, i+1), slices.Delete(e.phoneIDs, i, i+1)
}

func (e *contactEntry) setExplicit(explicit bool) bool {
	changed := e.Explicit != explicit
	e.Explicit = explicit
	return changed
}

// addToMessenger adds id to the messenger's contact list, and a contact entry if
// there is none.
func (a *accountState) addToMessenger(id skypecontacts.MRI, now time.Time) bool {
	if a.messenger[mriKey(id)] {
		return false
	}
	a.messenger[mriKey(id)] = true
	if a.contacts.get(mriKey(id)) == nil {
		a.changeContact(id, "add_contact", now)
	}
	return true
}

// removeFromMessenger removes id from the messenger's contact list. It removes
// the contact entry as well unless that is authorized, invited or suggested.
func (a *accountState) removeFromMessenger(id skypecontacts.MRI) bool {
	if !a.messenger[mriKey(id)] {
		return false
	}
	delete(a.messenger, mriKey(id))
	if entry := a.contacts.get(mriKey(id)); entry != nil && !entry.Authorized && !entry.invited && !entry.Suggested {
		a.version++
		a.contacts.remove(mriKey(id), a.version)
		a.removeFromGroups(id)
	}
	return true
}

func (a *accountState) removeFromGroups(id skypecontacts.MRI) {
	for _, g := range a.groups.rows {
		if slices.ContainsFunc(g.value.Contacts, sameMRI(id)) {
			g.value.Contacts = slices.DeleteFunc(slices.Clone(g.value.Contacts), sameMRI(id)) // the slice belongs to the caller's Data
			g.changed = a.version
		}
	}
}

func sameMRI(id skypecontacts.MRI) func(skypecontacts.MRI) bool {
	return func(other skypecontacts.MRI) bool { return mriKey(other) == mriKey(id) }
}
