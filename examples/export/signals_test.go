//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
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

// manyContacts are more than the program reads to find out what a file is, and less than
// a pipe holds.
const manyContacts = 5_000

// blockedPipe returns a directory with a contacts.csv that is a pipe, from which reads
// block after some contacts.
func blockedPipe(t *testing.T, contacts int) (dir, pipe string) {
	t.Helper()
	dir = t.TempDir()
	pipe = filepath.Join(dir, "contacts.csv")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	writer, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = writer.Close() })
	_, err = writer.WriteString("id\n" + strings.Repeat("joe.4\n", contacts))
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

func TestInterruptBlockedRead(t *testing.T) {
	t.Parallel()
	dir, pipe := blockedPipe(t, manyContacts)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, _, err := runExport(ctx, "-from", pipe, "-o", filepath.Join(dir, "contacts.vcf"))
		ended <- err
	}()
	require.Eventually(t, outputStarted(dir), startTimeout, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	assert.Equal(t, []string{"contacts.csv"}, fileNames(t, dir))
}

// A read also ends that has to find out what the file is.
func TestInterruptBlockedStart(t *testing.T) {
	t.Parallel()
	dir, pipe := blockedPipe(t, 1)
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, context.Canceled)
	defer cancel()
	_, _, err := runExport(ctx, "-from", pipe, "-o", filepath.Join(dir, "contacts.vcf"))
	require.ErrorIs(t, err, ctx.Err())
	assert.Equal(t, []string{"contacts.csv"}, fileNames(t, dir))
}

func TestSignals(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			dir, pipe := blockedPipe(t, manyContacts)
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

// The file is complete when stderr is a closed pipe or no file at all.
func TestClosedStderr(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	many.WriteString("type,id\nSkypeSuggested,daisy.5\n,\n")
	for i := range 60_000 { // so that there is progress before the end
		fmt.Fprintf(&many, "Skype,person.%d\n", i)
	}
	for name, shell := range map[string]string{
		"pipe":   `{ "$0" contacts.csv -o contacts.vcf 2>&1; echo $? >status; } | true`,
		"closed": `"$0" contacts.csv -o contacts.vcf 2>&-; echo $? >status`,
		"full":   `"$0" contacts.csv -o contacts.vcf 2>/dev/full; echo $? >status`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newFolder(t, map[string]string{"contacts.csv": many.String()})
			program := exec.CommandContext(t.Context(), "sh", "-c", shell, os.Args[0])
			program.Dir = dir
			program.Env = append(os.Environ(), "RUN_EXPORT=1")
			require.NoError(t, program.Run())
			files := folderContent(t, dir)
			assert.Equal(t, "0\n", files["status"])
			assert.Equal(t, 60_000, strings.Count(files["contacts.vcf"], "\r\nEND:VCARD\r\n"))
			assert.Len(t, files, 3)
		})
	}
}

// A stdout that nobody reads any more is an error.
func TestClosedStdout(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "id,display_name\njoe.4," + strings.Repeat("J", 500_000) + "\n"})
	program := exec.CommandContext(t.Context(), "sh", "-c", `{ "$0" contacts.csv 2>errors; echo $? >status; } | true`, os.Args[0])
	program.Dir = dir
	program.Env = append(os.Environ(), "RUN_EXPORT=1")
	require.NoError(t, program.Run())
	files := folderContent(t, dir)
	assert.Equal(t, "1\n", files["status"])
	assert.Contains(t, files["errors"], "broken pipe")
}
