package skypecontacts

import (
	"net/url"
	"strings"
	"testing"

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

func FuzzIdentifier(f *testing.F) { fuzzTargets(f)["Identifier"].Fuzz(f) }

// A valid identifier is exactly one segment of a path, and the server decodes it to
// the same identifier.
func checkIdentifier(tb testing.TB, input []byte) {
	id, err := ParseMRI(string(input))
	if err != nil {
		require.ErrorIs(tb, err, ErrInvalid)
		require.Empty(tb, id)
		if len(input) > 30 {
			require.NotContains(tb, err.Error(), string(input))
		}
		return
	}
	again, err := ParseMRI(string(id))
	require.NoError(tb, err)
	require.Equal(tb, id, again)
	require.True(tb, id.Equal(MRI(input)))
	require.Equal(tb, string(id), string(id.Kind())+":"+id.ID())
	for template, want := range map[string]string{"/users/{mri}/accept": string(id), "/users/{id}/accept": id.ID(), "/users/{phone}/accept": string(input)} {
		path, err := expandPath(template, []string{string(input)})
		require.NoError(tb, err)
		u, err := url.Parse("https://contacts.skype.com" + path)
		require.NoError(tb, err)
		require.Equal(tb, "contacts.skype.com", u.Host)
		require.Empty(tb, u.RawQuery+u.Fragment)
		require.Equal(tb, "/users/"+want+"/accept", u.Path)
		require.Equal(tb, 3, strings.Count(u.EscapedPath(), "/"))
		require.Equal(tb, u.EscapedPath(), u.JoinPath().EscapedPath(), "path.Clean changes it")
	}
}

// An identifier that a server may take for a dot segment or for more than one segment is
// refused by every call, in every form.
func TestIdentifiersThatChangeAPath(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"..;", ".;x", "..;a=b", ";", ";x", ".;.;", "...;", // some servers ignore what follows a semicolon
		"\u2024\u2024", "\uFF0E\uFF0E", "\u3002", "\uFF61\uFF61", "\uFE52", "\u2026", "\uFE19", "\uFE30", // dots
		"a\uFF0Fb", "..\u0338", "a\u2215b", "a\u2044b", "a\u29F8b", "\u2105joe", // slashes
		"a\uFF3Cb", "a\uFE68b", "a\u2216b", "a\uFF1Fb", "a\u2047", "a\uFE56b", "a\uFF03b", "a\uFF05b", "a\uFE6A2f", // and others
		"a\uFF1Bb", "..\u037E", "8\uFF1Ajoe", "a\uFE55b", "\uFF5Bid\uFF5D", "\u3164", "joe\u115F", "joe\uFFA0", "\u2800",
		"8:[fe80::1%25eth0]", "fe80::1%eth0",
	} {
		for _, prefix := range []string{"", "8:", "28:", "4:", "19:"} {
			_, err := ParseMRI(prefix + id)
			assert.ErrorIs(t, err, ErrInvalid, "%+q", prefix+id)
			assert.NotContains(t, err.Error(), id)
			w := newWire(reply(200, ""))
			c := newTestClient(t, w)
			assert.ErrorIs(t, c.RevokeContact(t.Context(), MRI(prefix+id)), ErrInvalid, "%+q", prefix+id)
			assert.ErrorIs(t, c.SendInvite(t.Context(), MRI(prefix+id), ""), ErrInvalid, "%+q", prefix+id)
			assert.ErrorIs(t, c.RemoveContactPhone(t.Context(), "8:joe.4", prefix+id), ErrInvalid, "%+q", prefix+id)
			assert.Empty(t, w.requests())
		}
	}
	for id, sent := range map[MRI]string{ // unusual, but one segment
		"[::1]": "8:%5B::1%5D", "::1": "8:::1", "1::1": "1::1", "2001:db8::1": "2001:db8::1", "fe80::1": "8:fe80::1",
		"joe;v=1": "8:joe%3Bv=1", "joe..4": "8:joe..4", "a;..": "8:a%3B..", ".cid.1f;x": "8:.cid.1f%3Bx",
	} {
		w := newWire(reply(200, ""))
		require.NoError(t, newTestClient(t, w).RevokeContact(t.Context(), id), id)
		assert.Equal(t, []string{"DELETE https://contacts.skype.com/contacts/v2/users/self/contacts/" + sent + "\n" + plainHeaders}, w.requests())
	}
}

// A log shows known kinds only: any digits before a colon would pass for one.
func TestMRIInALog(t *testing.T) {
	t.Parallel()
	for id, want := range map[MRI]string{
		"442099887766:x": redacted, "99:new": redacted, "0:x": redacted, "88:joe.4": redacted, "08:joe.4": redacted, "2001:db8::1": redacted, "": redacted,
		"joe.4": "8:" + redacted, "8:8:joe.4": "8:" + redacted, "+442099887766": "4:" + redacted, "1:anna@example.org": "1:" + redacted,
		"2:anna@example.org": "2:" + redacted, "19:abc@thread.skype": "19:" + redacted, "28:concierge": "28:" + redacted, "48:calllogs": "48:" + redacted,
	} {
		assert.Equal(t, want, id.LogValue().String(), id)
		assert.Equal(t, want, Contact{MRI: id}.LogValue().String(), id)
	}
}
