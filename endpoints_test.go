package skypecontacts

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	plainHeaders = "Accept: application/json; ver=1.0\n" +
		"User-Agent: skypecontacts-go/" + Version + "\n" +
		"X-Skypetoken: " + testToken + "\n\n"
	jsonHeaders = "Accept: application/json; ver=1.0\n" +
		"Content-Type: application/json\n" +
		"User-Agent: skypecontacts-go/" + Version + "\n" +
		"X-Skypetoken: " + testToken + "\n\n"
	formHeaders = "Accept: application/json; ver=1.0\n" +
		"Content-Type: application/x-www-form-urlencoded\n" +
		"User-Agent: skypecontacts-go/" + Version + "\n" +
		"X-Skypetoken: " + testToken + "\n\n"
	contactsURL   = "https://contacts.skype.com/contacts/v2/users/self"
	legacyURL     = "https://contacts.skype.com/contacts/v1/users/self"
	gatewayURL    = "https://client-s.gateway.messenger.live.com/v1/users/ME"
	gatewayAccept = "Accept: application/json; ver=1.0\nBehavioroverride: redirectAs404\n"
	gatewayTail   = "Registrationtoken: registrationToken=" + testRegistrationToken + "\n" +
		"User-Agent: skypecontacts-go/" + Version + "\n\n"
)

func raw(text string) json.RawMessage { return json.RawMessage(text) }

func joe() Contact {
	return Contact{
		MRI: "8:joe.4", PersonID: "aaaaaaaa-0000-0000-0000-000000000001",
		DisplayName: "Joe Bloggs", DisplayNameSource: "profile",
		Authorized: true, AuthCertificate: "QUFBQQ==", Explicit: true, Favorite: true,
		CreatedAt: date(2016, 1, 2, 3, 4, 5, 0),
		Sources:   []RelationshipSource{{Type: "add_contact", Subtype: "t1", Time: date(2016, 1, 2, 3, 4, 5, 0)}},
		Profile: Profile{
			Name: Name{First: "Joe", Last: "Bloggs", Nickname: "Joe"}, Gender: GenderMale,
			Birthday:  Date{1987, time.January, 2},
			Locations: []Location{{Type: "home", City: "London", Country: "GB"}}, Language: "en",
			Phones: []Phone{{"+442099887766", PhoneHome}, {"+442020900900", PhoneWork}, {"+447711223344", PhoneMobile}},
			Mood:   Mood{Plain: "Happy & busy :)", Rich: `Happy &amp; busy <ss type="smile">:)</ss>`},
			About:  "Likes long walks.", Homepage: "https://joe.example/",
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
		},
	}
}

func anna() Contact {
	return Contact{
		MRI: "8:anna.7", PersonID: "aaaaaaaa-0000-0000-0000-000000000002", DisplayName: "Anna Cooper",
		Blocked: true, Suggested: true, EmailHashes: []string{"QkJCQg=="},
		Profile: Profile{
			Name:      Name{First: "Anna", Last: "Cooper", Inferred: true},
			Locations: []Location{{Type: "home", City: "Brighton", Country: "GB"}},
			AvatarURL: "https://api.skype.com/users/anna.7/profile/avatar?auth_key=-2078211408",
		},
	}
}

func daisy() Contact {
	return Contact{
		MRI: "8:live:daisy.5", PersonID: "8:live:daisy.5", DisplayName: "Daisy Miller", DisplayNameSource: "user_edits",
		Authorized: true, AuthCertificate: "Q0NDQw==", CreatedAt: date(2017, 5, 6, 7, 8, 9, 123e6),
		Profile: Profile{
			Name: Name{First: "Daisy", Last: "Miller"}, Gender: GenderFemale, Language: "fr",
			Locations: []Location{{Type: "home", City: "Lyon", Country: "FR"}},
		},
	}
}

func concierge() Contact {
	return Contact{
		MRI: "28:concierge", PersonID: "28:concierge", DisplayName: "Skype", Authorized: true,
		Agent:   &Agent{Capabilities: []string{"im.send", "im.receive"}, Trust: "trusted", Type: "participant", Trusted: true},
		Profile: Profile{Name: Name{First: "Skype", Company: "Skype"}},
		Extra: Extra{
			"agent/info/capabilities": raw("[\n            \"im.send\"\n          ]"),
			"agent/info/type":         raw(`"Participant"`),
			"agent/stage_info":        raw("{}"),
		},
	}
}

