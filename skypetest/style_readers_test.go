package skypetest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// memberPresence is how a client takes a member that has no value.
type memberPresence int

const (
	memberRequired memberPresence = iota // absent and null are errors
	memberOptional                       // null is an error
	memberNullable                       // null is no error, absent is one
	memberLenient                        // neither is an error
)

// memberRule is what a client demands of a member. In the path a list is followed by
// "[]", and the rule is then for all its elements.
type memberRule struct {
	path     string
	presence memberPresence
	valid    func(any) bool
}

// problem returns what is wrong with a JSON value by the rule, or nothing.
func (r memberRule) problem(value any) string { return r.problemAt(value, strings.Split(r.path, ".")) }

func (r memberRule) problemAt(value any, path []string) string {
	object, ok := value.(map[string]any)
	if !ok {
		return "" // the rule of the object itself says whether it may be missing
	}
	name, elements := strings.CutSuffix(path[0], "[]")
	member, there := object[name]
	if elements {
		list, _ := member.([]any)
		for _, e := range list {
			problem := ""
			if len(path) > 1 {
				problem = r.problemAt(e, path[1:])
			} else if !r.valid(e) {
				problem = fmt.Sprintf("%s has %v", r.path, e)
			}
			if problem != "" {
				return problem
			}
		}
		return ""
	}
	switch {
	case len(path) > 1:
		return r.problemAt(member, path[1:])
	case !there && (r.presence == memberRequired || r.presence == memberNullable):
		return r.path + " is absent"
	case !there:
		return ""
	case member == nil && (r.presence == memberRequired || r.presence == memberOptional):
		return r.path + " is null"
	case member == nil || r.valid(member):
		return ""
	default:
		return fmt.Sprintf("%s is %v", r.path, member)
	}
}

func isAnything(any) bool { return true }
func isText(v any) bool   { _, ok := v.(string); return ok }
func isFlag(v any) bool   { _, ok := v.(bool); return ok }
func isObject(v any) bool { _, ok := v.(map[string]any); return ok }
func isList(v any) bool   { _, ok := v.([]any); return ok }

func isFilledList(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) > 0
}

func isTextOf(values ...string) func(any) bool {
	return func(v any) bool { text, ok := v.(string); return ok && slices.Contains(values, text) }
}

func isTimeOf(layout string) func(any) bool {
	return func(v any) bool {
		text, _ := v.(string)
		_, err := time.Parse(layout, text)
		return err == nil
	}
}

// isGenderCode accepts 1 and 2 as numbers and in strings.
func isGenderCode(v any) bool { return slices.Contains([]any{1., 2., "1", "2"}, v) }

// rulesOf are rules with the same presence and check.
func rulesOf(p memberPresence, valid func(any) bool, paths ...string) (rules []memberRule) {
	for _, path := range paths {
		rules = append(rules, memberRule{path, p, valid})
	}
	return rules
}

// entryReader is how a client reads the entries of one response: by which rules, and
// by which member it tells them apart.
type entryReader struct {
	client   string
	response string
	key      string
	rules    []memberRule
}

// problems returns how many entries a client cannot read, and examples of what is wrong.
func (reader entryReader) problems(entries []map[string]any) (unreadable int, examples []string) {
	keys := map[string]bool{}
	for _, e := range entries {
		keys[strings.ToLower(fmt.Sprint(e[reader.key]))] = true
		for _, rule := range reader.rules {
			if problem := rule.problem(e); problem != "" {
				unreadable++
				if len(examples) < 2 {
					examples = append(examples, fmt.Sprint(problem, " in ", e))
				}
				break
			}
		}
	}
	if len(keys) != len(entries) {
		examples = append(examples, fmt.Sprintf("%d entries have %d keys", len(entries), len(keys)))
	}
	return unreadable, examples
}

// skypeHTTPContacts is by the types of skype-http 0.0.15, in which an optional member
// may be absent but not null.
func skypeHTTPContacts() entryReader {
	return entryReader{"skype-http", "contacts", "mri", slices.Concat(
		rulesOf(memberRequired, isText, "person_id", "mri", "display_name"),
		rulesOf(memberRequired, isTextOf("profile", "user_edits", "identifier"), "display_name_source"),
		rulesOf(memberRequired, isFlag, "authorized", "blocked"),
		rulesOf(memberRequired, isTimeOf(time.RFC3339Nano), "creation_time"),
		rulesOf(memberRequired, isObject, "profile", "profile.name"),
		rulesOf(memberOptional, isText, "auth_certificate", "profile.avatar_url", "profile.birthday", "profile.gender", "profile.mood",
			"profile.about", "profile.website", "profile.language", "profile.name.first", "profile.name.surname",
			"profile.name.nickname", "profile.name.company", "profile.locations[].country", "profile.locations[].city", "profile.locations[].state"),
		rulesOf(memberOptional, isList, "phones", "profile.phones", "profile.locations", "phone_hashes", "agent.capabilities", "agent.info.capabilities"),
		rulesOf(memberRequired, isText, "phones[].type", "phones[].number", "profile.phones[].type", "profile.phones[].number",
			"profile.locations[].type", "agent.type", "agent.trust", "agent.info.type"),
		rulesOf(memberOptional, isObject, "agent", "relationship_history"),
		rulesOf(memberRequired, isObject, "agent.info"),
		rulesOf(memberRequired, isAnything, "agent.info.trusted"),
		rulesOf(memberRequired, isList, "relationship_history.sources"),
		rulesOf(memberOptional, isFlag, "suggested"),
	)}
}

