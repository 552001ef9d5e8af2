package skypecontacts_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readPage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// The files that the pages link to exist.
func TestPageLinks(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("*.md")
	require.NoError(t, err)
	more, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	pages = append(pages, more...)
	link := regexp.MustCompile(`\]\(([^)#]+)`)
	for _, page := range pages {
		for _, found := range link.FindAllStringSubmatch(readPage(t, page), -1) {
			if !strings.Contains(found[1], "://") {
				_, err := os.Stat(filepath.Join(filepath.Dir(page), found[1]))
				assert.NoError(t, err, "link in %s", page)
			}
		}
	}
	for _, page := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} {
		assert.Contains(t, readPage(t, "README.md"), "]("+page+")")
	}
	assert.Contains(t, readPage(t, "CHANGELOG.md"), skypecontacts.Version)
}

// The tests that the pages for contributors name exist.
func TestPageTestNames(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	require.NoError(t, filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			for _, found := range declaration.FindAllStringSubmatch(readPage(t, path), -1) {
				declared[found[1]] = true
			}
		}
		return err
	}))
	named := regexp.MustCompile("`(Test\\w+)`")
	for _, page := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"} {
		for _, found := range named.FindAllStringSubmatch(readPage(t, page), -1) {
			assert.True(t, declared[found[1]], "%s names %s, which does not exist", page, found[1])
		}
	}
}

// ARCHITECTURE.md has the steps of the five layers_test.go.
func TestArchitectureSteps(t *testing.T) {
	t.Parallel()
	fileName := regexp.MustCompile(`\w+\.go\b`)
	var want, got [][]string
	step := regexp.MustCompile(`\[\]string\{([^}]*)\}`)
	for _, dir := range []string{".", "skypetest", "export", "teamsauth", "otel"} {
		for _, found := range step.FindAllStringSubmatch(readPage(t, filepath.Join(dir, "layers_test.go")), -1) {
			want = append(want, fileName.FindAllString(found[1], -1))
		}
	}
	row := regexp.MustCompile(`(?m)^\| \d+ \| ([^|]*) \|`)
	for _, found := range row.FindAllStringSubmatch(readPage(t, "ARCHITECTURE.md"), -1) {
		got = append(got, fileName.FindAllString(found[1], -1))
	}
	assert.Equal(t, want, got)
}

func TestReadmeLineLength(t *testing.T) {
	t.Parallel()
	for i, line := range strings.Split(readPage(t, "README.md"), "\n") {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 120, "README.md:%d", i+1)
	}
}

// The table of endpoints has exactly the registered routes.
func TestReadmeEndpoints(t *testing.T) {
	t.Parallel()
	var got []string
	row := regexp.MustCompile("(?m)^\\| (\\w+)(?: \\*)? \\| ([A-Z]+) `(/[^`]*)` \\| (.*) \\|$")
	op := regexp.MustCompile("`(\\w+)`")
	for _, cells := range row.FindAllStringSubmatch(readPage(t, "README.md"), -1) {
		for _, found := range op.FindAllStringSubmatch(cells[4], -1) {
			got = append(got, fmt.Sprintf("%s: %s %s %s", found[1], cells[2], cells[1], cells[3]))
		}
	}
	assert.ElementsMatch(t, skypecontacts.RegisteredRoutes(), got)
}

func TestDocumentedCodeCompiles(t *testing.T) {
	t.Parallel()
	blocks := slices.Concat(
		sourcecheck.MarkdownBlocks(t, "README.md"),
		sourcecheck.CommentBlocks(t, "doc.go"),
		sourcecheck.CommentBlocks(t, "skypetest/doc.go"),
		sourcecheck.CommentBlocks(t, "export/doc.go"),
	)
	blocks = slices.DeleteFunc(blocks, func(b sourcecheck.CodeBlock) bool { return isListCallTable(b.Code) })
	require.Len(t, blocks, 9)
	sourcecheck.CompileBlocks(t, ".", blocks)
}

// isListCallTable reports whether a block of doc.go is a table and not code.
func isListCallTable(block string) bool { return strings.HasPrefix(block, "call  ") }

// The table "Which list call do I want" has every call that returns or yields
// contacts.
func TestListCallTable(t *testing.T) {
	t.Parallel()
	var got []string
	for _, block := range sourcecheck.CommentBlocks(t, "doc.go") {
		if isListCallTable(block.Code) {
			for line := range strings.Lines(block.Code) {
				got = append(got, strings.Fields(line)[0])
			}
		}
	}
	require.NotEmpty(t, got)
	var want []string
	for _, fn := range exportedFunctions(t) {
		if fn.Type.Results == nil {
			continue
		}
		result := typeText(fn.Type.Results.List[0].Type)
		if slices.Contains([]string{"*ContactList", "*Roster", "iter.Seq2[*Contact, error]"}, result) {
			want = append(want, fn.Name.Name)
		}
	}
	assert.ElementsMatch(t, want, got[1:])
}

// The blocks of README.md run as a program against the fake service, with only the
// call of New replaced.
func TestReadmeCodeRuns(t *testing.T) {
	t.Parallel()
	blocks := sourcecheck.MarkdownBlocks(t, "README.md")
	require.Len(t, blocks, 4)
	sources := t.TempDir()
	directory, err := filepath.Abs("internal/readme") // exists only in the overlay
	require.NoError(t, err)
	driver, err := filepath.Abs("testdata/readme/main.go")
	require.NoError(t, err)
	replace := map[string]string{filepath.Join(directory, "main.go"): driver}
	for i, block := range blocks {
		source, err := block.Source(fmt.Sprintf("block%d", i+1))
		require.NoError(t, err)
		if i == 0 {
			require.Equal(t, 1, strings.Count(source, "skypecontacts.New("))
			source = strings.Replace(source, "skypecontacts.New(", "newFakeClient(", 1)
			source = strings.Replace(source, "func main()", "func readmeProgram()", 1)
		}
		name := fmt.Sprintf("block%d.go", i+1)
		require.NoError(t, os.WriteFile(filepath.Join(sources, name), []byte(source), 0o600))
		replace[filepath.Join(directory, name)] = filepath.Join(sources, name)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	overlayFile := filepath.Join(sources, "overlay.json")
	require.NoError(t, os.WriteFile(overlayFile, overlay, 0o600))

	run := exec.CommandContext(t.Context(), "go", "run", "-overlay", overlayFile, "./internal/readme", "token")
	var stderr strings.Builder
	run.Stderr = &stderr
	out, err := run.Output()
	require.NoError(t, err, stderr.String())
	assert.Equal(t, readmeOutput, string(out))
}

const readmeOutput = `# A program
8:joe.4 Joe
skypecontacts: entry 1 skipped: the entry has no identifier
8:anna.7 anna.7
# Errors
done
there is no such account
not the error of a call: skypecontacts: entry 1 skipped: undecodable response
not the error of a call: disk full
try again after 1s
the change may have been made: check before you repeat it
skypecontacts: ListGroups: 403 Forbidden
# Testing your own code
3 contacts
0 invites left
`
