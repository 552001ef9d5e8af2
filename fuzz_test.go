package skypecontacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

// fuzzTarget checks what must hold for any input at all.
type fuzzTarget struct {
	check func(tb testing.TB, input []byte)
	seeds []string
}

func fuzzTargets(tb testing.TB) map[string]fuzzTarget {
	tb.Helper()
	var answers, deltas, bodies []string
	files, err := filepath.Glob("testdata/*/*.json")
	require.NoError(tb, err)
	for i, op := range fuzzOperations() {
		answers = append(answers, string(byte(i))+fixture(tb, op.name+".json"))
	}
	for _, file := range files {
		body := fixture(tb, strings.TrimPrefix(filepath.ToSlash(file), "testdata/"))
		bodies = append(bodies, body)
		if strings.Contains(file, "contacts") {
			deltas = append(deltas, `{"contacts":[{"mri":"8:joe.4"}]}`+"\n\n"+body, body+"\n\n"+body)
		}
	}
	moves := []string{gatewayDB5 + "/v1/users/ME"}
	return map[string]fuzzTarget{
		"Answer":            {checkAnswer, answers},
		"Failure":           {checkFailure, bodies},
		"Roster":            {checkRoster, deltas},
		"Stream":            {checkStream, bodies},
		"Identifier":        {checkIdentifier, append(badIDs(), "joe.4", "8:live:.cid.1f", "+442099887766", "28:concierge", "2:a@b.example")},
		"Name":              {checkName, []string{"Joe van Bloggs", " Joe\u00a0 Bloggs\t", "Joe", "", "\u3000"}},
		"Time":              {checkTime, []string{"1987-01-02", "2016-01-02T03:04:05.123456789Z", "2016-01-02 03:04:05.123456", "0000-00-00", "2016-02-30T00:00:00+01:00"}},
		"Mood":              {checkMood, []string{`A &amp; B <ss type="laugh">:D</ss>`, `<i raw_pre="_">t</i><br>`, "<script>x</script>", "<!-- ", "&#x1F600;"}},
		"RetryAfter":        {checkRetryAfter, []string{"0", "60", "1.5", "-1", "1e18", "NaN", "+Inf", "0x10", "Mon, 23 Nov 2026 12:00:30 GMT", " 7 "}},
		"RegistrationToken": {checkRegistrationToken, []string{"registrationToken=U2lnbg==; expires=1800000000; endpointId={0a1b}", "registrationToken=; expires=0", "U2lnbg=="}},
		"BaseURL":           {checkBaseURL, append(moves, "https://contacts.skype.com/contacts/v2", "http://127.0.0.1:80/x/../y", "https://u:p@h/", "https://h?q#f", "http://[::1]:9", "HTTPS://H.example//")},
		"GatewayMove":       {checkGatewayMove, append(moves, lookAlikes...)},
	}
}

func FuzzAnswer(f *testing.F) { fuzz(f, "Answer") }

func FuzzRoster(f *testing.F) { fuzz(f, "Roster") }

func FuzzStream(f *testing.F) { fuzz(f, "Stream") }

func fuzz(f *testing.F, name string) {
	f.Helper()
	target := fuzzTargets(f)[name]
	for _, seed := range target.seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) { target.check(t, input) })
}

var fuzzLoop = flag.Int("fuzzloop", 0, "inputs for each target of TestFuzzLoop; 0 for a number that suits a normal run")

// The same targets in a loop within the process: without the engine's coverage,
// but at many times its speed, so that every run of the tests tries thousands.
func TestFuzzLoop(t *testing.T) {
	t.Parallel()
	inputs := *fuzzLoop
	if inputs == 0 {
		inputs = 2000
	}
	for name, target := range fuzzTargets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			random := rand.New(rand.NewPCG(uint64(inputs), uint64(len(name))))
			var input []byte
			defer func() {
				if p := recover(); p != nil || t.Failed() {
					t.Errorf("panic %v, with %q", p, input)
				}
			}()
			for range inputs {
				input = mutate(random, target.seeds)
				target.check(t, input)
			}
			t.Logf("%d inputs in %v", inputs, time.Since(began).Round(time.Millisecond))
		})
	}
	measured.set("fuzz: inputs to each of 12 targets without a broken invariant", inputs, "")
}

