package skypetest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// newInstance is a mark that no other server has, so that an ETag which a client
// kept from an earlier one is not taken for one of this.
func newInstance() string { return fmt.Sprintf("%08x", rand.Uint32()) }

// view is what a request for lists wants to see.
type view struct {
	since int // entries changed after this version, removed ones included; -1: all there are
	from  int // the first row of the contacts
	rows  int // at most so many contacts, 0 for all
}

func (v view) scope() string {
	if v.since >= 0 || v.from > 0 {
		return "delta"
	}
	return "full"
}

// entries gives the entries of a list that a view shows, and the row at which
// the next page begins, 0 if there is none.
func entries[T any](t *table[T], v view, render func(*T) object, identify func(*T) object) (list []object, next int) {
	list = []object{}
	for i := v.from; i < len(t.rows); i++ {
		r := t.rows[i]
		if r.changed <= v.since || r.removed && v.since < 0 {
			continue
		}
		if v.rows > 0 && len(list) == v.rows {
			return list, i
		}
		if r.removed {
			gone := identify(&r.value)
			gone["deleted"] = true
			list = append(list, gone)
			continue
		}
		list = append(list, render(&r.value))
	}
	return list, 0
}

func (c *call) contactEntries(v view) (list []object, next int) {
	return entries(&c.self.contacts, v,
		func(r *relation) object { return c.store.contactV2(c.self, r) },
		func(r *relation) object { return object{"mri": r.MRI} })
}

func (c *call) blockedEntries(v view) []object {
	identify := func(b *blocked) object { return object{"mri": b.mri} }
	list, _ := entries(&c.self.blocklist, v, identify, identify)
	return list
}

func (c *call) groupEntries(v view) []object {
	list, _ := entries(&c.self.groups, v, renderGroup, renderGroup)
	return list
}

func renderGroup(g *Group) object {
	o := object{"id": g.ID, "name": g.Name}
	if g.IsFavorite {
		o["is_favorite"] = true
	}
	if len(g.Contacts) > 0 {
		o["contacts"] = g.Contacts
	}
	return o
}

func (c *call) etag(version int) string { return fmt.Sprintf(`"%s-%d"`, c.lineage(), version) }

// lineage is what the ETags of one account on one server have in common.
func (c *call) lineage() string { return fmt.Sprintf("%s-%d", c.instance, c.self.number) }

// version is the one an ETag of this server names, or -1. It tolerates the marks
// of a weak tag, which caches add.
func (c *call) version(etag string) int {
	etag = strings.Trim(strings.TrimPrefix(etag, "W/"), `"`)
	text, ok := strings.CutPrefix(etag, c.lineage()+"-")
	version, err := strconv.Atoi(text)
	if !ok || err != nil || version < 0 || version > c.self.version {
		return -1
	}
	return version
}

// known is the version that the client has, or -1.
func (c *call) known() int { return c.version(c.Header.Get("If-None-Match")) }

// tagged adds the ETag of a version to a reply.
func (c *call) tagged(r *reply, version int) *reply {
	r.header.Set("ETag", c.etag(version))
	return r
}

// lists answers with what fill puts into the answer: everything, what changed, or
// that nothing has.
func (c *call) lists(fill func(o object, v view)) *reply {
	v := view{since: -1}
	switch known := c.known(); {
	case known == c.self.version:
		return c.tagged(done(http.StatusNotModified), known)
	case c.query.Has("delta"):
		v.since = known
	}
	o := object{"scope": v.scope()}
	fill(o, v)
	return c.tagged(answer(o), c.self.version)
}

const continuationHeader = "X-Skype-Continuation-Token"

// roster answers with all three lists.
func (c *call) roster() *reply {
	if c.query.Has("page_size") && !c.query.Has("delta") && c.known() != c.self.version {
		return c.page()
	}
	return c.lists(func(o object, v view) {
		o["contacts"], _ = c.contactEntries(v)
		o["blocklist"] = c.blockedEntries(v)
		o["groups"] = c.groupEntries(v)
	})
}

// page answers with some of the contacts, and at first with the groups and the
// blocklist.
func (c *call) page() *reply {
	size, err := strconv.Atoi(c.query.Get("page_size"))
	if err != nil || size < 1 {
		return c.refuse(http.StatusBadRequest, "The page size is not valid")
	}
	from, version := c.continued()
	v := view{since: -1, from: from, rows: size}
	contacts, next := c.contactEntries(v)
	o := object{"scope": v.scope(), "contacts": contacts}
	if from == 0 {
		o["blocklist"], o["groups"] = c.blockedEntries(view{since: -1}), c.groupEntries(view{since: -1})
	}
	// What changed since the first page is no part of what the client has seen.
	r := c.tagged(answer(o), version)
	if next > 0 {
		token := fmt.Appendf(nil, "%s/%d", c.etag(version), next)
		r.header.Set(continuationHeader, base64.RawURLEncoding.EncodeToString(token))
	}
	return r
}

// continued is the row at which the page that is asked for begins and the version
// that the first page was of. A token that is not of this server begins anew.
func (c *call) continued() (from, version int) {
	token, _ := base64.RawURLEncoding.DecodeString(c.Header.Get(continuationHeader))
	etag, row, _ := strings.Cut(string(token), "/")
	version = c.version(etag)
	from, err := strconv.Atoi(row)
	if err != nil || version < 0 || from < 0 || from > len(c.self.contacts.rows) {
		return 0, c.self.version
	}
	return from, version
}

