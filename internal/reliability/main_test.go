package reliability_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

var printFigures = flag.Bool("figures", false, "run the long forms, assert the bounds on time, and print what was measured")

// TestMain permits more parallel tests than there are processors, since most of them
// wait for a server.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if *printFigures {
			measured.print()
		}
		os.Exit(code)
	}))
}

// scaled returns a timeout that a busy machine keeps too, and d itself with
// -figures, which is for an idle one.
func scaled(d time.Duration) time.Duration {
	switch {
	case raceEnabled:
		return 20 * d
	case *printFigures:
		return d
	default:
		return 5 * d
	}
}

// retried calls measure until it meets the bound, at most three times, since other
// processes may use the machine as well.
func retried(measure func() (meets bool)) bool {
	for range 3 {
		if measure() {
			return true
		}
	}
	return false
}
