package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An action is pinned by its commit, the same in every workflow, and only the job that
// creates a release may change the repository.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", ".github", "workflows", "*.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	used := regexp.MustCompile(`(?m)\buses: *(.*)$`)
	pinned := regexp.MustCompile(`^([\w/-]+)@([0-9a-f]{40} # v[\d.]+)$`)
	writing := regexp.MustCompile(`(?m)^ *(?:contents|packages|actions): write|write-all`)
	commits := make(map[string]string)
	writes := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		writes += len(writing.FindAll(text, -1))
		for _, found := range used.FindAllSubmatch(text, -1) {
			action := pinned.FindSubmatch(found[1])
			if !assert.NotNil(t, action, "%s: %s", filepath.Base(path), found[1]) {
				continue
			}
			name, commit := string(action[1]), string(action[2])
			if commits[name] == "" {
				commits[name] = commit
			}
			assert.Equal(t, commits[name], commit, name)
		}
	}
	assert.Equal(t, 1, writes)
}
