package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
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
		return batchReply(names, func(name string) string {
			switch name {
			case "ghost":
				return `{"username":"ghost","status":{"code":40411,"text":"not found"}}`
			case "blank":
				return `{"username":"blank"}`
			case "failed":
				return `{"username":"failed","status":{"code":50000,"text":"failed"}}`
			}
			return found(name)
		})(req)
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
	w := newWire(reply(http.StatusOK, "["+found("anna.7")+"]"))
	got := lookedUp(t, newTestClient(t, w, WithDialect(DialectCurrent)).LookupProfiles(t.Context(), []MRI{"anna.7"}, LookupOptions{}))
	assert.Equal(t, []looked{{"anna.7", "anna.7", nil}}, got)
	require.Len(t, w.requests(), 1)
	assert.Contains(t, w.requests()[0], "POST https://profile.skype.com/profile/v1/batch/profiles\n")
	assert.Contains(t, w.requests()[0], `{"usernames":["anna.7"]}`)
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
