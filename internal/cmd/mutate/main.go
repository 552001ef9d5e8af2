// Command mutate removes each guard of the SDK and its companions in turn and fails
// unless a test fails because of that. It is run in the root of the repository and
// changes no file:
//
//	go run ./internal/cmd/mutate [filter]
//
// With a filter it removes only the guards whose package and description contain it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// slow matches the names of the tests that run only after all others of a package
// have passed. timed matches those that are never run here: they assert durations,
// so they may fail for a reason other than the mutation.
const (
	slow  = "RandomFaults|MalformedShapes|GzipBomb|Truncation|WrongTypes|FuzzLoop|Conformance|Huge"
	timed = "CancelLatency|SlowServer|Against"
)

// testTimeout is for one run of one package's tests.
const testTimeout = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, strings.Join(os.Args[1:], " "))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run removes the guards that match filter. Its error says how many of them no test
// found, and for how many that was not decided.
func run(ctx context.Context, out io.Writer, filter string) error {
	selected, err := selectGuards(mutations, filter)
	if err != nil {
		return err
	}
	if err := testUnchanged(ctx, out, selected); err != nil {
		return err
	}
	counts := make(map[result]int)
	for i, m := range selected {
		fmt.Fprintf(out, "[%d/%d] %s: ", i+1, len(selected), m.label())
		began := time.Now()
		o := m.try(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
		counts[o.result]++
		fmt.Fprintf(out, "%s (%v)\n", o, time.Since(began).Round(time.Second))
	}
	fmt.Fprintf(out, "%d guards removed: %d found by a test, %d not found, %d not decided\n",
		len(selected), counts[found], counts[notFound], counts[notDecided])
	if counts[found] < len(selected) {
		return fmt.Errorf("%d guards are without a test that fails", len(selected)-counts[found])
	}
	return nil
}

// selectGuards returns the mutations that match filter. Before any time is spent it
// checks that the text of each is in its package exactly once.
func selectGuards(all []mutation, filter string) ([]mutation, error) {
	var selected []mutation
	for _, m := range all {
		if !strings.Contains(m.label(), filter) {
			continue
		}
		if _, _, err := m.apply(); err != nil {
			return nil, err
		}
		selected = append(selected, m)
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("no guard contains %q", filter)
	}
	return selected, nil
}

// testUnchanged fails if a test fails without any mutation: it would pass for one that
// finds every mutation.
func testUnchanged(ctx context.Context, out io.Writer, selected []mutation) error {
	var packages []string
	for _, m := range selected {
		for _, tests := range testedBy(m.dir) {
			if !slices.Contains(packages, tests) {
				packages = append(packages, tests)
			}
		}
	}
	for _, tests := range packages {
		fmt.Fprintf(out, "%s unchanged: ", tests)
		text, err := goTest(ctx, tests, "-failfast", "-timeout="+testTimeout.String(), "-skip="+timed).CombinedOutput()
		if err != nil {
			return fmt.Errorf("a test fails without any mutation: %s\n%s", classify(text, err), text)
		}
		fmt.Fprintln(out, "all tests pass")
	}
	return nil
}

// testedBy returns the packages whose tests are run for a mutation of dir, in order.
func testedBy(dir string) []string {
	if dir == "." {
		return []string{".", "./internal/reliability", "./skypetest"}
	}
	return []string{"./" + dir}
}

// goTest returns the command "go test" for a package, from within it if it is a module of
// its own. The flags of its tests are for running them: with -c they are an error.
func goTest(ctx context.Context, tests string, args ...string) *exec.Cmd {
	dir, name := ".", tests
	if _, err := os.Stat(filepath.Join(tests, "go.mod")); err == nil {
		dir, name = tests, "."
	}
	args = slices.Concat([]string{"test"}, args, []string{name})
	if !slices.Contains(args, "-c") {
		args = append(args, flagsOf(tests)...)
	}
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	return command
}

// flagsOf returns the flags of a package's tests. Those of export assert only by flag
// that time grows with the size of the input.
func flagsOf(tests string) []string {
	if tests == "./export" {
		return []string{"-linear"}
	}
	return nil
}

// try runs the tests on the sources without the guard, until one fails.
func (m mutation) try(ctx context.Context) outcome {
	tmp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return outcome{notDecided, err.Error()}
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // it is a temporary directory
	overlay, err := m.writeOverlay(tmp)
	if err != nil {
		return outcome{notDecided, err.Error()}
	}
	binary := filepath.Join(tmp, "tests")
	for _, tests := range testedBy(m.dir) {
		if text, err := goTest(ctx, tests, "-c", "-overlay", overlay, "-o", binary).CombinedOutput(); err != nil {
			return outcome{notDecided, fmt.Sprintf("%s does not compile: %s", tests, text)}
		}
		for _, which := range [][]string{{"-test.skip=" + slow + "|" + timed}, {"-test.run=" + slow, "-test.skip=" + timed}} {
			args := slices.Concat(which, []string{"-test.failfast", "-test.timeout=" + testTimeout.String()}, flagsOf(tests))
			command := exec.CommandContext(ctx, binary, args...)
			command.Dir = tests
			text, err := command.CombinedOutput()
			if o := classify(text, err); o.result != notFound {
				return o
			}
		}
	}
	return outcome{notFound, ""}
}
