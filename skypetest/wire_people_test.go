package skypetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPeopleWireForms(t *testing.T) {
	t.Parallel()
	nobody := &accountState{mri: "8:live:a"}
	assert.Equal(t, objectMembers{}, peopleProfile(nobody))
	anna := &accountState{mri: "8:anna.7", profile: Profile{
		DisplayName: "Anna", FirstName: "Anna", LastName: "Cooper", Gender: "female",
		Locations: []Location{{City: "Manchester", State: "Lancashire", Country: "gb"}, {City: "York"}},
	}}
	assert.Equal(t, objectMembers{{"displayName", "Anna"}, {"city", "Manchester"}, {"country", "gb"}, {"gender", "2"}}, peopleProfile(anna))
}
