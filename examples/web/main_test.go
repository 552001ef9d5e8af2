package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestArguments(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop() // nothing is to be served
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-what"}, "an argument is not valid: flag provided but not defined: -what; -h lists the flags"},
		{[]string{"page"}, `an argument is not valid: "page"; web takes only flags, which -h lists`},
		{[]string{"-addr", "0.0.0.0:0"}, "-addr 0.0.0.0:0 is not an address of this machine only, such as 127.0.0.1:8080; -build writes files for a web host"},
		{[]string{"-addr", ":8080"}, "-addr :8080 is not an address of this machine only, such as 127.0.0.1:8080; -build writes files for a web host"},
		{[]string{"-addr", "8080"}, "address 8080: missing port in address"},
	} {
		require.EqualError(t, run(ctx, tt.args, io.Discard, io.Discard), tt.want)
	}
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-h"}, &out, io.Discard))
	assert.Contains(t, out.String(), "\n  -build directory\n")
	_, err := parseFlags([]string{"-h"}, io.Discard)
	require.ErrorIs(t, err, flag.ErrHelp)
	_, err = parseFlags([]string{"a"}, io.Discard)
	require.ErrorIs(t, err, demo.ErrUsage)
}

// The program prints its address, serves the page there, and ends with its context.
func TestServe(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	lines, out := io.Pipe()
	ended := make(chan error)
	go func() { ended <- run(ctx, []string{"-log"}, out, io.Discard) }()
	printed := make(chan string, 9)
	go func() {
		for scanner := bufio.NewScanner(lines); scanner.Scan(); {
			printed <- scanner.Text()
		}
	}()
	line := <-printed
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/$`, line)
	client := http.Client{Transport: &http.Transport{}}
	response, err := client.Post(line+"x?y", "text/csv", strings.NewReader("id\njoe.4\n"))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
	assert.Equal(t, `POST "/x?y", 9 bytes of content`, <-printed)
	client.CloseIdleConnections()
	stop()
	require.NoError(t, <-ended)
	require.NoError(t, out.Close())
}

// Two runs write the same bytes: those that the server sends.
func TestBuild(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "site", "page")
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-build", dir}, &out, io.Discard))
	for name, content := range builtFiles(t) {
		written, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(content, written), "%s differs from build to build", name)
		assert.Contains(t, out.String(), "  "+filepath.Join(dir, name)+"\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "CNAME"), []byte("page.example"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page.js"), []byte("old"), 0o600))
	require.NoError(t, run(t.Context(), []string{"-build", dir}, io.Discard, io.Discard))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, len(builtFiles(t))+1)
	written, err := os.ReadFile(filepath.Join(dir, "page.js"))
	require.NoError(t, err)
	assert.Equal(t, string(builtFiles(t)["page.js"]), string(written))
}

// What this program did not write is not replaced without -f.
func TestBuildReplacesNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"index.html", "letter.txt"} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600))
		err := run(t.Context(), []string{"-build", dir}, io.Discard, io.Discard)
		require.EqualError(t, err, dir+" has files that are not of this page; -f writes into it all the same")
		require.NoError(t, run(t.Context(), []string{"-build", dir, "-f"}, io.Discard, io.Discard))
		page, err := os.ReadFile(filepath.Join(dir, "index.html"))
		require.NoError(t, err)
		assert.Equal(t, string(builtFiles(t)["index.html"]), string(page))
	}
	file := filepath.Join(t.TempDir(), "page")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.Error(t, run(t.Context(), []string{"-build", file}, io.Discard, io.Discard))
}
