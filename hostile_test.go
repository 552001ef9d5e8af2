package skypecontacts

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// within is a bound on time. It is exact when the figures are asked for, on a
// machine with nothing else to do; otherwise it allows for a busy one, and for the
// race detector.
func within(d time.Duration) time.Duration {
	switch {
	case raceEnabled:
		return 20 * d
	case *printFigures:
		return d
	default:
		return 5 * d
	}
}

// answers is a transport without any bookkeeping, for tests that make many calls.
func answers(body string) roundTripper {
	return func(req *http.Request) (*http.Response, error) { return reply(http.StatusOK, body)(req) }
}

// cost runs f and says how long it took and how much it allocated.
func cost(f func()) (took time.Duration, allocated uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := time.Now()
	f()
	took = time.Since(started)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

// bomb is 256 MiB of one filler over and over, a thousand to one as gzip.
func bomb(t *testing.T, filler string) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.WriteString(z, strings.Repeat(filler, 1<<20/len(filler)))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return bytes.Repeat(packed.Bytes(), 256)
}

// A few bytes that unpack to 256 MiB cost little, for every way of reading.
func TestGzipBomb(t *testing.T) { //nolint:paralleltest // measures memory
	for _, status := range []int{200, 404, 500} {
		for _, filler := range []string{" ", "[", "x", `{"contacts":[],`} {
			packed := bomb(t, filler)
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Encoding", "gzip")
				rw.Header().Set("Content-Type", "application/json")
				rw.WriteHeader(status)
				_, _ = rw.Write(packed)
			}))
			c := newServerClient(t, server, WithRetry(Retry{MaxAttempts: 1}))
			for name, call := range map[string]func() error{
				"list":    func() error { _, err := c.ListContacts(t.Context()); return err },
				"roster":  func() error { _, err := c.GetRoster(t.Context()); return err },
				"profile": func() error { _, err := c.GetOwnProfile(t.Context()); return err },
				"change":  func() error { return block(c) },
				"stream": func() error {
					for _, err := range c.AllContacts(t.Context()) {
						return err
					}
					return nil
				},
			} {
				var err error
				took, allocated := cost(func() { err = call() })
				require.Error(t, err, name)
				if status == 200 {
					require.True(t, errors.Is(err, ErrTooLarge) || errors.Is(err, ErrDecode), "%s: %v", name, err)
				}
				require.Less(t, allocated, uint64(40<<20), name)
				if name == "list" && status == 200 && filler == " " {
					require.ErrorIs(t, err, ErrTooLarge)
					measured.set("gzip bomb of 256 MiB: MiB allocated", allocated>>20, "40")
					measured.set("gzip bomb of 256 MiB: milliseconds", took.Milliseconds(), "100")
				}
			}
			c.CloseIdleConnections()
			server.Close()
		}
	}
}

// newServerClient calls a server of this test for every service.
func newServerClient(t *testing.T, server *httptest.Server, opts ...Option) *Client {
	t.Helper()
	at := server.URL
	c, err := New(StaticToken(testToken), append([]Option{
		WithEndpoints(Endpoints{at + "/c2", at + "/c1", at + "/api", at + "/profile", at + "/directory", at + "/bots", at + "/gateway"}),
		WithInsecureLoopback(), WithRegistrationToken(StaticToken(testRegistrationToken)),
		WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20}),
	}, opts...)...)
	require.NoError(t, err)
	return c
}