func sampleGroups() []Group {
	return []Group{
		{ID: "aaaaaaaa-1111-0000-0000-000000000001", Name: "Favorites", IsFavorite: true, Contacts: []MRI{"8:joe.4"}},
		{ID: "aaaaaaaa-1111-0000-0000-000000000002", Name: "Bots", Contacts: []MRI{"28:concierge"}},
	}
}

func conciergeBot() Bot {
	return Bot{
		ID: "concierge", Type: "Participant", DisplayName: "Skype", Description: "Helps with Skype.", Developer: "Skype",
		Footer: `<a href="https://bots.example/">More</a>`, Website: "https://bots.example/",
		TermsURL: "https://bots.example/terms", PrivacyURL: "https://bots.example/privacy",
		Trusted: true, Rating: 4.5, Locales: []string{"en"},
		Tiles: BotTiles{
			Small: "https://static.example/bots/concierge/s.png", Medium: "https://static.example/bots/concierge/m.png",
			Large: "https://static.example/bots/concierge/l.png", ExtraLarge: "https://static.example/bots/concierge/xl.png",
			Static: "https://static.example/bots/concierge/static.png",
		},
	}
}

func fred() Profile {
	return Profile{
		MRI: "8:fred.2", DisplayName: "Fred Adams", Name: Name{First: "Fred", Last: "Adams"}, Gender: GenderMale,
		Birthday: Date{1990, time.February, 3}, Language: "en",
		Locations: []Location{{City: "London", State: "Greater London", Country: "GB"}},
		Phones:    []Phone{{"+447700900123", PhoneMobile}, {"+442079460123", PhoneHome}},
		Emails:    []string{"fred@example.org"},
		Mood:      Mood{Plain: "Testing :)", Rich: `Testing <ss type="smile">:)</ss>`},
		About:     "Nothing much.", Homepage: "https://fred.example/", JobTitle: "Tester",
		AvatarURL: "https://api.skype.com/users/fred.2/profile/avatar?auth_key=1234567890",
	}
}

func foundJoe() DirectoryEntry {
	return DirectoryEntry{
		ContactType: "Skype4Consumer",
		Profile: Profile{
			MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: Name{First: "Joe", Last: "Bloggs", Inferred: true},
			Gender: GenderMale, Age: 29, Language: "en", About: "Likes long walks.",
			Locations: []Location{{City: "London", State: "England", Country: "GB", CountryName: "United Kingdom"}},
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
		},
	}
}

func publicProfiles() []Profile {
	return []Profile{
		{
			MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: Name{First: "Joe", Last: "Bloggs"},
			Locations: []Location{{City: "London", Country: "GB"}},
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
		},
		{
			MRI: "8:live:daisy.5", DisplayName: "Daisy Miller", Name: Name{First: "Daisy", Last: "Miller"},
			Locations: []Location{{City: "Lyon", Country: "FR"}},
			AvatarURL: "https://api.skype.com/users/live:daisy.5/profile/avatar?auth_key=1234567890",
		},
	}
}

// returns adapts a method that returns a value; acts one that does not.
func returns[T any](method func(*Client, context.Context) (*T, error)) func(context.Context, *Client) (any, error) {
	return func(ctx context.Context, c *Client) (any, error) { return method(c, ctx) }
}

func acts(method func(*Client, context.Context) error) func(context.Context, *Client) (any, error) {
	return func(ctx context.Context, c *Client) (any, error) { return nil, method(c, ctx) }
}

func onMRI(method func(*Client, context.Context, MRI) error, id MRI) func(context.Context, *Client) (any, error) {
	return acts(func(c *Client, ctx context.Context) error { return method(c, ctx, id) })
}

