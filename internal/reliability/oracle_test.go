package reliability_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/jarcoal/httpmock"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// listShape says where a response of a call has its lists. It knows nothing of how the
// client reads them.
type listShape struct {
	list   string   // member of the response; empty: the response is the list
	others []string // members that belong to the response too
	id     string   // member of an entry that has its identifier
	merges bool     // entries of one identifier are merged or yielded once
	keyed  bool     // the list is an object, with the identifiers as names
}

var listShapes = map[string]listShape{
	"ListContacts":       {"contacts", nil, "mri", false, false},
	"AllContacts":        {"contacts", []string{"blocklist", "groups"}, "mri", true, false},
	"GetRoster":          {"contacts", []string{"blocklist", "groups"}, "mri", true, false},
	"LegacyListContacts": {"contacts", nil, "id", false, false},
	"ListBlocked":        {"blocklist", nil, "mri", false, false},
	"ListGroups":         {"groups", nil, "id", false, false},
	"ListInvites":        {"invite_list", nil, "mri", false, false},
	"SearchDirectory":    {"results", []string{"requestId"}, "nodeProfileData", false, false},
	"ListBots":           {"agentDescriptions", []string{"continuationToken"}, "agentId", false, false},
	"GetPublicProfiles":  {"", nil, "username", true, false},
	"GetPublicProfiles: POST People /v2/profiles": {"profiles", nil, "", true, true},
	"LegacyListAuthRequests":                      {"", nil, "sender", false, false},
	"LegacySearchDirectory":                       {"", nil, "ContactCards", false, false},
}

// shapeOf returns the shape of the list of a call, if it has one: that of its route, or
// else that of its method.
func shapeOf(call apitest.Call) (listShape, bool) {
	shape, ok := listShapes[call.Name()]
	if !ok {
		shape, ok = listShapes[call.Op]
	}
	return shape, ok
}

func listCalls() (calls []apitest.Call) {
	for _, call := range apitest.Calls() {
		if _, ok := shapeOf(call); ok {
			calls = append(calls, call)
		}
	}
	return calls
}

// checkListResponse decodes any response by a list call: it is read, or it is an error,
// but never silently empty. What it has to be is worked out with encoding/json.
func checkListResponse(tb testing.TB, input []byte) {
	if len(input) == 0 {
		return
	}
	calls := listCalls()
	call, body := calls[int(input[0])%len(calls)], input[1:]
	got, err := call.Do(context.Background(), fuzzClient(tb, body, call.ClientOptions()...))
	if err != nil {
		var failure *skypecontacts.Error
		require.ErrorAs(tb, err, &failure)
		require.True(tb, reflect.ValueOf(got).IsZero(), "a value with an error")
		return
	}
	shape, _ := shapeOf(call)
	document := bytes.TrimPrefix(body, []byte("\uFEFF"))
	require.True(tb, json.Valid(document), "%s: not JSON", call.Op)
	entries := document
	if shape.list != "" {
		var members map[string]json.RawMessage
		require.NoError(tb, json.Unmarshal(document, &members), "%s: not an object", call.Op)
		require.NotNil(tb, members, "%s: null", call.Op)
		requireSuccess(tb, call.Op, shape, members)
		entries = members[shape.list]
	}
	var list []json.RawMessage
	switch {
	case shape.keyed:
		requireKeyedEntries(tb, call, entries, got)
		return
	case entries != nil:
		require.NoError(tb, json.Unmarshal(entries, &list), "%s: not a list", call.Op)
	}
	requireEntries(tb, call, shape, list, got)
}

// requireKeyedEntries requires that every entry of an object of profiles is in the result
// or among those that were skipped, unless it says that there is no such account; and that
// nothing is said of any requested account but one of the three.
func requireKeyedEntries(tb testing.TB, call apitest.Call, entries json.RawMessage, got any) {
	tb.Helper()
	result, ok := got.(*skypecontacts.ProfileList)
	require.True(tb, ok)
	decoder := json.NewDecoder(bytes.NewReader(entries))
	_, err := decoder.Token() // the bracket or null
	require.NoError(tb, err, "%s: no profiles", call.Op)
	least, most := 0, 0
	for ; decoder.More(); most++ {
		_, err := decoder.Token()
		require.NoError(tb, err)
		var entry struct{ Profile, Status, Error, Message, ErrorCode json.RawMessage }
		notObject := decoder.Decode(&entry) != nil
		reports := entry.Status != nil || entry.Error != nil || entry.Message != nil || entry.ErrorCode != nil
		if notObject || !reports && entry.Profile != nil && string(entry.Profile) != "null" {
			least++
		}
	}
	out := len(result.Profiles) + len(result.Skipped)
	require.GreaterOrEqual(tb, out, least, "%s: entries are missing", call.Op)
	require.LessOrEqual(tb, out, most, "%s: entries that are not in the list", call.Op)
	requested := map[string]bool{}
	for _, id := range call.IDs {
		full, err := skypecontacts.ParseMRI(string(id))
		require.NoError(tb, err)
		requested[asciiLower(string(full))] = true
	}
	said := len(result.Profiles) + len(result.Missing)
	for _, id := range result.Missing {
		require.True(tb, requested[asciiLower(string(id))])
	}
	for i := range result.Profiles {
		require.True(tb, requested[asciiLower(string(result.Profiles[i].MRI))])
	}
	require.LessOrEqual(tb, said, len(requested), "%s: an account twice", call.Op)
	require.GreaterOrEqual(tb, said+len(result.Skipped), len(requested), "%s: nothing is said of an account", call.Op)
}