// Bodies of up to 16 MiB made to cost time or memory out of all proportion.
func TestHostileShapes(t *testing.T) { //nolint:paralleltest // measures memory
	numbered := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	list := func(entries string) string { return `{"scope":"full","contacts":[` + entries + `{"mri":"8:joe.4"}]}` }
	inEntry := func(members string) string { return list(`{"mri":"8:anna.7",` + members + `},`) }
	tests := []struct {
		name, body string
		is         error
		took       time.Duration
		allocated  uint64 // in MiB
	}{
		{"8 million brackets", strings.Repeat("[", 8_000_000), ErrDecode, 50 * time.Millisecond, 40},
		{"8 million brackets in a list", `{"contacts":` + strings.Repeat("[", 8_000_000), ErrDecode, 50 * time.Millisecond, 40},
		{"8 million brackets in an entry", `{"contacts":[{"x":` + strings.Repeat("[", 8_000_000), ErrDecode, 50 * time.Millisecond, 40},
		{"8 million brackets in an unknown member", `{"x":` + strings.Repeat("[", 8_000_000), ErrDecode, 50 * time.Millisecond, 40},
		{"objects in objects", strings.Repeat(`{"a":`, 2_000_000), ErrDecode, 50 * time.Millisecond, 60},
		{"10,000 levels", inEntry(`"x":` + strings.Repeat("[", 9990) + strings.Repeat("]", 9990)), nil, 50 * time.Millisecond, 10},
		{"names without end", "{" + numbered(400_000, `"%x":0,`) + `"z":0}`, ErrDecode, time.Second, 60},
		{"names without end in an entry", inEntry(numbered(400_000, `"%x":0,`) + `"z":0`), nil, time.Second, 60},
		{"two-byte entries", list(strings.Repeat("0,", 8_000_000)), ErrTooLarge, time.Second, 100},
		{"different two-byte entries", list(numbered(300_000, "%d,")), ErrTooLarge, time.Second, 150},
		{"one contact a million times", list(strings.Repeat(`{"mri":"8:a"},`, 1_000_000)), ErrTooLarge, 2 * time.Second, 600},
		{"telephone numbers", inEntry(`"phones":[` + numbered(200_000, `{"number":"%d"},`) + `{}]`), nil, 2 * time.Second, 400},
		{"telephone numbers twice", inEntry(`"profile":{"phones":[` + numbered(100_000, `{"number":"%d"},`) + `{}]},"phones":[` + numbered(100_000, `{"number":"%d"},`) + `{}]`), nil, 2 * time.Second, 400},
		{"empty places", inEntry(`"profile":{"locations":[` + strings.Repeat("{},", 1_000_000) + `{}]}`), nil, 5 * time.Second, 3000},
		{"places with something unknown", inEntry(`"profile":{"locations":[` + strings.Repeat(`{"a":0},`, 100_000) + `{}]}`), nil, 5 * time.Second, 500},
		{"a long name", inEntry(`"display_name":"` + strings.Repeat("a", 15_000_000) + `"`), nil, time.Second, 150},
		{"a long escaped name", inEntry(`"display_name":"` + strings.Repeat(`\u0041`, 2_500_000) + `"`), nil, time.Second, 150},
		{"a long number", `{"count":` + strings.Repeat("9", 15_000_000) + `,"contacts":[]}`, nil, time.Second, 150},
		{"tags", inEntry(`"profile":{"mood":"` + strings.Repeat("<a ", 5_000_000) + `"}`), nil, 2 * time.Second, 300},
		{"angle brackets", inEntry(`"profile":{"mood":"` + strings.Repeat("<", 15_000_000) + `"}`), nil, 2 * time.Second, 300},
		{"comments", inEntry(`"profile":{"mood":"` + strings.Repeat("<!--", 3_500_000) + `"}`), nil, 2 * time.Second, 300},
		{"scripts", inEntry(`"profile":{"mood":"` + strings.Repeat("<script>", 1_900_000) + `"}`), nil, 2 * time.Second, 300},
		{"ampersands", inEntry(`"profile":{"mood":"` + strings.Repeat("&", 15_000_000) + `"}`), nil, 2 * time.Second, 300},
	}
	for _, test := range tests {
		if raceEnabled && test.took > 50*time.Millisecond {
			continue
		}
		c := newTestClient(t, answers(test.body))
		for name, call := range map[string]func() error{
			"ListContacts": func() error { _, err := c.ListContacts(t.Context()); return err },
			"GetRoster":    func() error { _, err := c.GetRoster(t.Context()); return err },
		} {
			var err error
			took, allocated := cost(func() { err = call() })
			name = test.name + ", " + name
			require.ErrorIs(t, err, test.is, name)
			require.Less(t, took, within(test.took), name)
			assert.Less(t, allocated>>20, 2*test.allocated, name)
			if strings.HasPrefix(test.name, "8 million") {
				measured.set(test.name+", "+name[strings.LastIndex(name, " ")+1:]+": milliseconds", took.Milliseconds(), "50")
			}
		}
	}
}

