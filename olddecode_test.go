package skypecontacts

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// This is the decoder of version 0.1.0, which decodes a list after its last byte has come
// and a roster in two passes. For one release the decoder is compared with it.

type oldReader struct {
	dec    *jsontext.Decoder
	err    error
	broken bool // err is the decoder's, which cannot continue

	extra   *Extra // of the innermost object that has one
	depth   int    // of that object
	nameEnd int64  // offset behind the name that members yielded last

	body       []byte                        // the whole document, if it was received completely
	valid      bool                          // body is valid UTF-8
	rawBetween func(from, upTo int64) []byte // the input between two offsets

	interrupted func() error // the error of the context, nil while it lasts
	steps       int          // values read
	memory      int64        // bytes that decoded values may still take
	entryStart  int64        // offset of the current entry of a list, -1 outside of one

	names    []uint64 // hashes of the names read so far in the open objects
	unquoted []byte   // scratch space
	shared   string   // the part of body that begins at sharedAt
	sharedAt int64
}

func oldNewReader(from io.Reader, rawBetween func(from, upTo int64) []byte) *oldReader {
	return &oldReader{
		dec: jsontext.NewDecoder(from, decoderOptions), rawBetween: rawBetween, names: make([]uint64, 0, 32),
		entryStart: -1, memory: memoryFactor * maxEntryBytes,
	}
}

func oldNewBodyReader(body []byte) *oldReader {
	r := oldNewReader(bytes.NewBuffer(body), func(from, upTo int64) []byte { return body[from:upTo] })
	r.body, r.valid = body, utf8.Valid(body)
	r.memory = memoryFactor * max(int64(len(body)), maxEntryBytes)
	return r
}

func oldDecodeBody(body []byte, decode func(*oldReader)) error {
	r := oldNewBodyReader(bytes.TrimPrefix(body, byteOrderMark))
	decode(r)
	r.end()
	return r.err
}

func (r *oldReader) end() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err == nil {
		r.fail(decodeError("something follows the end of the response"))
	} else if err != io.EOF {
		r.abort(err)
	}
}

func (r *oldReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *oldReader) abort(err error) {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax): // its own text quotes the response
		err = decodeError(fmt.Sprintf("not well-formed JSON at byte %d", syntax.ByteOffset))
	case err == io.EOF:
		err = decodeError("the response is empty")
	}
	r.err, r.broken = err, true
}

func (r *oldReader) canContinue() bool {
	if r.err != nil {
		return false
	}
	if r.steps++; r.steps%stepsPerCheck == 0 && r.interrupted != nil {
		if err := r.interrupted(); err != nil {
			r.err, r.broken = err, true
			return false
		}
	}
	return true
}

func (r *oldReader) allocate(size int) {
	if r.memory -= int64(size); r.memory < 0 && r.err == nil {
		r.err, r.broken = ErrTooLarge, true
	}
}

func (r *oldReader) kind() jsontext.Kind {
	if r.err != nil {
		return 0
	}
	return r.dec.PeekKind()
}

func (r *oldReader) value() jsontext.Value {
	if k := r.kind(); r.body != nil && (k == '{' || k == '[') {
		return r.composite()
	}
	if !r.canContinue() {
		return jsontext.Value("null")
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		r.abort(err)
		return jsontext.Value("null")
	}
	if r.checkEntrySize(); r.err != nil {
		return jsontext.Value("null")
	}
	return v
}

func (r *oldReader) composite() jsontext.Value {
	start := r.dec.InputOffset()
	if r.skip(); r.err != nil {
		return jsontext.Value("null")
	}
	return bytes.TrimLeft(r.body[start:r.dec.InputOffset()], ":, \t\r\n")
}

func (r *oldReader) skip() {
	for depth := r.dec.StackDepth(); ; {
		r.token()
		if r.checkEntrySize(); r.err != nil || r.dec.StackDepth() <= depth {
			return
		}
	}
}

func (r *oldReader) token() {
	if !r.canContinue() {
		return
	}
	if _, err := r.dec.ReadToken(); err != nil {
		r.abort(err)
	}
}

