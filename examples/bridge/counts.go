package main

import (
	"net/http"
	"slices"
	"time"
)

// count is the number of requests that the fake has received.
func (f *front) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.requests)
}

// since returns copies of the requests from a number on.
func (f *front) since(number int) []received {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]received, 0, len(f.requests)-number)
	for _, r := range f.requests[number:] {
		list = append(list, *r)
	}
	return list
}

// maxRenewals returns how often a token was requested since the last ones expired, and the
// highest number of times for one account.
func (f *front) maxRenewals() (total, highest int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, n := range f.renewals {
		total += n
	}
	return total, slices.Max(f.renewals)
}

// syncs is how the accounts were synchronized by some requests.
type syncs struct {
	whole, delta, unchanged int // responses by what they held
	accounts                int // that were synchronized
	most                    int // responses with data or without a change, for one account
}

// syncsOf counts the successful synchronizations. One whose account has changed needs two
// requests with a delta, which count once.
func syncsOf(requests []received) (s syncs) {
	byAccount := map[int]int{}
	deltas := map[int]int{}
	for _, r := range requests {
		switch {
		case !r.sync:
			continue
		case r.status == http.StatusNotModified:
			s.unchanged++
		case r.status == http.StatusOK && r.delta:
			s.delta++
			if deltas[r.account]++; deltas[r.account]%2 == 0 {
				continue
			}
		case r.status == http.StatusOK:
			s.whole++
		default:
			continue
		}
		byAccount[r.account]++
		s.most = max(s.most, byAccount[r.account])
	}
	s.accounts = len(byAccount)
	return s
}

// perSecond is the mean rate of some requests.
func perSecond(requests []received) float64 {
	if len(requests) < 2 {
		return 0
	}
	took := requests[len(requests)-1].at.Sub(requests[0].at)
	return float64(len(requests)-1) / took.Seconds()
}

// mostInASecond returns the highest number of requests in any second.
func mostInASecond(requests []received) (most int) {
	first := 0
	for i, r := range requests {
		for r.at.Sub(requests[first].at) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// withStatus returns how many of the requests had a status.
func withStatus(requests []received, status int) (n int) {
	for _, r := range requests {
		if r.status == status {
			n++
		}
	}
	return n
}

// duringRest returns how many requests got the 429 of a rest until its end, and how long
// after the first of them the last one arrived.
func duringRest(requests []received, until time.Time) (n int, last time.Duration) {
	var first time.Time
	for _, r := range requests {
		switch {
		case !r.at.Before(until):
			return n, last
		case r.status == http.StatusTooManyRequests:
			if first.IsZero() {
				first = r.at
			}
			n, last = n+1, r.at.Sub(first)
		}
	}
	return n, last
}

// sentBy returns how many requests a worker sent before a time.
func sentBy(requests []received, worker string, before time.Time) (n int) {
	for _, r := range requests {
		if r.worker == worker && r.at.Before(before) {
			n++
		}
	}
	return n
}
