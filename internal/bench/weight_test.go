package bench_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// weight is what a program takes before it does anything.
type weight struct{ megabytes, packages, milliseconds float64 }

// weightFigures compares a program that uses the SDK with one that does the same by
// net/http and encoding/json. The go command builds both.
func weightFigures(t *testing.T) []figure {
	t.Helper()
	if !*printTable {
		return nil
	}
	sdk, byHand := weigh(t, "./weight/sdk"), weigh(t, "./weight/byhand")
	return []figure{ // 1.81 MB more in November 2026, and not to become more
		{"P14", "a program with the SDK against net/http and encoding/json: more MB, stripped", sdk.megabytes - byHand.megabytes, 1.85, 1.2, false, true},
		{"P14", "… more packages, the SDK's own not counted", sdk.packages - byHand.packages - 1, 28, 20, false, true},
		{"P14", "… more ms of initialisation", sdk.milliseconds - byHand.milliseconds, 2, 1, false, false},
	}
}

func weigh(t *testing.T, dir string) (w weight) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	run(t, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, dir)
	info, err := os.Stat(program)
	require.NoError(t, err)
	w.megabytes = float64(info.Size()) / 1e6
	w.packages = float64(bytes.Count(run(t, "go", "list", "-deps", dir), []byte("\n")))
	w.milliseconds = math.Inf(1)
	for range 20 { // the shortest counts: load makes it longer
		w.milliseconds = min(w.milliseconds, initialisation(t, program))
	}
	return w
}

var initLine = regexp.MustCompile(`(?m)^init \S+ @.*?, ([0-9.]+) ms clock`)

// initialisation returns how many milliseconds the packages of a program take to
// initialise. The program fails then, since it lacks its argument.
func initialisation(t *testing.T, program string) (milliseconds float64) {
	t.Helper()
	command := exec.CommandContext(context.Background(), program)
	command.Env = append(command.Environ(), "GODEBUG=inittrace=1")
	out, _ := command.CombinedOutput()
	lines := initLine.FindAllSubmatch(out, -1)
	require.NotEmpty(t, lines, string(out))
	for _, line := range lines {
		clock, err := strconv.ParseFloat(string(line[1]), 64)
		require.NoError(t, err)
		milliseconds += clock
	}
	return milliseconds
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(context.Background(), name, args...)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	return out
}
