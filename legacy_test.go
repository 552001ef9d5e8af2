package skypecontacts

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The kind of a contact of version 1 becomes the prefix of its identifier.
func TestLegacyIdentifiers(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]Contact{
		`"type":"skype","id":"joe.4"`:              {MRI: "8:joe.4"},
		`"type":"Skype","id":"8:joe.4"`:            {MRI: "8:joe.4"},
		`"type":"msn","id":"user@example.org"`:     {MRI: "1:user@example.org"},
		`"type":"pstn","id":"+442099887766"`:       {MRI: "4:+442099887766"},
		`"type":"agent","id":"concierge"`:          {MRI: "28:concierge"},
		`"type":"lync","id":"user@corp.example"`:   {MRI: "2:user@corp.example"},
		`"id":"joe.4"`:                             {MRI: "8:joe.4"},
		`"id":"+442099887766"`:                     {MRI: "4:+442099887766"},
		`"type":"fax","id":"joe.4"`:                {MRI: "8:joe.4", Extra: Extra{"type": raw(`"fax"`)}},
		`"type":"skype","person_id":"8:joe.4"`:     {MRI: "8:joe.4", PersonID: "8:joe.4"},
		`"type":7,"id":"joe.4"`:                    {MRI: "8:joe.4", Extra: Extra{"type": raw(`7`)}},
		`"type":"skype","id":"joe.4","about":"me"`: {MRI: "8:joe.4", Profile: Profile{About: "me"}},
		`"type":"skype","id":"joe.4","phones":[{"number":"+1","type":0}],"news":1`: {
			MRI: "8:joe.4", Profile: Profile{Phones: []Phone{{Number: "+1", Type: PhoneHome}}}, Extra: Extra{"news": raw(`1`)},
		},
	} {
		assert.Equal(t, &want, decoded(t, "{"+entry+"}", func(r *reader, c *Contact) { readLegacyContact(r, c) }), entry)
	}
	require.ErrorIs(t, decodeBody([]byte(`{"type":"skype"}`), func(r *reader) { readLegacyContact(r, new(Contact)) }), errNoIdentifier)
}

func TestReadAuthRequests(t *testing.T) {
	t.Parallel()
	require.Equal(t, &AuthRequestList{
		Requests: []AuthRequest{
			{From: "8:joe.4", Greeting: "Hi & bye", Time: date(2016, time.January, 2, 3, 4, 5, 0), Extra: Extra{"greeting": raw(`"Hi \u0026amp; bye"`)}},
			{From: "8:anna.7", Greeting: "Hi", Time: date(2016, time.January, 2, 3, 4, 6, 0), Extra: Extra{"event_time": raw(`"soon"`)}},
		},
		Skipped: []SkippedItem{{Index: 1, Raw: raw(`{"greeting":"Hi"}`), Err: errNoIdentifier}},
	}, decoded(t, `[{"sender":"joe.4","greeting":"Hi &amp; bye","event_time":"2016-01-02 03:04:05","event_time_iso":"2016-01-02T03:04:06Z"},
		{"greeting":"Hi"},{"sender":"anna.7","greeting":"Hi","event_time":"soon","event_time_iso":"2016-01-02T03:04:06Z"}]`, readAuthRequestList))
}

func TestReadLegacyDirectory(t *testing.T) {
	t.Parallel()
	require.Equal(t, &DirectoryResults{
		Entries: []DirectoryEntry{
			{
				ContactType: "Skype", Rank: 2,
				Profile: Profile{
					MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: Name{First: "Joe", Last: "Bloggs", Inferred: true}, About: "me", Age: 29,
					Gender: GenderMale, Language: "en", Locations: []Location{{City: "London", State: "England", Country: "GB"}},
					Extra: Extra{
						"ContactCards/Lync/SkypeName": raw(`"joe@corp.example"`), "ContactCards/Lync/DisplayName": raw(`"J. Bloggs"`),
						"ContactCards/Skype/Phone": raw(`"+1"`), "Source": raw(`1`),
					},
				},
			},
			{ContactType: "Lync", Profile: Profile{MRI: "2:anna@corp.example", DisplayName: "Anna", Name: Name{First: "Anna"}}},
		},
		Skipped: []SkippedItem{{Index: 2, Raw: raw(`{"ContactCards":{}}`), Err: errNoIdentifier}},
	}, decoded(t, `[{"Source":1,"ContactCards":{"Skype":{"SkypeName":"joe.4","DisplayName":"Joe Bloggs","About":"me","Age":"29","Gender":1,"Language":"EN","Rank":2,"Phone":"+1"},
		"Lync":{"SkypeName":"joe@corp.example","DisplayName":"J. Bloggs"},"CurrentLocation":{"City":"London","Province":"England","Country":"gb"}}},
		{"ContactCards":{"Lync":{"SkypeName":"anna@corp.example","DisplayName":"Anna"}}},{"ContactCards":{}}]`, readLegacyDirectory))
}
