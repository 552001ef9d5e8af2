package skypetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPeopleWireForms(t *testing.T) {
	t.Parallel()
	nobody := &accountState{mri: "8:live:a"}
	assert.Equal(t, jsonObject{}, peopleProfile(nobody))
	assert.Equal(t, jsonObject{"skypename": "live:a"}, foundUser(nobody))
	anna := &accountState{mri: "8:anna.7", profile: Profile{
		DisplayName: "Anna", FirstName: "Anna", LastName: "Cooper", Gender: "female",
		Locations: []Location{{City: "Manchester", State: "Lancashire", Country: "gb"}, {City: "York"}},
	}}
	assert.Equal(t, jsonObject{"displayName": "Anna", "city": "Manchester", "country": "gb", "gender": "2"}, peopleProfile(anna))
	assert.Equal(t, jsonObject{
		"skypename": "anna.7", "fullname": "Anna Cooper", "city": "Manchester", "province": "Lancashire", "key_country": "gb",
	}, foundUser(anna))
}
