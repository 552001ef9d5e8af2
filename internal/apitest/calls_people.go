package apitest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// profileBatch gets several profiles; its identifiers differ with the variant.
func profileBatch(ctx context.Context, c *skypecontacts.Client, ids []skypecontacts.MRI) (any, error) {
	return c.GetPublicProfiles(ctx, ids...)
}

func profileCalls() []Call {
	return []Call{
		{
			Op: "GetOwnProfile", Method: http.MethodGet, Service: "API", Route: "/users/self/profile",
			Fixture: "profile/get_own_profile", do: getting((*skypecontacts.Client).GetOwnProfile),
			Variants: variants("profile/get_own_profile_variants", "profile/get_own_profile_nulls"),
			Request:  "GET https://api.skype.com/users/self/profile\n" + plainHeaders,
			Want:     new(Fred()),
		},
		{
			Op: "GetOwnProfile", Method: http.MethodGet, Service: "Profile", Route: "/users/self/profile",
			Fixture: "profile/get_own_profile", do: getting((*skypecontacts.Client).GetOwnProfile), Dialect: skypecontacts.DialectCurrent,
			Variants: variants("profile/get_own_profile_current"),
			Request:  "GET https://profile.skype.com/profile/v1/users/self/profile\n" + plainHeaders,
			Want:     new(Fred()),
		},
		{
			Op: "GetProfile", Method: http.MethodGet, Service: "API", Route: "/users/{id}/profile",
			Fixture: "profile/get_profile", IDs: ids("8:Joe.4"), SampleIDs: ids("fred.2"),
			do:      gettingOne((*skypecontacts.Client).GetProfile),
			Request: "GET https://api.skype.com/users/Joe.4/profile\n" + plainHeaders,
			Want:    new(joeProfile()),
		},
		{
			Op: "GetPublicProfiles", Method: http.MethodPost, Service: "API", Route: "/users/self/contacts/profiles",
			Fixture: "profile/get_public_profiles", IDs: ids("8:joe.4", "live:daisy.5", "nobody.1", "JOE.4"), SampleIDs: ids("joe.4"),
			do: profileBatch,
			Variants: []Variant{
				{"profile/get_public_profiles_variants", ids("anna.7", "joe.4", "daisy.5", "fred.2", "nobody.1", "nobody.2")},
				{"profile/get_public_profiles_empty", ids("anna.7")},
				{"profile/get_public_profiles_missing", ids("joe.4", "bad", "worse")},
				{"profile/get_public_profiles_failed_entry", ids("joe.4", "anna.7")},
				{"profile/get_public_profiles_unasked", ids("joe.4")},
			},
			Request: "POST https://api.skype.com/users/self/contacts/profiles\n" + formHeaders +
				"contacts[]=joe.4&contacts[]=live%3Adaisy.5&contacts[]=nobody.1",
			Want: &skypecontacts.ProfileList{Profiles: publicProfiles(), Missing: ids("8:nobody.1")},
		},
		{
			Op: "GetPublicProfiles", Method: http.MethodPost, Service: "People", Route: "/v2/profiles", Dialect: skypecontacts.DialectCurrent,
			Fixture: "people/get_public_profiles", IDs: ids("8:joe.4", "live:daisy.5", "+442079460999", "JOE.4"), SampleIDs: ids("joe.4", "28:concierge"),
			do: profileBatch,
			Variants: []Variant{
				{"people/get_public_profiles_variants", ids("joe.4", "anna.7", "28:Joe.4", "nobody.1", "nobody.2", "nobody.3", "nobody.4", "daisy.5")},
				{"people/get_public_profiles_broken_entries", ids("joe.4", "anna.7", "daisy.5", "fred.2", "live:fred", "concierge", "28:concierge")},
				{"people/get_public_profiles_empty", ids("joe.4")},
			},
			Request: "POST https://people.skype.com/v2/profiles\n" + jsonHeaders +
				`{"mris":["8:joe.4","8:live:daisy.5"],"locale":"en-US"}`,
			Want: &skypecontacts.ProfileList{Profiles: peopleProfiles(), Missing: ids("4:+442079460999")},
		},
	}
}

func directoryCalls() []Call {
	return []Call{
		{
			Op: "SearchDirectory", Method: http.MethodGet, Service: "Directory", Route: "/search/v1.1/namesearch/swx/",
			Fixture: "directory/search_directory", do: searching((*skypecontacts.Client).SearchDirectory, "Joe & Bloggs?"),
			Variants: variants("directory/search_directory_variants", "directory/search_directory_empty",
				"directory/search_directory_missing", "directory/search_directory_null"),
			Request: "GET https://skypegraph.skype.com/search/v1.1/namesearch/swx/?requestId=skypecontacts-go&searchstring=Joe+%26+Bloggs%3F\n" +
				plainHeaders,
			Want: &skypecontacts.DirectoryResults{Entries: []skypecontacts.DirectoryEntry{foundJoe(), {
				ContactType: "Skype4Consumer",
				Profile:     skypecontacts.Profile{MRI: "8:live:joe.bloggs_1", DisplayName: "Joe", Name: skypecontacts.Name{First: "Joe"}},
			}}},
		},
		{
			Op: "SearchDirectory", Method: http.MethodGet, Service: "Directory", Route: "/v2.0/search/", Dialect: skypecontacts.DialectCurrent,
			Fixture: "directory/search_directory_current", do: searching((*skypecontacts.Client).SearchDirectory, "joe"),
			Request: "GET https://skypegraph.skype.com/v2.0/search/?locale=en-US&requestId=skypecontacts-go&searchString=joe\n" + searchHeaders,
			Want:    &skypecontacts.DirectoryResults{Entries: []skypecontacts.DirectoryEntry{foundJoeCurrent()}},
		},
	}
}