// skypeWebAPIContacts is by what skype-web-api reads without a check, and by its
// types where a value would come out undefined.
func skypeWebAPIContacts() entryReader {
	return entryReader{"skype-web-api", "contacts", "mri", slices.Concat(
		rulesOf(memberRequired, isText, "person_id", "mri", "display_name", "creation_time"),
		rulesOf(memberRequired, isFlag, "authorized"),
		rulesOf(memberRequired, isObject, "profile", "profile.name"),
		rulesOf(memberRequired, isText, "profile.name.first"),
		rulesOf(memberOptional, isTextOf("male", "female"), "profile.gender"),
		rulesOf(memberOptional, isText, "profile.language", "profile.locations[].country"),
		rulesOf(memberOptional, isList, "profile.locations", "profile.phones"),
		rulesOf(memberRequired, isText, "profile.phones[].number"),
		rulesOf(memberRequired, isTextOf("home", "mobile", "office", "other"), "profile.phones[].type"),
		rulesOf(memberOptional, isObject, "relationship_history"),
		rulesOf(memberRequired, isFilledList, "relationship_history.sources"),
		rulesOf(memberRequired, isText, "relationship_history.sources[].type", "relationship_history.sources[].time"),
	)}
}

// skPyContacts raises a KeyError, IndexError or TypeError for anything else.
func skPyContacts() entryReader {
	return entryReader{"SkPy", "contacts", "mri", slices.Concat(
		rulesOf(memberRequired, isText, "mri"),
		rulesOf(memberOptional, isObject, "profile"),
		rulesOf(memberLenient, isObject, "profile.name"),
		rulesOf(memberLenient, isText, "profile.name.first", "profile.name.surname", "profile.language", "profile.birthday", "profile.locations[].country"),
		rulesOf(memberOptional, isFilledList, "profile.locations"),
		rulesOf(memberOptional, isList, "phones", "profile.phones"),
		rulesOf(memberRequired, isAnything, "phones[].type", "phones[].number"),
		rulesOf(memberNullable, isAnything, "profile.phones[].type", "profile.phones[].number"),
	)}
}

