package skypecontacts

import (
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the files below testdata/decoded anew")

// Every variant seen on the wire, next to what it is read as. The files below
// testdata/decoded are to be read by a person when they change.
func TestVariants(t *testing.T) {
	t.Parallel()
	batch := func(ids ...MRI) func(context.Context, *Client) (any, error) {
		return returns(func(c *Client, ctx context.Context) (*ProfileList, error) { return c.GetPublicProfiles(ctx, ids...) })
	}
	search := returns(func(c *Client, ctx context.Context) (*DirectoryResults, error) { return c.SearchDirectory(ctx, "joe") })
	legacySearch := returns(func(c *Client, ctx context.Context) (*DirectoryResults, error) {
		return c.LegacySearchDirectory(ctx, "joe")
	})
	refreshed := func(c *Client, ctx context.Context) (*Roster, error) {
		return c.RefreshRoster(ctx, &Roster{
			Contacts: []Contact{joe(), anna(), daisy(), concierge()},
			Blocked:  []BlockedUser{{MRI: "8:anna.7"}}, Groups: sampleGroups(), ETag: "known",
		})
	}
	tests := []struct {
		file string
		call func(context.Context, *Client) (any, error)
	}{
		{"contacts/list_contacts_variants", returns((*Client).ListContacts)},
		{"contacts/list_contacts_broken_entries", returns((*Client).ListContacts)},
		{"contacts/list_contacts_unknown_members", returns((*Client).ListContacts)},
		{"contacts/list_contacts_delta", returns((*Client).ListContacts)},
		{"contacts/list_contacts_empty", returns((*Client).ListContacts)},
		{"contacts/list_contacts_missing", returns((*Client).ListContacts)},
		{"contacts/list_contacts_null", returns((*Client).ListContacts)},
		{"contacts/list_blocked_variants", returns((*Client).ListBlocked)},
		{"contacts/list_blocked_empty", returns((*Client).ListBlocked)},
		{"contacts/list_blocked_missing", returns((*Client).ListBlocked)},
		{"contacts/list_blocked_null", returns((*Client).ListBlocked)},
		{"contacts/list_groups_variants", returns((*Client).ListGroups)},
		{"contacts/list_groups_empty", returns((*Client).ListGroups)},
		{"contacts/list_groups_missing", returns((*Client).ListGroups)},
		{"contacts/list_groups_null", returns((*Client).ListGroups)},
		{"contacts/list_invites_variants", returns((*Client).ListInvites)},
		{"contacts/list_invites_empty", returns((*Client).ListInvites)},
		{"contacts/list_invites_missing", returns((*Client).ListInvites)},
		{"contacts/list_invites_null", returns((*Client).ListInvites)},
		{"contacts/get_roster_variants", returns((*Client).GetRoster)},
		{"contacts/get_roster_delta", returns(refreshed)},
		{"contacts/get_roster_delta_empty", returns(refreshed)},
		{"contacts/get_roster_missing", returns((*Client).GetRoster)},
		{"contacts/get_roster_null", returns((*Client).GetRoster)},
		{"profile/get_own_profile_variants", returns((*Client).GetOwnProfile)},
		{"profile/get_own_profile_nulls", returns((*Client).GetOwnProfile)},
		{"profile/get_own_profile_current", returns((*Client).GetOwnProfile)},
		{"profile/get_public_profiles_variants", batch("anna.7", "joe.4", "daisy.5", "fred.2", "nobody.1", "nobody.2")},
		{"profile/get_public_profiles_empty", batch("anna.7")},
		{"profile/batch_profiles_missing", batch("joe.4", "bad", "worse")},
		{"profile/batch_profiles_failed_entry", batch("joe.4", "anna.7")},
		{"profile/batch_profiles_unasked", batch("joe.4")},
		{"directory/search_directory_variants", search},
		{"directory/search_directory_empty", search},
		{"directory/search_directory_missing", search},
		{"directory/search_directory_null", search},
		{"bots/list_bots_variants", returns((*Client).ListBots)},
		{"bots/list_bots_missing", returns((*Client).ListBots)},
		{"bots/list_bots_null", returns((*Client).ListBots)},
		{"legacy/list_contacts_variants", returns((*Client).LegacyListContacts)},
		{"legacy/list_contacts_empty", returns((*Client).LegacyListContacts)},
		{"legacy/list_auth_requests_variants", returns((*Client).LegacyListAuthRequests)},
		{"legacy/list_auth_requests_empty", returns((*Client).LegacyListAuthRequests)},
		{"legacy/search_directory_variants", legacySearch},
		{"legacy/search_directory_empty", legacySearch},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			got, err := test.call(t.Context(), newTestClient(t, newWire(reply(200, fixture(t, test.file+".json")))))
			require.NoError(t, err)
			text, err := json.MarshalIndent(got, "", "  ")
			require.NoError(t, err)
			golden := filepath.Join("testdata", "decoded", filepath.FromSlash(test.file)+".json")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
				require.NoError(t, os.WriteFile(golden, append(text, '\n'), 0o644))
			}
			require.Equal(t, fixture(t, strings.TrimPrefix(filepath.ToSlash(golden), "testdata/")), string(text))
		})
	}
}

// Every fixture is there because a test reads it.
func TestFixturesAreUsed(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		tests.Write(text)
	}
	for _, pattern := range []string{"testdata/*/*.json", "testdata/*/*.html"} {
		fixtures, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, fixtures)
		for _, name := range fixtures {
			name = strings.TrimSuffix(filepath.Base(name), ".json")
			assert.Regexp(t, `[/"]`+regexp.QuoteMeta(name)+`(\.json)?"`, tests.String(), name)
		}
	}
}

// The header each service is given, and that no other token header goes along.
func TestAuthStyles(t *testing.T) {
	t.Parallel()
	teams := map[string]string{
		"Authentication": "skypetoken=" + testToken, "Ms-Ic3-Product": "tfl",
		"Ms-Ic3-Additional-Product": "Sfl", "X-Ms-Client-Consumer-Type": "teams4life",
	}
	skype := map[string]string{"X-Skypetoken": testToken}
	gateway := map[string]string{"Registrationtoken": "registrationToken=" + testRegistrationToken}
	for _, op := range operations() {
		for _, style := range []AuthStyle{AuthSkypeToken, AuthTeams} {
			want := skype
			switch s := op.route.service; {
			case s == messengerService:
				want = gateway
			case style == AuthTeams && (s == contactsService || s == contactsV1Service):
				want = teams
			}
			sent := make(chan http.Header, 1)
			w := newWire(func(req *http.Request) (*http.Response, error) {
				sent <- req.Header
				return reply(200, fixture(t, op.name+".json"))(req)
			})
			_, err := op.call(t.Context(), newTestClient(t, w, append(op.opts, WithAuthStyle(style))...))
			require.NoError(t, err, op.name)
			got, header := map[string]string{}, <-sent
			for _, name := range []string{
				"X-Skypetoken", "Authentication", "Registrationtoken", "Authorization", "Cookie", "Lockandkey",
				"Ms-Ic3-Product", "Ms-Ic3-Additional-Product", "X-Ms-Client-Consumer-Type",
			} {
				if value := header.Get(name); value != "" {
					got[name] = value
				}
			}
			require.Equal(t, want, got, op.name)
		}
	}
}
