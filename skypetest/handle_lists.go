package skypetest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const continuationHeader = "X-Skype-Continuation-Token"

// listView is the part of the lists that a response has.
type listView struct {
	since    int // only what changed after this version, removed entries included; -1: all entries
	firstRow int // of the contacts
	limit    int // on the number of contacts; 0: none
}

func (v listView) scope() string {
	if v.since >= 0 || v.firstRow > 0 {
		return "delta"
	}
	return "full"
}

// listEntries returns the entries of a list that are in a view, and the row at
// which the next page begins, 0 if this is the last. The JSON of a removed entry
// is its identifier and a mark.
func listEntries[T any](l *versionedList[T], v listView, entryJSON, identifierJSON func(*T) jsonObject) (list []jsonObject, nextRow int) {
	list = []jsonObject{}
	for i := v.firstRow; i < len(l.rows); i++ {
		r := l.rows[i]
		if r.changed <= v.since || r.removed && v.since < 0 {
			continue
		}
		if v.limit > 0 && len(list) == v.limit {
			return list, i
		}
		if r.removed {
			deleted := identifierJSON(&r.value)
			deleted["deleted"] = true
			list = append(list, deleted)
			continue
		}
		list = append(list, entryJSON(&r.value))
	}
	return list, 0
}

func (x *exchange) contactEntries(v listView) (list []jsonObject, nextRow int) {
	return listEntries(&x.self.contacts, v,
		x.contactEntry,
		func(entry *contactEntry) jsonObject { return jsonObject{"mri": entry.MRI} })
}

// contactEntry is an entry of the contact list after changes: it has the ids of its
// telephone numbers, and what may have been removed is empty instead of absent, so
// that clients that merge deltas notice. No recording has an id there; the official
// client needs one to change or remove a number. The number of a telephone contact
// itself has none.
func (x *exchange) contactEntry(entry *contactEntry) jsonObject {
	shown, ids := *entry, entry.phoneIDs
	own := func(p Phone) bool { return p.Number == mriName(entry.MRI) }
	if prefix, number := splitMRI(entry.MRI); prefix == "4" && len(ids) > 0 && !slices.ContainsFunc(entry.Phones, own) {
		shown.Phones = append([]Phone{{number, "other"}}, entry.Phones...)
		ids = append([]string{""}, ids...)
	}
	o := x.core.state.contactV2(x.self, &shown)
	phones, _ := o["phones"].([]any)
	for i, id := range ids {
		if id != "" {
			phones[i].(jsonObject)["id"] = id
		}
	}
	if entry.lastID > 0 && len(phones) == 0 {
		o["phones"] = []any{}
	}
	if other := x.core.state.accountByKey[mriKey(entry.MRI)]; other != nil && other.edited {
		if profile, ok := o["profile"].(jsonObject); ok {
			setRemoved(profile)
		}
	}
	return o
}

// setRemoved sets the members of a profile that an update may have removed.
func setRemoved(profile jsonObject) {
	setEmpty := func(o jsonObject, empty any, names ...string) {
		for _, name := range names {
			if o[name] == nil {
				o[name] = empty
			}
		}
	}
	setEmpty(profile, "", "avatar_url", "birthday", "language", "mood", "about", "website", "jobtitle")
	setEmpty(profile, jsonObject{}, "name")
	setEmpty(profile["name"].(jsonObject), "", "first", "surname")
}

func (x *exchange) blocklistEntries(v listView) []jsonObject {
	entryJSON := func(entry *blocklistEntry) jsonObject { return jsonObject{"mri": entry.mri} }
	list, _ := listEntries(&x.self.blocklist, v, entryJSON, entryJSON)
	return list
}

func (x *exchange) groupEntries(v listView) []jsonObject {
	list, _ := listEntries(&x.self.groups, v, groupV2, groupV2)
	return list
}

func (x *exchange) etag(version int) string { return fmt.Sprintf(`"%s-%d"`, x.etagPrefix(), version) }

// etagPrefix is the part that all ETags of one account on one server share.
func (x *exchange) etagPrefix() string {
	return fmt.Sprintf("%s-%d", x.core.state.instance, x.self.number)
}

