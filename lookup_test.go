package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asked returns the names in a batch request.
func asked(t *testing.T, req *http.Request) []string {
	text, err := io.ReadAll(req.Body)
	assert.NoError(t, err)
	form, err := url.ParseQuery(string(text))
	assert.NoError(t, err)
	return form["contacts[]"]
}

// batchReply returns a batch with an entry for each account, made by the function.
func batchReply(names []string, entry func(name string) string) httpmock.Responder {
	var entries []string
	for _, name := range slices.Backward(names) { // the service keeps no order
		entries = append(entries, entry(name))
	}
	return reply(http.StatusOK, "["+strings.Join(entries, ",")+"]")
}

func found(name string) string { return fmt.Sprintf(`{"username":%q,"firstname":%[1]q}`, name) }

// looked is a result as it is compared: what was found and whether the error is
// the one that is expected.
type looked struct {
	MRI  MRI
	Name string
	Err  error
}

func lookedUp(t *testing.T, results func(func(LookupResult) bool), sentinels ...error) (got []looked) {
	t.Helper()
	for result := range results {
		l := looked{MRI: result.MRI}
		if result.Profile != nil {
			l.Name = result.Profile.Name.First
		}
		if result.Err != nil {
			assert.Nil(t, result.Profile)
			var described *Error
			assert.ErrorAs(t, result.Err, &described)
			l.Err = result.Err
			for _, sentinel := range sentinels {
				if errors.Is(result.Err, sentinel) {
					l.Err = sentinel
				}
			}
		}
		got = append(got, l)
	}
	return got
}

// lookupEntry returns the entry of an account; ghost, blank and failed have no profile.
func lookupEntry(name string) string {
	switch name {
	case "ghost":
		return `{"username":"ghost","status":{"code":40411,"text":"not found"}}`
	case "blank":
		return `{"username":"blank"}`
	case "failed":
		return `{"username":"failed","status":{"code":50000,"text":"failed"}}`
	}
	return found(name)
}

func TestLookupProfiles(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var batches [][]string
	w := newWire(func(req *http.Request) (*http.Response, error) {
		names := asked(t, req)
		mu.Lock()
		batches = append(batches, names)
		mu.Unlock()
		if slices.Contains(names, "trouble") {
			return reply(http.StatusInternalServerError, "")(req)
		}
		return batchReply(names, lookupEntry)(req)
	})
	ids := []MRI{
		"8:anna.7", "joe.4", "8:Anna.7", "", // a chunk with one account twice and an invalid identifier
		"ghost", "blank", "failed", "daisy.5",
		"fred.2", "trouble", "8:anna.7", "a/b", // fails as a whole
		"..", "a b", "\xff", "8:", // only invalid identifiers: not sent
		"28:concierge",
	}
	var progress []int
	got := lookedUp(t, newTestClient(t, w).LookupProfiles(t.Context(), ids, LookupOptions{
		ChunkSize: 4,
		Progress: func(done, total int) {
			assert.Equal(t, len(ids), total)
			progress = append(progress, done)
		},
	}), ErrInvalid, ErrNotFound, ErrUnavailable, ErrDecode)
	assert.Equal(t, []looked{
		{"8:anna.7", "anna.7", nil},
		{"joe.4", "joe.4", nil},
		{"8:Anna.7", "anna.7", nil},
		{"", "", ErrInvalid},
		{"ghost", "", ErrNotFound},
		{"blank", "", ErrNotFound},
		{"failed", "", ErrDecode},
		{"daisy.5", "daisy.5", nil},
		{"fred.2", "", ErrUnavailable},
		{"trouble", "", ErrUnavailable},
		{"8:anna.7", "", ErrUnavailable},
		{"a/b", "", ErrInvalid},
		{"..", "", ErrInvalid},
		{"a b", "", ErrInvalid},
		{"\xff", "", ErrInvalid},
		{"8:", "", ErrInvalid},
		{"28:concierge", "", ErrInvalid},
	}, got)
	assert.Equal(t, []int{4, 8, 12, 16, 17}, progress)
	assert.ElementsMatch(t, [][]string{
		{"anna.7", "joe.4"}, {"ghost", "blank", "failed", "daisy.5"}, {"fred.2", "trouble", "anna.7"}, {"fred.2", "trouble", "anna.7"}, {"fred.2", "trouble", "anna.7"},
	}, batches)
}

