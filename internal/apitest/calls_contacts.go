package apitest

import (
	"context"
	"errors"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

func sampleContacts() []skypecontacts.Contact {
	return []skypecontacts.Contact{Joe(), Anna(), Daisy(), Concierge()}
}

func sampleRoster() *skypecontacts.Roster {
	return &skypecontacts.Roster{
		Contacts: sampleContacts(), Blocked: []skypecontacts.BlockedUser{{MRI: "8:anna.7"}}, Groups: Groups(), Scope: "full",
	}
}

// refresh gets the changes since a roster with one contact more than the fixture.
func refresh(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
	known := sampleRoster()
	known.Scope, known.ETag = "", `"known"`
	known.Contacts = append(known.Contacts, skypecontacts.Contact{MRI: "8:other.1"})
	return c.RefreshRoster(ctx, known)
}

// collect returns all that the stream yields, or nothing if it fails.
func collect(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
	var list skypecontacts.ContactList
	for contact, err := range c.AllContacts(ctx) {
		var skipped skypecontacts.SkippedItem
		switch {
		case errors.As(err, &skipped):
			list.Skipped = append(list.Skipped, skipped)
		case err != nil:
			return (*skypecontacts.ContactList)(nil), err
		default:
			list.Contacts = append(list.Contacts, *contact)
		}
	}
	return &list, nil
}

func contactReads() []Call {
	return []Call{
		{
			Op: "ListContacts", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}/contacts",
			Fixture: "contacts/list_contacts", do: getting((*skypecontacts.Client).ListContacts),
			Variants: variants("contacts/list_contacts_variants", "contacts/list_contacts_broken_entries",
				"contacts/list_contacts_unknown_members", "contacts/list_contacts_delta", "contacts/list_contacts_empty",
				"contacts/list_contacts_missing", "contacts/list_contacts_null"),
			Request: "GET " + contactsURL + "/contacts\n" + plainHeaders,
			Want:    &skypecontacts.ContactList{Contacts: sampleContacts(), Count: 4, Scope: "full"},
		},
		{
			Op: "ListBlocked", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}/blocklist",
			Fixture: "contacts/list_blocked", do: getting((*skypecontacts.Client).ListBlocked),
			Variants: variants("contacts/list_blocked_variants", "contacts/list_blocked_empty",
				"contacts/list_blocked_missing", "contacts/list_blocked_null"),
			Request: "GET " + contactsURL + "/blocklist\n" + plainHeaders,
			Want:    &skypecontacts.Blocklist{Blocked: []skypecontacts.BlockedUser{{MRI: "8:anna.7"}}, Count: 1, Scope: "full"},
		},
		{
			Op: "ListGroups", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}/groups",
			Fixture: "contacts/list_groups", do: getting((*skypecontacts.Client).ListGroups),
			Variants: variants("contacts/list_groups_variants", "contacts/list_groups_empty",
				"contacts/list_groups_missing", "contacts/list_groups_null"),
			Request: "GET " + contactsURL + "/groups\n" + plainHeaders,
			Want:    &skypecontacts.GroupList{Groups: Groups(), Count: 2, Scope: "full"},
		},
		{
			Op: "ListInvites", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}/invites",
			Fixture: "contacts/list_invites", do: getting((*skypecontacts.Client).ListInvites),
			Variants: variants("contacts/list_invites_variants", "contacts/list_invites_empty",
				"contacts/list_invites_missing", "contacts/list_invites_null"),
			Request: "GET " + contactsURL + "/invites\n" + plainHeaders,
			Want: &skypecontacts.InviteList{Invites: []skypecontacts.Invite{{
				From: "8:live:daisy.5", DisplayName: "Daisy Miller", Greeting: "Hi, I'd like to add you as a contact.",
				AvatarURL: "https://api.skype.com/users/live:daisy.5/profile/avatar?auth_key=1601633273",
				Messages: []skypecontacts.InviteMessage{
					{Text: "Hi, I'd like to add you as a contact.", Time: Date(2016, 10, 26, 7, 14, 52, 0)},
				},
			}}},
		},
	}
}

func rosterReads() []Call {
	return []Call{
		{
			Op: "GetRoster", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}",
			Fixture: "contacts/get_roster", do: getting((*skypecontacts.Client).GetRoster),
			Variants: variants("contacts/get_roster_variants", "contacts/get_roster_missing", "contacts/get_roster_null"),
			Request:  "GET " + contactsURL + "?reason=default\n" + plainHeaders,
			Want:     sampleRoster(),
		},
		{
			Op: "RefreshRoster", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}",
			Fixture: "contacts/get_roster", do: refresh,
			Variants: variants("contacts/get_roster_delta", "contacts/get_roster_delta_empty"),
			Request:  "GET " + contactsURL + "?delta=&reason=default\n" + deltaHeaders,
			Want:     sampleRoster(),
		},
		{
			Op: "AllContacts", Method: http.MethodGet, Service: "Contacts", Route: "/users/{id}",
			Fixture: "contacts/get_roster", do: collect,
			Request: "GET " + contactsURL + "?page_size=100&reason=default\n" + plainHeaders,
			Want:    &skypecontacts.ContactList{Contacts: sampleContacts()},
		},
	}
}

