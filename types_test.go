package skypecontacts

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMRI(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		mri  MRI
		kind MRIKind
		id   string
		bot  bool
	}{
		{"joe.4", "8:joe.4", KindSkype, "joe.4", false},
		{"8:joe.4", "8:joe.4", KindSkype, "joe.4", false},
		{"live:joe.bloggs_1", "8:live:joe.bloggs_1", KindSkype, "live:joe.bloggs_1", false},
		{"8:live:.cid.1a2b", "8:live:.cid.1a2b", KindSkype, "live:.cid.1a2b", false},
		{".cid.1a2b", "8:.cid.1a2b", KindSkype, ".cid.1a2b", false},
		{"guest:joe_abc123", "8:guest:joe_abc123", KindSkype, "guest:joe_abc123", false},
		{"28:concierge", "28:concierge", KindBot, "concierge", true},
		{"+442099887766", "4:+442099887766", KindPhone, "+442099887766", false},
		{"4:+442099887766", "4:+442099887766", KindPhone, "+442099887766", false},
		{"+44joe", "8:+44joe", KindSkype, "+44joe", false},
		{"+", "8:+", KindSkype, "+", false},
		{"1:someone@example.org", "1:someone@example.org", KindMSN, "someone@example.org", false},
		{"2:someone@corp.example", "2:someone@corp.example", KindLync, "someone@corp.example", false},
		{"19:abc@thread.skype", "19:abc@thread.skype", KindThread, "abc@thread.skype", false},
		{"48:notes", "48:notes", KindSystem, "notes", false},
		{"99:new", "99:new", "99", "new", false},
		{"123", "8:123", KindSkype, "123", false},
		{"8:8:twice", "8:8:twice", KindSkype, "8:twice", false},
	}
	for _, test := range tests {
		got, err := ParseMRI(test.in)
		require.NoError(t, err, test.in)
		assert.Equal(t, test.mri, got)
		assert.Equal(t, test.kind, MRI(test.in).Kind(), test.in)
		assert.Equal(t, test.id, got.ID())
		assert.Equal(t, test.bot, MRI(test.in).IsBot(), test.in)
		assert.True(t, got.Equal(MRI(test.in)), test.in)
	}
	for _, id := range badIDs() {
		_, err := ParseMRI(id)
		require.ErrorIs(t, err, ErrInvalid, "%q", id)
	}
	assert.True(t, MRI("8:Live:Joe").Equal("live:joe"))
	assert.False(t, MRI("8:joe").Equal("28:joe"))
	assert.Empty(t, MRI("").Kind())
	assert.Equal(t, "28:[redacted]", MRI("28:concierge").LogValue().String())
	assert.Equal(t, redacted, Profile{DisplayName: "Fred Adams"}.LogValue().String())
	assert.Equal(t, "8:[redacted]", Contact{MRI: "8:joe.4"}.LogValue().String())
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

func TestCountry(t *testing.T) {
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
	} {
		got, err := parseTime(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{"yesterday", "2016-01-02", "2016-13-02T03:04:05Z", "1467000000"} {
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

// What the SDK writes as JSON it reads back without loss.
func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range append(sampleContacts(t)[:3], Contact{MRI: "8:x"}) {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got Contact
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, want, got)
	}
}