// What does not fit into a depth of 64 costs its entry, or the answer if it is
// in none.
func TestDepth(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }
	for levels, kept := range map[int]bool{1: true, 50: true, 60: true, 65: false, 10_000 - 10: false} {
		c := newTestClient(t, answers(`{"contacts":[{"mri":"8:anna.7","x":`+nested(levels)+`},{"mri":"8:joe.4"}]}`))
		got, err := c.ListContacts(t.Context())
		require.NoError(t, err, levels)
		require.Equal(t, MRI("8:joe.4"), got.Contacts[len(got.Contacts)-1].MRI, levels)
		require.Equal(t, kept, len(got.Skipped) == 0, levels)
		require.Equal(t, 2, len(got.Contacts)+len(got.Skipped), levels)

		_, err = newTestClient(t, answers(`{"contacts":[],"x":`+nested(levels)+`}`)).ListContacts(t.Context())
		require.Equal(t, kept, err == nil, levels)
	}
}

// golden is an answer with the operation that asks for it.
type golden struct {
	name, body string
	op         operation
}

// goldens are all fixtures, each with the operation whose name begins it.
func goldens(t *testing.T) (all []golden) {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.json")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.ToSlash(file), ".json")[len("testdata/"):]
		if strings.Contains(name, "_request") && !strings.Contains(name, "auth_request") {
			continue // not an answer
		}
		var best operation
		var found []operation
		for _, op := range operations() {
			switch {
			case !strings.HasPrefix(name, op.name) || len(op.name) < len(best.name):
			case len(op.name) > len(best.name):
				best, found = op, []operation{op}
			default:
				found = append(found, op)
			}
		}
		for _, op := range found {
			all = append(all, golden{name, fixture(t, name+".json"), op})
		}
	}
	require.Greater(t, len(all), 70)
	return all
}

// all is the result of a call, of the stream with what it skipped.
func (g golden) all(ctx context.Context, c *Client) (any, error) {
	if g.op.route != allContacts {
		return g.op.call(ctx, c)
	}
	var list ContactList
	for contact, err := range c.AllContacts(ctx) {
		var skipped SkippedItem
		switch {
		case errors.As(err, &skipped):
			list.Skipped = append(list.Skipped, skipped)
		case err != nil:
			return (*ContactList)(nil), err
		default:
			list.Contacts = append(list.Contacts, *contact)
		}
	}
	return &list, nil
}

// Every answer cut off after every byte fails, and gives nothing.
func TestTruncation(t *testing.T) {
	t.Parallel()
	cuts, accepted, filled := 0, 0, 0
	for _, g := range goldens(t) {
		var body string
		c := newTestClient(t, roundTripper(func(req *http.Request) (*http.Response, error) { return reply(200, body)(req) }), g.op.opts...)
		step := 1
		if raceEnabled {
			step = 16
		}
		for cut := 0; cut < len(g.body); cut += step {
			body = g.body[:cut]
			if cut == 0 && !g.op.reads() {
				continue
			}
			cuts++
			got, err := g.all(t.Context(), c)
			switch {
			case err == nil:
				accepted++
				t.Errorf("%s is accepted after %d bytes", g.name, cut)
			case !errors.Is(err, ErrDecode):
				t.Errorf("%s after %d bytes: %v", g.name, cut, err)
			}
			if got != nil && !reflect.ValueOf(got).IsZero() {
				filled++
				t.Errorf("%s after %d bytes gives %v", g.name, cut, got)
			}
		}
	}
	measured.set(fmt.Sprintf("truncated answers accepted, of %d", cuts), accepted, "0")
	measured.set(fmt.Sprintf("truncated answers partly filled in, of %d", cuts), filled, "0")
}

// Around a good answer there may be white space and one byte order mark.
func TestSurroundings(t *testing.T) {
	t.Parallel()
	const mark = "\uFEFF"
	for _, g := range goldens(t) {
		for _, ok := range []string{mark + g.body, g.body + "\r\n\t ", " \n" + g.body} {
			_, err := g.all(t.Context(), newTestClient(t, answers(ok), g.op.opts...))
			if !errors.Is(err, ErrNotFound) { // which is what get_bot_unknown means
				require.NoError(t, err, g.name)
			}
		}
		for _, bad := range []string{
			mark + mark + g.body, "x" + g.body, "," + g.body, "{}" + g.body, "\x00" + g.body, "//\n" + g.body, "\xFF\xFE" + g.body,
			g.body + "x", g.body + g.body, g.body + "null", g.body + "]", g.body + "}", g.body + ",", g.body + "\x00", g.body + " 0", g.body + mark,
			g.body + "\n<!-- served by a proxy -->", "<p>" + g.body,
		} {
			got, err := g.all(t.Context(), newTestClient(t, answers(bad), g.op.opts...))
			require.ErrorIs(t, err, ErrDecode, "%s: %.20q", g.name, bad)
			if got != nil {
				require.Zero(t, got, g.name)
			}
		}
	}
}