func blocking(opts skypecontacts.BlockOptions) doFunc {
	return writing(func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
		return c.BlockUser(ctx, id, opts)
	})
}

func contactWrites() []Call {
	return []Call{
		{
			Op: "SendInvite", Method: http.MethodPost, Service: "Contacts", Route: "/users/{id}/contacts", Writes: true,
			Fixture: "contacts/send_invite", IDs: ids("8:live:daisy.5"), SampleIDs: ids("8:anna.7"),
			do: writing(func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) error {
				return c.SendInvite(ctx, id, `Hi "D", <3 & é`)
			}),
			Request: "POST " + contactsURL + "/contacts\n" + jsonHeaders + `{"mri":"8:live:daisy.5","greeting":"Hi \"D\", <3 & é"}`,
		},
		{
			Op: "AcceptInvite", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/invites/{mri}/accept", Writes: true,
			Fixture: "contacts/accept_invite", IDs: ids("live:daisy.5"), SampleIDs: ids("8:daisy.5"),
			do:      writing((*skypecontacts.Client).AcceptInvite),
			Request: "PUT " + contactsURL + "/invites/8:live:daisy.5/accept\n" + jsonHeaders,
		},
		{
			Op: "DeclineInvite", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/invites/{mri}/decline", Writes: true,
			Fixture: "contacts/decline_invite", IDs: ids("28:concierge"), SampleIDs: ids("8:daisy.5"),
			do:      writing((*skypecontacts.Client).DeclineInvite),
			Request: "PUT " + contactsURL + "/invites/28:concierge/decline\n" + jsonHeaders,
		},
		{
			Op: "RevokeContact", Method: http.MethodDelete, Service: "Contacts", Route: "/users/{id}/contacts/{mri}", Writes: true,
			Fixture: "contacts/revoke_contact", IDs: ids("2:someone@corp.example"), SampleIDs: ids("8:joe.4"),
			do:      writing((*skypecontacts.Client).RevokeContact),
			Request: "DELETE " + contactsURL + "/contacts/2:someone%40corp.example\n" + plainHeaders,
		},
		{
			Op: "BlockUser", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/contacts/blocklist/{mri}", Writes: true,
			Fixture: "contacts/block_user", IDs: ids("8:anna.7"), SampleIDs: ids("8:joe.4"),
			do:      blocking(skypecontacts.BlockOptions{Reason: "not sent without a report"}),
			Request: "PUT " + contactsURL + "/contacts/blocklist/8:anna.7\n" + jsonHeaders + `{"ui_version":"skype.com","report_abuse":false}`,
		},
		{
			Op: "BlockUser", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/contacts/blocklist/{mri}", Writes: true,
			Fixture: "contacts/block_user", IDs: ids("8:anna.7"), SampleIDs: ids("8:joe.4"),
			do: blocking(skypecontacts.BlockOptions{ReportAbuse: true, Reason: "Spam"}),
			Request: "PUT " + contactsURL + "/contacts/blocklist/8:anna.7\n" + jsonHeaders +
				`{"ui_version":"skype.com","report_abuse":true,"reason":"Spam"}`,
		},
		{
			Op: "UnblockUser", Method: http.MethodDelete, Service: "Contacts", Route: "/users/{id}/contacts/blocklist/{mri}", Writes: true,
			Fixture: "contacts/unblock_user", IDs: ids("+442099887766"), SampleIDs: ids("8:anna.7"),
			do:      writing((*skypecontacts.Client).UnblockUser),
			Request: "DELETE " + contactsURL + "/contacts/blocklist/4:%2B442099887766\n" + plainHeaders,
		},
	}
}

func messengerCalls() []Call {
	return []Call{
		{
			Op: "AddContact", Method: http.MethodPut, Service: "Messenger", Route: "/users/ME/contacts/{mri}", Writes: true,
			Fixture: "messenger/add_contact", IDs: ids("8:live:.cid.1a2b"), SampleIDs: ids("8:anna.7"),
			do:      writing((*skypecontacts.Client).AddContact),
			Request: "PUT " + gatewayURL + "/contacts/8:live:.cid.1a2b\n" + gatewayPut,
		},
		{
			Op: "RemoveContact", Method: http.MethodDelete, Service: "Messenger", Route: "/users/ME/contacts/{mri}", Writes: true,
			Fixture: "messenger/remove_contact", IDs: ids("8:joe.4"),
			do:      writing((*skypecontacts.Client).RemoveContact),
			Request: "DELETE " + gatewayURL + "/contacts/8:joe.4\n" + gatewayHeaders,
		},
	}
}
