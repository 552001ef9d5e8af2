package skypecontacts

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts/internal/apitest/fuzzloop"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http/httpguts"
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
		"Failure":           {Check: checkFailure, Seeds: bodies},
		"Identifier":        {Check: checkIdentifier, Seeds: append(badIDs(), "joe.4", "8:live:.cid.1f", "+442099887766", "28:concierge", "2:a@b.example")},
		"Name":              {Check: checkName, Seeds: []string{"Joe van Bloggs", " Joe\u00a0 Bloggs\t", "Joe", "", "\u3000"}},
		"Time":              {Check: checkTime, Seeds: []string{"1987-01-02", "2016-01-02T03:04:05.123456789Z", "2016-01-02 03:04:05.123456", "0000-00-00", "2016-02-30T00:00:00+01:00"}},
		"Mood":              {Check: checkMood, Seeds: []string{`A &amp; B <ss type="laugh">:D</ss>`, `<i raw_pre="_">t</i><br>`, "<script>x</script>", "<!-- ", "&#x1F600;"}},
		"RetryAfter":        {Check: checkRetryAfter, Seeds: []string{"0", "60", "1.5", "-1", "1e18", "NaN", "+Inf", "0x10", "Mon, 23 Nov 2026 12:00:30 GMT", " 7 "}},
		"RegistrationToken": {Check: checkRegistrationToken, Seeds: []string{"registrationToken=U2lnbg==; expires=1800000000; endpointId={0a1b}", "registrationToken=; expires=0", "U2lnbg=="}},
		"BaseURL":           {Check: checkBaseURL, Seeds: append(locations, "https://contacts.skype.com/contacts/v2", "http://127.0.0.1:80/x/../y", "https://u:p@h/", "https://h?q#f", "http://[::1]:9", "HTTPS://H.example//")},
		"GatewayMove":       {Check: checkGatewayMove, Seeds: locations},
	}
}

func FuzzFailure(f *testing.F)           { fuzzTargets(f)["Failure"].Fuzz(f) }
func FuzzIdentifier(f *testing.F)        { fuzzTargets(f)["Identifier"].Fuzz(f) }
func FuzzName(f *testing.F)              { fuzzTargets(f)["Name"].Fuzz(f) }
func FuzzTime(f *testing.F)              { fuzzTargets(f)["Time"].Fuzz(f) }
func FuzzMood(f *testing.F)              { fuzzTargets(f)["Mood"].Fuzz(f) }
func FuzzRetryAfter(f *testing.F)        { fuzzTargets(f)["RetryAfter"].Fuzz(f) }
func FuzzRegistrationToken(f *testing.F) { fuzzTargets(f)["RegistrationToken"].Fuzz(f) }
func FuzzBaseURL(f *testing.F)           { fuzzTargets(f)["BaseURL"].Fuzz(f) }
func FuzzGatewayMove(f *testing.F)       { fuzzTargets(f)["GatewayMove"].Fuzz(f) }

// The same targets in a loop.
func TestFuzzLoop(t *testing.T) {
	t.Parallel()
	fuzzloop.Run(t, fuzzTargets(t), *fuzzLoop)
}

// An error body gives a bounded message of valid text, or none.
func checkFailure(tb testing.TB, input []byte) {
	parsed := parseErrorBody(input)
	require.Equal(tb, parsed, parseErrorBody(input))
	for _, text := range []string{parsed.message, string(input)} {
		shown := cutExcerpt(text)
		require.LessOrEqual(tb, len(shown), maxExcerpt)
		require.True(tb, utf8.ValidString(shown))
		require.True(tb, strings.HasPrefix(strings.ToValidUTF8(text, "\uFFFD"), shown))
	}
}

// A valid identifier is exactly one segment of a path, and the server decodes it to
// the same identifier.
func checkIdentifier(tb testing.TB, input []byte) {
	id, err := ParseMRI(string(input))
	if err != nil {
		require.ErrorIs(tb, err, ErrInvalid)
		require.Empty(tb, id)
		if len(input) > 30 {
			require.NotContains(tb, err.Error(), string(input))
		}
		return
	}
	again, err := ParseMRI(string(id))
	require.NoError(tb, err)
	require.Equal(tb, id, again)
	require.True(tb, id.Equal(MRI(input)))
	require.Equal(tb, string(id), string(id.Kind())+":"+id.ID())
	for template, want := range map[string]string{"/users/{mri}/accept": string(id), "/users/{id}/accept": id.ID()} {
		path, err := expandPath(template, []string{string(input)})
		require.NoError(tb, err)
		u, err := url.Parse("https://contacts.skype.com" + path)
		require.NoError(tb, err)
		require.Equal(tb, "contacts.skype.com", u.Host)
		require.Empty(tb, u.RawQuery+u.Fragment)
		require.Equal(tb, "/users/"+want+"/accept", u.Path)
		require.Equal(tb, 3, strings.Count(u.EscapedPath(), "/"))
		require.Equal(tb, u.EscapedPath(), u.JoinPath().EscapedPath(), "path.Clean changes it")
	}
}

// The parts of a name joined are the name, but for its white space.
func checkName(tb testing.TB, input []byte) {
	first, last := SplitName(string(input))
	words := strings.Fields(string(input))
	require.Equal(tb, strings.Join(words, " "), strings.TrimSpace(first+" "+last))
	require.False(tb, strings.ContainsFunc(last, unicode.IsSpace))
	require.Equal(tb, len(words) > 1, last != "")
	n := Name{First: string(input)}
	n.inferLast()
	require.Equal(tb, last != "", n.Inferred)
	again := n
	again.inferLast()
	require.Equal(tb, n, again)
}