// styleReaders are the clients that can read a style, with every entry.
var styleReaders = map[skypetest.Style][]entryReader{
	skypetest.StyleDocumented: {skPyContacts(), javaSkypeContacts, anyBatch, anyOwnProfile},
	skypetest.StyleWeb2018: {
		skypeHTTPContacts(), skypeWebAPIContacts(), skPyContacts(), javaSkypeContacts, officialContacts,
		{"go-skypeapi", "contacts", "person_id", rulesOf(memberRequired, isText, "person_id")},
		{"Miranda", "contacts", "person_id", rulesOf(memberRequired, isText, "person_id")},
		{"skype-http", "invites", "mri", slices.Concat(
			rulesOf(memberRequired, isText, "mri", "displayname", "avatar_url", "invites[].message"),
			rulesOf(memberRequired, isFilledList, "invites"),
			rulesOf(memberRequired, isTimeOf(time.RFC3339Nano), "invites[].time"),
		)},
		{"SkPy", "invites", "mri", slices.Concat(
			rulesOf(memberRequired, isText, "mri"), rulesOf(memberOptional, isList, "invites"),
			rulesOf(memberRequired, isTimeOf("2006-01-02T15:04:05Z"), "invites[].time"),
		)},
		{"skype-http", "own profiles", "username", slices.Concat(
			rulesOf(memberRequired, isText, "username", "firstname"),
			rulesOf(memberNullable, isText, "lastname", "avatarUrl"),
			rulesOf(memberNullable, isAnything, "birthday", "gender", "language", "country", "province", "city", "homepage", "about",
				"jobtitle", "phoneMobile", "phoneHome", "phoneOffice", "mood", "richMood"),
			rulesOf(memberRequired, isList, "emails"),
		)},
		{"skype-http", "batch of the api host", "username", slices.Concat(
			rulesOf(memberRequired, isText, "username"), rulesOf(memberRequired, isList, "emails"),
			rulesOf(memberNullable, isText, "firstname", "lastname", "country", "city", "avatarUrl", "displayname", "mood"),
			rulesOf(memberNullable, isGenderCode, "gender"),
		)},
		{"skype-web-api", "batch of the profile host", "username", slices.Concat(
			rulesOf(memberRequired, isText, "username"), rulesOf(memberRequired, isList, "emails"),
			rulesOf(memberNullable, isText, "about", "avatarUrl", "birthday", "city", "country", "firstname", "lastname", "homepage",
				"jobtitle", "language", "mood", "phoneHome", "phoneMobile", "phoneOffice", "province", "richMood"),
			rulesOf(memberNullable, isGenderCode, "gender"), rulesOf(memberOptional, isText, "namespace"),
		)},
		anyBatch, anyOwnProfile,
	},
	skypetest.StyleTeams2025: {
		skPyContacts(),
		{"Miranda", "contacts", "person_id", slices.Concat(
			rulesOf(memberRequired, isText, "person_id"),
			rulesOf(memberLenient, isText, "display_name", "profile.website", "profile.birthday", "profile.mood", "profile.avatar_url"),
			rulesOf(memberLenient, isTextOf("male", "female"), "profile.gender"),
			rulesOf(memberLenient, isFlag, "authorized", "blocked"),
			rulesOf(memberRequired, isTextOf("mobile", "phone"), "profile.phones[].type"),
		)},
		{"Miranda", "invites", "mri", rulesOf(memberRequired, isText, "mri", "greeting", "displayname", "invites[].time")},
		{"purple-teams", "invites", "mri", slices.Concat(
			rulesOf(memberRequired, isText, "mri", "greeting", "displayname"), rulesOf(memberRequired, isFilledList, "invites"),
			rulesOf(memberRequired, isTimeOf(time.RFC3339Nano), "invites[].time"),
		)},
		{"purple-teams", "batch of the api host", "username", slices.Concat(
			rulesOf(memberRequired, isText, "username"), rulesOf(memberLenient, isText, "firstname", "lastname", "mood"),
			rulesOf(memberLenient, isGenderCode, "gender"),
		)},
		anyBatch, anyOwnProfile,
	},
	skypetest.StyleEverything: {anyBatch},
}

var (
	// javaSkypeContacts is of contacts v1; the whole list fails for one entry.
	javaSkypeContacts = entryReader{"JavaSkype", "people of contacts v1", "id", slices.Concat(
		rulesOf(memberRequired, isText, "type", "id"), rulesOf(memberRequired, isObject, "name"), rulesOf(memberOptional, isList, "locations"),
	)}
	officialContacts = entryReader{"official client", "contacts", "mri", slices.Concat(
		rulesOf(memberRequired, isText, "mri", "display_name"), rulesOf(memberRequired, isFlag, "authorized"),
		rulesOf(memberRequired, isTextOf("home", "office", "mobile", "other"), "phones[].type", "profile.phones[].type"),
	)}
	// anyBatch and anyOwnProfile are what every client needs.
	anyBatch = entryReader{"any", "batch of the api host", "username", slices.Concat(
		rulesOf(memberRequired, isText, "username"), rulesOf(memberLenient, isText, "firstname", "lastname", "displayname", "city", "country", "avatarUrl"),
	)}
	anyOwnProfile = entryReader{"any", "own profiles", "username", slices.Concat(
		rulesOf(memberRequired, isText, "username"), rulesOf(memberRequired, isList, "emails"), rulesOf(memberNullable, isText, "firstname", "lastname"),
	)}
)

// styleResponses reads every response that the readers want, by its name.
func styleResponses(t *testing.T, srv *skypetest.Server, data skypetest.Data) map[string][]map[string]any {
	own := data.Accounts[0].SkypeToken
	respond := func(method, path, body, token string) string {
		req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		req.Header.Set("X-Skypetoken", token)
		recorder := httptest.NewRecorder()
		skypetest.ServeHTTP(srv, recorder, req)
		require.Equal(t, http.StatusOK, recorder.Code)
		return recorder.Body.String()
	}
	entries := func(body, member string) (list []map[string]any) {
		raw := json.RawMessage(body)
		if member != "" {
			var lists map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(body), &lists))
			raw = lists[member]
		}
		require.NoError(t, json.Unmarshal(raw, &list))
		return list
	}
	names := make([]string, 0, len(data.Accounts))
	ownProfiles := make([]string, 0, len(data.Accounts))
	for i, a := range data.Accounts {
		names = append(names, a.MRI.ID())
		token := own
		if i > 0 {
			token = fmt.Sprintf("skype-token-%d", i+1)
		}
		if i%5 > 0 {
			continue // a fifth of the own profiles is enough
		}
		ownProfiles = append(ownProfiles, respond(http.MethodGet, "/api/users/self/profile", "", token))
	}
	batch, err := json.Marshal(map[string]any{"usernames": names})
	require.NoError(t, err)
	people := "/contacts/v1/users/self/contacts?$filter=" + url.QueryEscape("type eq 'skype'")
	return map[string][]map[string]any{
		"contacts":                  entries(respond(http.MethodGet, "/contacts/v2/users/self", "", own), "contacts"),
		"people of contacts v1":     entries(respond(http.MethodGet, people, "", own), "contacts"),
		"invites":                   entries(respond(http.MethodGet, "/contacts/v2/users/self/invites", "", own), "invite_list"),
		"own profiles":              entries("["+strings.Join(ownProfiles, ",")+"]", ""),
		"batch of the api host":     entries(respond(http.MethodPost, "/api/users/batch/profiles", string(batch), own), ""),
		"batch of the profile host": entries(respond(http.MethodPost, "/profile/v1/batch/profiles", string(batch), own), ""),
	}
}