func TestLookupProfilesCurrent(t *testing.T) {
	t.Parallel()
	w := newWire(reply(http.StatusOK, `{"profiles":{
		"28:joe.4":{"profile":{"firstname":"bot"}},"8:JOE.4":{"profile":{"firstname":"person"}},"8:fred.2":7,"8:nobody.1":null}}`))
	ids := []MRI{"joe.4", "28:joe.4", "+442079460999", "a/b", "8:fred.2", "8:nobody.1", "8:Joe.4"}
	got := lookedUp(t, newTestClient(t, w, WithDialect(DialectCurrent)).LookupProfiles(t.Context(), ids, LookupOptions{}), ErrInvalid, ErrNotFound, ErrDecode)
	assert.Equal(t, []looked{
		{"joe.4", "person", nil},
		{"28:joe.4", "", ErrInvalid},
		{"+442079460999", "", ErrInvalid},
		{"a/b", "", ErrInvalid},
		{"8:fred.2", "", ErrDecode},
		{"8:nobody.1", "", ErrNotFound},
		{"8:Joe.4", "person", nil},
	}, got)
	require.Len(t, w.requests(), 1)
	assert.Contains(t, w.requests()[0], "POST https://people.skype.com/v2/profiles\n")
	assert.Contains(t, w.requests()[0], "\n\n"+`{"mris":["8:joe.4","8:fred.2","8:nobody.1"],"locale":"en-US"}`)
}

