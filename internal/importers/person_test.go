package importers

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestExpected(t *testing.T) {
	t.Parallel()
	full := &skypecontacts.Contact{MRI: "8:joe.4", DisplayName: "Joe Bloggs", Profile: skypecontacts.Profile{
		Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Nickname: "Joey", Company: "ACME"}, About: "Tea", Homepage: "https://joe.example",
		Phones:    []skypecontacts.Phone{{Number: "+442079460001", Type: "mobile"}},
		Locations: []skypecontacts.Location{{City: "Leeds", State: "Yorkshire", Country: "GB"}}, Birthday: skypecontacts.Date{Year: 1987, Month: 1, Day: 2},
	}}
	renamed := &skypecontacts.Contact{MRI: "8:live:anna.7", DisplayName: "Mum", Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Anna", Last: "Cooper"}}}
	whole := &skypecontacts.Contact{MRI: "8:fred.2", DisplayName: "Fred Two, Jr."}
	company := &skypecontacts.Contact{MRI: "8:daisy.5", Profile: skypecontacts.Profile{Name: skypecontacts.Name{Company: "ACME"}}}
	require.Equal(t, []Person{
		{
			Shown: "Joe Bloggs", First: "Joe", Last: "Bloggs", Nickname: "Joey", Company: "ACME", Phones: [][2]string{{"CELL", "+442079460001"}},
			Birthday: "1987-01-02", Place: [3]string{"Leeds", "Yorkshire", "United Kingdom"}, Skype: "joe.4", Chat: "skype:joe.4", Homepage: "https://joe.example", Note: "Tea",
		},
		{Shown: "Mum", First: "Anna", Last: "Cooper", Nickname: "Mum", Phones: [][2]string{}, Skype: "live:anna.7", Chat: "skype:live:anna.7"},
		{Shown: "Fred Two, Jr.", First: "Fred", Last: "Two", Suffix: "Jr.", Phones: [][2]string{}, Skype: "fred.2", Chat: "skype:fred.2"},
		{Shown: "ACME", Company: "ACME", Phones: [][2]string{}, Skype: "daisy.5", Chat: "skype:daisy.5"},
	}, Expected([]*skypecontacts.Contact{full, renamed, whole, company}, map[skypecontacts.PhoneType]string{"mobile": "CELL"}))
}