// Of two members of the same name neither is preferred, and names that look the
// same to a lenient reader are others.
func TestDuplicateNames(t *testing.T) {
	t.Parallel()
	list := func(body string) (*ContactList, error) {
		return newTestClient(t, answers(body)).ListContacts(t.Context())
	}
	for _, body := range []string{
		`{"contacts":[],"contacts":[{"mri":"8:joe.4"}]}`, `{"contacts":[],"\u0063ontacts":[]}`,
		`{"contacts":[],"x":1,"x":1}`, `{"scope":"full","contacts":[],"scope":"delta"}`,
	} {
		_, err := list(body)
		require.ErrorIs(t, err, ErrDecode, body)
	}
	for _, entry := range []string{
		`{"mri":"8:anna.7","mri":"8:joe.4"}`, `{"mri":"8:anna.7","blocked":true,"blocked":false}`,
		`{"mri":"8:anna.7","\u006dri":"8:joe.4"}`, `{"mri":"8:anna.7","profile":{"about":"a","about":"b"}}`,
		`{"mri":"8:anna.7","profile":{"name":{"first":"a","first":"b"}}}`, `{"mri":"8:anna.7","x":1,"x":2}`,
	} {
		got, err := list(`{"contacts":[{"mri":"8:fred.2"},` + entry + `,{"mri":"8:daisy.5"}]}`)
		require.NoError(t, err, entry)
		require.Equal(t, []Contact{{MRI: "8:fred.2"}, {MRI: "8:daisy.5"}}, got.Contacts, entry)
		require.Len(t, got.Skipped, 1, entry)
		require.Equal(t, 1, got.Skipped[0].Index)
		require.Equal(t, entry, string(got.Skipped[0].Raw))
		require.ErrorIs(t, got.Skipped[0], ErrDecode)
	}
	got, err := list(`{"contacts":[{"mri":"8:anna.7","MRI":"8:joe.4","Bloc` + "\u212a" + `ed":true,"bloc` + "\u212a" + `ed":true}]}`)
	require.NoError(t, err)
	require.Equal(t, []Contact{{MRI: "8:anna.7", Extra: Extra{
		"MRI": raw(`"8:joe.4"`), "Bloc\u212aed": raw("true"), "bloc\u212aed": raw("true"),
	}}}, got.Contacts)
}

// Text that is not UTF-8 is mended, since a list must not be lost to one mood
// line that was cut in the middle of an emoji.
func TestInvalidText(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]string{
		"a\xffb": "a\uFFFDb", "a\xc3": "a\uFFFD", `a\ud83db`: "a\uFFFDb", `a\ud83d\ude00b`: "a\U0001F600b",
		`\udead\ubeef`: "\uFFFD\ubeef", `a\u0000b`: "a\x00b", "a\xed\xa0\x80b": "a\uFFFD\uFFFD\uFFFDb",
	} {
		got, err := newTestClient(t, answers(`{"contacts":[{"mri":"8:joe.4","display_name":"`+wire+`"},{"mri":"8:anna.7"}]}`)).ListContacts(t.Context())
		require.NoError(t, err, wire)
		require.Equal(t, []Contact{{MRI: "8:joe.4", DisplayName: want}, {MRI: "8:anna.7"}}, got.Contacts)
		require.Empty(t, got.Skipped)
	}
	for _, body := range []string{"{\"contacts\":[{\"mri\":\"8:joe.4\n\"}]}", `{"contacts":[{"mri":"\x"}]}`, "\xff", `{"contacts":[{"mri":"\u12"}]}`} {
		_, err := newTestClient(t, answers(body)).ListContacts(t.Context())
		require.ErrorIs(t, err, ErrDecode, body)
	}
}