// Strict clients read every entry of the styles that are of their time.
func TestStrictReaders(t *testing.T) {
	t.Parallel()
	for _, style := range skypetest.Styles() {
		for seed := range uint64(4) {
			t.Run(fmt.Sprint(style, seed), func(t *testing.T) {
				t.Parallel()
				data := skypetest.Generate(200, seed)
				srv := skypetest.NewServer(skypetest.WithData(data), skypetest.WithStyle(style))
				t.Cleanup(srv.Close)
				responses := styleResponses(t, srv, data)
				require.Len(t, responses["contacts"], 200)
				require.Len(t, responses["invites"], 10)
				for _, reader := range styleReaders[style] {
					entries := responses[reader.response]
					require.NotEmpty(t, entries)
					unreadable, examples := reader.problems(entries)
					assert.Zero(t, unreadable, "%s, %s", reader.client, reader.response)
					assert.Empty(t, examples, "%s, %s", reader.client, reader.response)
				}
				for name, entries := range responses {
					text := fmt.Sprint(entries) // has <nil> for the JSON value
					assert.False(t, strings.Contains(text, ":null ") || strings.Contains(text, ":null]"), name)
				}
				if style == skypetest.StyleDocumented || style == skypetest.StyleEverything {
					unreadable, _ := skypeHTTPContacts().problems(responses["contacts"])
					assert.Greater(t, unreadable, 150)
				}
			})
		}
	}
}

// The SDK reads every entry of every style.
func TestStylesAreReadable(t *testing.T) {
	t.Parallel()
	for _, style := range skypetest.Styles() {
		t.Run(string(style), func(t *testing.T) {
			t.Parallel()
			data := skypetest.Generate(200, 3)
			srv := skypetest.NewServer(skypetest.WithData(data), skypetest.WithStyle(style))
			defer srv.Close()
			ctx, client := t.Context(), srv.Client(skypecontacts.WithDialect(skypecontacts.DialectCurrent))
			roster, err := client.GetRoster(ctx)
			require.NoError(t, err)
			assert.Len(t, roster.Contacts, 200)
			assert.Empty(t, roster.Skipped)
			old, err := client.LegacyListContacts(ctx)
			require.NoError(t, err)
			assert.Len(t, old.Contacts, 200)
			assert.Empty(t, old.Skipped)
			phones := map[skypecontacts.MRI]int{}
			for _, a := range data.Accounts {
				phones[a.MRI] = len(a.Profile.Phones)
			}
			for _, c := range roster.Contacts {
				if style != skypetest.StyleEverything && c.MRI.Kind() == skypecontacts.KindSkype {
					assert.Len(t, c.Profile.Phones, phones[c.MRI])
				}
			}
			invites, err := client.ListInvites(ctx)
			require.NoError(t, err)
			assert.Len(t, invites.Invites, 10)
			assert.Empty(t, invites.Skipped)
			requests, err := client.LegacyListAuthRequests(ctx)
			require.NoError(t, err)
			assert.NotEmpty(t, requests.Requests)
			assert.Empty(t, requests.Skipped)
			bots, err := client.ListBots(ctx)
			require.NoError(t, err)
			assert.Len(t, bots.Bots, len(data.Bots))
			assert.Empty(t, bots.Skipped)
			people := make([]skypecontacts.MRI, 0, len(data.Accounts))
			for _, a := range data.Accounts {
				people = append(people, a.MRI)
			}
			for _, c := range []*skypecontacts.Client{client, srv.Client()} {
				list, err := c.GetPublicProfiles(ctx, people...)
				require.NoError(t, err)
				assert.Len(t, list.Profiles, len(people))
				assert.Empty(t, list.Missing)
				assert.Empty(t, list.Skipped)
			}
			found, err := client.SearchDirectory(ctx, "person")
			require.NoError(t, err)
			assert.Len(t, found.Entries, 50)
			assert.Empty(t, found.Skipped)
		})
	}
}