func (r *oldReader) checkEntrySize() {
	if r.entryStart >= 0 && r.dec.InputOffset()-r.entryStart > maxEntryBytes {
		r.fail(decodeError("the entry has over 1 MiB"))
	}
}

func (r *oldReader) members(extra *Extra) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		outer, ok := r.openObject(extra)
		for more := true; ok && r.hasNext('}'); {
			name := r.memberName(outer)
			more = more && yield(name)
			if r.unread() {
				r.saveExtra(r.value())
			}
		}
		r.closeObject(outer, ok)
	}
}

func (r *oldReader) openObject(extra *Extra) (outer outerObject, ok bool) {
	outer = outerObject{extra: r.extra, depth: r.depth, names: len(r.names)}
	if extra != nil {
		r.extra, r.depth = extra, r.dec.StackDepth()
	}
	if ok = r.kind() == '{'; ok {
		r.token()
	} else {
		r.saveUnlessNull(r.value())
	}
	return outer, ok
}

func (r *oldReader) closeObject(outer outerObject, ok bool) {
	if ok {
		r.token()
	}
	r.extra, r.depth, r.names = outer.extra, outer.depth, r.names[:outer.names]
}

func (r *oldReader) hasNext(closing jsontext.Kind) bool { return r.kind() != closing && r.err == nil }

func (r *oldReader) memberName(outer outerObject) []byte {
	name := r.unquote(r.value())
	if r.err == nil {
		r.checkDuplicate(name, outer.names)
	}
	r.nameEnd = r.dec.InputOffset()
	return name
}

func (r *oldReader) unread() bool { return r.dec.InputOffset() == r.nameEnd }

func (r *oldReader) checkDuplicate(name []byte, outer int) {
	if len(r.names)-outer == maxMembers {
		r.fail(decodeError(fmt.Sprintf("an object has over %d members", maxMembers)))
	}
	hash := maphash.Bytes(nameSeed, name)
	if slices.Contains(r.names[outer:], hash) {
		r.fail(decodeError("a member appears twice"))
	}
	r.names = append(r.names, hash)
}

func (r *oldReader) elements() iter.Seq[int] { return r.elementsUpTo(maxElements) }

func (r *oldReader) elementsUpTo(limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if r.kind() != '[' {
			r.saveUnlessNull(r.value())
			return
		}
		r.token()
		more := true
		for index := 0; r.hasNext(']'); index++ {
			if index == limit {
				r.fail(decodeError(fmt.Sprintf("a list has over %d elements", limit)))
				break
			}
			before := r.dec.InputOffset()
			more = more && yield(index)
			if r.err == nil && r.dec.InputOffset() == before {
				r.saveExtra(r.value())
			}
		}
		r.token()
	}
}

func oldAppendObjects[T any](r *oldReader, list *[]T, blank T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		if r.kind() == '[' {
			*list = nil
		}
		size := int(reflect.TypeFor[T]().Size())
		for range r.elements() {
			if r.kind() != '{' {
				r.saveUnlessNull(r.value())
				continue
			}
			r.allocate(size)
			*list = append(*list, blank)
			if !yield(&(*list)[len(*list)-1]) {
				return
			}
		}
	}
}

const oldShareSize = 4 << 10

func (r *oldReader) string(v jsontext.Value) string {
	size := int64(len(v) - 2)
	if r.body == nil || size > oldShareSize/4 || !r.isPlain(v) {
		return string(r.unquote(v))
	}
	start := r.dec.InputOffset() - 1 - size
	if start+size > r.sharedAt+int64(len(r.shared)) {
		r.shared, r.sharedAt = string(r.body[start:min(start+oldShareSize, int64(len(r.body)))]), start
	}
	return r.shared[start-r.sharedAt:][:size]
}

func (r *oldReader) unquote(v jsontext.Value) []byte {
	if v[0] != '"' {
		return nil
	}
	if r.isPlain(v) {
		return v[1 : len(v)-1]
	}
	// The error reports that invalid UTF-8 was replaced, which is intended.
	r.unquoted, _ = jsontext.AppendUnquote(r.unquoted[:0], v)
	return r.unquoted
}

