package skypecontacts

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// LookupOptions says how [Client.LookupProfiles] works. Zero fields mean the
// defaults.
type LookupOptions struct {
	ChunkSize   int // accounts in one request; default 100
	Concurrency int // requests at once; default 4
	// Progress, if given, is called after each chunk with the number of accounts
	// done so far and of all. It is never called twice at once.
	Progress func(done, total int)
}

// LookupResult is what came of one account: either its profile or the reason why
// there is none. The reason matches [ErrNotFound] if there is no such account.
type LookupResult struct {
	MRI     MRI // as asked for
	Profile *Profile
	Err     error
}

// LookupProfiles looks up any number of accounts, a chunk with each request and
// several requests at once, and yields one result for every identifier, in the
// order given. An identifier that cannot be one, or a chunk that fails, costs only
// its own results. Breaking out of the loop ends the requests under way. With a
// [WithLimiter], every request waits for it.
//
// Route: that of [Client.GetPublicProfiles].
//
// Source: as there. The official client asked for 100 at a time.
//
// Errors: in the results, as for [Client.GetPublicProfiles], and [ErrNotFound] and
// [ErrDecode] for single accounts. A chunk is not repeated once it may have
// arrived.
func (c *Client) LookupProfiles(ctx context.Context, ids []MRI, opts LookupOptions) iter.Seq[LookupResult] {
	orDefault(&opts.ChunkSize, 100)
	orDefault(&opts.Concurrency, 4)
	return func(yield func(LookupResult) bool) {
		ids := slices.Clone(ids) // which the loop may change
		if opts.ChunkSize < 0 || opts.Concurrency < 0 {
			for _, id := range ids {
				if !yield(LookupResult{MRI: id, Err: c.profilesRoute().failure(errNegative)}) {
					return
				}
			}
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()

		chunks := slices.Collect(slices.Chunk(ids, opts.ChunkSize))
		results := make([]chan []LookupResult, len(chunks))
		start := func(i int) {
			results[i] = make(chan []LookupResult, 1)
			workers.Go(func() { results[i] <- c.lookupChunk(ctx, chunks[i]) })
		}
		for i := range min(opts.Concurrency, len(chunks)) {
			start(i)
		}
		done := 0
		for i := range chunks {
			found := <-results[i]
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

var errNegative = fmt.Errorf("%w: LookupOptions must not be negative", ErrInvalid)

// lookupChunk makes one request and gives every identifier its result.
func (c *Client) lookupChunk(ctx context.Context, ids []MRI) []LookupResult {
	route, results := c.profilesRoute(), make([]LookupResult, len(ids))
	var usable []MRI
	for i, id := range ids {
		results[i].MRI = id
		if _, err := ParseMRI(string(id)); err != nil {
			results[i].Err = route.failure(err)
		} else {
			usable = append(usable, id)
		}
	}
	if len(usable) == 0 {
		return results
	}
	list, err := c.GetPublicProfiles(ctx, usable...)
	if err != nil {
		list = &ProfileList{}
	}
	found := make(map[string]*Profile, len(list.Profiles))
	for i := range list.Profiles {
		found[list.Profiles[i].MRI.key()] = &list.Profiles[i]
	}
	missing := make(map[string]bool, len(list.Missing))
	for _, id := range list.Missing {
		missing[id.key()] = true
	}
	for i := range results {
		result, key := &results[i], results[i].MRI.key()
		switch {
		case result.Err != nil:
		case err != nil:
			result.Err = err
		case found[key] != nil:
			result.Profile = found[key]
		case missing[key]:
			result.Err = route.failure(ErrNotFound)
		default:
			result.Err = route.failure(decodeError("the entry for this account cannot be read"))
		}
	}
	return results
}