// mutants are all documents that differ from the given one in a single value.
// Each visit gets the document, the path of the value and what stands there now.
func mutants(t *testing.T, document string, replacements []any, visit func(mutant string, path []any, replacement any)) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	var root any
	require.NoError(t, decoder.Decode(&root))
	var walk func(path []any, value any, put func(any))
	try := func(path []any, original any, put func(any)) {
		for _, replacement := range replacements {
			put(replacement)
			text, err := json.Marshal(root)
			require.NoError(t, err)
			visit(string(text), path, replacement)
		}
		put(original)
	}
	walk = func(path []any, value any, put func(any)) {
		try(path, value, put)
		switch v := value.(type) {
		case map[string]any:
			for name, member := range v {
				walk(append(slices.Clip(path), name), member, func(other any) { v[name] = other })
			}
		case []any:
			for i, element := range v {
				walk(append(slices.Clip(path), i), element, func(other any) { v[i] = other })
			}
		}
	}
	walk(nil, root, func(other any) { root = other })
}

// entryCount is how many entries a result gives an account of, read or skipped,
// or -1 if it is no list.
func entryCount(result any) int {
	value := reflect.Indirect(reflect.ValueOf(result))
	if value.Kind() != reflect.Struct || !value.FieldByName("Skipped").IsValid() {
		return -1
	}
	n := 0
	for _, field := range value.Fields() {
		if field.Kind() == reflect.Slice {
			n += field.Len()
		}
	}
	return n
}

// Every value of every answer replaced by every other kind of JSON: nothing
// panics, no neighbour is lost, and what was put there is either in the result,
// in Extra or Skipped as well, or the whole answer is refused.
func TestWrongTypes(t *testing.T) {
	t.Parallel()
	const canary = "7737373"
	replacements := []any{
		nil, true, false, json.Number("0"), json.Number("-1.5"), json.Number("1e400"), json.Number(canary),
		"", "null", "0", canary,
		map[string]any{},
		map[string]any{"k": canary},
		[]any{},
		[]any{canary},
		[]any{nil, json.Number(canary)},
	}
	var tried, refused, lost, vanished int
	for _, g := range goldens(t) {
		if !g.op.reads() || raceEnabled && g.name != g.op.name {
			continue
		}
		var body string
		c := newTestClient(t, roundTripper(func(req *http.Request) (*http.Response, error) { return reply(200, body)(req) }), g.op.opts...)
		// An entry that says it is gone is no neighbour.
		g.body = strings.ReplaceAll(g.body, `"deleted": true`, `"deleted": false`)
		body = g.body
		whole, err := g.all(t.Context(), c)
		if err != nil {
			continue // get_bot_unknown
		}
		before := entryCount(whole)
		mutants(t, g.body, replacements, func(mutant string, path []any, replacement any) {
			tried++
			body = mutant
			got, err := g.all(t.Context(), c)
			name := fmt.Sprintf("%s %s: %v is %v", g.op.route.op, g.name, path, replacement)
			if err != nil {
				refused++
				if !errors.Is(err, ErrDecode) && g.op.route != getBot {
					t.Errorf("%s: %v", name, err)
				}
				return
			}
			inEntry := slices.ContainsFunc(path, func(step any) bool { _, isIndex := step.(int); return isIndex })
			removed := len(path) > 0 && path[len(path)-1] == "deleted"
			if before >= 0 && inEntry && !removed && entryCount(got) < before {
				lost++
				t.Errorf("%s: %d entries of %d", name, entryCount(got), before)
			}
			text, _ := json.Marshal(got)
			shown, _ := json.Marshal(replacement)
			if strings.Contains(string(shown), canary) && !strings.Contains(string(text), canary) && !unkept(g.op.route, path) {
				vanished++
				t.Errorf("%s: it is nowhere in %s", name, text)
			}
		})
	}
	measured.set(fmt.Sprintf("wrong types: neighbours lost, of %d replacements", tried), lost, "0")
	measured.set(fmt.Sprintf("wrong types: values that vanish, of %d replacements", tried), vanished, "0")
	require.Greater(t, tried, refused)
}

// unkept are the values that a result has no room for.
func unkept(r *route, path []any) bool {
	at := fmt.Sprint(path)
	switch r {
	case allContacts: // yields contacts, and drops what stands beside their list
		return !strings.HasPrefix(at, "[contacts")
	case getRoster, refreshRoster:
		return at == "[count]"
	case searchDirectory, searchDirectoryCurrent:
		return at == "[requestId]"
	case legacySearchDirectory: // the second card about somebody
		return strings.Contains(at, "Lync DisplayName")
	case listContacts: // of a number that the profile has already
		return strings.HasSuffix(at, "phones 1 type]")
	case getBot: // one entry of the list
		return true
	}
	return false
}