// mutate makes an input from one of the seeds, or from the halves of two.
func mutate(random *rand.Rand, seeds []string) []byte {
	pick := func() []byte { return []byte(seeds[random.IntN(len(seeds))]) }
	input := pick()
	if random.IntN(10) == 0 {
		other := pick()
		input = append(input[:random.IntN(len(input)+1)], other[random.IntN(len(other)+1):]...)
	}
	tokens := []string{
		"null", "true", "{", "}", "[", "]", `"`, ":", ",", `\`, `\u0000`, `\ud800`, "0", "-1", "1e999", "\xff", "\x00", "\u202e",
		"\u00a0", "<", ">", "&", "&#0;", "%2e", "..", "/", "@", "#", "?", ";", "=", " ", "\r\n", "https://", ".live.com", "8:", "+", "T", "Z",
		`"mri":"8:x",`, `"deleted":true,`, `"status":{"code":40400},`, "[[[[[[[[[[[[[[[[", "}]", "\uFEFF",
	}
	for range 1 + random.IntN(4) {
		at := random.IntN(len(input) + 1)
		upTo := min(len(input), at+random.IntN(8))
		switch random.IntN(5) {
		case 0: // a bit
			if at < len(input) {
				input[at] ^= 1 << random.IntN(8)
			}
		case 1: // a few bytes less
			input = append(input[:at], input[upTo:]...)
		case 2: // a few bytes twice
			input = append(input[:upTo:upTo], input[at:]...)
		case 3: // a token more
			input = append(input[:at:at], append([]byte(tokens[random.IntN(len(tokens))]), input[at:]...)...)
		case 4: // a token instead
			input = append(input[:at:at], append([]byte(tokens[random.IntN(len(tokens))]), input[upTo:]...)...)
		}
	}
	return input
}

// fuzzOperations are all that read an answer whole.
func fuzzOperations() (reading []operation) {
	for _, op := range operations() {
		if op.route != allContacts {
			reading = append(reading, op)
		}
	}
	return reading
}

func fuzzClient(tb testing.TB, body []byte, opts ...Option) *Client {
	tb.Helper()
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{}, Request: req,
			ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
		}, nil
	})
	c, err := New(StaticToken(testToken), append([]Option{
		WithHTTPClient(&http.Client{Transport: transport}), WithRegistrationToken(StaticToken(testRegistrationToken)),
	}, opts...)...)
	require.NoError(tb, err)
	return c
}

// What is accepted is one JSON document, is read the same each time, and can be
// stored and loaded without loss; what is not gives nothing and says nothing of it.
func checkAnswer(tb testing.TB, input []byte) {
	if len(input) == 0 {
		return
	}
	ops := fuzzOperations()
	op, body := ops[int(input[0])%len(ops)], input[1:]
	c := fuzzClient(tb, body, op.opts...)
	got, err := op.call(context.Background(), c)
	if err != nil {
		var failure *Error
		require.ErrorAs(tb, err, &failure)
		require.Equal(tb, 1, failure.Attempts)
		require.True(tb, got == nil || reflect.ValueOf(got).IsZero(), "a failure gives nothing")
		require.True(tb, failure.Code != 0 || failure.Message != "" || errors.Is(err, ErrDecode) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrNotFound), err)
		return
	}
	text := bytes.TrimPrefix(body, byteOrderMark)
	require.True(tb, json.Valid(text) || !op.reads() && len(bytes.TrimSpace(body)) == 0, "accepted, and is no JSON")
	if !op.reads() {
		return
	}
	checkStorable(tb, got)
	again, err := op.call(context.Background(), c)
	require.NoError(tb, err)
	require.Equal(tb, got, again)
	checkIdentified(tb, reflect.ValueOf(got))
}

// checkStorable writes a value as JSON and reads it back.
func checkStorable(tb testing.TB, value any) {
	stored, err := json.Marshal(value)
	require.NoError(tb, err)
	loaded := reflect.New(reflect.TypeOf(value).Elem())
	require.NoError(tb, json.Unmarshal(stored, loaded.Interface()))
	anew, err := json.Marshal(loaded.Interface())
	require.NoError(tb, err)
	require.Equal(tb, string(stored), string(anew))
}

// checkIdentified goes through a result: every entry has an identifier with a prefix.
func checkIdentified(tb testing.TB, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			checkIdentified(tb, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			switch entry := v.Index(i).Addr().Interface().(type) {
			case *Contact:
				require.Positive(tb, prefixLen(string(entry.MRI)))
				require.NotEmpty(tb, entry.FullName()+entry.MRI.ID()+"x")
			case *BlockedUser:
				require.Positive(tb, prefixLen(string(entry.MRI)))
			case *Invite:
				require.Positive(tb, prefixLen(string(entry.From)))
			case *AuthRequest:
				require.Positive(tb, prefixLen(string(entry.From)))
			case *DirectoryEntry:
				require.Positive(tb, prefixLen(string(entry.Profile.MRI)))
			case *Bot:
				require.NotEmpty(tb, entry.ID)
			case *SkippedItem:
				require.ErrorIs(tb, entry.Err, ErrDecode)
				require.True(tb, json.Valid(entry.Raw))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				checkIdentified(tb, v.Field(i))
			}
		}
	}
}

// An update leaves the old roster as it was and has nobody twice. The input is two
// answers with an empty line between.
func checkRoster(tb testing.TB, input []byte) {
	first, second, _ := bytes.Cut(input, []byte("\n\n"))
	prev, err := fuzzClient(tb, first).GetRoster(context.Background())
	if err != nil {
		return
	}
	checkStorable(tb, prev)
	before, err := json.Marshal(prev)
	require.NoError(tb, err)
	next, err := fuzzClient(tb, second).RefreshRoster(context.Background(), prev)
	after, jsonErr := json.Marshal(prev)
	require.NoError(tb, jsonErr)
	require.Equal(tb, string(before), string(after), "the old roster has changed")
	if err != nil {
		require.Nil(tb, next)
		return
	}
	checkStorable(tb, next)
	checkIdentified(tb, reflect.ValueOf(next))
	seen := map[string]bool{}
	for i := range next.Contacts {
		key := next.Contacts[i].MRI.key()
		require.False(tb, seen[key], "a contact is there twice")
		seen[key] = true
	}
	// The same update once more changes nothing.
	same, err := fuzzClient(tb, second).RefreshRoster(context.Background(), next)
	require.NoError(tb, err)
	require.Len(tb, same.Contacts, len(next.Contacts))
	require.Len(tb, same.Blocked, len(next.Blocked))
	require.Len(tb, same.Groups, len(next.Groups))
}

// The stream yields what the list has, each contact once, however the body arrives.
func checkStream(tb testing.TB, input []byte) {
	type item struct{ contact, skipped string }
	collect := func(body io.Reader) (items []item, failed bool) {
		for contact, err := range ReadContacts(body) {
			var skipped SkippedItem
			switch {
			case errors.As(err, &skipped):
				items = append(items, item{skipped: fmt.Sprint(skipped.Index) + string(skipped.Raw)})
			case err != nil:
				require.True(tb, errors.Is(err, ErrDecode) || errors.Is(err, ErrTooLarge))
				failed = true
			default:
				text, err := json.Marshal(contact)
				require.NoError(tb, err)
				items = append(items, item{contact: string(text)})
			}
		}
		return items, failed
	}
	whole, failed := collect(bytes.NewReader(input))
	bytewise, failedToo := collect(iotest.HalfReader(bytes.NewReader(input)))
	require.Equal(tb, whole, bytewise)
	require.Equal(tb, failed, failedToo)

	list, err := fuzzClient(tb, input).ListContacts(context.Background())
	if err != nil || failed {
		return
	}
	seen, contacts := map[string]bool{}, 0
	for i := range list.Contacts {
		if key := list.Contacts[i].MRI.key(); !seen[key] {
			seen[key] = true
			contacts++
		}
	}
	streamed := 0
	for _, it := range whole {
		if it.contact != "" {
			streamed++
		}
	}
	require.GreaterOrEqual(tb, streamed, contacts, "the stream lacks a contact")
}