// etagVersion returns the version in an ETag, or -1 if the ETag is not of this
// account and server. A proxy may have added the prefix of a weak ETag.
func (x *exchange) etagVersion(etag string) int {
	etag = strings.Trim(strings.TrimPrefix(etag, "W/"), `"`)
	text, ok := strings.CutPrefix(etag, x.etagPrefix()+"-")
	version, err := strconv.Atoi(text)
	if !ok || err != nil || version < 0 || version > x.self.version {
		return -1
	}
	return version
}

// knownVersion is the version in If-None-Match, or -1.
func (x *exchange) knownVersion() int { return x.etagVersion(x.request.Header.Get("If-None-Match")) }

// withETag adds the ETag of a version to a response.
func (x *exchange) withETag(r *bufferedResponse, version int) *bufferedResponse {
	r.header.Set("ETag", x.etag(version))
	return r
}

// lists is a response with the lists that addLists sets: in whole, or their
// delta. It is 304 if nothing has changed.
func (x *exchange) lists(addLists func(o jsonObject, v listView)) *bufferedResponse {
	v := listView{since: -1}
	switch known := x.knownVersion(); {
	case known == x.self.version:
		return x.withETag(emptyResponse(http.StatusNotModified), known)
	case x.query.Has("delta"):
		v.since = known
	}
	o := jsonObject{"scope": v.scope()}
	addLists(o, v)
	return x.withETag(jsonResponse(http.StatusOK, o), x.self.version)
}

func (x *exchange) getRoster() *bufferedResponse {
	if x.query.Has("page_size") && !x.query.Has("delta") && x.knownVersion() != x.self.version {
		return x.getPage()
	}
	return x.lists(func(o jsonObject, v listView) {
		o["contacts"], _ = x.contactEntries(v)
		o["blocklist"] = x.blocklistEntries(v)
		o["groups"] = x.groupEntries(v)
	})
}

// getPage returns one page of the contacts. The first page has the blocklist and
// the groups as well. Every page has the ETag of the first one, so that the next
// delta has what changed between the pages.
func (x *exchange) getPage() *bufferedResponse {
	size, err := strconv.Atoi(x.query.Get("page_size"))
	if err != nil || size < 1 {
		return x.errorResponse(http.StatusBadRequest, "The page size is not valid")
	}
	firstRow, version := x.continuation()
	v := listView{since: -1, firstRow: firstRow, limit: size}
	contacts, nextRow := x.contactEntries(v)
	o := jsonObject{"scope": v.scope(), "contacts": contacts}
	if firstRow == 0 {
		all := listView{since: -1}
		o["blocklist"], o["groups"] = x.blocklistEntries(all), x.groupEntries(all)
	}
	r := x.withETag(jsonResponse(http.StatusOK, o), version)
	if nextRow > 0 {
		token := fmt.Appendf(nil, "%s/%d", x.etag(version), nextRow)
		r.header.Set(continuationHeader, base64.RawURLEncoding.EncodeToString(token))
	}
	return r
}

// continuation returns the first row of the requested page and the version of the
// first page. They are those of a first page if the token is not of this account
// and server.
func (x *exchange) continuation() (firstRow, version int) {
	token, _ := base64.RawURLEncoding.DecodeString(x.request.Header.Get(continuationHeader))
	etag, row, _ := strings.Cut(string(token), "/")
	version = x.etagVersion(etag)
	firstRow, err := strconv.Atoi(row)
	if err != nil || version < 0 || firstRow < 0 || firstRow > len(x.self.contacts.rows) {
		return 0, x.self.version
	}
	return firstRow, version
}

func (x *exchange) listContacts() *bufferedResponse {
	return x.lists(func(o jsonObject, v listView) {
		list, _ := x.contactEntries(v)
		o["contacts"], o["count"] = list, len(list)
	})
}

func (x *exchange) listBlocked() *bufferedResponse {
	return x.lists(func(o jsonObject, v listView) {
		list := x.blocklistEntries(v)
		o["blocklist"], o["count"] = list, len(list)
	})
}

func (x *exchange) listGroups() *bufferedResponse {
	return x.lists(func(o jsonObject, v listView) {
		list := x.groupEntries(v)
		o["groups"], o["count"] = list, len(list)
	})
}
