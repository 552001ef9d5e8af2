package browser

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// clone is the root of the repository.
const clone = "../.."

// programsFolder has the built examples. TestMain removes it.
var programsFolder string

// buildProgram builds an example once, and returns its path.
var buildProgram = func() func(t *testing.T, name string) string {
	var mu sync.Mutex
	built := map[string]string{}
	return func(t *testing.T, name string) string {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if built[name] == "" {
			program := filepath.Join(programsFolder, name+".exe")
			build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./examples/"+name)
			build.Dir = clone
			output, err := build.CombinedOutput()
			require.NoError(t, err, string(output))
			built[name] = program
		}
		return built[name]
	}
}()

// converterSite is examples/web, started as a user starts it.
type converterSite struct {
	url string

	mu  sync.Mutex
	log []string // lines that it prints for requests
}

// startConverter starts examples/web.
func startConverter(t *testing.T) *converterSite {
	t.Helper()
	requireChromium(t)
	web := exec.Command(buildProgram(t, "web"), "-log")
	web.Dir = clone
	var failure bytes.Buffer
	web.Stderr = &failure
	output, err := web.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, web.Start())
	t.Cleanup(func() {
		_ = web.Process.Kill()
		_ = web.Wait()
	})
	lines := bufio.NewScanner(output)
	require.True(t, lines.Scan(), "the program has ended: %s", &failure)
	s := &converterSite{url: lines.Text()}
	go func() {
		for lines.Scan() {
			s.mu.Lock()
			s.log = append(s.log, lines.Text())
			s.mu.Unlock()
		}
	}()
	return s
}

// requested returns what the program has printed of requests until now.
func (s *converterSite) requested() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// exported is what examples/export makes of a file.
type exported struct {
	files  map[string][]byte
	report string // or the error
}

// progressLines are those that examples/export prints while it reads a large file.
var progressLines = regexp.MustCompile(`(?m)^\d+ read\n`)

// runExport runs examples/export as a user does it who wants what the page does.
func runExport(t *testing.T, from, name string, flags ...string) exported {
	t.Helper()
	folder := t.TempDir()
	args := append([]string{"-from", from, "-o", filepath.Join(folder, name)}, flags...)
	program := exec.CommandContext(t.Context(), buildProgram(t, "export"), args...)
	var report strings.Builder
	program.Stdout, program.Stderr = io.Discard, &report
	_ = program.Run() // an error is in the report
	result := exported{files: map[string][]byte{}, report: strings.TrimSpace(progressLines.ReplaceAllString(report.String(), ""))}
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, entry := range entries {
		result.files[entry.Name()], err = os.ReadFile(filepath.Join(folder, entry.Name()))
		require.NoError(t, err)
	}
	return result
}

// pageWords are what the page calls the flags that the report names.
var pageWords = strings.NewReplacer("-suggested", "“Suggestions of Skype”", "-bots", "“Bots”", "-mood", "“Mood”", "-to jsonl", "JSON Lines")

// buildStatic returns a new folder with what examples/web writes with -build.
func buildStatic(t *testing.T, program string) string {
	t.Helper()
	folder := t.TempDir()
	build := exec.CommandContext(t.Context(), program, "-build", folder)
	build.Dir = clone
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	return folder
}
