package skypecontacts

import (
	"encoding/json"
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/apitest/fuzzloop"
	"github.com/stretchr/testify/require"
)

var fuzzLoop = flag.Int("fuzzloop", 2000, "inputs for each target of TestFuzzLoop")

// fuzzTargets are those that need internals. The others are in internal/reliability.
func fuzzTargets(tb testing.TB) map[string]fuzzloop.Target {
	tb.Helper()
	var bodies, locations []string
	files, err := filepath.Glob("testdata/*/*.json")
	require.NoError(tb, err)
	for _, file := range files {
		bodies = append(bodies, fixture(tb, strings.TrimPrefix(filepath.ToSlash(file), "testdata/")))
	}
	require.NoError(tb, json.Unmarshal([]byte(fixture(tb, "foreign_locations.json")), &locations))
	locations = append(locations, "https://db5-client-s.gateway.messenger.live.com/v1/users/ME")
	return map[string]fuzzloop.Target{
		"Do": {Check: checkDo, Seeds: []string{
			"GET|/users/{id}/x|joe.4|q|v", "PUT|/users/{mri}|8:live:.cid.1f", "DELETE|/a/./b|", "POST|//evil.example/|", "GET|/../x|", "GET|/users/{id}|..|a&b|c#d",
			"GET|/x?y#z|", "GET|/users/%2e%2e|", "GET|/{mri}/|+442099887766|\r\nX: 1|\x00", "GET|@evil.example/|", "GET|/a\\b|",
		}},
		"AvatarURL": {Check: checkAvatarURL, Seeds: []string{
			"joe.4|https://avatar.skype.com/v1/avatars/joe.4?auth_key=-2078211408", "8:joe.4|http://avatar.skype.com/v1/avatars/joe.4/public", "joe.4|",
			"live:.cid.1f|https://api.skype.com/users/live%3A.cid.1f/profile/avatar?auth_key=1&cacheHeaders=1", "joe.4|https://pictures.example/base/avatars/JOE.4?size=m",
			"joe.4|https://avatar.skype.com@evil.example/v1/avatars/joe.4?auth_key=1", "joe.4|https://avatar.skype.com/v1/avatars/../x/joe.4?auth_key=1#x",
			"joe.4|https://api.example/api/users/%6aoe.4/profile/avatar?auth_key=%31", "..|https://avatar.skype.com/v1/avatars/..?auth_key=1", "28:joe.4|",
		}},
		"Decoder":           {Check: checkDecoder, Seeds: bodies},
		"Failure":           {Check: checkFailure, Seeds: bodies},
		"Identifier":        {Check: checkIdentifier, Seeds: append(badIDs(), "joe.4", "8:live:.cid.1f", "+442099887766", "28:concierge", "2:a@b.example")},
		"Name":              {Check: checkName, Seeds: []string{"Joe van Bloggs", " Joe\u00a0 Bloggs\t", "Joe", "", "\u3000"}},
		"Time":              {Check: checkTime, Seeds: []string{"1987-01-02", "2016-01-02T03:04:05.123456789Z", "2016-01-02 03:04:05.123456", "0000-00-00", "2016-02-30T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"}},
		"Mood":              {Check: checkMood, Seeds: []string{`A &amp; B <ss type="laugh">:D</ss>`, `<i raw_pre="_">t</i><br>`, "<script>x</script>", "<!-- ", "&#x1F600;"}},
		"RetryAfter":        {Check: checkRetryAfter, Seeds: []string{"0", "60", "1.5", "-1", "1e18", "NaN", "+Inf", "0x10", "Mon, 23 Nov 2026 12:00:30 GMT", " 7 "}},
		"RegistrationToken": {Check: checkRegistrationToken, Seeds: []string{"registrationToken=U2lnbg==; expires=1800000000; endpointId={0a1b}", "registrationToken=; expires=0", "U2lnbg=="}},
		"TokenFile":         {Check: checkTokenFile, Seeds: []string{sampleTokenFile, strings.ReplaceAll(sampleTokenFile, "\n", "\r\n"), sampleTokenFile + "om/v1\n", "fred.2\n"}},
		"CommandOutput":     {Check: checkCommandOutput, Seeds: []string{"abc\n", "abc\n1800000000\n", "abc\r\n2026-11-26T10:00:00.25+02:00\r\n", `{"Version":1}`, "not signed in"}},
		"BaseURL":           {Check: checkBaseURL, Seeds: append(locations, "https://contacts.skype.com/contacts/v2", "http://127.0.0.1:80/x/../y", "https://u:p@h/", "https://h?q#f", "http://[::1]:9", "HTTPS://H.example//")},
		"GatewayMove":       {Check: checkGatewayMove, Seeds: locations},
	}
}

// The same targets in a loop.
func TestFuzzLoop(t *testing.T) {
	t.Parallel()
	fuzzloop.Run(t, fuzzTargets(t), *fuzzLoop)
}