// A date is one of the calendar, and dates and times parse to themselves.
func checkTime(tb testing.TB, input []byte) {
	text := string(input)
	if d, err := ParseDate(text); err == nil && text != "" {
		require.True(tb, strings.HasPrefix(text, d.String()))
		day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
		require.Equal(tb, d.String(), day.Format(time.DateOnly), "not a day of the calendar")
		again, err := ParseDate(d.String())
		require.NoError(tb, err)
		require.Equal(tb, d, again)
	} else {
		require.True(tb, d.IsZero())
	}
	if at, err := parseTime(text); err == nil && text != "" {
		require.Equal(tb, time.UTC, at.Location())
		if at.Year() >= 0 && at.Year() <= 9999 {
			again, err := parseTime(at.Format(time.RFC3339Nano))
			require.NoError(tb, err)
			require.True(tb, at.Equal(again))
		}
	} else {
		require.True(tb, at.IsZero())
	}
}

// A mood's plain text is no longer than its markup and is the text itself if
// there is no markup.
func checkMood(tb testing.TB, input []byte) {
	text := string(input)
	plain := plainText(text)
	require.LessOrEqual(tb, len(plain), 3*len(text)) // a NUL becomes U+FFFD
	if !strings.ContainsAny(text, "<&\r\x00") {
		require.Equal(tb, text, plain)
	}
	require.Equal(tb, plainText("<b>"+text), plain, "text without markup takes a shorter path")
}

// A wait is never negative, never overflows, and is never shorter than Retry-After.
func checkRetryAfter(tb testing.TB, input []byte) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	wait := parseRetryAfter([]string{string(input)}, now)
	require.GreaterOrEqual(tb, wait, time.Duration(0))
	require.LessOrEqual(tb, wait, maxRetryAfter)
	require.True(tb, now.Add(wait).Equal(now.Add(wait).UTC()) && !now.Add(wait).Before(now))
	if seconds, err := strconv.ParseInt(strings.TrimSpace(string(input)), 10, 32); err == nil && seconds > 0 {
		require.Equal(tb, time.Duration(seconds)*time.Second, wait)
	}
	if date, err := http.ParseTime(strings.TrimSpace(string(input))); err == nil && date.After(now) && date.Before(now.AddDate(99, 0, 0)) {
		require.Equal(tb, date.Sub(now), wait)
	}
	require.Equal(tb, max(wait, 7*time.Second), parseRetryAfter([]string{"7", string(input)}, now))
}

// A registration token is valid in a header, and parses to itself.
func checkRegistrationToken(tb testing.TB, input []byte) {
	token, ok := parseRegistrationToken(string(input))
	if !ok {
		require.Empty(tb, token.Value())
		require.Equal(tb, string(input), registrationValue(string(input)))
		return
	}
	require.NotEmpty(tb, token.Value())
	require.True(tb, httpguts.ValidHeaderFieldValue(token.Value()))
	require.NotContains(tb, token.Value(), ";")
	require.Equal(tb, token.Value(), registrationValue(string(input)))
	again, ok := parseRegistrationToken("registrationToken=" + token.Value())
	require.True(tb, ok)
	require.Equal(tb, token.Value(), again.Value())
	if !token.Expiry().IsZero() {
		require.True(tb, token.Expiry().Year() >= 1970 && token.Expiry().Year() <= 9999)
	}
}

// A base URL is https, or loopback if that is permitted, and names one host.
func checkBaseURL(tb testing.TB, input []byte) {
	for _, insecure := range []bool{false, true} {
		u, problem := parseBase(string(input), insecure)
		if problem != "" {
			require.Nil(tb, u)
			continue
		}
		require.True(tb, u.Scheme == "https" || insecure && u.Scheme == "http" && isLoopback(u))
		require.Nil(tb, u.User)
		require.Empty(tb, u.RawQuery+u.Fragment+u.Opaque)
		require.NotEmpty(tb, u.Hostname())
		require.Equal(tb, strings.ToLower(u.Host), u.Host)
		require.False(tb, strings.HasSuffix(u.String(), "/"))
		again, problem := parseBase(u.String(), insecure)
		require.Empty(tb, problem)
		require.Equal(tb, u.String(), again.String())
		sent, err := url.Parse(u.String() + "/users/self")
		require.NoError(tb, err)
		require.Equal(tb, u.Host, sent.Host)
		require.Equal(tb, u.Scheme, sent.Scheme)
	}
}

// A move leads to another https host of the gateway's domain, or is rejected.
func checkGatewayMove(tb testing.TB, input []byte) {
	const from = "client-s.gateway.messenger.live.com"
	host := gatewayMove(from, string(input))
	if host == "" {
		return
	}
	require.True(tb, strings.HasSuffix(host, gatewayDomain))
	require.NotEqual(tb, from, host)
	require.Empty(tb, strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-."))
	u, err := url.Parse(string(input))
	require.NoError(tb, err)
	require.Equal(tb, "https", u.Scheme)
	require.Nil(tb, u.User)
	require.Empty(tb, u.Port())
	require.Empty(tb, gatewayMove("evil.example", string(input)))
}