func (r *oldReader) isPlain(v jsontext.Value) bool {
	return bytes.IndexByte(v, '\\') < 0 && (r.valid || utf8.Valid(v))
}

func (r *oldReader) saveExtra(v jsontext.Value) {
	if r.err != nil || r.extra == nil {
		return
	}
	if r.dec.StackDepth()+nestingDepth(v) > maxDepth {
		r.fail(decodeError(fmt.Sprintf("nested deeper than %d", maxDepth)))
		return
	}
	path := string(r.dec.StackPointer())
	for range r.depth + 1 {
		path = path[strings.IndexByte(path, '/')+1:]
	}
	r.allocate(extraBytes + len(path) + len(v))
	if *r.extra == nil {
		*r.extra = make(Extra)
	}
	(*r.extra)[path] = json.RawMessage(bytes.Clone(v))
}

func (r *oldReader) saveUnlessNull(v jsontext.Value) {
	if v.Kind() != 'n' {
		r.saveExtra(v)
	}
}

func (r *oldReader) document(extra *Extra) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		switch r.kind() {
		case '{':
		case 'n':
			r.fail(errNullDocument)
		default:
			r.value()
			r.fail(decodeError("the response is not an object"))
		}
		var report failureReport
		empty, known, more := true, false, true
		for name := range r.otherMembers(extra, &report) {
			empty = false
			known = known || string(name) == "count" || string(name) == "scope"
			more = more && yield(name)
			known = known || !r.unread()
		}
		switch {
		case r.err != nil:
		case report.isFailure():
			r.err = report.asError()
		case !known && (report.present || !empty):
			r.err = errNoKnownMember
		}
	}
}

func (r *oldReader) otherMembers(extra *Extra, report *failureReport) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		more := true
		for name := range r.members(extra) {
			if isReportName(name) {
				report.readMember(newBodyReader(bytes.Clone(r.value())), name)
			} else {
				more = more && yield(name)
			}
		}
	}
}

func oldReadEntries[T any](r *oldReader, list string, skipped *[]SkippedItem, decode func(*oldReader, *T)) []T {
	return oldCollectEntries(r, list, r.entries(list), skipped, func(entry *T) ([]byte, error) {
		return r.entry(func() { decode(r, entry) })
	})
}

func oldCollectEntries[T any](r *oldReader, list string, indexes iter.Seq[int], skipped *[]SkippedItem, read func(*T) ([]byte, error)) []T {
	var entries []T
	size := int(reflect.TypeFor[T]().Size())
	for index := range indexes {
		if index == maxEntries {
			r.fail(ErrTooLarge)
			break
		}
		if len(entries) == cap(entries) {
			entries = slices.Grow(entries, r.expectedEntries(len(entries)))
		}
		r.allocate(size)
		last := len(entries)
		entries = entries[:last+1]
		raw, err := read(&entries[last])
		if err == nil {
			continue
		}
		clear(entries[last:])
		entries = entries[:last]
		if err != errRemoved {
			r.allocate(skippedBytes + len(raw))
			*skipped = append(*skipped, SkippedItem{List: list, Index: index, Raw: bytes.Clone(raw), Err: err})
		}
	}
	return entries
}

func oldReadListMember(r *oldReader, name []byte, count *int, scope *string) {
	switch string(name) {
	case "count":
		oldReadNumber(r, count)
	case "scope":
		oldReadString(r, scope)
	}
}

func (r *oldReader) expectedEntries(n int) int {
	const shortEntry = 256 // bytes
	read := r.dec.InputOffset()
	left := int64(len(r.body)) - read
	expected := int64(n) * left / read
	return max(8, n, int(min(expected+expected/32, left/shortEntry)))
}

func (r *oldReader) entries(list string) iter.Seq[int] {
	if k := r.kind(); k != '[' && k != 'n' {
		r.value()
		r.fail(decodeError(cmp.Or(list, "the response") + " is not a list"))
	}
	return r.elementsUpTo(math.MaxInt)
}

func oldDecodeEntry(raw []byte, decode func(*oldReader)) error {
	r := oldNewBodyReader(raw)
	_, err := r.entry(func() { decode(r) })
	return err
}

