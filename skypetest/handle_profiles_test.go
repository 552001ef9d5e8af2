package skypetest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProfileErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no names", "POST", "/api/users/self/contacts/profiles", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
	})
}

// The service knows people by the name without prefix: nothing else stands for
// one, and costs the others nothing.
func TestProfilesByBareName(t *testing.T) {
	t.Parallel()
	invalid := []string{
		"28:joe.4", "8:joe.4", "4:+442099887766", "+442099887766", "19:abc@thread.skype", "2:joe.4", "48:notes",
		"", "joe.4@example.com", "joe 4", "joe/4", "jo\u00eb.4", "28:\u212aate",
	}
	for _, base := range []string{"/api/users/batch/profiles", "/profile/v1/batch/profiles", "/api/users/self/contacts/profiles"} {
		old := strings.HasSuffix(base, "contacts/profiles")
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(base, strict), func(t *testing.T) {
				t.Parallel()
				var opts []skypetest.Option
				if strict {
					opts = append(opts, skypetest.WithStrictBatches())
				}
				srv := skypetest.NewServer(opts...)
				t.Cleanup(srv.Close)
				for _, name := range invalid {
					list, err := json.Marshal([]string{"JOE.4", name, "nobody"})
					require.NoError(t, err)
					resp := send(t, http.MethodPost, srv.URL+base, fmt.Sprintf(`{"usernames":%s,"contacts":%[1]s}`, list),
						map[string]string{"X-Skypetoken": "sample-skype-token-1"})
					if strict && !old {
						assert.Equal(t, http.StatusBadRequest, resp.status)
						assert.JSONEq(t, `{"status":{"code":40002,"text":"invalid username"}}`, resp.body)
						continue
					}
					require.Equal(t, http.StatusOK, resp.status)
					var entries []map[string]any
					require.NoError(t, json.Unmarshal([]byte(resp.body), &entries))
					require.Len(t, entries, 3)
					assert.Equal(t, "joe.4", entries[0]["username"])
					want := []map[string]any{{"username": name}, {"username": "nobody"}}
					if !old {
						want[0]["status"] = map[string]any{"code": 40000., "text": "invalid username"}
						want[1]["status"] = map[string]any{"code": 40411., "text": "Requested username 'nobody' not found"}
					}
					assert.Equal(t, want, entries[1:], name)
				}
			})
		}
	}
	checkErrors(t, []errorCase{
		{"own profile by identifier", "GET", "/api/users/8:fred.2/profile", "sample-skype-token-1", "", 403, `{"status":{"code":40300,"text":"User 'fred.2' is not authorized to request resource of user '8:fred.2'"}}`},
		{"bot of the own name", "GET", "/profile/v1/users/28:fred.2/profile", "sample-skype-token-1", "", 403, `{"status":{"code":40300,"text":"User 'fred.2' is not authorized to request resource of user '28:fred.2'"}}`},
	})
}

// A valid batch is not refused.
func TestStrictBatches(t *testing.T) {
	t.Parallel()
	data := skypetest.Generate(1000, 1)
	srv := skypetest.NewServer(skypetest.WithData(data), skypetest.WithStrictBatches())
	defer srv.Close()
	names := make([]string, 0, len(data.Accounts))
	for _, a := range data.Accounts {
		names = append(names, a.MRI.ID())
	}
	list, err := json.Marshal(names)
	require.NoError(t, err)
	resp := send(t, http.MethodPost, srv.URL+"/profile/v1/batch/profiles", fmt.Sprintf(`{"usernames":%s}`, list),
		map[string]string{"X-Skypetoken": data.Accounts[0].SkypeToken})
	require.Equal(t, http.StatusOK, resp.status)
	assert.NotContains(t, resp.body, `"status"`)
}

