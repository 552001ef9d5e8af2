package skypecontacts

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests, or is the program of the tests of TokenCommand.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == commandArgument {
		os.Exit(testCommand(os.Args[2:]))
	}
	goleak.VerifyTestMain(m)
}