func oldSkipRemoved[T any](decode func(*oldReader, *T) (removed bool)) func(*oldReader, *T) {
	return func(r *oldReader, entry *T) {
		if decode(r, entry) {
			r.fail(errRemoved)
		}
	}
}

func (r *oldReader) entry(decode func()) (raw []byte, err error) {
	return r.anyEntry(func() {
		if r.kind() == '{' {
			decode()
			return
		}
		r.value()
		r.fail(errNotAnObject)
	})
}

func (r *oldReader) anyEntry(decode func()) (raw []byte, err error) {
	start, depth, names := r.dec.InputOffset(), r.dec.StackDepth(), len(r.names)
	r.entryStart = start
	decode()
	r.entryStart = -1
	if err = r.err; err != nil && !r.broken {
		r.err, r.names = nil, r.names[:names]
		for (r.dec.StackDepth() > depth || r.unread()) && r.err == nil {
			r.token()
		}
	}
	if r.broken {
		return nil, r.err
	}
	return bytes.TrimLeft(r.rawBetween(start, r.dec.InputOffset()), ", \t\r\n"), err
}

func oldReadString[S ~string](r *oldReader, field *S) {
	if v := r.value(); v[0] == '"' {
		*field = S(r.string(v))
	} else {
		r.saveUnlessNull(v)
	}
}

func oldReadStrings[S ~string](r *oldReader, field *[]S) {
	if r.kind() == '[' {
		*field = nil
	}
	for range r.elements() {
		v := r.value()
		if v[0] == '"' {
			r.allocate(stringBytes)
			*field = append(*field, S(r.string(v)))
		} else {
			r.saveUnlessNull(v)
		}
	}
}

func oldReadParsed[T any](r *oldReader, field *T, parse func(string) (T, error)) {
	v := r.value()
	if v[0] == '"' {
		if value, err := parse(r.string(v)); err == nil {
			*field = value
			return
		}
	}
	r.saveUnlessNull(v)
}

func oldReadTime(r *oldReader, field *time.Time) { oldReadParsed(r, field, parseTime) }

func oldReadDate(r *oldReader, field *Date) { oldReadParsed(r, field, ParseDate) }

func oldReadEnum[T ~string](r *oldReader, field *T, parse func(string) T) {
	switch v := r.value(); v.Kind() {
	case '"':
		*field = parse(r.string(v))
	case '0':
		*field = parse(string(v))
	default:
		r.saveUnlessNull(v)
	}
}

func oldReadBool(r *oldReader, field *bool) {
	v := r.value()
	switch v.Kind() {
	case 't', 'f':
		*field = v.Kind() == 't'
		return
	case '"':
		if value, err := strconv.ParseBool(lowerASCII(r.string(v))); err == nil {
			*field = value
			return
		}
	}
	r.saveUnlessNull(v)
}

func oldReadNumber[N int | float64](r *oldReader, field *N) {
	v := r.value()
	digits := ""
	switch v.Kind() {
	case '0':
		digits = string(v)
	case '"':
		digits = r.string(v)
	}
	if len(digits) > maxDigits {
		r.saveExtra(v)
		return
	}
	if f, err := strconv.ParseFloat(digits, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) && float64(N(f)) == f {
		*field = N(f)
		return
	}
	if v.Kind() != '"' || digits != "" {
		r.saveUnlessNull(v)
	}
}

func oldReadNullable[S ~string](r *oldReader, field *S) {
	before := *field
	oldReadString(r, field)
	if *field == "null" {
		*field = before
	}
}

func oldReadLanguage(r *oldReader, field *LanguageCode) {
	oldReadNullable(r, field)
	*field = LanguageCode(lowerASCII(string(*field)))
}

func oldReadCountry(r *oldReader, place *Location) {
	var country string
	oldReadNullable(r, &country)
	place.setCountry(country)
}