// operations are all allRoutes, in the order of the documentation.
func operations() []operation {
	return []operation{
		{
			name: "contacts/list_contacts", route: listContacts, call: returns((*Client).ListContacts),
			request: "GET " + contactsURL + "/contacts\n" + plainHeaders,
			want:    &ContactList{Contacts: []Contact{joe(), anna(), daisy(), concierge()}, Count: 4, Scope: "full"},
		},
		{
			name: "contacts/list_blocked", route: listBlocked, call: returns((*Client).ListBlocked),
			request: "GET " + contactsURL + "/blocklist\n" + plainHeaders,
			want:    &Blocklist{Blocked: []BlockedUser{{MRI: "8:anna.7"}}, Count: 1, Scope: "full"},
		},
		{
			name: "contacts/list_groups", route: listGroups, call: returns((*Client).ListGroups),
			request: "GET " + contactsURL + "/groups\n" + plainHeaders,
			want:    &GroupList{Groups: sampleGroups(), Count: 2, Scope: "full"},
		},
		{
			name: "contacts/get_roster", route: getRoster, call: returns((*Client).GetRoster),
			request: "GET " + contactsURL + "?reason=default\n" + plainHeaders,
			want: &Roster{
				Contacts: []Contact{joe(), anna(), daisy(), concierge()},
				Blocked:  []BlockedUser{{MRI: "8:anna.7"}}, Groups: sampleGroups(), Scope: "full",
			},
		},
		{
			name: "contacts/get_roster", route: refreshRoster,
			call: returns(func(c *Client, ctx context.Context) (*Roster, error) {
				return c.RefreshRoster(ctx, &Roster{ETag: `"known"`, Contacts: []Contact{{MRI: "8:gone.1"}}})
			}),
			request: "GET " + contactsURL + "?delta=&reason=default\n" +
				strings.Replace(plainHeaders, "User-Agent", "If-None-Match: \"known\"\nUser-Agent", 1),
			want: &Roster{
				Contacts: []Contact{joe(), anna(), daisy(), concierge()},
				Blocked:  []BlockedUser{{MRI: "8:anna.7"}}, Groups: sampleGroups(), Scope: "full",
			},
		},
		{
			name: "contacts/get_roster", route: allContacts,
			call: func(ctx context.Context, c *Client) (any, error) {
				var all []Contact
				for contact, err := range c.AllContacts(ctx) {
					if err != nil {
						return nil, err
					}
					all = append(all, *contact)
				}
				return all, nil
			},
			request: "GET " + contactsURL + "?page_size=100&reason=default\n" + plainHeaders,
			want:    []Contact{joe(), anna(), daisy(), concierge()},
		},
		{
			name: "contacts/list_invites", route: listInvites, call: returns((*Client).ListInvites),
			request: "GET " + contactsURL + "/invites\n" + plainHeaders,
			want: &InviteList{Invites: []Invite{{
				From: "8:live:daisy.5", DisplayName: "Daisy Miller", Greeting: "Hi, I'd like to add you as a contact.",
				AvatarURL: "https://api.skype.com/users/live:daisy.5/profile/avatar?auth_key=1601633273",
				Messages:  []InviteMessage{{"Hi, I'd like to add you as a contact.", date(2016, 10, 26, 7, 14, 52, 0)}},
			}}},
		},
		{
			name: "contacts/send_invite", route: sendInvite,
			call: acts(func(c *Client, ctx context.Context) error {
				return c.SendInvite(ctx, "8:live:daisy.5", `Hi "D", <3 & é`)
			}),
			request: "POST " + contactsURL + "/contacts\n" + jsonHeaders + `{"mri":"8:live:daisy.5","greeting":"Hi \"D\", <3 & é"}`,
		},
		{
			name: "contacts/accept_invite", route: acceptInvite, call: onMRI((*Client).AcceptInvite, "live:daisy.5"),
			request: "PUT " + contactsURL + "/invites/8:live:daisy.5/accept\n" + jsonHeaders,
		},
		{
			name: "contacts/decline_invite", route: declineInvite, call: onMRI((*Client).DeclineInvite, "28:concierge"),
			request: "PUT " + contactsURL + "/invites/28:concierge/decline\n" + jsonHeaders,
		},
		{
			name: "contacts/revoke_contact", route: revokeContact, call: onMRI((*Client).RevokeContact, "2:someone@corp.example"),
			request: "DELETE " + contactsURL + "/contacts/2:someone%40corp.example\n" + plainHeaders,
		},
		{
			name: "contacts/block_user", route: blockUser,
			call: acts(func(c *Client, ctx context.Context) error {
				return c.BlockUser(ctx, "8:anna.7", BlockOptions{Reason: "not sent without a report"})
			}),
			request: "PUT " + contactsURL + "/contacts/blocklist/8:anna.7\n" + jsonHeaders + `{"ui_version":"skype.com","report_abuse":false}`,
		},
		{
			name: "contacts/block_user", route: blockUser,
			call: acts(func(c *Client, ctx context.Context) error {
				return c.BlockUser(ctx, "8:anna.7", BlockOptions{ReportAbuse: true, Reason: "Spam"})
			}),
			request: "PUT " + contactsURL + "/contacts/blocklist/8:anna.7\n" + jsonHeaders +
				`{"ui_version":"skype.com","report_abuse":true,"reason":"Spam"}`,
		},
		{
			name: "contacts/unblock_user", route: unblockUser, call: onMRI((*Client).UnblockUser, "+442099887766"),
			request: "DELETE " + contactsURL + "/contacts/blocklist/4:%2B442099887766\n" + plainHeaders,
		},
		{
			name: "messenger/add_contact", route: addContact, call: onMRI((*Client).AddContact, "8:live:.cid.1a2b"),
			request: "PUT " + gatewayURL + "/contacts/8:live:.cid.1a2b\n" + gatewayAccept + "Content-Type: application/json\n" + gatewayTail,
		},
		{
			name: "messenger/remove_contact", route: removeContact, call: onMRI((*Client).RemoveContact, "8:joe.4"),
			request: "DELETE " + gatewayURL + "/contacts/8:joe.4\n" + gatewayAccept + gatewayTail,
		},
		{
			name: "profile/get_own_profile", route: getOwnProfile, call: returns((*Client).GetOwnProfile),
			request: "GET https://api.skype.com/users/self/profile\n" + plainHeaders,
			want:    new(fred()),
		},
		{
			name: "profile/get_own_profile", route: getOwnProfileCurrent, opts: []Option{WithDialect(DialectCurrent)},
			call:    returns((*Client).GetOwnProfile),
			request: "GET https://profile.skype.com/profile/v1/users/self/profile\n" + plainHeaders,
			want:    new(fred()),
		},
		{
			name: "profile/get_profile", route: getProfile,
			call:    returns(func(c *Client, ctx context.Context) (*Profile, error) { return c.GetProfile(ctx, "8:Joe.4") }),
			request: "GET https://api.skype.com/users/Joe.4/profile\n" + plainHeaders,
			want: &Profile{
				MRI: "8:joe.4", Name: Name{First: "Joe", Last: "Bloggs"}, Gender: GenderMale,
				Birthday: Date{1987, time.January, 2}, Language: "en", Locations: []Location{{City: "London", Country: "GB"}},
				Phones: []Phone{{"+447711223344", PhoneMobile}, {"+442099887766", PhoneHome}, {"+442020900900", PhoneWork}},
				Mood:   Mood{Plain: "Happy & busy :)", Rich: `Happy &amp; busy <ss type="smile">:)</ss>`},
				About:  "Likes long walks.", AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
			},
		},
		{
			name: "profile/get_public_profiles", route: getPublicProfiles,
			call: returns(func(c *Client, ctx context.Context) (*ProfileList, error) {
				return c.GetPublicProfiles(ctx, "8:joe.4", "live:daisy.5", "nobody.1", "JOE.4")
			}),
			request: "POST https://api.skype.com/users/self/contacts/profiles\n" + formHeaders +
				"contacts[]=joe.4&contacts[]=live%3Adaisy.5&contacts[]=nobody.1",
			want: &ProfileList{Profiles: publicProfiles(), Missing: []MRI{"8:nobody.1"}},
		},
		{
			name: "profile/batch_profiles", route: batchProfiles, opts: []Option{WithDialect(DialectCurrent)},
			call: returns(func(c *Client, ctx context.Context) (*ProfileList, error) {
				return c.GetPublicProfiles(ctx, "8:joe.4", "live:daisy.5")
			}),
			request: "POST https://profile.skype.com/profile/v1/batch/profiles\n" + jsonHeaders + `{"usernames":["joe.4","live:daisy.5"]}`,
			want: &ProfileList{Profiles: func() []Profile {
				p := publicProfiles()
				p[0].Gender, p[0].Birthday, p[0].Language = GenderMale, Date{1987, time.January, 2}, "en"
				p[0].Extra = Extra{"namespace": raw("null")}
				return p
			}()},
		},
		{
			name: "directory/search_directory", route: searchDirectory,
			call: returns(func(c *Client, ctx context.Context) (*DirectoryResults, error) {
				return c.SearchDirectory(ctx, "Joe & Bloggs?")
			}),
			request: "GET https://skypegraph.skype.com/search/v1.1/namesearch/swx/?requestId=skypecontacts-go&searchstring=Joe+%26+Bloggs%3F\n" + plainHeaders,
			want: &DirectoryResults{Entries: []DirectoryEntry{foundJoe(), {
				ContactType: "Skype4Consumer",
				Profile:     Profile{MRI: "8:live:joe.bloggs_1", DisplayName: "Joe", Name: Name{First: "Joe"}},
			}}},
		},
		{
			name: "directory/search_directory_current", route: searchDirectoryCurrent, opts: []Option{WithDialect(DialectCurrent)},
			call:    returns(func(c *Client, ctx context.Context) (*DirectoryResults, error) { return c.SearchDirectory(ctx, "joe") }),
			request: "GET https://skypegraph.skype.com/v2.0/search/?requestId=skypecontacts-go&searchString=joe\n" + plainHeaders,
			want: &DirectoryResults{Entries: []DirectoryEntry{func() DirectoryEntry {
				e := foundJoe()
				e.Profile.Extra = Extra{"skypeHandle": raw(`"joe.4"`), "nodeAnnotation": raw("{}")}
				return e
			}()}},
		},
		{
			name: "bots/list_bots", route: listBots, call: returns((*Client).ListBots),
			request: "GET https://api.aps.skype.com/v1/agents\n" + plainHeaders,
			want: &BotList{Bots: []Bot{conciergeBot(), {
				ID: "aaaaaaaa-3333-0000-0000-000000000001", Type: "Participant", DisplayName: "Weather",
				Description: "Says the weather.", Developer: "Weather Example", Rating: 3,
				Locales: []string{"en", "fr"}, Capabilities: []string{"im.send", "im.receive"},
			}}},
		},
		{
			name: "bots/get_bot", route: getBot,
			call:    returns(func(c *Client, ctx context.Context) (*Bot, error) { return c.GetBot(ctx, "28:concierge") }),
			request: "GET https://api.aps.skype.com/v1/agents?agentId=concierge\n" + plainHeaders,
			want:    new(conciergeBot()),
		},
		{
			name: "legacy/list_contacts", route: legacyListContacts, opts: []Option{WithUserID("Live:Fred.2")},
			call:    returns((*Client).LegacyListContacts),
			request: "GET " + strings.Replace(legacyURL, "self", "live:fred.2", 1) + "/contacts\n" + plainHeaders,
			want: &ContactList{Count: 3, Scope: "full", Contacts: []Contact{
				func() Contact {
					c := joe()
					c.Explicit, c.DisplayNameSource, c.CreatedAt, c.Sources = false, "", time.Time{}, nil
					c.Profile.Gender, c.Profile.Birthday, c.Profile.Language = "", Date{}, ""
					c.Profile.About, c.Profile.Homepage = "", ""
					c.Profile.Locations = []Location{{City: "London", Country: "GB"}}
					return c
				}(),
				{
					MRI: "8:anna.7", PersonID: "aaaaaaaa-0000-0000-0000-000000000002", DisplayName: "Anna Cooper",
					Blocked: true, Suggested: true, Profile: Profile{Name: Name{First: "Anna", Last: "Cooper", Inferred: true}},
				},
				{
					MRI: "28:concierge", DisplayName: "Skype", Authorized: true, Agent: &Agent{Trust: "trusted", Type: "participant"},
					Profile: Profile{Name: Name{First: "Skype", Company: "Skype"}},
				},
			}},
		},
		{
			name: "legacy/list_auth_requests", route: legacyListAuthRequests, call: returns((*Client).LegacyListAuthRequests),
			request: "GET " + legacyURL + "/contacts/auth-request\n" + plainHeaders,
			want: &AuthRequestList{Requests: []AuthRequest{{
				From: "8:live:daisy.5", Greeting: "Hi, I'd like to add you as a contact.", Time: date(2016, 1, 2, 3, 4, 5, 678901e3),
			}}},
		},
		{
			name: "legacy/accept_auth_request", route: legacyAcceptAuthRequest,
			call:    onMRI((*Client).LegacyAcceptAuthRequest, "8:live:daisy.5"),
			request: "PUT " + legacyURL + "/contacts/auth-request/live:daisy.5/accept\n" + jsonHeaders,
		},
		{
			name: "legacy/decline_auth_request", route: legacyDeclineAuthRequest,
			call:    onMRI((*Client).LegacyDeclineAuthRequest, "daisy.5"),
			request: "PUT " + legacyURL + "/contacts/auth-request/daisy.5/decline\n" + jsonHeaders,
		},
		{
			name: "legacy/search_directory", route: legacySearchDirectory,
			call: returns(func(c *Client, ctx context.Context) (*DirectoryResults, error) {
				return c.LegacySearchDirectory(ctx, "joe bloggs")
			}),
			request: "GET https://api.skype.com/search/users/any?contactTypes%5B%5D=skype&keyWord=joe+bloggs\n" + plainHeaders,
			want: &DirectoryResults{Entries: []DirectoryEntry{{
				ContactType: "Skype", Rank: 1,
				Profile: Profile{
					MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: Name{First: "Joe", Last: "Bloggs", Inferred: true},
					Gender: GenderMale, Age: 29, Language: "en", About: "Likes long walks.",
					Locations: []Location{{City: "London", State: "England", Country: "GB"}},
				},
			}}},
		},
	}
}