// requireSuccess requires that the members of a response report no failure, and that one
// of them belongs to it.
func requireSuccess(tb testing.TB, op string, shape listShape, members map[string]json.RawMessage) {
	known := len(members) == 0
	verdicts := map[string]int{}
	for name, value := range members {
		known = known || slices.Contains(append(shape.others, shape.list, "count", "scope"), name)
		if member := asciiLower(name); slices.Contains([]string{"message", "error", "errorcode", "status"}, member) {
			verdicts[name] = verdict(member, value)
		}
	}
	require.True(tb, known, "%s: no member belongs to the response", op)
	good := false
	for _, v := range verdicts {
		good = good || v > 0
	}
	for name, v := range verdicts {
		require.False(tb, v == -2 || v == -1 && !good, "%s: %s reports a failure", op, name)
	}
}

// verdict is what a member says: 1 success, 0 nothing, -1 a text, -2 a failure.
func verdict(member string, value json.RawMessage) int {
	if bytes.HasPrefix(bytes.TrimSpace(value), []byte("{")) {
		return objectVerdict(value)
	}
	var v any
	if json.Unmarshal(value, &v) != nil {
		return -2 // a number out of range
	}
	switch v := v.(type) {
	case float64:
		return numberVerdict(v)
	case bool:
		switch {
		case member == "status" && v:
			return 1
		case member == "status" || v:
			return -2
		}
	case string:
		return textVerdict(member, v)
	case []any:
		if len(bytes.Trim(value, "[] \t\r\n")) > 0 {
			return -2
		}
	}
	return 0
}

// objectVerdict is 1 for an object that says that all is well, and else a failure.
func objectVerdict(value json.RawMessage) int {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		return -2
	}
	good := false
	for name, inner := range members {
		name = asciiLower(name)
		if !slices.Contains([]string{"message", "error", "errorcode", "status", "code", "text", "detail", "title"}, name) {
			continue
		}
		switch verdict(name, inner) {
		case 1:
			good = true
		case -2:
			return -2
		}
	}
	if good {
		return 1
	}
	return -2
}

func textVerdict(member, text string) int {
	switch asciiLower(strings.TrimSpace(text)) {
	case "":
		return 0
	case "ok", "success", "succeeded":
		return 1
	}
	switch member {
	case "message", "text", "detail", "title":
		return -1
	case "errorcode", "status", "code":
		if number, err := strconv.ParseFloat(text, 64); err == nil {
			return numberVerdict(number)
		}
	}
	return -2
}