func oldReadProfileMember(r *oldReader, p *Profile, name []byte) {
	switch string(name) {
	case "avatar_url":
		oldReadString(r, &p.AvatarURL)
	case "birthday":
		oldReadDate(r, &p.Birthday)
	case "gender":
		oldReadEnum(r, &p.Gender, parseGender)
	case "language":
		oldReadLanguage(r, &p.Language)
	case "about":
		oldReadString(r, &p.About)
	case "website":
		oldReadString(r, &p.Homepage)
	case "jobtitle":
		oldReadString(r, &p.JobTitle)
	case "emails":
		oldReadStrings(r, &p.Emails)
	case "mood":
		rich := p.Mood.Rich
		oldReadString(r, &rich)
		p.Mood = ParseMood(rich)
	case "richMood":
		var rich string
		if oldReadString(r, &rich); rich != "" {
			p.Mood = ParseMood(rich)
		}
	case "name":
		oldReadName(r, &p.Name)
	case "locations":
		oldReadLocations(r, &p.Locations)
	case "phones":
		oldReadPhones(r, &p.Phones)
	}
}

func oldReadNestedProfile(r *oldReader, p *Profile) {
	for name := range r.members(&p.Extra) {
		oldReadProfileMember(r, p, name)
	}
}

func oldReadLocations(r *oldReader, locations *[]Location) {
	for l := range oldAppendObjects(r, locations, Location{}) {
		for name := range r.members(nil) {
			switch string(name) {
			case "type":
				oldReadString(r, &l.Type)
			case "city":
				oldReadString(r, &l.City)
			case "state":
				oldReadString(r, &l.State)
			case "country":
				oldReadCountry(r, l)
			}
		}
	}
}

func oldReadPhones(r *oldReader, phones *[]Phone) {
	for p := range oldAppendObjects(r, phones, Phone{Type: PhoneOther}) {
		for name := range r.members(nil) {
			oldReadPhoneMember(r, p, name)
		}
	}
}

func oldReadAddedPhones(r *oldReader, phones *[]Phone) {
	for p := range oldAppendObjects(r, phones, Phone{Type: PhoneOther}) {
		for name := range r.members(nil) {
			if string(name) == "id" {
				oldReadEnum(r, &p.ID, func(id string) string { return id })
			} else {
				oldReadPhoneMember(r, p, name)
			}
		}
	}
}

func oldReadPhoneMember(r *oldReader, p *Phone, name []byte) {
	switch string(name) {
	case "number":
		oldReadString(r, &p.Number)
	case "type":
		oldReadEnum(r, &p.Type, parsePhoneType)
	}
}

func oldReadName(r *oldReader, n *Name) {
	whole := *n
	if whole.Inferred {
		whole.First, whole.Last, whole.Inferred = n.Full(), "", false
	}
	for name := range r.members(nil) {
		switch string(name) {
		case "first":
			oldReadString(r, &whole.First)
		case "surname", "last":
			oldReadString(r, &whole.Last)
		case "nickname":
			oldReadString(r, &whole.Nickname)
		case "company":
			oldReadString(r, &whole.Company)
		case "title":
			oldReadString(r, &whole.Title)
		}
	}
	whole.inferLast()
	*n = whole
}

func oldReadContactList(entry func(*oldReader, *Contact) (removed bool)) func(*oldReader, *ContactList) {
	return func(r *oldReader, l *ContactList) {
		for name := range r.document(&l.Extra) {
			if string(name) == "contacts" {
				l.Contacts = oldReadEntries(r, "contacts", &l.Skipped, oldSkipRemoved(entry))
			} else {
				oldReadListMember(r, name, &l.Count, &l.Scope)
			}
		}
	}
}

func oldReadContact(r *oldReader, c *Contact) (removed bool) {
	id, relation := oldReadContactMembers(r, c)
	if c.MRI == "" && prefixLen(c.PersonID) == 0 {
		c.MRI = MRI(id)
	}
	removed = relation.finish(r, c)
	if id != "" && !c.MRI.Equal(MRI(id)) {
		addExtra(&c.Extra, "id", id)
	}
	return removed
}

