package bench_test

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/require"
)

// figure is what was measured, with its bounds.
type figure struct {
	id, name  string
	now       float64
	must, aim float64
	more      bool // more is better
	repeats   bool // it is the same in every run, unlike a time, however busy the machine is
}

const (
	ok         = "ok"
	aimMissed  = "aim missed"
	mustMissed = "MUST MISSED"
)

func (f figure) result() string {
	meets := func(bound float64) bool {
		if f.more {
			return f.now >= bound
		}
		return f.now <= bound
	}
	switch {
	case !meets(f.must):
		return mustMissed
	case !meets(f.aim):
		return aimMissed
	default:
		return ok
	}
}

type table []figure

func (t table) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "id\tfigure\tnow\tmust\taim\tresult")
	for _, f := range t {
		sign := "<="
		if f.more {
			sign = ">="
		}
		result := f.result()
		if result == mustMissed && !f.repeats {
			result += " (reported only)"
		}
		fmt.Fprintf(w, "%s\t%s\t%.3g\t%s %v\t%s %v\t%s\n", f.id, f.name, f.now, sign, f.must, sign, f.aim, result)
	}
	_ = w.Flush()
	return b.String()
}

// assert fails for each figure that misses what it must have.
func (t table) assert(tb testing.TB) {
	tb.Helper()
	for _, f := range t {
		if f.result() == mustMissed && (f.repeats || *assertAll) {
			tb.Errorf("%s: %s: %.3g", f.id, f.name, f.now)
		}
	}
}

func TestTableFormat(t *testing.T) {
	t.Parallel()
	require.Equal(t, `id  figure       now   must    aim     result
P1  allocations  0.5   <= 1    <= 0.5  ok
P1  bytes        0.75  <= 1    <= 0.5  aim missed
P1  objects      1.5   <= 1    <= 0.5  MUST MISSED
P2  time         2     <= 1    <= 0.5  MUST MISSED (reported only)
P3  speed        0.8   >= 0.9  >= 1    MUST MISSED (reported only)
P3  rate         0.95  >= 0.9  >= 1    aim missed
`, table{
		{"P1", "allocations", 0.5, 1, 0.5, false, true},
		{"P1", "bytes", 0.75, 1, 0.5, false, true},
		{"P1", "objects", 1.5, 1, 0.5, false, true},
		{"P2", "time", 2, 1, 0.5, false, false},
		{"P3", "speed", 0.8, 0.9, 1, true, false},
		{"P3", "rate", 0.95, 0.9, 1, true, false},
	}.String())
}
