package skypecontacts

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
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
// error matches [ErrNotFound] if there is no such account.
type LookupResult struct {
	MRI     MRI // as in the arguments
	Profile *Profile
	Err     error
}

// LookupProfiles looks up any number of accounts, a chunk with each request and
// several requests at once, and yields one result for every identifier, in the
// order of the arguments. It yields results rather than profiles and errors, since
// each error belongs to an identifier. An invalid identifier or a chunk that fails
// affects only its own results. Breaking out of the loop cancels the requests that
// are in progress. Every request waits for the limiter of [WithLimiter].
//
// Route: that of [Client.GetPublicProfiles].
//
// Source: as there. The official client sent 100 at a time.
//
// Errors: in the results, as for [Client.GetPublicProfiles], and [ErrNotFound] and
// [ErrDecode] for single accounts. A chunk is not repeated once it may have
// arrived.
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

var errNegativeOption = fmt.Errorf("%w: LookupOptions must not be negative", ErrInvalid)

// yieldFailed yields the same error for every identifier.
func (c *Client) yieldFailed(ids []MRI, err error, yield func(LookupResult) bool) {
	for _, id := range ids {
		if !yield(LookupResult{MRI: id, Err: c.profilesRoute().wrap(err)}) {
			return
		}
	}
}

// lookupChunk makes one request and returns the result of every identifier.
func (c *Client) lookupChunk(ctx context.Context, ids []MRI) []LookupResult {
	route, results := c.profilesRoute(), make([]LookupResult, len(ids))
	var valid []MRI
	for i, id := range ids {
		results[i].MRI = id
		if _, err := ParseMRI(string(id)); err != nil {
			results[i].Err = route.wrap(err)
		} else {
			valid = append(valid, id)
		}
	}
	if len(valid) == 0 {
		return results
	}
	list, err := c.GetPublicProfiles(ctx, valid...)
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
			result.Err = route.wrap(ErrNotFound)
		default:
			result.Err = route.wrap(decodeError("the entry for this account cannot be decoded"))
		}
	}
	return results
}
