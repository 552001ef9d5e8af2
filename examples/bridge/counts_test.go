package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// at returns requests at these times in milliseconds.
func at(milliseconds ...int) (list []received) {
	began := time.Now()
	for _, ms := range milliseconds {
		list = append(list, received{at: began.Add(time.Duration(ms) * time.Millisecond), status: 200})
	}
	return list
}

func TestRates(t *testing.T) {
	t.Parallel()
	requests := at(0, 100, 900, 1000, 1050, 4000)
	assert.Equal(t, 4, mostInASecond(requests))
	assert.InDelta(t, 1.25, perSecond(requests), 0.001)
	assert.Zero(t, perSecond(requests[:1]))
	assert.Zero(t, mostInASecond(nil))
}

// Only who got the 429 counts, until the rest is over.
func TestDuringRest(t *testing.T) {
	t.Parallel()
	requests := at(0, 10, 20, 30, 1000)
	requests[1].status, requests[2].status, requests[4].status = 429, 429, 429
	n, last := duringRest(requests, requests[0].at.Add(500*time.Millisecond))
	assert.Equal(t, 2, n)
	assert.Equal(t, 10*time.Millisecond, last)
	assert.Equal(t, 3, withStatus(requests, 429))
	requests[3].worker, requests[4].worker = "late", "late"
	assert.Equal(t, 1, sentBy(requests, "late", requests[4].at))
}

// An account that has changed is asked for twice and counts once.
func TestSyncsOf(t *testing.T) {
	t.Parallel()
	got := syncsOf([]received{
		{account: 1, sync: true, status: 200},
		{account: 2, sync: true, status: 304},
		{account: 3, sync: true, status: 200, delta: true},
		{account: 3, sync: true, status: 200, delta: true},
		{account: 4, sync: true, status: 401},
		{account: 5, status: 200},
		{account: 2, sync: true, status: 304},
	})
	assert.Equal(t, syncs{whole: 1, delta: 2, unchanged: 2, accounts: 3, most: 2}, got)
}
