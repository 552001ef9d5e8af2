package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/web/job"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxWASM is what a phone may load for the converter, compressed.
const maxWASM = 2_500_000

var buildOnce = sync.OnceValues(func() (map[string][]byte, error) { return pageFiles(context.Background()) })

// builtFiles returns the files of the page. The tests share them, since building takes a
// while.
func builtFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := buildOnce()
	require.NoError(t, err)
	return files
}

func TestConverterSize(t *testing.T) {
	t.Parallel()
	size := len(compressed(builtFiles(t)["converter.wasm"]))
	t.Logf("%d bytes, %d compressed", len(builtFiles(t)["converter.wasm"]), size)
	assert.Less(t, size, maxWASM, "the converter is too large; TestConverterHoldsNoMore says what must not be in it")
}

// What only a program on a computer needs is not in the converter, though packages that it
// imports have it: the linker leaves it out as long as nothing calls it.
func TestConverterHoldsNoMore(t *testing.T) {
	t.Parallel()
	tools, err := findToolchain(t.Context())
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-dumpdep",
		"-o", filepath.Join(t.TempDir(), "converter.wasm"), module+"/examples/web/converter")
	command.Env = append(os.Environ(), tools.converterEnv()...)
	edges, err := command.CombinedOutput() // each line is "symbol -> symbol that it uses"
	require.NoError(t, err)
	require.Contains(t, string(edges), "main.main -> ")
	notes := regexp.MustCompile(`\.(arginfo\d+|opendefer|stkobj|wrapinfo|argliveinfo)$`) // of functions that are left out
	for what, symbol := range map[string]string{
		"html/template keeps every method of every type":        `html/template\.`,
		"text/template keeps every method of every type":        `text/template\.`,
		"a method that is looked up by name keeps all":          `reflect\.Value\.MethodByName\b`,
		"the page runs no program":                              `os/exec\.\(\*Cmd\)\.Start\b`,
		"the page sends nothing":                                `net/http\.\(\*(Client\)\.do|Transport\)\.RoundTrip)\b`,
		"the page needs no client of the service":               `github\.com/skypecontacts/skypecontacts\.\(\*Client\)\.`,
		"the fake service is for tests":                         module + `/skypetest\.`,
		"this JSON library is a second one; see buildConverter": `github\.com/go-json-experiment/json/internal`,
	} {
		found := regexp.MustCompile(`(?m)^.* -> `+symbol+`.*$`).FindAllString(string(edges), -1)
		found = slices.DeleteFunc(found, notes.MatchString)
		assert.Empty(t, found, what)
	}
}

// Every file that the page names is there.
func TestPageIsWhole(t *testing.T) {
	t.Parallel()
	files := builtFiles(t)
	page, script := string(files["index.html"]), string(files["page.js"])
	for _, found := range regexp.MustCompile(`(?:href|src)="([^":#]+)"|load\("([^"]+)"\)`).FindAllStringSubmatch(page+script, -1) {
		assert.Contains(t, files, found[1]+found[2])
	}
	for _, found := range regexp.MustCompile(`\$\("([^"]+)"\)|show\("([^"]+)"`).FindAllStringSubmatch(script, -1) {
		assert.Contains(t, page, ` id="`+found[1]+found[2]+`"`)
	}
	assert.Contains(t, page, generator)
	// Contacts are text, and no code is in a page with such a policy.
	for _, never := range []string{"innerHTML", "insertAdjacentHTML", "document.write", "eval(", "outerHTML"} {
		assert.NotContains(t, script, never)
	}
	assert.NotRegexp(t, `<script(?: [^>]*)?>[^<]|<style|\son\w+=|\sstyle=`, page)
}

// Anybody may look whether the page has a server of its own in it.
func TestScriptNamesNoOtherHost(t *testing.T) {
	t.Parallel()
	for name, content := range builtFiles(t) {
		if name == "page.css" || name == "page.js" {
			assert.NotContains(t, string(content), "://", name)
		}
	}
	assert.Equal(t, []string{"http://www.w3.org/2000/svg", "https://github.com/skypecontacts/skypecontacts"},
		regexp.MustCompile(`https?://[\w./-]+`).FindAllString(string(builtFiles(t)["index.html"]), -1))
}

// TestConverterUnderNode runs the converter itself. What it writes is what package job does
// elsewhere, and so what examples/export writes.
func TestConverterUnderNode(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the converter is only tried in a browser, by internal/browser")
	}
	dir := t.TempDir()
	for _, name := range []string{"wasm_exec.js", "converter.wasm", "sample.csv"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), builtFiles(t)[name], 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "unreadable.csv"), builtFiles(t)["sample.csv"], 0o600))
	converted := func(file, format string) map[string]json.RawMessage {
		out, err := exec.CommandContext(t.Context(), node, "testdata/run.js", filepath.Join(dir, "wasm_exec.js"),
			filepath.Join(dir, "converter.wasm"), filepath.Join(dir, file), format).CombinedOutput()
		require.NoError(t, err, string(out))
		messages := make(map[string]json.RawMessage)
		for line := range strings.Lines(string(out)) {
			require.NoError(t, json.Unmarshal([]byte(line), &messages), line)
		}
		return messages
	}
	for _, f := range convert.Formats {
		messages := converted("sample.csv", string(f.Format))
		var file bytes.Buffer
		sample := builtFiles(t)["sample.csv"]
		report, err := job.Convert(job.NewSource(bytes.NewReader(sample), int64(len(sample))), "contacts.csv", export.ReadOptions{}, f,
			export.Options{Bots: true, Mood: true}, func(string) io.Writer { return &file })
		require.NoError(t, err)
		want, err := json.Marshal([]map[string]string{{"name": "contacts" + f.Ending, "blob": file.String()}})
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(messages["files"]))
		assert.JSONEq(t, quoted(t, report), string(messages["report"]))
		assert.Contains(t, string(messages["rows"]), "Joe Bloggs")
		assert.Contains(t, string(messages["overview"]), `"people":8`)
		assert.Equal(t, len(convert.Formats), bytes.Count(messages["formats"], []byte(`"use":"`)))
	}
	assert.Contains(t, string(converted("unreadable.csv", "vcard")["error"]),
		"the browser cannot read the file, which may have changed since it was chosen: the disk is gone")
}

// quoted returns value as JSON.
func quoted(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// Elsewhere than in a clone the program says what it needs.
func TestOutsideOfAClone(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := findToolchain(t.Context())
	require.ErrorContains(t, err, "this program builds the converter from a clone of the repository, and has to run in it: go list: ")
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"go1.26.8": true, "go1.27rc2": false, "go1.27.3": false, "go1.28.0": false} {
		assert.Equal(t, want, slices.Contains(toolchain{version: version}.converterEnv(), "GOEXPERIMENT=jsonv2"), version)
	}
}
