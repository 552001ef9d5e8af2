package skypecontacts

import (
	"testing"
	"time"

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