func oldReadContactMembers(r *oldReader, c *Contact) (id string, relation oldRelationReader) {
	for name := range r.members(&c.Extra) {
		switch string(name) {
		case "mri":
			oldReadString(r, &c.MRI)
		case "id":
			oldReadString(r, &id)
		case "profile":
			oldReadNestedProfile(r, &c.Profile)
		case "name":
			oldReadName(r, &c.Profile.Name)
		case "phones":
			oldReadAddedPhones(r, &c.Phones)
		default:
			relation.readMember(r, c, name)
		}
	}
	return id, relation
}

type oldRelationReader struct {
	hasCertificate bool // in this entry
	removed        bool
}

func (e *oldRelationReader) readMember(r *oldReader, c *Contact, name []byte) {
	switch string(name) {
	case "person_id":
		oldReadString(r, &c.PersonID)
	case "display_name":
		oldReadString(r, &c.DisplayName)
	case "display_name_source":
		oldReadString(r, &c.DisplayNameSource)
	case "authorized":
		oldReadBool(r, &c.Authorized)
	case "auth_certificate", "auth-certificate":
		e.hasCertificate = r.kind() != 'n'
		oldReadString(r, &c.AuthCertificate)
	case "blocked":
		oldReadBool(r, &c.Blocked)
	case "explicit":
		oldReadBool(r, &c.Explicit)
	case "favorite":
		oldReadBool(r, &c.Favorite)
	case "suggested":
		oldReadBool(r, &c.Suggested)
	case "creation_time":
		oldReadTime(r, &c.CreatedAt)
	case "relationship_history":
		oldReadHistory(r, &c.Sources)
	case "email_hashes":
		oldReadStrings(r, &c.EmailHashes)
	case "phone_hashes":
		oldReadStrings(r, &c.PhoneHashes)
	case "agent":
		oldReadAgent(r, &c.Agent)
	case "deleted":
		oldReadBool(r, &e.removed)
	}
}

func (e *oldRelationReader) finish(r *oldReader, c *Contact) (removed bool) {
	if c.MRI == "" && prefixLen(c.PersonID) > 0 {
		c.MRI = MRI(c.PersonID)
	}
	if c.MRI = qualifyMRI(string(c.MRI)); c.MRI == "" {
		r.fail(errNoIdentifier)
	}
	if !c.Authorized && !e.hasCertificate {
		c.AuthCertificate = "" // a certificate is valid only while authorized
	}
	return e.removed
}

func oldReadHistory(r *oldReader, sources *[]RelationshipSource) {
	for name := range r.members(nil) {
		if string(name) == "sources" {
			oldReadSources(r, sources)
		}
	}
}

func oldReadSources(r *oldReader, sources *[]RelationshipSource) {
	for s := range oldAppendObjects(r, sources, RelationshipSource{}) {
		for name := range r.members(nil) {
			switch string(name) {
			case "type":
				oldReadString(r, &s.Type)
			case "subtype":
				oldReadString(r, &s.Subtype)
			case "time":
				oldReadTime(r, &s.Time)
			}
		}
	}
}

func oldReadAgent(r *oldReader, agent **Agent) {
	if r.kind() != '{' {
		r.saveUnlessNull(r.value())
		return
	}
	a := new(Agent)
	for name := range r.members(nil) {
		switch string(name) {
		case "capabilities":
			oldReadStrings(r, &a.Capabilities)
		case "trust":
			oldReadString(r, &a.Trust)
		case "type":
			oldReadString(r, &a.Type)
		case "info":
			oldReadAgentInfo(r, a)
		}
	}
	*agent = a
}

func oldReadAgentInfo(r *oldReader, a *Agent) {
	for name := range r.members(nil) {
		switch string(name) {
		case "trusted":
			oldReadBool(r, &a.Trusted)
		case "capabilities":
			if a.Capabilities == nil {
				oldReadStrings(r, &a.Capabilities)
			}
		}
	}
}

func oldReadGroup(r *oldReader, g *Group) (removed bool) {
	for name := range r.members(&g.Extra) {
		switch string(name) {
		case "id":
			oldReadString(r, &g.ID)
		case "name":
			oldReadString(r, &g.Name)
		case "is_favorite":
			oldReadBool(r, &g.IsFavorite)
		case "contacts":
			oldReadStrings(r, &g.Contacts)
		case "deleted":
			oldReadBool(r, &removed)
		}
	}
	for i, member := range g.Contacts {
		g.Contacts[i] = qualifyMRI(string(member))
	}
	if g.ID == "" {
		r.fail(errNoIdentifier)
	}
	return removed
}

