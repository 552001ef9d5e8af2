package skypecontacts

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// target is a figure that a change must not make worse.
type target struct {
	id, figure string
	must, aim  float64
	more       bool // the more the better
	measured   float64
}

func (t target) meets(bound float64) bool {
	if t.more {
		return t.measured >= bound
	}
	return t.measured <= bound
}

func (t target) row() string {
	sign, met := "<=", "NO"
	if t.more {
		sign = ">="
	}
	switch {
	case t.meets(t.aim):
		met = "aim"
	case t.meets(t.must):
		met = "must"
	}
	return strings.Join([]string{
		t.id, t.figure, fmt.Sprintf("%s %.3g", sign, t.must), fmt.Sprintf("%s %.3g", sign, t.aim),
		fmt.Sprintf("%.3g", t.measured), met,
	}, "\t")
}

// BenchmarkTargets measures every figure against its baseline in the same run and
// prints them as a table. Only ratios mean anything on a machine with neighbors,
// and so the rounds of what is compared take turns and the median counts.
func BenchmarkTargets(b *testing.B) {
	var targets []target
	measure := func(name string, group func(*testing.B) []target) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				targets = append(targets, group(b)...)
			}
		})
	}
	measure("decode", decodeTargets)
	measure("stream", streamTargets)
	measure("calls", callTargets)
	measure("lookup", lookupTargets)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\n\tfigure\tmust\taim\tmeasured\tmet")
	for _, t := range targets {
		fmt.Fprintln(table, t.row())
		if !t.meets(t.must) {
			b.Errorf("%s: %s: %.3g", t.id, t.figure, t.measured)
		}
	}
	require.NoError(b, table.Flush())
}

// takeTurns runs each work once a round and gives the times of each.
func takeTurns(b *testing.B, rounds int, works ...func() bool) [][]time.Duration {
	b.Helper()
	times := make([][]time.Duration, len(works))
	for range rounds {
		for i, work := range works {
			runtime.GC()
			started := time.Now()
			require.True(b, work())
			times[i] = append(times[i], time.Since(started))
		}
	}
	return times
}

// ratio is the median over the rounds of x divided by y.
func ratio(x, y []time.Duration) float64 {
	var ratios []float64
	for i := range x {
		ratios = append(ratios, float64(x[i])/float64(y[i]))
	}
	slices.Sort(ratios)
	return (ratios[(len(ratios)-1)/2] + ratios[len(ratios)/2]) / 2
}

func decodeTargets(b *testing.B) []target {
	decodes := func(count int, decode func([]byte, int) bool) func() bool {
		body := generatedList(count)
		return func() bool {
			for range max(1, 20_000/count) {
				if !decode(body, count) {
					return false
				}
			}
			return true
		}
	}
	const n = 10_000
	t := takeTurns(b, 15, decodes(n, decodeList), decodes(n, decodePlain), decodes(n, validate))
	flat := takeTurns(b, 9, decodes(100_000, decodeList), decodes(1_000, decodeList))
	body := generatedList(n)
	return []target{
		{"P1", "decode 10,000, time against encoding/json", 0.55, 0.35, false, ratio(t[0], t[1])},
		{"P2", "decode 10,000, time against validation alone", 4, 2.6, false, ratio(t[0], t[2])},
		{"P3", "decode 10,000, allocations a contact", 14, 3, false, mallocs(func() bool { return decodeList(body, n) }) / n},
		// The first has decoded 100,000 and the second twenty times 1,000.
		{"P4", "time a contact, 100,000 against 1,000", 1.3, 1.1, false, ratio(flat[0], flat[1]) / 5},
	}
}

// mallocs is how many allocations one call of work takes.
func mallocs(work func() bool) float64 {
	return testing.AllocsPerRun(20, func() {
		if !work() {
			panic("failed")
		}
	})
}

func streamTargets(b *testing.B) []target {
	const n = 100_000
	c := newLoopbackClient(b, serveGenerated(b, n), WithMaxBody(128<<20))
	var heap int64
	var first, whole []time.Duration
	for range 3 {
		read, f, h, err := streamed(c)
		require.NoError(b, err)
		require.Equal(b, n, read)
		first, heap = append(first, f), max(heap, h)

		started := time.Now()
		_, err = c.ListContacts(b.Context())
		require.NoError(b, err)
		whole = append(whole, time.Since(started))
	}
	return []target{
		{"P5", "AllContacts over 100,000, heap above start in MiB", 16, 8, false, float64(heap) / (1 << 20)},
		{"P6", "AllContacts, time to the first against ListContacts", 1. / 50, 1. / 500, false, ratio(first, whole)},
	}
}

func callTargets(b *testing.B) []target {
	ours, byHand := smallCalls(b)
	serially := func(call func() bool) func() bool {
		return func() bool {
			for range 2_000 {
				if !call() {
					return false
				}
			}
			return true
		}
	}
	together := func(call func() bool) func() bool {
		return func() bool {
			var failures atomic.Int64
			var callers sync.WaitGroup
			for range 64 {
				callers.Go(func() {
					for range 100 {
						if !call() {
							failures.Add(1)
						}
					}
				})
			}
			callers.Wait()
			return failures.Load() == 0
		}
	}
	t := takeTurns(b, 15, serially(ours), serially(byHand))
	p := takeTurns(b, 15, together(ours), together(byHand))
	return []target{
		{"P7", "a small call, time against net/http", 1.15, 1.05, false, ratio(t[0], t[1])},
		{"P7", "a small call, allocations against net/http", 1.5, 1.1, false, mallocs(ours) / mallocs(byHand)},
		{"P8", "64 goroutines, calls a second against net/http", 0.9, 1, true, ratio(p[1], p[0])},
	}
}

func lookupTargets(b *testing.B) []target {
	c := newLoopbackClient(b, serveProfiles(b, 20*time.Millisecond))
	ids := generatedIDs(1_000)
	all := func(lookUp func(*Client, []MRI) int) func() bool {
		return func() bool { return lookUp(c, ids) == len(ids) }
	}
	single := takeTurns(b, 1, all(lookUpSingly))[0][0]
	bulk := takeTurns(b, 9, all(lookUp))[0]
	slices.Sort(bulk)
	return []target{
		{"P9", "LookupProfiles of 1,000 against one call each", 200, 280, true, float64(single) / float64(bulk[len(bulk)/2])},
	}
}
