package skypecontacts

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadInviteList(t *testing.T) {
	t.Parallel()
	require.Equal(t, &InviteList{
		Invites: []Invite{
			{From: "8:joe.4", DisplayName: "Joe", AvatarURL: "https://a.example/joe", Greeting: "Hi", Messages: []InviteMessage{
				{Text: "other", Time: date(2017, time.January, 2, 3, 4, 5, 0)},
			}, Extra: Extra{"x": raw(`1`), "invites/0/y": raw(`2`)}},
			{From: "8:anna.7", Greeting: "latest", Messages: []InviteMessage{
				{Text: "first", Time: date(2017, time.January, 1, 0, 0, 0, 0)},
				{Text: "latest", Time: date(2017, time.January, 3, 0, 0, 0, 0)},
				{Time: date(2017, time.January, 4, 0, 0, 0, 0)},
				{Text: "second", Time: date(2017, time.January, 2, 0, 0, 0, 0)},
			}},
		},
		Skipped: []SkippedItem{{List: "invite_list", Index: 1, Raw: raw(`{"displayname":"nobody"}`), Err: errNoIdentifier}},
		Extra:   Extra{"count": raw(`3`)},
	}, decoded(t, `{"count":3,"invite_list":[
		{"mri":"joe.4","displayname":"Joe","avatar_url":"https://a.example/joe","greeting":"Hi","x":1,"invites":[{"message":"other","time":"2017-01-02T03:04:05Z","y":2}]},
		{"displayname":"nobody"},
		{"mri":"8:anna.7","invites":[{"message":"first","time":"2017-01-01T00:00:00Z"},{"message":"latest","time":"2017-01-03T00:00:00Z"},
			{"time":"2017-01-04T00:00:00Z"},{"message":"second","time":"2017-01-02T00:00:00Z"}]}]}`, readInviteList))
}

func TestLatestText(t *testing.T) {
	t.Parallel()
	for want, messages := range map[string][]InviteMessage{
		"":       {{Time: date(2017, time.January, 1, 0, 0, 0, 0)}},
		"first":  {{Text: "first"}, {Text: "second"}},
		"second": {{Text: "first"}, {Text: "second", Time: date(2017, time.January, 1, 0, 0, 0, 0)}},
	} {
		require.Equal(t, want, latestText(messages))
	}
}

// A telephone number is added with the body of the official client, without a greeting.
// An e-mail address is no Skype name.
func TestSendInvite(t *testing.T) {
	t.Parallel()
	phone := func(number string) string {
		return `{"mri":"4:` + number + `","phones":[{"type":"other","number":"` + number + `"}],"send_invite":false}`
	}
	for _, test := range []struct {
		to       MRI
		greeting string
		body     string // empty: refused
	}{
		{"+442099887766", "", phone("+442099887766")},
		{"4:+442099887766", "hello", phone("+442099887766")},
		{"+1", "", phone("+1")},
		{"4:2099887766", "", phone("2099887766")},
		{"joe.4", "hi", `{"mri":"8:joe.4","greeting":"hi"}`},
		{"live:joe.4", "", `{"mri":"8:live:joe.4","greeting":""}`},
		{"28:concierge", "", `{"mri":"28:concierge","greeting":""}`},
		{"1:anna@example.org", "hi", `{"mri":"1:anna@example.org","greeting":"hi"}`},
		{"+44joe", "", `{"mri":"8:+44joe","greeting":""}`},
		{"anna@example.org", "hello", ""},
		{"8:anna@example.org", "", ""},
		{"live:anna@example.org", "", ""},
		{"anna.7+list@example.org", "", ""},
		{"@", "", ""},
	} {
		w := newWire(reply(201, ""))
		err := newTestClient(t, w).SendInvite(t.Context(), test.to, test.greeting)
		if test.body == "" {
			assert.ErrorIs(t, err, ErrInvalid, test.to)
			assert.ErrorContains(t, err, "SearchDirectory", test.to)
			assert.NotContains(t, err.Error(), "anna", test.to)
			assert.Empty(t, w.requests(), test.to)
			continue
		}
		require.NoError(t, err, test.to)
		require.Len(t, w.requests(), 1)
		line, rest, _ := strings.Cut(w.requests()[0], "\n")
		assert.Equal(t, "POST https://contacts.skype.com/contacts/v2/users/self/contacts", line)
		_, body, _ := strings.Cut(rest, "\n\n")
		assert.Equal(t, test.body, body, test.to)
	}
}
