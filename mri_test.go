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
	for template, want := range map[string]string{"/users/{mri}/accept": string(id), "/users/{id}/accept": id.ID()} {
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