func oldReadBlocked(r *oldReader, b *BlockedUser) (removed bool) {
	for name := range r.members(&b.Extra) {
		switch string(name) {
		case "mri":
			oldReadString(r, &b.MRI)
		case "deleted":
			oldReadBool(r, &removed)
		}
	}
	if b.MRI = qualifyMRI(string(b.MRI)); b.MRI == "" {
		r.fail(errNoIdentifier)
	}
	return removed
}

type oldRosterMerge struct {
	prev    *Roster // what was known before, nil if nothing
	hasBase bool    // the request named the ETag of prev

	next     *Roster // without its lists until the last page, nil before the first
	contacts *oldMergedList[Contact, *Contact]
	blocked  *oldMergedList[BlockedUser, *BlockedUser]
	groups   *oldMergedList[Group, *Group]

	hasContacts bool // a page has the member contacts
	isEmpty     bool // a page says that there are no contacts
}

func (m *oldRosterMerge) addPage(body []byte, etag string) error {
	// The scope may be behind the lists, whose decoding depends on it.
	page := oldRosterPage{count: -1}
	if err := oldDecodeBody(body, page.readScope); err != nil {
		return err
	}
	var reported []SkippedItem // of an older response; each page has its own entries
	first := m.next == nil
	if first {
		base := m.base(page.scope)
		if base == nil {
			return decodeError("a delta to a request for everything")
		}
		reported = base.Skipped
		m.begin(base, page.scope)
	}
	m.next.Scope = cmp.Or(page.scope, m.next.Scope)
	m.next.ETag = cmp.Or(etag, m.next.ETag)
	if m.next.Extra == nil {
		m.next.Extra = page.extra
	}
	maps.Copy(m.next.Extra, page.extra)
	if err := oldDecodeBody(body, func(r *oldReader) { m.readLists(r, reported) }); err != nil {
		return err
	}
	m.hasContacts = m.hasContacts || page.hasContacts
	m.isEmpty = m.isEmpty || page.count == 0
	return nil
}

func (m *oldRosterMerge) base(scope string) *Roster {
	switch {
	case m.hasBase && lowerASCII(scope) != "full":
		return m.prev
	case lowerASCII(scope) == "delta":
		return nil
	default:
		return &Roster{}
	}
}

func (m *oldRosterMerge) begin(base *Roster, scope string) {
	m.next = &Roster{Scope: scope, ETag: base.ETag, Extra: maps.Clone(base.Extra), Skipped: slices.Clone(base.Skipped)}
	m.contacts = oldNewMergedList(base.Contacts, func(c *Contact) string { return c.MRI.key() })
	m.blocked = oldNewMergedList(base.Blocked, func(b *BlockedUser) string { return b.MRI.key() })
	m.groups = oldNewMergedList(base.Groups, func(g *Group) string { return lowerASCII(g.ID) })
}

func (m *oldRosterMerge) complete() error {
	m.next.Contacts, m.next.Blocked, m.next.Groups = m.contacts.list(), m.blocked.list(), m.groups.list()
	lost := m.prev != nil && len(m.prev.Contacts) > 0 && len(m.next.Contacts) == 0
	if lost && !m.hasContacts && !m.isEmpty {
		return decodeError("a full response without contacts")
	}
	return nil
}

func (m *oldRosterMerge) readLists(r *oldReader, reported []SkippedItem) {
	for name := range r.document(new(Extra)) {
		switch string(name) {
		case "contacts":
			m.contacts.readFrom(r, "contacts", reported, &m.next.Skipped, oldReadContact)
		case "blocklist":
			m.blocked.readFrom(r, "blocklist", reported, &m.next.Skipped, oldReadBlocked)
		case "groups":
			m.groups.readFrom(r, "groups", reported, &m.next.Skipped, oldReadGroup)
		default:
			r.skip()
		}
	}
}

type oldRosterPage struct {
	scope       string
	count       int // as received, -1 without one
	hasContacts bool
	extra       Extra
}

