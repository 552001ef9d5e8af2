package skypecontacts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSkippedItem(t *testing.T) {
	t.Parallel()
	item := SkippedItem{Index: 3, Raw: raw(`{"name":"canary-person"}`), Err: errNoIdentifier}
	require.EqualError(t, item, "skypecontacts: entry 3 skipped: the entry has no identifier")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.NotContains(t, fmt.Sprintf(verb+verb, item, []SkippedItem{item}), "canary", verb)
	}
	assert.Equal(t, item.Error(), item.LogValue().String())
	text, err := json.Marshal(item)
	require.NoError(t, err)
	require.JSONEq(t, `{"index":3,"raw":{"name":"canary-person"},"error":"the entry has no identifier"}`, string(text))
	var back SkippedItem
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, item, back)
	require.ErrorIs(t, back, ErrDecode)
	require.Error(t, json.Unmarshal([]byte(`{"index":"three"}`), &back))
}

func TestEnums(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Gender{
		"1": GenderMale, "2": GenderFemale, "male": GenderMale, "Female": GenderFemale, "": GenderUnstated, "3": "3", "Other": "Other",
	} {
		assert.Equal(t, want, parseGender(in))
		assert.Equal(t, want != "3" && want != "Other", parseGender(in).Known(), in)
	}
	for in, want := range map[string]PhoneType{
		"0": PhoneHome, "1": PhoneWork, "2": PhoneMobile, "3": PhoneOther, "": PhoneOther,
		"Home": PhoneHome, "office": PhoneWork, "work": PhoneWork, "MOBILE": PhoneMobile, "other": PhoneOther, "fax": "fax", "4": "4",
	} {
		assert.Equal(t, want, parsePhoneType(in))
		assert.Equal(t, want != "fax" && want != "4", parsePhoneType(in).Known(), in)
	}
}

