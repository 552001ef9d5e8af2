package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"errors"
	"fmt"
	"go/version"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed page
var embedded embed.FS

// pageFiles returns the files of the page by their names.
func pageFiles(ctx context.Context) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, name := range []string{"index.html", "page.css", "page.js"} {
		content, err := embedded.ReadFile("page/" + name)
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	toolchain, err := findToolchain(ctx)
	if err != nil {
		return nil, err
	}
	for name, path := range map[string]string{
		"wasm_exec.js": filepath.Join(toolchain.root, "lib", "wasm", "wasm_exec.js"),
		"sample.csv":   filepath.Join(toolchain.clone, "examples", "export", "sample.csv"),
	} {
		if files[name], err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	files["converter.wasm"], err = toolchain.buildConverter(ctx)
	return files, err
}

// toolchain is the go command for the clone.
type toolchain struct{ version, root, clone string }

const module = "github.com/skypecontacts/skypecontacts"

// findToolchain asks the go command about itself and the clone.
func findToolchain(ctx context.Context) (toolchain, error) {
	env, err := goCommand(ctx, nil, "env", "GOVERSION", "GOROOT")
	if err != nil {
		return toolchain{}, err
	}
	clone, err := goCommand(ctx, nil, "list", "-m", "-f", "{{.Dir}}", module)
	if err != nil {
		return toolchain{}, fmt.Errorf("this program builds the converter from a clone of the repository, and has to run in it: %w", err)
	}
	lines := strings.Split(strings.ReplaceAll(string(env), "\r", ""), "\n")
	return toolchain{version: lines[0], root: lines[1], clone: strings.TrimSpace(string(clone))}, nil
}

// buildConverter builds the converter, the same bytes each time.
func (t toolchain) buildConverter(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "skypecontacts-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "converter.wasm")
	if _, err := goCommand(ctx, t.converterEnv(), append(buildArgs(), "-o", file, module+"/examples/web/converter")...); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// buildArgs returns arguments that leave out what a page has no use for, and what differs
// from build to build.
func buildArgs() []string {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="}
	for _, pattern := range notInlined {
		args = append(args, "-gcflags="+pattern+"=-l")
	}
	return args
}

// notInlined are packages whose calls are not inlined. The page then loads 110 KB less, and
// takes a tenth longer for a contacts.csv, a third longer for JSON. Not all packages are
// here: crypto would be larger, and runtime slower.
var notInlined = []string{
	module + "/...", "archive/...", "context", "encoding/asn1", "encoding/json/...", "fmt", "internal/poll", "os", "reflect", "syscall", "time",
}

// converterEnv is the environment to build the converter in. Before Go 1.27 the JSON
// library is a module beside that of the standard library, of which the page would load
// both.
func (t toolchain) converterEnv() []string {
	env := []string{"GOOS=js", "GOARCH=wasm"}
	if version.Compare(t.version, "go1.27") < 0 {
		env = append(env, "GOEXPERIMENT=jsonv2")
	}
	return env
}

// goCommand returns what the go command prints.
func goCommand(ctx context.Context, env []string, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the arguments are of this file
	command.Env = append(os.Environ(), env...)
	var failure bytes.Buffer
	command.Stderr = &failure
	output, err := command.Output()
	if text := strings.TrimSpace(failure.String()); err != nil && text != "" {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, text)
	}
	return output, err
}

// compressed returns content as gzip, always the same bytes.
func compressed(content []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(content)
	_ = w.Close() // a buffer takes everything
	return out.Bytes()
}

// generator is in the page, and so in each directory that this program has written.
const generator = `<meta name="generator" content="skypecontacts examples/web">`

// buildPage writes the files of the page into dir, which must be new or empty, or have such
// a page, unless replace is set.
func buildPage(ctx context.Context, dir string, replace bool, out io.Writer) error {
	if err := checkDir(dir); err != nil && !replace {
		return err
	}
	files, err := pageFiles(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // everybody may read a page, and a web server has to
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil { //nolint:gosec // see above
			return err
		}
		fmt.Fprintf(out, "%9d  %s\n", len(files[name]), filepath.Join(dir, name))
	}
	return nil
}

// checkDir returns an error if dir has files but no page of this program.
func checkDir(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return err
	}
	page, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || !bytes.Contains(page, []byte(generator)) {
		return fmt.Errorf("%s has files that are not of this page; -f writes into it all the same", dir)
	}
	return nil
}