// A failure of the people service says of nobody that they do not exist.
func TestLookupProfilesFailureText(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"status":{"text":"Requested username not found"}}`, `{"profiles":{},"status":{"text":"invalid username"}}`, `{}`, `{"count":0}`, `{"profiles":null}`} {
		w := newWire(reply(http.StatusOK, body))
		c := newTestClient(t, w, WithDialect(DialectCurrent))
		for result := range c.LookupProfiles(t.Context(), []MRI{"8:joe.4", "8:anna.7"}, LookupOptions{}) {
			assert.ErrorIs(t, result.Err, ErrDecode, body)
			assert.NotErrorIs(t, result.Err, ErrNotFound, body)
		}
		require.Len(t, w.requests(), 1)
	}
}

func TestLookupProfilesChunks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		ids      int
		opts     LookupOptions
		requests int
		most     int64 // at once
	}{
		{"none", 0, LookupOptions{}, 0, 0},
		{"one", 1, LookupOptions{}, 1, 1},
		{"as many as a chunk holds", 100, LookupOptions{}, 1, 1},
		{"one more", 101, LookupOptions{}, 2, 2},
		{"by default", 1_000, LookupOptions{}, 10, 4},
		{"one by one", 7, LookupOptions{ChunkSize: 1, Concurrency: 1}, 7, 1},
		{"all at once", 7, LookupOptions{ChunkSize: 1, Concurrency: 100}, 7, 7},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var now, most atomic.Int64
			w := newWire(func(req *http.Request) (*http.Response, error) {
				defer now.Add(-1)
				for n, m := now.Add(1), most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				time.Sleep(5 * time.Millisecond)
				return batchReply(asked(t, req), found)(req)
			})
			ids := generatedIDs(test.ids)
			var want []looked
			for _, id := range ids {
				want = append(want, looked{MRI: id, Name: id.ID()})
			}
			assert.Equal(t, want, lookedUp(t, newTestClient(t, w).LookupProfiles(t.Context(), ids, test.opts)))
			assert.Len(t, w.requests(), test.requests)
			assert.LessOrEqual(t, most.Load(), test.most)
		})
	}
}

func TestLookupProfilesOptions(t *testing.T) {
	t.Parallel()
	for _, opts := range []LookupOptions{{ChunkSize: -1}, {Concurrency: -1}} {
		w := newWire(reply(http.StatusOK, "[]"))
		results := newTestClient(t, w).LookupProfiles(t.Context(), []MRI{"8:a", "8:b"}, opts)
		assert.Equal(t, []looked{{MRI: "8:a", Err: ErrInvalid}, {MRI: "8:b", Err: ErrInvalid}}, lookedUp(t, results, ErrInvalid))
		for range results {
			break
		}
		assert.Empty(t, w.requests())
	}
}

// Leaving the loop cancels the requests that are running, sends no more, and waits
// until all have ended.
func TestLookupProfilesLeftEarly(t *testing.T) {
	t.Parallel()
	leave := map[string]func(cancel context.CancelFunc) bool{
		"by break":  func(context.CancelFunc) bool { return false },
		"by panic":  func(context.CancelFunc) bool { panic("mine") },
		"by cancel": func(cancel context.CancelFunc) bool { cancel(); return true },
	}
	for name, leave := range leave {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var running atomic.Int64
			w := newWire(func(req *http.Request) (*http.Response, error) {
				names := asked(t, req)
				if names[0] == "person.0" {
					return batchReply(names, found)(req)
				}
				running.Add(1)
				defer running.Add(-1)
				<-req.Context().Done()
				return nil, req.Context().Err()
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var got []LookupResult
			loop := func() {
				for result := range newTestClient(t, w).LookupProfiles(ctx, generatedIDs(1_000), LookupOptions{ChunkSize: 10}) {
					if got = append(got, result); len(got) == 10 && !leave(cancel) {
						break
					}
				}
			}
			if name == "by panic" {
				assert.PanicsWithValue(t, "mine", loop)
			} else {
				loop()
			}
			// A mock transport returns before its responder does.
			assert.Eventually(t, func() bool { return running.Load() == 0 }, 10*time.Second, time.Millisecond)
			assert.LessOrEqual(t, len(w.requests()), 5)
			for i, result := range got {
				if i < 10 {
					assert.NoError(t, result.Err)
				} else {
					assert.ErrorIs(t, result.Err, context.Canceled)
				}
			}
			if name == "by cancel" {
				assert.Len(t, got, 1_000)
			}
		})
	}
}

func TestLookupProfilesLimiter(t *testing.T) {
	t.Parallel()
	var asks atomic.Int64
	w := newWire(func(req *http.Request) (*http.Response, error) { return batchReply(asked(t, req), found)(req) })
	limited := errors.New("no more today")
	c := newTestClient(t, w, WithLimiter(limiterFunc(func(context.Context) error {
		if asks.Add(1) > 3 {
			return limited
		}
		return nil
	})))
	var failed int
	for result := range c.LookupProfiles(t.Context(), generatedIDs(50), LookupOptions{ChunkSize: 10, Concurrency: 1}) {
		if result.Err != nil {
			assert.ErrorIs(t, result.Err, limited)
			failed++
		}
	}
	assert.Equal(t, 20, failed)
	assert.EqualValues(t, 5, asks.Load())
	assert.Len(t, w.requests(), 3)
}

// A batch that is cut off affects no accounts of other batches.
func TestLookupProfilesCutOffChunk(t *testing.T) {
	t.Parallel()
	w := newWire(func(req *http.Request) (*http.Response, error) {
		names := asked(t, req)
		if names[0] == "person.2" {
			return broken(`[` + found(names[0]) + `,{"user`)(req)
		}
		return batchReply(names, found)(req)
	})
	var outcomes []bool
	for result := range newTestClient(t, w).LookupProfiles(t.Context(), generatedIDs(6), LookupOptions{ChunkSize: 2}) {
		outcomes = append(outcomes, result.Err == nil)
		if result.Err != nil {
			assert.ErrorIs(t, result.Err, ErrUnavailable)
		}
	}
	assert.Equal(t, []bool{true, true, false, false, true, true}, outcomes)
	assert.Len(t, w.requests(), 5, "a look-up is repeated like a GET")
}

// refusesNames responds to a batch as a service that refuses all of it because of a name.
func refusesNames(t *testing.T, sent *[]int, refusal httpmock.Responder, bad ...string) *wire {
	return newWire(func(req *http.Request) (*http.Response, error) {
		names := asked(t, req)
		*sent = append(*sent, len(names))
		for _, name := range names {
			if slices.Contains(bad, name) {
				return refusal(req)
			}
		}
		return batchReply(names, found)(req)
	})
}