func TestEveryRouteIsAnOperation(t *testing.T) {
	t.Parallel()
	tested := map[*route]bool{}
	for _, op := range operations() {
		tested[op.route] = true
	}
	for _, r := range allRoutes {
		assert.True(t, tested[r], "%s %s %s has no test in operations()", r.op, r.method, r.path)
		assert.True(t, strings.HasPrefix(r.path, "/"), r.path)
	}
}

// Every operation sends exactly this and reads exactly that.
func TestOperations(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(reply(http.StatusOK, fixture(t, op.name+".json")))
			got, err := op.call(t.Context(), newTestClient(t, w, op.opts...))
			require.NoError(t, err)
			require.Equal(t, []string{op.request}, w.requests())
			require.Equal(t, op.want, got)
		})
	}
}

// The bodies that are sent are those of the fixtures.
func TestRequestBodies(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(*Client, context.Context) error{
		"send_invite_request": func(c *Client, ctx context.Context) error {
			return c.SendInvite(ctx, "8:joe.4", "Hi, I'd like to add you as a contact.")
		},
		"block_user_request": func(c *Client, ctx context.Context) error {
			return c.BlockUser(ctx, "anna.7", BlockOptions{})
		},
		"block_user_request_report": func(c *Client, ctx context.Context) error {
			return c.BlockUser(ctx, "anna.7", BlockOptions{ReportAbuse: true, Reason: "spam"})
		},
	} {
		w := newWire(reply(http.StatusOK, ""))
		require.NoError(t, call(newTestClient(t, w), t.Context()))
		_, body, _ := strings.Cut(w.requests()[0], "\n\n")
		assert.JSONEq(t, fixture(t, "contacts/"+name+".json"), body)
	}
}

