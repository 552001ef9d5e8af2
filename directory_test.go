package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadDirectory(t *testing.T) {
	t.Parallel()
	require.Equal(t, &DirectoryResults{
		Entries: []DirectoryEntry{
			{
				ContactType: "Skype4Consumer",
				Profile: Profile{
					MRI: "8:live:joe", DisplayName: "Joe van Bloggs", Name: Name{First: "Joe van", Last: "Bloggs", Inferred: true}, Gender: GenderMale, Age: 29,
					Locations: []Location{{City: "London", State: "England", Country: "GB", CountryName: "United Kingdom"}}, Language: "en",
					AvatarURL: "https://a.example/joe", About: "me", Extra: Extra{"nodeType": raw(`"person"`), "nodeProfileData/score": raw(`0.5`)},
				},
			},
			{Profile: Profile{MRI: "8:anna.7", DisplayName: "Anna", Name: Name{First: "Anna"}}},
			{SkypeHandle: "daisy.5", Profile: Profile{MRI: "8:daisy.5", DisplayName: "Daisy", Name: Name{First: "Daisy"}}},
			{SkypeHandle: "live:Fred", Profile: Profile{MRI: "8:fred.2", DisplayName: "Fred", Name: Name{First: "Fred"}}},
		},
		Skipped: []SkippedItem{{List: "results", Index: 1, Raw: raw(`{"nodeProfileData":{"name":"nobody"}}`), Err: errNoIdentifier}},
		Extra:   Extra{"took": raw(`3`)},
	}, decoded(t, `{"requestId":"skypecontacts-go","took":3,"results":[
		{"nodeType":"person","nodeProfileData":{"skypeId":"live:joe","name":"Joe van Bloggs","gender":"1","age":29,"city":"London","state":"England",
			"country":"United Kingdom","countryCode":"gb","language":"EN","avatarUrl":"https://a.example/joe","about":"me","contactType":"Skype4Consumer","score":0.5}},
		{"nodeProfileData":{"name":"nobody"}},
		{"nodeProfileData":{"skypeId":"anna.7","name":"Anna"}},
		{"nodeProfileData":{"skypeId":null,"name":"Daisy","skypeHandle":"daisy.5"}},
		{"nodeProfileData":{"skypeHandle":"live:Fred","name":"Fred","skypeId":"8:fred.2"}}]}`, readDirectory))
}

// The number of mutual contacts, whatever its name is. All else in nodeAnnotation is in
// Extra.
func TestMutualContacts(t *testing.T) {
	t.Parallel()
	for annotation, want := range map[string]DirectoryEntry{
		`null`:                      {},
		`{}`:                        {},
		`{"mutualFriendsCount":2}`:  {MutualContacts: 2},
		`{"MutualContacts":"17"}`:   {MutualContacts: 17},
		`{"mutual":0,"mutual2":3}`:  {MutualContacts: 3},
		`{"mutual":null}`:           {},
		`{"friendsCount":120}`:      {Profile: Profile{Extra: Extra{"nodeAnnotation/friendsCount": raw(`120`)}}},
		`{"mutual":-1}`:             {Profile: Profile{Extra: Extra{"nodeAnnotation/mutual": raw(`-1`)}}},
		`{"mutual":1.5}`:            {Profile: Profile{Extra: Extra{"nodeAnnotation/mutual": raw(`1.5`)}}},
		`{"mutual":1e99}`:           {Profile: Profile{Extra: Extra{"nodeAnnotation/mutual": raw(`1e99`)}}},
		`{"mutual":"some"}`:         {Profile: Profile{Extra: Extra{"nodeAnnotation/mutual": raw(`"some"`)}}},
		`{"mutual":5,"mutual2":9}`:  {MutualContacts: 5, Profile: Profile{Extra: Extra{"nodeAnnotation/mutual2": raw(`9`)}}},
		`{"mutualFriends":["8:a"]}`: {Profile: Profile{Extra: Extra{"nodeAnnotation/mutualFriends": raw(`["8:a"]`)}}},
		`7`:                         {Profile: Profile{Extra: Extra{"nodeAnnotation": raw(`7`)}}},
	} {
		want.Profile.MRI = "8:joe.4"
		require.Equal(t, &DirectoryResults{Entries: []DirectoryEntry{want}},
			decoded(t, `{"results":[{"nodeAnnotation":`+annotation+`,"nodeProfileData":{"skypeId":"joe.4"}}]}`, readDirectory), annotation)
	}
}

func TestCheckQuery(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]error{
		"joe": nil, " joe bloggs ": nil, "josé": nil, "日本": nil, "a%b?c#d&e=f": nil,
		"": ErrInvalid, " \u00a0": ErrInvalid, "a\x00": ErrInvalid, "a\r\nb": ErrInvalid, "a\u0085b": ErrInvalid, "\xff": ErrInvalid,
	} {
		require.ErrorIs(t, checkQuery(query), want, "%q", query)
	}
}
