package main

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page is the documentation of this program for users of other languages.
const page = "../../docs/other-languages.md"

// codeBlock returns the only code block of the page in that language.
func codeBlock(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	require.Len(t, blocks, 1)
	return blocks[0][1]
}

// The code of the page runs against this program.
func TestCodeOfThePage(t *testing.T) {
	t.Parallel()
	for language, test := range map[string]struct {
		needs   string
		program []string
		want    []string // in the output
	}{
		"sh":     {"curl", []string{"sh", "-ec"}, []string{`"mri":"8:joe.4"`}},
		"python": {"python3", []string{"python3", "-c"}, []string{"8:joe.4 Joe Bloggs\n", "2 blocked\n"}},
		"js":     {"node", []string{"node", "-e"}, []string{"daisy.5 Daisy\n"}},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			code := codeBlock(t, language)
			if _, err := exec.LookPath(test.needs); err != nil {
				t.Logf("left out: there is no %s here", test.needs)
				return
			}
			first := start(t)
			line, err := json.Marshal(first)
			require.NoError(t, err)
			code = strings.ReplaceAll(code, "http://127.0.0.1:8080", first["url"].(string))
			cmd := exec.CommandContext(t.Context(), test.program[0], append(test.program[1:], code)...)
			cmd.Env = append(os.Environ(), "FAKE="+string(line))
			output, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", output)
			for _, want := range test.want {
				assert.Contains(t, string(output), want)
			}
		})
	}
}

// The page has the path of every service.
func TestPathsOfThePage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	first := start(t)
	for _, address := range first["signIn"].(map[string]any) {
		assert.Contains(t, string(text), "`"+strings.TrimPrefix(address.(string), first["url"].(string))+"`")
	}
	for service, base := range first["endpoints"].(map[string]any) {
		path := strings.TrimPrefix(base.(string), first["url"].(string))
		assert.Contains(t, string(text), "`"+path+"`", service)
		assert.Contains(t, string(text), "`"+service+"`")
	}
}

// The image has nothing but this program, which therefore needs no library.
func TestStaticBinary(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		return
	}
	binary := filepath.Join(t.TempDir(), "server")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	file, err := elf.Open(binary)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	libraries, err := file.ImportedLibraries()
	require.NoError(t, err)
	require.Empty(t, libraries)
	for _, part := range file.Progs {
		require.NotEqual(t, elf.PT_INTERP, part.Type)
	}
	containerfile, err := os.ReadFile("../../Containerfile")
	require.NoError(t, err)
	require.Contains(t, string(containerfile), "CGO_ENABLED=0 go build")
	require.Contains(t, string(containerfile), "\nFROM scratch\n")
}
