package skypecontacts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the pages point to is there, and they name every method.
func TestPagesAreTrue(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("*.md")
	require.NoError(t, err)
	link := regexp.MustCompile(`\]\(([^)#]+)`)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(found[1], "://") {
				_, err := os.Stat(found[1])
				assert.NoError(t, err, "%s points to it", page)
			}
		}
	}
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, r := range allRoutes {
		assert.Contains(t, string(readme), "`"+r.op+"`")
	}
	changes, err := os.ReadFile("CHANGELOG.md")
	require.NoError(t, err)
	assert.Contains(t, string(changes), Version)
}
