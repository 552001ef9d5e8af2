//go:build unix

package demo_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// buildExamples returns a directory with all examples, and their names.
func buildExamples(t *testing.T) (dir string, names []string) {
	t.Helper()
	dir = t.TempDir()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", dir+"/", "../../...").CombinedOutput()
	require.NoError(t, err, string(out))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Contains(t, names, "export")
	require.Greater(t, len(names), 8)
	return dir, names
}

// runExample returns what an example prints and its exit status.
func runExample(t *testing.T, program string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	run := exec.CommandContext(t.Context(), program, args...)
	run.Env = append(os.Environ(), "SKYPE_TOKEN=", "SKYPE_USER=")
	var out, errs strings.Builder
	run.Stdout, run.Stderr = &out, &errs
	_ = run.Run() // the status says whether it failed
	return out.String(), errs.String(), run.ProcessState.ExitCode()
}

// startServer runs examples/server until the test ends and returns its first line.
func startServer(t *testing.T, dir string) string {
	t.Helper()
	server := exec.CommandContext(context.WithoutCancel(t.Context()), filepath.Join(dir, "server"), "-addr", "127.0.0.1:0")
	pipe, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		assert.NoError(t, server.Wait())
	})
	line, err := bufio.NewReader(pipe).ReadString('\n')
	require.NoError(t, err)
	return line
}

// The tests of the programs share them, since building takes a while.
func TestExamples(t *testing.T) {
	t.Parallel()
	dir, names := buildExamples(t)
	t.Run("each", func(t *testing.T) {
		t.Parallel()
		testEveryExample(t, dir, names)
	})
	t.Run("commands of docs/tokens.md", func(t *testing.T) {
		t.Parallel()
		testCommandsOfTokensPage(t, dir)
	})
}

// Every example prints its flags for -h, refuses unknown flags, and talks to the fake
// service that examples/server runs.
func testEveryExample(t *testing.T, dir string, names []string) {
	t.Helper()
	for _, name := range names {
		program := filepath.Join(dir, name)
		for _, help := range []string{"-h", "-help"} {
			stdout, stderr, status := runExample(t, program, help)
			assert.Zero(t, status, "%s %s", name, help)
			assert.Empty(t, stderr, name)
			assert.Contains(t, stdout, name+" ")
			assert.Contains(t, stdout, "\n  -", name)
		}
		stdout, stderr, status := runExample(t, program, "-what")
		assert.Equal(t, 1, status, name)
		assert.Empty(t, stdout, name)
		assert.Equal(t, "an argument is not valid: flag provided but not defined: -what; -h lists the flags\n", stderr, name)
		if name == "server" || name == "web" { // they call no service
			continue
		}
		stdout, stderr, status = runExample(t, program, "-endpoints", startServer(t, dir))
		assert.Zero(t, status, "%s: %s", name, stderr)
		assert.NotEmpty(t, stdout, name)
		assert.NotContains(t, stderr, "SKYPE_TOKEN", name)
	}
}
