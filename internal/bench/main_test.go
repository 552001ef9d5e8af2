package bench_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"
)

var (
	printTable = flag.Bool("table", false, "measure lists of full length, print all figures, and fail if one that repeats misses its bound")
	assertAll  = flag.Bool("all", false, "with -table, fail also if a time or a peak of the heap misses its bound: for a quiet machine")
)

// groups are the measurements in the order of the table. -run TestTable/decode measures one
// group alone.
var groups = []struct {
	name    string
	measure func(*testing.T) []figure
}{
	{"decode", decodeFigures},
	{"allocations", allocationFigures},
	{"length", lengthFigures},
	{"stream", streamFigures},
	{"call", callFigures},
	{"lookup", lookupFigures},
	{"convert", convertFigures},
	{"write", writeFigures},
	{"refresh", refreshFigures},
	{"peak", peakFigures},
	{"weight", weightFigures},
	{"fake", fakeFigures},
}

func TestTable(t *testing.T) { //nolint:paralleltest // measures the whole process
	var all table
	for _, group := range groups { //nolint:paralleltest // as above
		t.Run(group.name, func(t *testing.T) { all = append(all, group.measure(t)...) })
	}
	if *printTable {
		_, _ = fmt.Fprintf(os.Stdout, "%vmeasured in %v; three minutes at most on two idle cores\n", all, wallTime().Round(time.Second))
		all.assert(t)
	}
}

// full returns n, or a small number where only the measuring is tried out.
func full(n int) int {
	if *printTable {
		return n
	}
	return max(1, n/1000)
}