// A change is done when the service says so in any of these ways.
func TestSuccessfulChanges(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		if op.reads() {
			continue
		}
		for _, answer := range []httpmock.Responder{
			reply(http.StatusOK, ""), reply(http.StatusCreated, "{}"), reply(http.StatusAccepted, "null"), reply(http.StatusNoContent, ""),
			reply(http.StatusMultiStatus, `{"unknown":[1]}`), reply(http.StatusOK, "", "Content-Type", "text/html"), reply(http.StatusOK, " \r\n"),
		} {
			w := newWire(answer)
			_, err := op.call(t.Context(), newTestClient(t, w, op.opts...))
			require.NoError(t, err, op.name)
			require.Len(t, w.requests(), 1, op.name)
		}
	}
}

// What every operation makes of every answer that is no success.
func TestFailures(t *testing.T) {
	t.Parallel()
	truncated := func(op operation) string {
		body := fixture(t, op.name+".json")
		return body[:len(body)/2]
	}
	tests := []struct {
		name    string
		answer  func(op operation) httpmock.Responder
		is      error
		status  int
		repeats bool // a GET, PUT or DELETE is sent three times
		maybe   bool // a change may have been made
		reads   bool // the case is about operations that return something
	}{
		{name: "401", answer: always(reply(401, `{"message":"Skype token validation failed!","stackTrace":null}`)), is: ErrUnauthorized, status: 401},
		{name: "403 empty", answer: always(reply(403, "")), is: ErrForbidden, status: 403},
		{name: "404", answer: always(reply(404, `{"status":{"code":40499,"text":"No handler found for resource"}}`)), is: ErrNotFound, status: 404},
		{name: "409", answer: always(reply(409, "")), is: ErrConflict, status: 409},
		{name: "410", answer: always(reply(410, "")), is: ErrNotFound, status: 410},
		{name: "429 to be left alone for long", answer: always(reply(429, "", "Retry-After", "3600")), is: ErrRateLimited, status: 429},
		{name: "429", answer: always(reply(429, "", "Retry-After", "0")), is: ErrRateLimited, status: 429, repeats: true},
		{name: "502 HTML", answer: always(page(502)), is: ErrUnavailable, status: 502, repeats: true, maybe: true},
		{name: "503", answer: always(reply(503, "", "Retry-After", "0")), is: ErrUnavailable, status: 503, repeats: true, maybe: true},
		{name: "302", answer: always(reply(302, "", "Location", "https://evil.example/")), is: ErrRedirect, status: 302},
		{name: "200 HTML", answer: always(page(200)), is: ErrDecode, status: 200, maybe: true},
		{name: "200 with a failure", answer: always(reply(200, `{"status":{"code":40411,"text":"Requested username 'bad' not found"}}`)), is: ErrNotFound, status: 200},
		{name: "200 empty", answer: always(reply(200, "")), is: ErrDecode, status: 200, reads: true},
		{name: "200 null", answer: always(reply(200, "null")), is: ErrDecode, status: 200, reads: true},
		{name: "200 truncated", answer: func(op operation) httpmock.Responder { return reply(200, truncated(op)) }, is: ErrDecode, status: 200, maybe: true},
		{name: "200 followed by something", answer: func(op operation) httpmock.Responder {
			return reply(200, fixture(t, op.name+".json")+"{}")
		}, is: ErrDecode, status: 200, maybe: true},
		{name: "206", answer: func(op operation) httpmock.Responder { return reply(206, fixture(t, op.name+".json")) }, status: 206, maybe: true},
		{name: "connection lost", answer: always(fails(io.ErrUnexpectedEOF)), is: ErrUnavailable, repeats: true, maybe: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, op := range operations() {
				if test.reads && !op.reads() {
					continue
				}
				w := newWire(test.answer(op))
				got, err := op.call(t.Context(), newTestClient(t, w, op.opts...))
				var failure *Error
				require.ErrorAs(t, err, &failure, op.name)
				if test.is != nil {
					require.ErrorIs(t, err, test.is, op.name)
				}
				want := 1
				if test.repeats && op.route.method != http.MethodPost {
					want = 3
				}
				require.Len(t, w.requests(), want, op.name)
				require.Equal(t, Error{
					Op: op.route.op, Method: op.route.method, Route: op.route.path, Status: test.status,
					Code: failure.Code, Message: failure.Message, RetryAfter: failure.RetryAfter,
					Attempts: want, MaybeApplied: test.maybe && !op.reads(), Excerpt: failure.Excerpt, err: failure.err,
				}, *failure, op.name)
				if got != nil {
					require.Zero(t, nilled(got), "%s returned a value with its error", op.name)
				}
			}
		})
	}
}