// A batch that is refused because of a name is divided until the name is found. All
// others are looked up.
func TestLookupProfilesRefusedName(t *testing.T) {
	t.Parallel()
	refusals := map[string]httpmock.Responder{
		"40000":             reply(400, `{"status":{"code":40000,"text":"invalid username"}}`),
		"40002":             reply(400, `{"status":{"code":40002,"text":"invalid usernames"}}`),
		"40000 under 200":   reply(200, `{"status":{"code":40000,"text":"invalid username"}}`),
		"40002, error code": reply(400, `{"errorCode":"40002","message":"invalid"}`),
	}
	for refusal, response := range refusals {
		for name, test := range map[string]struct {
			ids  int
			bad  []string
			sent []int // names in each request
		}{
			"none":        {8, nil, []int{8}},
			"the first":   {8, []string{"person.0"}, []int{8, 4, 2, 1, 1, 2, 4}},
			"the last":    {8, []string{"person.7"}, []int{8, 4, 4, 2, 2, 1, 1}},
			"one of five": {5, []string{"person.3"}, []int{5, 2, 3, 1, 2, 1, 1}},
			"two":         {8, []string{"person.1", "person.6"}, []int{8, 4, 2, 1, 1, 2, 4, 2, 2, 1, 1}},
			"the only":    {1, []string{"person.0"}, []int{1}},
			"all":         {2, []string{"person.0", "person.1"}, []int{2, 1, 1}},
		} {
			t.Run(refusal+" "+name, func(t *testing.T) {
				t.Parallel()
				var sent []int
				c := newTestClient(t, refusesNames(t, &sent, response, test.bad...))
				ids := generatedIDs(test.ids)
				var want []looked
				for _, id := range ids {
					if slices.Contains(test.bad, id.ID()) {
						want = append(want, looked{MRI: id, Err: ErrNotFound})
					} else {
						want = append(want, looked{MRI: id, Name: id.ID()})
					}
				}
				assert.Equal(t, want, lookedUp(t, c.LookupProfiles(t.Context(), ids, LookupOptions{}), ErrNotFound))
				assert.Equal(t, test.sent, sent)
			})
		}
	}
	var sent []int
	c := newTestClient(t, refusesNames(t, &sent, refusals["40002"], "person.57"))
	results := lookedUp(t, c.LookupProfiles(t.Context(), generatedIDs(100), LookupOptions{}), ErrNotFound)
	assert.Len(t, results, 100)
	assert.LessOrEqual(t, len(sent), 1+2*7, "two requests at each division")
}

// A refusal that does not blame a name says of nobody that they do not exist.
func TestLookupProfilesRefusedBatch(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		refusal      httpmock.Responder
		status, code int
		is           error
	}{
		"400":                     {reply(400, ""), 400, 0, nil},
		"400, HTML":               {page(400), 400, 0, nil},
		"400 that repeats it":     {reply(400, `{"errorCode":400,"message":"Invalid request"}`), 400, 400, nil},
		"400 of a framework":      {reply(400, `{"title":"Bad Request","status":400}`), 400, 400, nil},
		"400 of another kind":     {reply(400, `{"status":{"code":40003}}`), 400, 40003, nil},
		"403":                     {reply(403, `{"status":{"code":40300}}`), 403, 40300, ErrForbidden},
		"413":                     {reply(413, ""), 413, 0, nil},
		"404":                     {reply(404, ""), 404, 0, ErrUnavailable},
		"no such route":           {reply(404, `{"status":{"code":40499,"text":"No handler found for resource"}}`), 404, 40499, ErrUnavailable},
		"no such account":         {reply(404, `{"status":{"code":40411,"text":"not found"}}`), 404, 40411, ErrUnavailable},
		"no such route under 200": {reply(200, `{"status":{"code":40499,"text":"No handler found"}}`), 200, 40499, ErrUnavailable},
		"the page of a proxy":     {page(404), 404, 0, ErrUnavailable},
		"a route that is retired": {reply(410, ""), 410, 0, ErrUnavailable},
	} {
		for _, n := range []int{1, 2, 5} {
			var sent []int
			c := newTestClient(t, refusesNames(t, &sent, test.refusal, "person.0", "person.1"))
			results := 0
			for result := range c.LookupProfiles(t.Context(), generatedIDs(n), LookupOptions{}) {
				results++
				assert.Nil(t, result.Profile, name)
				var failure *Error
				require.ErrorAs(t, result.Err, &failure, name)
				assert.Equal(t, []int{test.status, test.code, 1}, []int{failure.Status, failure.Code, failure.Attempts}, name)
				assert.NotErrorIs(t, result.Err, ErrNotFound, name)
				if test.is != nil {
					assert.ErrorIs(t, result.Err, test.is, name)
				}
			}
			assert.Equal(t, n, results, name)
			assert.Equal(t, []int{n}, sent, name)
		}
	}
}