// Another account's profile lacks what only its owner may read.
func TestPublicProfiles(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	own, err := srv.Client().GetOwnProfile(t.Context())
	require.NoError(t, err)
	list, err := srv.ClientFor("joe.4").GetPublicProfiles(t.Context(), "fred.2", "unknown", "8:JOE.4")
	require.NoError(t, err)
	assert.Equal(t, []skypecontacts.MRI{"8:unknown"}, list.Missing)
	require.Len(t, list.Profiles, 2)
	assert.Equal(t, own.Name.First, list.Profiles[0].Name.First)
	assert.NotEmpty(t, own.Emails)
	assert.Empty(t, list.Profiles[0].Emails)
}

// Names come as JSON or as a form, in every spelling of a list, with any type.
func TestProfileLists(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	for path, member := range map[string]string{
		"/api/users/batch/profiles": "usernames", "/profile/v1/batch/profiles": "usernames",
		"/api/users/self/contacts/profiles": "contacts", "/contacts/v1/users/self/contacts/profiles": "contacts",
	} {
		for body, want := range map[string][]string{
			`{"*":["joe.4","anna.7"]}`:            {"joe.4", "anna.7"},
			"{\n\"*\":[\"joe.4\"],\"other\":1}\n": {"joe.4"},
			"*%5B0%5D=joe.4":                      {"joe.4"}, // skype-http
			"*[0]=joe.4&*[1]=anna.7":              {"joe.4", "anna.7"},
			"*%5B7%5D=anna.7&*%5b2%5d=joe.4":      {"joe.4", "anna.7"},
			"*[10]=anna.7&*[9]=joe.4":             {"joe.4", "anna.7"},
			"*[]=joe.4&*[]=anna.7":                {"joe.4", "anna.7"},
			"&*%5B%5D=joe.4&*%5B%5D=anna.7":       {"joe.4", "anna.7"}, // skype4pidgin
			"*=joe.4&*=anna.7":                    {"joe.4", "anna.7"},
			"locale=en&*[]=JOE%2E4":               {"joe.4"},
		} {
			for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded; charset=UTF-8", ""} {
				header := map[string]string{"X-Skypetoken": "sample-skype-token-1"}
				if contentType != "" {
					header["Content-Type"] = contentType
				}
				resp := send(t, http.MethodPost, srv.URL+path, strings.ReplaceAll(body, "*", member), header)
				require.Equal(t, http.StatusOK, resp.status, resp.body)
				var list []struct{ Username, Firstname string }
				require.NoError(t, json.Unmarshal([]byte(resp.body), &list))
				names := []string{}
				for _, p := range list {
					assert.NotEmpty(t, p.Firstname)
					names = append(names, p.Username)
				}
				assert.Equal(t, want, names, "%s %s", path, body)
			}
		}
	}
	for _, r := range srv.Requests() {
		assert.Equal(t, "GetPublicProfiles", r.Operation)
	}
}

// Everybody may read the public profile, which has not all members of the own one.
func TestPublicProfile(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	for path, name := range map[string]string{"JOE.4": "joe.4", "fred.2": "fred.2", "self": "fred.2", "daisy.5": "daisy.5"} {
		resp := get(t, srv, "/api/users/"+path+"/profile/public?clientVersion=0/7.12.0.101/")
		require.Equal(t, http.StatusOK, resp.status)
		batch := send(t, http.MethodPost, srv.URL+"/api/users/batch/profiles", "usernames="+name, map[string]string{"X-Skypetoken": "sample-skype-token-1"})
		assert.JSONEq(t, batch.body, "["+resp.body+"]")
	}
	checkErrors(t, []errorCase{
		{"unknown", "GET", "/api/users/unknown/profile/public", "sample-skype-token-1", "", 404, `{"status":{"code":40411,"text":"Requested username 'unknown' not found"}}`},
		{"bot", "GET", "/api/users/28:concierge/profile/public", "sample-skype-token-1", "", 404, `{"status":{"code":40411,"text":"Requested username '28:concierge' not found"}}`},
	})
}