func always(r httpmock.Responder) func(operation) httpmock.Responder {
	return func(operation) httpmock.Responder { return r }
}

// nilled sees through an interface that holds a nil pointer.
func nilled(v any) any {
	switch text, err := json.Marshal(v); {
	case err != nil:
		return err
	case string(text) == "null":
		return nil
	default:
		return v
	}
}

// A reader of lists loses nothing to members it does not know.
func TestUnknownMembers(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		body := strings.TrimSpace(fixture(t, op.name+".json"))
		if !strings.HasPrefix(body, "{") || body == "{}" {
			continue
		}
		w := newWire(reply(200, `{"news":{"deep":[1,null]},`+body[1:]))
		got, err := op.call(t.Context(), newTestClient(t, w, op.opts...))
		require.NoError(t, err, op.name)
		kept, err := json.Marshal(got)
		require.NoError(t, err)
		if op.route != allContacts && op.route != getBot { // which return a part of the answer
			assert.Contains(t, string(kept), `"news":{"deep":[1,null]}`, op.name)
		}
	}
}

func TestContextIsHonouredBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, op := range operations() {
		w := newWire(reply(200, "{}"))
		_, err := op.call(ctx, newTestClient(t, w, op.opts...))
		require.ErrorIs(t, err, context.Canceled, op.name)
		require.Empty(t, w.requests(), op.name)
		var failure *Error
		require.ErrorAs(t, err, &failure, op.name)
		require.False(t, failure.MaybeApplied, op.name)
	}
}