// What is not a person is not sent to a service that knows people by bare name. It gets
// its own result, never the profile of the person of that name.
func TestLookupsOfOthersThanPeople(t *testing.T) {
	t.Parallel()
	others := []MRI{"28:joe.4", "4:+442099887766", "+442099887766", "1:joe.4", "2:joe.4", "19:joe.4", "48:joe.4", "99:joe.4", "8:28:joe.4", "8:4:+442099887766", "8:8:joe.4"}
	w := newWire(reply(200, "["+found("joe.4")+"]"))
	c := newTestClient(t, w)
	ids := append(slices.Clone(others), "8:joe.4")
	var want []looked
	var missing []MRI
	for _, id := range others {
		want = append(want, looked{MRI: id, Err: ErrInvalid})
		missing = append(missing, qualifyMRI(string(id)))
	}
	missing = slices.Compact(missing) // the telephone number is there in two forms
	want = append(want, looked{MRI: "8:joe.4", Name: "joe.4"})
	assert.Equal(t, want, lookedUp(t, c.LookupProfiles(t.Context(), ids, LookupOptions{}), ErrInvalid))
	list, err := c.GetPublicProfiles(t.Context(), ids...)
	require.NoError(t, err)
	assert.Equal(t, &ProfileList{Profiles: []Profile{{MRI: "8:joe.4", Name: Name{First: "joe.4"}}}, Missing: missing}, list)
	require.Len(t, w.requests(), 2)
	for _, sent := range w.requests() {
		_, got, _ := strings.Cut(sent, "\n\n")
		assert.Equal(t, "contacts[]=joe.4", got)
	}

	list, err = c.GetPublicProfiles(t.Context(), others...)
	require.NoError(t, err)
	assert.Equal(t, &ProfileList{Missing: missing}, list)
	for _, dialect := range []Dialect{DialectDocumented, DialectCurrent} {
		c := newTestClient(t, w, WithDialect(dialect))
		for _, id := range others {
			profile, err := c.GetProfile(t.Context(), id)
			assert.ErrorIs(t, err, ErrInvalid, id)
			assert.Nil(t, profile, id)
		}
	}
	assert.Len(t, w.requests(), 2, "nothing else is sent")
}

// After a 429 the chunk waits as long as the service asks, and nobody is lost.
func TestLookupProfilesRateLimit(t *testing.T) {
	t.Parallel()
	ids := generatedIDs(40)
	for name, test := range map[string]struct {
		limited httpmock.Responder
		every   int // which requests are refused; 0: all
		opts    LookupOptions
		sent    int
		took    time.Duration // at least
		lost    bool
	}{
		"one batch":                {reply(429, "", "Retry-After", "1"), 20, LookupOptions{ChunkSize: 2, Concurrency: 1}, 21, time.Second, false},
		"one batch, no header":     {reply(429, ""), 20, LookupOptions{ChunkSize: 2, Concurrency: 1}, 21, 10 * time.Second, false},
		"a minute":                 {reply(429, "", "Retry-After", "60"), 20, LookupOptions{ChunkSize: 2, Concurrency: 1}, 21, time.Minute, false},
		"every third":              {reply(429, "", "Retry-After", "5"), 3, LookupOptions{ChunkSize: 2, Concurrency: 4}, 29, 5 * time.Second, false},
		"for longer than is right": {reply(429, "", "Retry-After", "61"), 0, LookupOptions{ChunkSize: 2, Concurrency: 1}, 1, 0, true},
		"for ever":                 {reply(429, ""), 0, LookupOptions{ChunkSize: 40}, 1 + maxCooldowns, maxCooldowns * 10 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				var n atomic.Int64
				w := newWire(func(req *http.Request) (*http.Response, error) {
					if test.every == 0 || n.Add(1)%int64(test.every) == 0 {
						return test.limited(req)
					}
					return batchReply(asked(t, req), found)(req)
				})
				var want []looked
				for _, id := range ids {
					if test.lost {
						want = append(want, looked{MRI: id, Err: ErrRateLimited})
					} else {
						want = append(want, looked{MRI: id, Name: id.ID()})
					}
				}
				c := newTestClient(t, w, WithTimeout(2*time.Minute))
				require.Equal(t, want, lookedUp(t, c.LookupProfiles(t.Context(), ids, test.opts), ErrRateLimited))
				require.Len(t, w.requests(), test.sent)
			})
			require.GreaterOrEqual(t, took, test.took)
		})
	}
}