func (p *oldRosterPage) readScope(r *oldReader) {
	for name := range r.document(&p.extra) {
		switch string(name) {
		case "contacts":
			p.hasContacts = true
			r.skip()
		case "blocklist", "groups":
			r.skip()
		case "count":
			oldReadNumber(r, &p.count)
		case "scope":
			oldReadString(r, &p.scope)
		}
	}
}

type oldMergedList[T any, P rosterEntry[T]] struct {
	items   []T
	key     func(*T) string
	index   map[string]int
	removed map[int]bool
	shared  int          // the items before it are those of the older list
	own     map[int]bool // of those, the ones that share nothing with it anymore
}

func oldNewMergedList[T any, P rosterEntry[T]](known []T, key func(*T) string) *oldMergedList[T, P] {
	m := &oldMergedList[T, P]{
		items: slices.Clone(known), key: key, index: make(map[string]int, len(known)), removed: map[int]bool{},
		shared: len(known), own: map[int]bool{},
	}
	for i := range m.items {
		m.index[key(&m.items[i])] = i
	}
	return m
}

func (m *oldMergedList[T, P]) readFrom(r *oldReader, list string, reported []SkippedItem, skipped *[]SkippedItem,
	decode func(*oldReader, *T) (removed bool),
) {
	before := map[string]int{} // how often an entry was reported
	for _, s := range reported {
		if s.List == list {
			before[string(s.Raw)]++
		}
	}
	size := int(reflect.TypeFor[T]().Size())
	var item, blank T // one for all entries: a large T would be garbage each time
	var removed bool
	for index := range r.entries(list) {
		if index == maxEntries || len(m.items) > maxEntries {
			r.fail(ErrTooLarge)
			break
		}
		r.allocate(size + entryBytes)
		if m.shared == 0 && len(m.items) == cap(m.items) {
			m.items = slices.Grow(m.items, r.expectedEntries(index))
		}
		item, removed = blank, false
		raw, err := r.entry(func() { removed = decode(r, &item) })
		switch {
		case err == nil:
			m.merge(item, raw, removed, decode)
		case before[string(raw)] > 0:
			before[string(raw)]--
		default:
			r.allocate(skippedBytes + len(raw))
			*skipped = append(*skipped, SkippedItem{List: list, Index: index, Raw: bytes.Clone(raw), Err: err})
		}
	}
}

func (m *oldMergedList[T, P]) merge(item T, raw []byte, removed bool, decode func(*oldReader, *T) bool) {
	key := m.key(&item)
	at, known := m.index[key]
	switch {
	case known && removed:
		m.removed[at] = true
	case known && m.removed[at]:
		m.items[at], m.own[at] = item, true
		delete(m.removed, at)
	case known:
		older := P(&m.items[at])
		if at < m.shared && !m.own[at] {
			m.own[at] = true
			older.unshare()
		}
		older.resetForDelta()
		_ = oldDecodeEntry(raw, func(e *oldReader) { decode(e, older) }) // cannot fail: it was decoded from the same bytes
	case !removed:
		m.index[key] = len(m.items)
		m.items = append(m.items, item)
	}
}

func (m *oldMergedList[T, P]) list() []T {
	kept := m.items[:0]
	for i, item := range m.items {
		if !m.removed[i] {
			kept = append(kept, item)
		}
	}
	clear(m.items[len(kept):])
	return slices.Clip(kept)
}

// decodeOld returns what the old decoder makes of a list.
func decodeOld(body []byte) (list ContactList, err error) {
	err = oldDecodeBody(body, func(r *oldReader) { oldReadContactList(oldReadContact)(r, &list) })
	return list, err
}

// refreshOld returns what the old decoder makes of the pages of a roster.
func refreshOld(prev *Roster, pages ...[]byte) (*Roster, error) {
	m := oldRosterMerge{prev: prev, hasBase: prev != nil && prev.ETag != ""}
	for i, page := range pages {
		if err := m.addPage(page, fmt.Sprint(i)); err != nil {
			return nil, err
		}
	}
	return m.next, m.complete()
}
