//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startTimeout is far above the time that the program needs to start, also under load.
const startTimeout = time.Minute

// blockedPipe returns a directory with a contacts.csv that is a pipe, from which reads
// block after the first contact.
func blockedPipe(t *testing.T) (dir, pipe string) {
	t.Helper()
	dir = t.TempDir()
	pipe = filepath.Join(dir, "contacts.csv")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	writer, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = writer.Close() })
	_, err = writer.WriteString("id\njoe.4\n")
	require.NoError(t, err)
	return dir, pipe
}

// outputStarted returns a condition: dir has a second file.
func outputStarted(dir string) func() bool {
	return func() bool {
		entries, err := os.ReadDir(dir)
		return err == nil && len(entries) == 2
	}
}

func fileNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestInterruptBlockedRead(t *testing.T) {
	t.Parallel()
	dir, pipe := blockedPipe(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		var stdout, stderr strings.Builder
		ended <- run(ctx, []string{"-from", pipe, "-o", filepath.Join(dir, "contacts.vcf")}, &stdout, &stderr)
	}()
	require.Eventually(t, outputStarted(dir), startTimeout, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	assert.Equal(t, []string{"contacts.csv"}, fileNames(t, dir))
}

func TestSignals(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			dir, pipe := blockedPipe(t)
			program := exec.CommandContext(t.Context(), os.Args[0], "-from", pipe, "-o", filepath.Join(dir, "contacts.vcf"))
			program.Env = append(os.Environ(), "RUN_EXPORT=1")
			var stderr bytes.Buffer
			program.Stderr = &stderr
			require.NoError(t, program.Start())
			require.Eventually(t, outputStarted(dir), startTimeout, time.Millisecond)
			require.NoError(t, program.Process.Signal(signal))
			require.Error(t, program.Wait())
			assert.Equal(t, 1, program.ProcessState.ExitCode())
			assert.True(t, strings.HasPrefix(stderr.String(), "Interrupted."), stderr.String())
			assert.Equal(t, []string{"contacts.csv"}, fileNames(t, dir))
		})
	}
}

// The program blocks in a write to a pipe that is not read until a second signal.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	rows := "id,display_name\njoe.4," + strings.Repeat("J", 500_000) + "\n"
	dir := newFolder(t, map[string]string{"contacts.csv": rows})
	program := exec.CommandContext(t.Context(), os.Args[0], "-from", filepath.Join(dir, "contacts.csv"))
	program.Env = append(os.Environ(), "RUN_EXPORT=1")
	program.Stdout = writer
	require.NoError(t, program.Start())
	_, err = reader.Read(make([]byte, 1))
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	for {
		_ = program.Process.Signal(os.Interrupt)
		select {
		case err := <-ended:
			require.EqualError(t, err, "signal: interrupt")
			require.NoError(t, writer.Close())
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}