// slowLimiter permits one request every three seconds.
func slowLimiter() Option {
	turn := make(chan struct{}, 1)
	return WithLimiter(limiterFunc(func(ctx context.Context) error {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-time.After(3 * time.Second):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}))
}

// A limiter that is slower than the timeout loses nobody.
func TestLookupProfilesSlowLimiter(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]LookupOptions{
		"one by one": {ChunkSize: 1}, "in small chunks": {ChunkSize: 10, Concurrency: 20}, "by default": {}, "all at once": {ChunkSize: 5, Concurrency: 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(func(req *http.Request) (*http.Response, error) { return batchReply(asked(t, req), found)(req) })
				c := newTestClient(t, w, slowLimiter(), WithTimeout(time.Second))
				n := 0
				for result := range c.LookupProfiles(t.Context(), generatedIDs(1_000), opts) {
					require.NoError(t, result.Err)
					n++
				}
				require.Equal(t, 1_000, n)
			})
		})
	}
}

// Every wait of a look-up ends with the context.
func TestLookupProfilesEndOfTheContext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		response httpmock.Responder
		limited  bool
		ends     time.Duration
	}{
		"in the limiter":  {reply(200, "[]"), true, 2 * time.Second},
		"in the cooldown": {reply(429, "", "Retry-After", "50"), false, 25 * time.Second},
		"in the request":  {stalls, false, 7 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.ends)
				defer cancel()
				opts := []Option{WithRetry(Retry{MaxAttempts: 1})}
				if test.limited {
					opts = append(opts, slowLimiter(), WithTimeout(time.Second))
				}
				for result := range newTestClient(t, newWire(test.response), opts...).LookupProfiles(ctx, generatedIDs(500), LookupOptions{}) {
					require.ErrorIs(t, result.Err, context.DeadlineExceeded)
				}
			})
			require.Equal(t, test.ends, took)
		})
	}
}

// A panic of the limiter, an observer or the token source goes on in the loop.
func TestLookupProfilesPanic(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]Option{
		"limiter":  WithLimiter(limiterFunc(func(context.Context) error { panic("mine") })),
		"observer": WithObserver(func(context.Context, Attempt) { panic("mine") }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, newWire(reply(200, "[]")), option)
			assert.PanicsWithValue(t, "mine", func() {
				for range c.LookupProfiles(t.Context(), generatedIDs(50), LookupOptions{ChunkSize: 1}) {
					continue
				}
			})
		})
	}
}

// A function of the caller that ends its goroutine during a look-up is a panic of the
// loop; one of the token source is an error, as in every call.
func TestLookupProfilesExit(t *testing.T) {
	t.Parallel()
	exit := func() { runtime.Goexit() }
	for name, option := range map[string]Option{
		"limiter":  WithLimiter(limiterFunc(func(context.Context) error { exit(); return nil })),
		"observer": WithObserver(func(context.Context, Attempt) { exit() }),
		"source":   nil,
	} {
		for _, opts := range []LookupOptions{{}, {ChunkSize: 1}, {ChunkSize: 1, Concurrency: 1}} {
			t.Run(fmt.Sprint(name, opts.ChunkSize, opts.Concurrency), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					source := StaticToken(testToken)
					options := []Option{option}
					if option == nil {
						source, options = TokenSourceFunc(func(context.Context) (Token, error) { exit(); return Token{}, nil }), nil
					}
					c := newAuthClient(t, newWire(reply(200, "[]")), source, options...)
					results := 0
					loop := func() {
						for result := range c.LookupProfiles(t.Context(), generatedIDs(50), opts) {
							assert.ErrorIs(t, result.Err, errSourceExited)
							results++
						}
					}
					if option == nil {
						loop()
						assert.Equal(t, 50, results)
						return
					}
					assert.PanicsWithError(t, errLookupExited.Error(), loop)
					assert.Zero(t, results)
				})
			})
		}
	}
}