func TestSetCountry(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Location{
		"gb": {Country: "GB"}, "Fr": {Country: "FR"}, "": {}, "United Kingdom": {CountryName: "United Kingdom"},
		"é": {CountryName: "é"}, "1a": {CountryName: "1a"}, "GBR": {CountryName: "GBR"},
	} {
		var l Location
		l.setCountry(in)
		assert.Equal(t, want, l, in)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Date{
		"": {}, "1987-01-02": {1987, time.January, 2}, "1987-01-02T00:00:00Z": {1987, time.January, 2},
		"1987-01-02 10:11:12": {1987, time.January, 2}, "2000-02-29": {2000, time.February, 29},
	} {
		got, err := ParseDate(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got)
		assert.Equal(t, in[:min(len(in), 10)], got.String())
	}
	for _, in := range []string{"0000-00-00", "0000-01-01", "1987-02-30", "1987-13-01", "87-1-2", "1987-1-2", "1987-01-02x", "1987", "yesterday"} {
		_, err := ParseDate(in)
		assert.Error(t, err, in)
	}
	var d Date
	require.NoError(t, json.Unmarshal([]byte(`"1987-01-02"`), &d))
	text, err := json.Marshal(d)
	require.NoError(t, err)
	assert.Equal(t, `"1987-01-02"`, string(text))
	assert.Error(t, json.Unmarshal([]byte(`"soon"`), &d))
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Time{
		"":                               {},
		"2018-01-09T14:42:17Z":           date(2018, 1, 9, 14, 42, 17, 0),
		"2016-11-14T04:28:12.67Z":        date(2016, 11, 14, 4, 28, 12, 670e6),
		"2017-11-12T00:44:00.2855855Z":   date(2017, 11, 12, 0, 44, 0, 285585500),
		"2017-11-12T00:44:00.123456789Z": date(2017, 11, 12, 0, 44, 0, 123456789),
		"2017-11-12T02:44:00+02:00":      date(2017, 11, 12, 0, 44, 0, 0),
		"2016-01-02 03:04:05.678901":     date(2016, 1, 2, 3, 4, 5, 678901000),
		"2020-01-02 03:04:05Z":           date(2020, 1, 2, 3, 4, 5, 0),
		"2016-01-02T03:04:05":            date(2016, 1, 2, 3, 4, 5, 0),
		"0000-12-31T23:59:59-00:01":      date(1, 1, 1, 0, 0, 59, 0),
		"9999-12-31T23:59:59.999999999Z": date(9999, 12, 31, 23, 59, 59, 999999999),
	} {
		got, err := parseTime(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{
		"yesterday", "2016-01-02", "2016-13-02T03:04:05Z", "1467000000",
		"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "0001-01-01T00:00:00+00:01", "9999-12-31 23:59:59.999999999-00:01",
		"0000-12-31T23:59:59Z", "0000-06-01 00:00:00",
	} {
		_, err := parseTime(in)
		assert.Error(t, err, in)
	}
}

func TestPlainText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                      "",
		"plain":                                 "plain",
		"I <3 you & me":                         "I <3 you & me",
		`A &amp; B <ss type="laugh">:D</ss>`:    "A & B :D",
		"&lt;b&gt; &#233; &nope;":               "<b> é &nope;",
		"one<br/>two<BR>three":                  "one\ntwo\nthree",
		`see <a href="https://x.example">x</a>`: "see x",
		"a<script>alert(1)</script>b<style>x{}</style>c": "abc",
		"a<!-- hidden -->b<!DOCTYPE html>c":              "abc",
		"cut <ss type=\"la":                              "cut ",
		`<i raw_pre="_" raw_post="_">word</i>`:           "word",
	} {
		assert.Equal(t, want, plainText(in), in)
	}
}

func FuzzTime(f *testing.F) { fuzzTargets(f)["Time"].Fuzz(f) }

func FuzzMood(f *testing.F) { fuzzTargets(f)["Mood"].Fuzz(f) }

// A date is one of the calendar, and dates and times parse to themselves.
func checkTime(tb testing.TB, input []byte) {
	text := string(input)
	if d, err := ParseDate(text); err == nil && text != "" {
		require.True(tb, strings.HasPrefix(text, d.String()))
		day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
		require.Equal(tb, d.String(), day.Format(time.DateOnly), "not a day of the calendar")
		again, err := ParseDate(d.String())
		require.NoError(tb, err)
		require.Equal(tb, d, again)
	} else {
		require.True(tb, d.IsZero())
	}
	if at, err := parseTime(text); err == nil && text != "" {
		require.Equal(tb, time.UTC, at.Location())
		again, err := parseTime(at.Format(time.RFC3339Nano))
		require.NoError(tb, err)
		require.True(tb, at.Equal(again))
		stored, err := json.Marshal(at)
		require.NoError(tb, err)
		var loaded time.Time
		require.NoError(tb, json.Unmarshal(stored, &loaded))
		require.Equal(tb, at, loaded)
	} else {
		require.True(tb, at.IsZero())
	}
}

// A mood's plain text is no longer than its markup and is the text itself if
// there is no markup.
func checkMood(tb testing.TB, input []byte) {
	text := string(input)
	plain := plainText(text)
	require.LessOrEqual(tb, len(plain), 3*len(text)) // a NUL becomes U+FFFD
	if !strings.ContainsAny(text, "<&\r\x00") {
		require.Equal(tb, text, plain)
	}
	require.Equal(tb, plainText("<b>"+text), plain, "text without markup takes a shorter path")
}

// The services name genders by number, text or word. 0 is that of somebody who stated
// none.
func TestGenderOfResponses(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]Gender{
		`"0"`: GenderUnstated, `0`: GenderUnstated, `null`: GenderUnstated, `""`: GenderUnstated, `"null"`: GenderUnstated,
		`1`: GenderMale, `"1"`: GenderMale, `"male"`: GenderMale, `2`: GenderFemale, `"2"`: GenderFemale, `"FEMALE"`: GenderFemale, `3`: "3", `"other"`: "other",
	} {
		own, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2","gender":`+value+`}`))).GetOwnProfile(t.Context())
		require.NoError(t, err, value)
		assert.Equal(t, &Profile{MRI: "8:fred.2", Gender: want}, own, value)
		list, err := newTestClient(t, newWire(reply(200, `{"contacts":[{"mri":"8:joe.4","profile":{"gender":`+value+`}}]}`))).ListContacts(t.Context())
		require.NoError(t, err, value)
		assert.Equal(t, []Contact{{MRI: "8:joe.4", Profile: Profile{Gender: want}}}, list.Contacts, value)
	}
}
