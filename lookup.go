package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// LookupOptions are the options of [Client.LookupProfiles]. Zero fields mean the
// defaults.
type LookupOptions struct {
	ChunkSize   int // accounts in one request; default 100
	Concurrency int // requests at once; default 4
	// Progress, if not nil, is called after each chunk with the number of accounts
	// done so far and of all. It is never called concurrently.
	Progress func(done, total int)
}

// LookupResult is the result for one account: either its profile or an error. The
// error matches [ErrNotFound] if there is no such account, or the response does not have
// it. If the route itself is not found, which says nothing of the accounts, it matches
// [ErrUnavailable].
type LookupResult struct {
	MRI     MRI // as in the arguments
	Profile *Profile
	Err     error
}

// LogValue returns "[redacted]".
func (l LookupResult) LogValue() slog.Value { return slog.StringValue(redacted) }

// LookupProfiles looks up any number of accounts, a chunk with each request and
// several requests at once, and yields one result for every identifier, in the
// order of the arguments. It yields results rather than profiles and errors, since
// each error belongs to an identifier. An identifier that is invalid or no person's is
// not sent. A chunk that fails affects only its own results. A chunk that the service
// refuses with the code for an invalid name is divided until that name is found. After a
// 429 the chunk waits as long as the service asks, up to [Retry.MaxRetryAfter] and ten
// times, which [WithTimeout] does not limit. Breaking out of the loop cancels the
// requests that are in progress. Every request waits for the limiter of [WithLimiter].
//
// Route: that of [Client.GetPublicProfiles].
//
// Source: as there. The official client sent 100 at a time.
//
// Errors: in the results, as for [Client.GetPublicProfiles], and [ErrNotFound],
// [ErrInvalid] and [ErrDecode] for single accounts. Repeated after a failure.
func (c *Client) LookupProfiles(ctx context.Context, ids []MRI, opts LookupOptions) iter.Seq[LookupResult] {
	setDefault(&opts.ChunkSize, 100)
	setDefault(&opts.Concurrency, 4)
	return func(yield func(LookupResult) bool) {
		ids := slices.Clone(ids) // the body of the loop may modify it
		if opts.ChunkSize < 0 || opts.Concurrency < 0 {
			c.yieldFailed(ids, errNegativeOption, yield)
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()

		chunks := slices.Collect(slices.Chunk(ids, opts.ChunkSize))
		results := make([]chan chunkResult, len(chunks))
		start := func(i int) {
			results[i] = make(chan chunkResult, 1)
			workers.Go(func() { c.tryChunk(ctx, chunks[i], results[i]) })
		}
		for i := range min(opts.Concurrency, len(chunks)) {
			start(i)
		}
		done := 0
		for i := range chunks {
			result := <-results[i]
			if result.panicValue != nil {
				panic(result.panicValue)
			}
			found := result.found
			if next := i + opts.Concurrency; next < len(chunks) {
				start(next)
			}
			done += len(found)
			if opts.Progress != nil {
				opts.Progress(done, len(ids))
			}
			for _, result := range found {
				if !yield(result) {
					return
				}
			}
		}
	}
}

var errNegativeOption = fmt.Errorf("%w: LookupOptions must not be negative", ErrInvalid)

// yieldFailed yields the same error for every identifier.
func (c *Client) yieldFailed(ids []MRI, err error, yield func(LookupResult) bool) {
	for _, id := range ids {
		if !yield(LookupResult{MRI: id, Err: c.profilesRoute().wrap(err)}) {
			return
		}
	}
}

// chunkResult is what a worker found. A panic of the token source, the limiter or an
// observer goes on in the caller's loop, where the program can recover from it.
type chunkResult struct {
	found      []LookupResult
	panicValue any // nil if there was no panic
}

// tryChunk sends the result of a chunk, also if its goroutine panics or exits.
func (c *Client) tryChunk(ctx context.Context, ids []MRI, results chan<- chunkResult) {
	result := chunkResult{panicValue: errLookupExited}
	defer func() {
		if value := recover(); value != nil {
			result.panicValue = value
		}
		results <- result
	}()
	result = chunkResult{found: c.lookupChunk(ctx, ids)}
}

// errLookupExited is the panic for a token source, limiter or observer that ended its
// goroutine without returning, as a failing test does.
var errLookupExited = errors.New("skypecontacts: a function that was called during a look-up did not return")

// lookupChunk returns the result of every identifier of a chunk.
func (c *Client) lookupChunk(ctx context.Context, ids []MRI) []LookupResult {
	route, results := c.profilesRoute(), make([]LookupResult, len(ids))
	var people []MRI
	for i, id := range ids {
		results[i].MRI = id
		full, err := ParseMRI(string(id))
		if err == nil && !isPerson(full) {
			err = errNotAPerson
		}
		if err != nil {
			results[i].Err = route.wrap(err)
		} else {
			people = append(people, id)
		}
	}
	found := make(map[string]LookupResult, len(people))
	c.lookupPeople(ctx, people, found)
	for i := range results {
		if results[i].Err == nil {
			result := found[results[i].MRI.key()]
			results[i].Profile, results[i].Err = result.Profile, result.Err
		}
	}
	return results
}

// lookupPeople makes one request, or several if the service refuses it because of a
// name, and adds the result of every identifier to found.
func (c *Client) lookupPeople(ctx context.Context, people []MRI, found map[string]LookupResult) {
	if len(people) == 0 {
		return
	}
	route := c.profilesRoute()
	list, err := c.getProfilesPatiently(ctx, people)
	failure, _ := errors.AsType[*Error](err)
	switch {
	case err == nil:
	case failure.Code == codeInvalidName || failure.Code == codeInvalidNames:
		if len(people) > 1 {
			c.lookupPeople(ctx, people[:len(people)/2], found)
			c.lookupPeople(ctx, people[len(people)/2:], found)
			return
		}
		err = route.wrap(ErrNotFound)
	case errors.Is(err, ErrNotFound):
		of := *failure
		of.err = errLookupNotFound
		err = &of
	}
	if err == nil {
		for i := range list.Profiles {
			found[list.Profiles[i].MRI.key()] = LookupResult{Profile: &list.Profiles[i]}
		}
		for _, id := range list.Missing {
			found[id.key()] = LookupResult{Err: route.wrap(ErrNotFound)}
		}
		err = route.wrap(decodeError("the entry for this account cannot be decoded"))
	}
	for _, id := range people {
		if _, ok := found[id.key()]; !ok {
			found[id.key()] = LookupResult{Err: err}
		}
	}
}

// maxCooldowns is how often a chunk waits after a 429.
const maxCooldowns = 10

// getProfilesPatiently waits and tries again while the service is in its cooldown.
func (c *Client) getProfilesPatiently(ctx context.Context, people []MRI) (*ProfileList, error) {
	for cooldowns := 1; ; cooldowns++ {
		list, err := c.GetPublicProfiles(ctx, people...)
		failure, ok := errors.AsType[*Error](err)
		if !ok || failure.Status != http.StatusTooManyRequests || cooldowns > maxCooldowns ||
			failure.RetryAfter > c.core.retry.MaxRetryAfter {
			return list, err
		}
		// Jitter: chunks that wait for the same cooldown do not end it together.
		timer := time.NewTimer(failure.RetryAfter + rand.N(c.core.retry.BaseDelay))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, c.profilesRoute().wrap(ctx.Err())
		}
	}
}
