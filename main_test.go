package skypecontacts

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

var printFigures = flag.Bool("figures", false, "print what was measured for the promises of SECURITY.md")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if *printFigures {
			measured.print()
		}
		os.Exit(code)
	}))
}