func (c *call) contactList() *reply {
	return c.lists(func(o object, v view) {
		list, _ := c.contactEntries(v)
		o["contacts"], o["count"] = list, len(list)
	})
}

func (c *call) blockedList() *reply {
	return c.lists(func(o object, v view) {
		list := c.blockedEntries(v)
		o["blocklist"], o["count"] = list, len(list)
	})
}

func (c *call) groupList() *reply {
	return c.lists(func(o object, v view) {
		list := c.groupEntries(v)
		o["groups"], o["count"] = list, len(list)
	})
}

func (c *call) inviteList() *reply {
	list := []object{}
	for _, in := range c.self.invites {
		list = append(list, renderInvite(in))
	}
	return answer(object{"invite_list": list})
}

func (c *call) sendInvite() *reply {
	body := struct {
		MRI        string `json:"mri"`
		Greeting   string `json:"greeting"`
		SendInvite bool   `json:"send_invite"`
	}{SendInvite: true}
	if !c.json(&body) {
		return c.refuse(http.StatusBadRequest, "The request is not valid JSON")
	}
	if body.MRI == "" {
		return c.refuse(http.StatusBadRequest, "The request names no mri")
	}
	return c.inviteTo(body.MRI, body.Greeting, body.SendInvite)
}

func (c *call) inviteTo(name, greeting string, tell bool) *reply {
	return c.change(name, http.StatusCreated, func(id skypecontacts.MRI) bool {
		return c.store.invite(c.self, id, greeting, tell, c.now)
	})
}

// change does something about another account, unless that does not exist or is
// the own one. It records an effect if make says that there was one.
func (c *call) change(name string, success int, make func(skypecontacts.MRI) bool) *reply {
	id, exists := c.store.find(name)
	switch {
	case !exists && c.self.contacts.get(key(id)) == nil:
		return c.refuse(http.StatusNotFound, "The account does not exist")
	case key(id) == key(c.self.mri):
		return c.refuse(http.StatusBadRequest, "The account is the own one")
	}
	if make(id) {
		c.effects = append(c.effects, Effect{c.Operation, c.Account, id})
	}
	return done(success)
}

// json reads a body whatever its type claims: the official client sends JSON as
// a form. It reports false if it is something else.
func (c *call) json(v any) bool { return json.Unmarshal(c.Body, v) == nil }

func (c *call) acceptInvite() *reply  { return c.answerInvite(true, http.StatusOK) }
func (c *call) declineInvite() *reply { return c.answerInvite(false, http.StatusOK) }

func (c *call) answerInvite(accept bool, success int) *reply {
	return c.end(success, func(id skypecontacts.MRI) bool { return c.store.answer(c.self, id, accept, c.now) })
}

// end does away with something about another account, which must be there.
func (c *call) end(success int, remove func(skypecontacts.MRI) bool) *reply {
	id, _ := c.store.find(c.values["mri"])
	if !remove(id) {
		return c.refuse(http.StatusNotFound, "There is nothing of that name")
	}
	c.effects = append(c.effects, Effect{c.Operation, c.Account, id})
	return done(success)
}

func (c *call) revokeContact() *reply {
	return c.end(http.StatusOK, func(id skypecontacts.MRI) bool { return c.store.revoke(c.self, id) })
}

func (c *call) blockUser() *reply {
	body := struct {
		ReportAbuse any `json:"report_abuse"` // true, or "true"
	}{}
	if len(bytes.TrimSpace(c.Body)) > 0 && !c.json(&body) {
		return c.refuse(http.StatusBadRequest, "The request is not valid JSON")
	}
	return c.block(http.StatusOK)
}

func (c *call) unblockUser() *reply { return c.unblock(http.StatusOK) }

// The older calls have a form in which nothing matters here.
func (c *call) legacyBlock() *reply   { return c.block(http.StatusCreated) }
func (c *call) legacyUnblock() *reply { return c.unblock(http.StatusCreated) }

func (c *call) block(success int) *reply {
	return c.change(c.values["mri"], success, func(id skypecontacts.MRI) bool { return c.store.block(c.self, id) })
}

func (c *call) unblock(success int) *reply {
	return c.end(success, func(id skypecontacts.MRI) bool { return c.store.unblock(c.self, id) })
}

func (c *call) addContact() *reply { return c.add(c.values["mri"]) }

func (c *call) add(name string) *reply {
	return c.change(name, http.StatusOK, func(id skypecontacts.MRI) bool { return c.store.list(c.self, id, c.now) })
}

// addContacts adds several at once, of which some may not exist.
func (c *call) addContacts() *reply {
	body := struct {
		Contacts []struct {
			ID string `json:"id"`
		} `json:"contacts"`
	}{}
	if !c.json(&body) {
		return c.refuse(http.StatusBadRequest, "The request is not valid JSON")
	}
	for _, contact := range body.Contacts {
		c.add(contact.ID)
	}
	return done(http.StatusOK)
}

func (c *call) removeContact() *reply {
	return c.end(http.StatusOK, func(id skypecontacts.MRI) bool { return c.store.unlist(c.self, id) })
}