func numberVerdict(v float64) int {
	if v == 0 || math.Floor(v/100) == 2 || math.Floor(v/10_000) == 2 {
		return 1
	}
	return -2
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// requireEntries requires that every entry of the list is in the result, or among those
// that were skipped, unless it says that it is no longer in the list.
func requireEntries(tb testing.TB, call apitest.Call, shape listShape, list []json.RawMessage, got any) {
	result := reflect.ValueOf(got).Elem()
	out := 0
	for _, field := range []string{"Contacts", "Invites", "Entries", "Bots", "Profiles", "Requests"} {
		if f := result.FieldByName(field); f.IsValid() {
			out += f.Len()
		}
	}
	switch call.Op {
	case "ListBlocked":
		out = result.FieldByName("Blocked").Len()
	case "ListGroups":
		out = result.FieldByName("Groups").Len()
	}
	skipped, ok := reflect.TypeAssert[[]skypecontacts.SkippedItem](result.FieldByName("Skipped"))
	require.True(tb, ok)
	out += len(slices.DeleteFunc(slices.Clone(skipped), func(s skypecontacts.SkippedItem) bool { return s.List != shape.list }))

	least, known, removes := 0, 0, false
	for _, raw := range list {
		var entry map[string]json.RawMessage
		if json.Unmarshal(raw, &entry) == nil && entry != nil {
			_, deleted := entry["deleted"]
			removes = removes || deleted
			_, noAccount := entry["status"] // of a profile that does not exist
			if deleted || call.Op == "GetPublicProfiles" && (noAccount || len(entry) == 1) {
				continue
			}
			if id := cmp.Or(string(entry[shape.id]), string(entry["person_id"])); shape.merges && id != "" {
				known++
				continue
			}
		}
		least++
	}
	if !removes && call.Op != "GetPublicProfiles" {
		least += min(known, 1) // they may all be the same
	}
	require.GreaterOrEqual(tb, out, least, "%s: entries are missing", call.Op)
	require.LessOrEqual(tb, out, len(list), "%s: entries that are not in the list", call.Op)
}

// unreadableEntry begins what a page has in place of an entry that cannot be read.
const unreadableEntry = `{"display_name":"nobody","n":`

// checkRepeatedPage sends a page that is cut off, and then the same in another order.
// The input is where to cut, where the repeat begins and whether it is reversed, and one
// byte for each entry.
func checkRepeatedPage(tb testing.TB, input []byte) {
	tb.Helper()
	if len(input) < 3 || len(input) > 200 {
		return
	}
	var entries []string
	var ids, broken []string
	for i, kind := range input[2:] {
		switch kind % 4 {
		case 0: // an entry that occurs several times
			entries = append(entries, unreadableEntry+strconv.Itoa(int(kind)/64)+`}`)
			broken = append(broken, entries[i])
		case 1:
			entries = append(entries, strconv.Itoa(int(kind)))
			broken = append(broken, entries[i])
		default:
			ids = append(ids, "8:u"+strconv.Itoa(i))
			entries = append(entries, `{"mri":"`+ids[len(ids)-1]+`","about":"`+strings.Repeat("x", int(kind))+`"}`)
		}
	}
	page := func(entries []string) string {
		return `{"contacts":[` + strings.Join(entries, ",") + `],"scope":"full"}`
	}
	first := page(entries)
	cut := int(input[0]) * len(first) / 256
	from := int(input[1]&0x7f) % len(entries)
	again := slices.Concat(entries[from:], entries[:from])
	if input[1] >= 0x80 {
		slices.Reverse(again)
	}
	transport := apitest.NewTransport(cutOff(first[:cut]), apitest.Response(200, page(again)))
	var gotIDs, gotBroken []string
	for contact, err := range apitest.NewClient(tb, transport).AllContacts(context.Background()) {
		if item, ok := errors.AsType[skypecontacts.SkippedItem](err); ok {
			gotBroken = append(gotBroken, string(item.Raw))
			continue
		}
		require.NoError(tb, err)
		gotIDs = append(gotIDs, string(contact.MRI))
	}
	slices.Sort(gotIDs)
	slices.Sort(ids)
	require.Equal(tb, ids, gotIDs, "contacts lost or repeated")
	slices.Sort(gotBroken)
	slices.Sort(broken)
	require.Equal(tb, broken, gotBroken, "unreadable entries lost or repeated")
	require.Len(tb, transport.Requests(), 2)
}

// checkStoredTimes reads a text as every time and date there is. What was read can be
// written as JSON and is the same when it is read again.
func checkStoredTimes(tb testing.TB, input []byte) {
	text, err := json.Marshal(string(input))
	require.NoError(tb, err)
	bodies := map[string]string{
		"ListContacts":           `{"contacts":[{"mri":"8:a","creation_time":#,"profile":{"birthday":#},"relationship_history":{"sources":[{"time":#}]}}]}`,
		"GetRoster":              `{"contacts":[{"mri":"8:a","creation_time":#,"profile":{"birthday":#},"relationship_history":{"sources":[{"time":#}]}}]}`,
		"AllContacts":            `{"contacts":[{"mri":"8:a","creation_time":#,"profile":{"birthday":#}}]}`,
		"ListInvites":            `{"invite_list":[{"mri":"8:a","invites":[{"time":#},{"message":"x","time":#}]}]}`,
		"LegacyListContacts":     `{"contacts":[{"id":"a","birthday":#,"creation_time":#}]}`,
		"LegacyListAuthRequests": `[{"sender":"a","event_time":#},{"sender":"b","event_time_iso":#}]`,
		"GetOwnProfile":          `{"username":"a","birthday":#}`,
		"GetPublicProfiles":      `[{"username":"joe.4","birthday":#}]`,
		"GetPublicProfiles: POST People /v2/profiles": `{"profiles":{"8:joe.4":{"profile":{"birthday":#}}}}`,
	}
	for _, call := range apitest.Calls() {
		body := cmp.Or(bodies[call.Name()], bodies[call.Op])
		if body == "" {
			continue
		}
		got, err := call.Do(context.Background(), fuzzClient(tb, []byte(strings.ReplaceAll(body, "#", string(text))), call.ClientOptions()...))
		require.NoError(tb, err)
		checkStorable(tb, got)
		stored, err := json.Marshal(got)
		require.NoError(tb, err)
		loaded := reflect.New(reflect.TypeOf(got).Elem()).Interface()
		require.NoError(tb, json.Unmarshal(stored, loaded))
		require.Equal(tb, got, loaded, "%s", call.Name())
	}
}

// cutOff responds with a body of which only the beginning arrives.
func cutOff(begin string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := apitest.Response(http.StatusOK, "")(req)
		resp.ContentLength = -1
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(begin), iotest.ErrReader(io.ErrUnexpectedEOF)))
		return resp, err
	}
}