func botCalls() []Call {
	return []Call{
		{
			Op: "ListBots", Method: http.MethodGet, Service: "Bots", Route: "/agents",
			Fixture: "bots/list_bots", do: getting((*skypecontacts.Client).ListBots),
			Variants: variants("bots/list_bots_variants", "bots/list_bots_missing", "bots/list_bots_null"),
			Request:  "GET https://api.aps.skype.com/v1/agents\n" + plainHeaders,
			Want: &skypecontacts.BotList{Bots: []skypecontacts.Bot{ConciergeBot(), {
				ID: "aaaaaaaa-3333-0000-0000-000000000001", Type: "Participant", DisplayName: "Weather",
				Description: "Says the weather.", Developer: "Weather Example", Rating: 3,
				Locales: []string{"en", "fr"}, Capabilities: []string{"im.send", "im.receive"},
			}}},
		},
		{
			Op: "GetBot", Method: http.MethodGet, Service: "Bots", Route: "/agents",
			Fixture: "bots/get_bot", IDs: ids("28:concierge"), SampleIDs: ids("concierge"),
			do: func(ctx context.Context, c *skypecontacts.Client, ids []skypecontacts.MRI) (any, error) {
				return c.GetBot(ctx, string(ids[0]))
			},
			Request: "GET https://api.aps.skype.com/v1/agents?agentId=concierge\n" + plainHeaders,
			Want:    new(ConciergeBot()),
		},
	}
}

func legacyCalls() []Call {
	return []Call{
		{
			Op: "LegacyListContacts", Method: http.MethodGet, Service: "ContactsV1", Route: "/users/{id}/contacts",
			Fixture: "legacy/list_contacts", Options: []skypecontacts.Option{skypecontacts.WithUserID("Live:Fred.2")},
			do:       getting((*skypecontacts.Client).LegacyListContacts),
			Variants: variants("legacy/list_contacts_variants", "legacy/list_contacts_empty"),
			Request:  "GET " + strings.Replace(legacyURL, "self", "live:fred.2", 1) + "/contacts\n" + plainHeaders,
			Want:     &skypecontacts.ContactList{Count: 3, Scope: "full", Contacts: legacyContacts()},
		},
		{
			Op: "LegacyListAuthRequests", Method: http.MethodGet, Service: "ContactsV1", Route: "/users/self/contacts/auth-request",
			Fixture: "legacy/list_auth_requests", do: getting((*skypecontacts.Client).LegacyListAuthRequests),
			Variants: variants("legacy/list_auth_requests_variants", "legacy/list_auth_requests_empty"),
			Request:  "GET " + legacyURL + "/contacts/auth-request\n" + plainHeaders,
			Want: &skypecontacts.AuthRequestList{Requests: []skypecontacts.AuthRequest{{
				From: "8:live:daisy.5", Greeting: "Hi, I'd like to add you as a contact.", Time: Date(2016, 1, 2, 3, 4, 5, 678901*time.Microsecond),
			}}},
		},
		{
			Op: "LegacyAcceptAuthRequest", Method: http.MethodPut, Service: "ContactsV1",
			Route: "/users/self/contacts/auth-request/{id}/accept", Writes: true,
			Fixture: "legacy/accept_auth_request", IDs: ids("8:live:daisy.5"), SampleIDs: ids("8:daisy.5"),
			do:      writing((*skypecontacts.Client).LegacyAcceptAuthRequest),
			Request: "PUT " + legacyURL + "/contacts/auth-request/live:daisy.5/accept\n" + jsonHeaders,
		},
		{
			Op: "LegacyDeclineAuthRequest", Method: http.MethodPut, Service: "ContactsV1",
			Route: "/users/self/contacts/auth-request/{id}/decline", Writes: true,
			Fixture: "legacy/decline_auth_request", IDs: ids("daisy.5"),
			do:      writing((*skypecontacts.Client).LegacyDeclineAuthRequest),
			Request: "PUT " + legacyURL + "/contacts/auth-request/daisy.5/decline\n" + jsonHeaders,
		},
		{
			Op: "LegacySearchDirectory", Method: http.MethodGet, Service: "API", Route: "/search/users/any",
			Fixture: "legacy/search_directory", do: searching((*skypecontacts.Client).LegacySearchDirectory, "joe bloggs"),
			Variants: variants("legacy/search_directory_variants", "legacy/search_directory_empty"),
			Request:  "GET https://api.skype.com/search/users/any?contactTypes%5B%5D=skype&keyWord=joe+bloggs\n" + plainHeaders,
			Want:     &skypecontacts.DirectoryResults{Entries: []skypecontacts.DirectoryEntry{legacyFoundJoe()}},
		},
	}
}
