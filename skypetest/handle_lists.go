package skypetest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
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

// rowsIn returns the rows of a list that are in a view, and the row at which the next
// page begins, 0 if this is the last.
func rowsIn[T any](l *versionedList[T], v listView) (rows []*versionedRow[T], nextRow int) {
	for i := v.firstRow; i < len(l.rows); i++ {
		r := l.rows[i]
		if r.changed <= v.since || r.removed && v.since < 0 {
			continue
		}
		if v.limit > 0 && len(rows) == v.limit {
			return rows, i
		}
		rows = append(rows, r)
	}
	return rows, 0
}

// entryList is a list of a response. It makes the JSON of an entry when that is written,
// so that the response is in memory only once.
type entryList[T any] struct {
	rows      []*versionedRow[T]
	entryJSON func(*versionedRow[T]) objectMembers
}

func (l entryList[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	return writeArray(enc, l.rows, func(enc *jsontext.Encoder, r *versionedRow[T]) error {
		return l.entryJSON(r).MarshalJSONTo(enc)
	})
}

// orDeleted returns the JSON of a row: that of its entry, or the identifier and a mark
// if the entry is removed.
func orDeleted[T any](entryJSON, identifierJSON func(*T) objectMembers) func(*versionedRow[T]) objectMembers {
	return func(r *versionedRow[T]) objectMembers {
		if !r.removed {
			return entryJSON(&r.value)
		}
		return append(identifierJSON(&r.value), objectMember{"deleted", true})
	}
}

func (x *exchange) contactEntries(v listView) (list entryList[contactEntry], nextRow int) {
	entryJSON := x.core.state.contactV2
	if v.since >= 0 {
		entryJSON = x.core.state.contactDelta
	}
	list.rows, nextRow = rowsIn(&x.self.contacts, v)
	list.entryJSON = orDeleted(
		func(entry *contactEntry) objectMembers { return entryJSON(x.self, entry) },
		func(entry *contactEntry) objectMembers { return objectMembers{{"mri", string(entry.MRI)}} })
	return list, nextRow
}

func (x *exchange) blocklistEntries(v listView) entryList[blocklistEntry] {
	entryJSON := func(entry *blocklistEntry) objectMembers { return objectMembers{{"mri", string(entry.mri)}} }
	rows, _ := rowsIn(&x.self.blocklist, v)
	return entryList[blocklistEntry]{rows, orDeleted(entryJSON, entryJSON)}
}

func (x *exchange) groupEntries(v listView) entryList[Group] {
	rows, _ := rowsIn(&x.self.groups, v)
	return entryList[Group]{rows, orDeleted(groupV2, groupV2)}
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
		o["contacts"], o["count"] = list, len(list.rows)
	})
}

func (x *exchange) listBlocked() *bufferedResponse {
	return x.lists(func(o jsonObject, v listView) {
		list := x.blocklistEntries(v)
		o["blocklist"], o["count"] = list, len(list.rows)
	})
}

func (x *exchange) listGroups() *bufferedResponse {
	return x.lists(func(o jsonObject, v listView) {
		list := x.groupEntries(v)
		o["groups"], o["count"] = list, len(list.rows)
	})
}
