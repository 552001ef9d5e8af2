package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readWorkflows returns all workflows by the name of their file.
func readWorkflows(t *testing.T) map[string]string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", ".github", "workflows")
	workflows := readFiles(t, os.DirFS(dir))
	require.NotEmpty(t, workflows)
	return workflows
}

// An action is pinned by its commit, the same in every workflow.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	used := regexp.MustCompile(`(?m)\buses: *(.*)$`)
	pinned := regexp.MustCompile(`^([\w/-]+)@([0-9a-f]{40} # v[\d.]+)$`)
	commits := make(map[string]string)
	for file, text := range readWorkflows(t) {
		for _, found := range used.FindAllStringSubmatch(text, -1) {
			action := pinned.FindStringSubmatch(found[1])
			if !assert.NotNil(t, action, "%s: %s", file, found[1]) {
				continue
			}
			name, commit := action[1], action[2]
			if commits[name] == "" {
				commits[name] = commit
			}
			assert.Equal(t, commits[name], commit, name)
		}
	}
}

// A workflow that does not say what it may do may do what the settings of the repository
// say, so each says it, and only the jobs of a release may change anything.
func TestPermissions(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"release.yml": {"contents: write", "id-token: write", "attestations: write", "pages: write", "id-token: write"},
	}
	least := regexp.MustCompile(`(?m)^permissions:(?: \{\}|\n +contents: read)$`)
	got := make(map[string][]string)
	for file, text := range readWorkflows(t) {
		assert.Regexp(t, least, text, file)
		if writes := writePermissions(text); writes != nil {
			got[file] = writes
		}
	}
	assert.Equal(t, want, got)
}

// writePermissions returns what a workflow or one of its jobs may change, in whatever
// style of YAML it says so.
func writePermissions(workflow string) []string {
	return regexp.MustCompile(`[\w-]+["']?:\s*["']?write(?:-all)?\b`).FindAllString(workflow, -1)
}

func TestWritePermissions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"permissions:\n  contents: read":                            nil,
		"permissions: {}":                                           nil,
		"permissions:\n  contents: write":                           {"contents: write"},
		"permissions:\n  issues: write\n  pull-requests: write":     {"issues: write", "pull-requests: write"},
		"permissions: { contents: read, id-token:  write }":         {"id-token:  write"},
		`permissions: {"contents":"write"}`:                         {`contents":"write`},
		"permissions: write-all":                                    {"permissions: write-all"},
		"permissions:\n  contents:\n    write\n  'packages': write": {"contents:\n    write", "packages': write"},
	} {
		assert.Equal(t, want, writePermissions(text), text)
	}
}

// Nothing is released before it has been tested by the Go version that builds it, the page
// in a browser.
func TestReleaseIsTested(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join("..", "..", "..", "Makefile"))
	require.NoError(t, err)
	assert.Contains(t, string(makefile), "\ndist dist-test: export GOTOOLCHAIN = $(release_go)\n")
	assert.Contains(t, string(makefile), "\ndist-test: test browser ##")
	workflow := readWorkflows(t)["release.yml"]
	for _, line := range []string{
		`(?m)^  test:.*\n(?:    .*\n)*      - run: make dist-test$`,
		`(?m)^  build:.*\n(?:    .*\n)*      - run: make dist$`,
		`(?m)^  release:\n    needs: \[test, build\]$`,
		`(?m)^  pages:\n    needs: release$`,
	} {
		assert.Regexp(t, line, workflow)
	}
}
