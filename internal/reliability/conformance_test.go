package reliability_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// conformance holds for every route and every fault the number of requests, the
// outcome of the call, and MaybeApplied. The rows follow from the retry rules in
// the package documentation.
type conformance struct {
	Faults map[string]conformanceFault
	Routes map[string]map[string]conformanceRow
}

type conformanceFault struct {
	Kind        skypetest.FaultKind
	Status      int
	Body        string
	Bytes       int
	Location    string
	Member      string
	AfterEffect bool   `json:"after_effect"`
	DelayMS     int    `json:"delay_ms"`
	RetryAfter  string `json:"retry_after"`
	HTTP2       bool   // of the client
	// Then is the fault of the request after those that get this one, if there is
	// such a request.
	Then *conformanceFault
}

type conformanceRow struct {
	Requests     int
	Outcome      string
	MaybeApplied bool `json:"maybe_applied"`
	Message      bool // the error has a Message
	Strikes      int  // number of requests that get the fault; 0: 1 if the outcome is ok, otherwise Requests
}

var outcomes = map[string]error{
	"ErrUnauthorized": skypecontacts.ErrUnauthorized, "ErrForbidden": skypecontacts.ErrForbidden,
	"ErrNotFound": skypecontacts.ErrNotFound, "ErrConflict": skypecontacts.ErrConflict,
	"ErrRateLimited": skypecontacts.ErrRateLimited, "ErrUnavailable": skypecontacts.ErrUnavailable,
	"ErrRedirect": skypecontacts.ErrRedirect, "ErrTooLarge": skypecontacts.ErrTooLarge,
	"ErrDecode": skypecontacts.ErrDecode, "DeadlineExceeded": context.DeadlineExceeded,
	"*Error":  nil, // without a sentinel
	"failure": nil, // with any sentinel or none
}

func TestConformance(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/conformance.json")
	require.NoError(t, err)
	var table conformance
	require.NoError(t, json.Unmarshal(text, &table))
	calls := apitest.ByRoute()
	names := slices.Sorted(maps.Keys(calls))
	require.Equal(t, names, slices.Sorted(maps.Keys(table.Routes)), "every route has rows")
	kinds := map[skypetest.FaultKind]bool{}
	for _, f := range table.Faults {
		kinds[f.Kind] = true
	}
	require.Len(t, kinds, len(skypetest.FaultKinds()), "every kind of fault is in the table")
	measured.set("conformance: rows of the table, all met", len(names)*len(table.Faults), "all routes x all faults")

	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := table.Routes[name]
			require.Equal(t, slices.Sorted(maps.Keys(table.Faults)), slices.Sorted(maps.Keys(rows)), "every fault has a row")
			for fault, row := range rows {
				t.Run(fault, func(t *testing.T) { checkConformance(t, calls[name].OnSampleData(), table.Faults[fault], row, fault) })
			}
		})
	}
}

// strikes returns how many requests get the fault.
func (row conformanceRow) strikes() int {
	switch {
	case row.Strikes != 0:
		return row.Strikes
	case row.Outcome == "ok":
		return 1
	default:
		return row.Requests // one request more would succeed
	}
}

func (f conformanceFault) fault(count int) skypetest.Fault {
	fault := skypetest.Fault{
		Kind: f.Kind, Status: f.Status, Body: f.Body, Bytes: f.Bytes, Location: f.Location, AfterEffect: f.AfterEffect,
		Member: f.Member, Delay: time.Duration(f.DelayMS) * time.Millisecond, Count: count,
	}
	if f.RetryAfter != "" {
		fault.Header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return fault
}

// endless reports whether the response never ends, so that the call lasts for its
// whole timeout.
func (f conformanceFault) endless() bool {
	switch f.Kind {
	case skypetest.FaultStall, skypetest.FaultStallInside:
		return true
	case skypetest.FaultDrip, skypetest.FaultDripAfter:
		return f.Bytes == 0
	default:
		return false
	}
}

// checkConformance makes one call to a server with one fault.
func checkConformance(t *testing.T, call apitest.Call, fault conformanceFault, want conformanceRow, name string) {
	t.Helper()
	timeout := time.Minute
	if fault.endless() {
		timeout = 60 * time.Millisecond
	}
	server, err := callWithFault(t, call, fault, want, timeout)
	// A busy machine did not send a request in time, or its response.
	late := func() bool {
		return server.FaultsPending() > 0 || len(server.Requests()) != want.Requests ||
			want.Outcome == "ok" && errors.Is(err, context.DeadlineExceeded)
	}
	for timeout < time.Second && late() {
		timeout *= 4
		server, err = callWithFault(t, call, fault, want, timeout)
	}
	requests, effects := server.Requests(), server.Effects()
	require.Len(t, requests, want.Requests, "%s: %v", name, err)
	require.Zero(t, server.FaultsPending(), "%s: no request got the fault", name)
	require.LessOrEqual(t, len(effects), 1, "%s: took effect twice", name)
	if want.Outcome == "ok" {
		require.NoError(t, err, name)
		require.Equal(t, call.Writes, len(effects) > 0, "%s: success means effect", name)
		return
	}
	var failure *skypecontacts.Error
	require.ErrorAs(t, err, &failure, name)
	sentinel, known := outcomes[want.Outcome]
	require.True(t, known, want.Outcome)
	switch {
	case sentinel != nil:
		require.ErrorIs(t, err, sentinel, name)
	case want.Outcome != "failure":
		require.NoError(t, errors.Unwrap(err), name)
	}
	require.True(t, failure.Message != "" || !want.Message, "%s: no Message", name)
	require.Equal(t, want.MaybeApplied, failure.MaybeApplied, name)
	require.Equal(t, want.Requests, failure.Attempts, name)
	require.True(t, failure.MaybeApplied || len(effects) == 0, "%s: an effect without MaybeApplied", name)
}

// callWithFault returns the server after the call, and the error of the call.
func callWithFault(t *testing.T, call apitest.Call, fault conformanceFault, want conformanceRow, timeout time.Duration) (*skypetest.Server, error) {
	t.Helper()
	server := skypetest.NewServer(skypetest.WithStrictEnds()) // a write that is repeated after its effect may get 404
	defer server.Close()
	server.Inject(fault.fault(want.strikes()))
	if fault.Then != nil && want.Requests > want.strikes() {
		server.Inject(fault.Then.fault(want.Requests - want.strikes()))
	}
	opts := append(call.ClientOptions(), skypecontacts.WithTimeout(timeout),
		skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Microsecond}))
	if fault.HTTP2 {
		protocols := new(http.Protocols)
		protocols.SetUnencryptedHTTP2(true)
		opts = append(opts, skypecontacts.WithHTTPClient(&http.Client{Transport: &http.Transport{Protocols: protocols}}))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // no timeout ends a stream as a whole
	defer cancel()
	_, err := call.Do(ctx, server.Client(opts...))
	return server, err
}
