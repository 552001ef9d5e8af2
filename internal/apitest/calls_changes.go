package apitest

import (
	"context"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// entryCalls change what the account notes down for a contact.
func entryCalls() []Call {
	home := skypecontacts.Phone{Number: "+44 20 7946 0999", Type: skypecontacts.PhoneHome, ID: "1"}
	withPhone := func(method func(*skypecontacts.Client, context.Context, skypecontacts.MRI, skypecontacts.Phone) error, phone skypecontacts.Phone) doFunc {
		return writing(func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
			return method(c, ctx, id, phone)
		})
	}
	return []Call{
		{
			Op: "AddFavorite", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/contacts/favorites/{mri}", Writes: true,
			Fixture: "contacts/add_favorite", IDs: ids("8:live:.cid.1a2b"), SampleIDs: ids("28:concierge"),
			do:      writing((*skypecontacts.Client).AddFavorite),
			Request: "PUT " + contactsURL + "/contacts/favorites/8:live:.cid.1a2b\n" + jsonHeaders,
		},
		{
			Op: "RemoveFavorite", Method: http.MethodDelete, Service: "Contacts", Route: "/users/{id}/contacts/favorites/{mri}", Writes: true,
			Fixture: "contacts/remove_favorite", IDs: ids("+442099887766"), SampleIDs: ids("8:joe.4"),
			do:      writing((*skypecontacts.Client).RemoveFavorite),
			Request: "DELETE " + contactsURL + "/contacts/favorites/4:%2B442099887766\n" + plainHeaders,
		},
		{
			Op: "AddContactPhone", Method: http.MethodPost, Service: "Contacts", Route: "/users/{id}/contacts/{mri}/phones", Writes: true,
			Fixture: "contacts/add_contact_phone", IDs: ids("joe.4"),
			do:      withPhone((*skypecontacts.Client).AddContactPhone, skypecontacts.Phone{Number: "+442079460999", Type: skypecontacts.PhoneWork, ID: "not sent"}),
			Request: "POST " + contactsURL + "/contacts/8:joe.4/phones\n" + jsonHeaders + `{"number":"+442079460999","type":"office"}`,
		},
		{
			Op: "SetContactPhone", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/contacts/{mri}/phones/{phone}", Writes: true, Once: true,
			Fixture: "contacts/set_contact_phone", IDs: ids("8:joe.4"),
			do:      withPhone((*skypecontacts.Client).SetContactPhone, home),
			Request: "PUT " + contactsURL + "/contacts/8:joe.4/phones/1\n" + jsonHeaders + `{"number":"+44 20 7946 0999","type":"home"}`,
		},
		{
			Op: "RemoveContactPhone", Method: http.MethodDelete, Service: "Contacts", Route: "/users/{id}/contacts/{mri}/phones/{phone}", Writes: true, Once: true,
			Fixture: "contacts/remove_contact_phone", IDs: ids("8:joe.4"),
			do: writing(func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
				return c.RemoveContactPhone(ctx, id, "1")
			}),
			Request: "DELETE " + contactsURL + "/contacts/8:joe.4/phones/1\n" + plainHeaders,
		},
	}
}

// profileUpdateCalls change the own profile, by both routes.
func profileUpdateCalls() []Call {
	mood := func(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
		return nil, c.UpdateOwnProfile(ctx, skypecontacts.ProfileUpdate{Mood: new("A & B <3")})
	}
	call := Call{
		Op: "UpdateOwnProfile", Method: http.MethodPost, Service: "API", Route: "/users/self/profile/partial", Writes: true,
		Fixture: "profile/update_own_profile", do: mood,
		Request: "POST https://api.skype.com/users/self/profile/partial\n" + jsonHeaders + `{"payload":{"mood":"A & B <3"}}`,
	}
	current := call
	current.Service, current.Dialect = "Profile", skypecontacts.DialectCurrent
	current.Request = "POST https://profile.skype.com/profile/v1/users/self/profile/partial\n" + jsonHeaders + `{"payload":{"mood":"A & B <3"}}`
	return []Call{call, current}
}
