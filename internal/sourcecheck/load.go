// Package sourcecheck has what the tests of this module assert about source
// code: the order of files, their size, the exported API, and the examples in documents.
package sourcecheck

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkedPackage is a package without its tests.
type checkedPackage struct {
	fset  *token.FileSet
	files map[string]*ast.File // by name without directory
	types *types.Package       // nil after parsePackage
	info  *types.Info          // nil after parsePackage
}

// parsePackage parses the package in dir without type-checking it.
func parsePackage(t testing.TB, dir string) *checkedPackage {
	t.Helper()
	p := &checkedPackage{fset: token.NewFileSet(), files: map[string]*ast.File{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(p.fset, name, nil, parser.ParseComments)
		require.NoError(t, err)
		p.files[filepath.Base(name)] = file
	}
	require.NotEmpty(t, p.files, dir)
	return p
}

// loadPackage type-checks the package in dir. Imports come from the export data
// of the go command, so that a package is checked in a fraction of a second.
func loadPackage(t testing.TB, dir string) *checkedPackage {
	t.Helper()
	p := parsePackage(t, dir)
	p.info = &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	exports := exportData(t, dir, ".")
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	config := types.Config{Importer: importer.ForCompiler(p.fset, "gc", lookup)}
	var err error
	p.types, err = config.Check(dir, p.fset, slices.Collect(maps.Values(p.files)), p.info)
	require.NoError(t, err)
	return p
}

// exportData has the file of export data of each of the packages and of each package
// that one of them imports, directly or not, by import path. dir is the directory of
// the go command.
func exportData(t testing.TB, dir string, packages ...string) map[string]string {
	t.Helper()
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}"}, packages...)
	list := exec.CommandContext(t.Context(), "go", args...)
	list.Dir = dir
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err)
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		exports[path] = file
	}
	return exports
}

// position is a place in the source, as file name and line.
func (p *checkedPackage) position(pos token.Pos) (file string, line int) {
	position := p.fset.Position(pos)
	return filepath.Base(position.Filename), position.Line
}
