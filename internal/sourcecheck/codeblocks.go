package sourcecheck

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// CodeBlock is an example in a document.
type CodeBlock struct {
	Place string // file and line
	Code  string
}

// MarkdownBlocks returns the fenced blocks of Go code in a Markdown file.
func MarkdownBlocks(t testing.TB, name string) (blocks []CodeBlock) {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	inside := false
	for i, line := range slices.Collect(strings.Lines(string(text))) {
		switch {
		case strings.TrimSpace(line) == "```go":
			inside = true
			blocks = append(blocks, CodeBlock{Place: fmt.Sprintf("%s:%d", name, i+2)})
		case strings.HasPrefix(line, "```"):
			inside = false
		case inside:
			blocks[len(blocks)-1].Code += line
		}
	}
	return blocks
}

// CommentBlocks returns the code blocks in the package comment of a Go file.
func CommentBlocks(t testing.TB, name string) (blocks []CodeBlock) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	var comments comment.Parser
	for _, part := range comments.Parse(file.Doc.Text()).Content {
		if code, ok := part.(*comment.Code); ok {
			blocks = append(blocks, CodeBlock{Place: fmt.Sprintf("%s, block %d", name, len(blocks)+1), Code: code.Text})
		}
	}
	return blocks
}

// importPaths has what a block may use without an import of its own.
var importPaths = map[string]string{
	"context": "context",
	"errors":  "errors",
	"fmt":     "fmt",
	"http":    "net/http",
	"log":     "log",
	"os":      "os",
	"time":    "time",

	"skypecontacts": "github.com/skypecontacts/skypecontacts",
	"skypetest":     "github.com/skypecontacts/skypecontacts/skypetest",
	"export":        "github.com/skypecontacts/skypecontacts/export",
}

// Source returns the block as a file of package main. Declarations get the imports
// they lack. Statements become the body of a function of the given name, whose
// parameters are what an example leaves out:
//
//	func(ctx context.Context, client *skypecontacts.Client, token string, err error) error
func (b CodeBlock) Source(function string) (string, error) {
	if strings.HasPrefix(b.Code, "package ") {
		return b.Code, nil
	}
	body := b.Code
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+body, 0); err != nil {
		body = "func " + function + "(ctx context.Context, client *skypecontacts.Client, token string, err error) error {\n" +
			"{\n" + body + "}\nreturn nil\n}\n"
	}
	file, err := parser.ParseFile(token.NewFileSet(), b.Place, "package main\n"+body, 0)
	if err != nil {
		return "", err
	}
	imports := map[string]bool{}
	for _, ident := range file.Unresolved {
		if path, ok := importPaths[ident.Name]; ok {
			imports[path] = true
		}
	}
	var source strings.Builder
	source.WriteString("package main\n\n")
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		fmt.Fprintf(&source, "import %q\n", path)
	}
	source.WriteString("\n" + body)
	formatted, err := format.Source([]byte(source.String()))
	return string(formatted), err
}

// CompileBlocks asserts that each block compiles, either as a program or as the
// content of one. dir is any directory of the module.
func CompileBlocks(t testing.TB, dir string, blocks []CodeBlock) {
	t.Helper()
	exports := exportData(t, dir, slices.Sorted(maps.Values(importPaths))...)
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	packages := importer.ForCompiler(fset, "gc", lookup)
	for _, block := range blocks {
		assert.NoError(t, block.compile(fset, packages), block.Place)
	}
}

func (b CodeBlock) compile(fset *token.FileSet, packages types.Importer) error {
	source, err := b.Source("example")
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(fset, b.Place, source, 0)
	if err != nil {
		return err
	}
	config := types.Config{Importer: packages}
	_, err = config.Check("main", fset, []*ast.File{file}, nil)
	return err
}
