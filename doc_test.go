package skypecontacts_test

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every method that calls the service says what it calls, how that is known,
// what it fails with and whether it is repeated; and it calls a registered route.
func TestMethodsAreDocumented(t *testing.T) {
	t.Parallel()
	paths := map[string][]string{}
	for _, r := range skypecontacts.RegisteredRoutes() {
		op, request, _ := strings.Cut(r, ": ")
		method, _, _ := strings.Cut(request, " ")
		paths[op] = append(paths[op], method+" ")
	}
	paths["LookupProfiles"] = nil // makes its requests through GetPublicProfiles
	documented := 0
	for _, fn := range exportedFunctions(t) {
		if fn.Recv == nil || receiver(fn) != "Client" || !ast.IsExported(fn.Name.Name) {
			continue
		}
		name, doc := fn.Name.Name, fn.Doc.Text()
		assert.True(t, strings.HasPrefix(doc, name+" "), "%s: the first sentence begins with the name", name)
		methods, isOperation := paths[name]
		if !isOperation {
			continue
		}
		documented++
		for _, part := range []string{"\nRoute: ", "\nSource: ", "\nErrors: "} {
			assert.Contains(t, doc, part, name)
		}
		assert.Regexp(t, `(?is)repeated|sent\s+again`, doc, "%s: whether it may be repeated", name)
		for _, method := range methods {
			assert.Contains(t, doc, method, name)
		}
		delete(paths, name)
	}
	assert.Empty(t, paths, "routes whose method was not found")
	require.GreaterOrEqual(t, documented, 24)
}

// Everything exported has a comment that begins with its name.
func TestExportedNamesAreDocumented(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.IsExported() && (decl.Recv == nil || ast.IsExported(receiver(decl))) {
					assert.NotEmpty(t, decl.Doc.Text(), decl.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.IsExported() {
						assert.Contains(t, decl.Doc.Text()+spec.Doc.Text(), spec.Name.Name+" ")
					}
				}
			}
		}
	}
}

// Every Legacy method is deprecated, since a stated month, in favor of another method
// of Client.
func TestLegacyMethodsAreDeprecated(t *testing.T) {
	t.Parallel()
	notice := regexp.MustCompile(`(?m)^Deprecated: [^\n]*(?:\n[^\n]+)*`)
	date := regexp.MustCompile(`\b(January|February|March|April|May|June|July|August|September|October|November|December)\s20\d\d\b`)
	successor := regexp.MustCompile(`use\s\[Client\.(\w+)\]`)
	methods := map[string]bool{}
	for _, fn := range exportedFunctions(t) {
		if fn.Recv != nil && receiver(fn) == "Client" {
			methods[fn.Name.Name] = true
		}
	}
	checked := 0
	for _, fn := range exportedFunctions(t) {
		if !strings.HasPrefix(fn.Name.Name, "Legacy") {
			continue
		}
		checked++
		paragraph := notice.FindString(fn.Doc.Text())
		require.NotEmpty(t, paragraph, fn.Name.Name)
		assert.Regexp(t, date, paragraph, fn.Name.Name)
		if found := successor.FindStringSubmatch(paragraph); assert.NotNil(t, found, fn.Name.Name) {
			assert.True(t, methods[found[1]] && !strings.HasPrefix(found[1], "Legacy"), "%s: %s", fn.Name.Name, found[1])
		}
	}
	assert.Equal(t, 5, checked)
}

// The exported API is that of testdata/api.txt, so that a change of it is seen in
// review. "go test -run TestAPI -update" writes the file.
func TestAPI(t *testing.T) {
	t.Parallel()
	var api strings.Builder
	for _, dir := range []string{".", "skypetest", "export"} {
		fmt.Fprintf(&api, "# %s\n%s", path.Join("github.com/skypecontacts/skypecontacts", dir), sourcecheck.API(t, dir))
	}
	if *update {
		require.NoError(t, os.WriteFile("testdata/api.txt", []byte(api.String()), 0o600))
	}
	want, err := os.ReadFile("testdata/api.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), api.String())
}

// One file imports resty, one the JSON library, one opens files by internal/credential, and
// one runs programs. No file can print, log or read the environment: of package os only what
// opens a file is used there.
func TestImports(t *testing.T) {
	t.Parallel()
	only := map[string]string{
		"github.com/go-resty/resty/v2":                "transport.go",
		"github.com/go-json-experiment/json":          "jsonreader.go",
		"github.com/go-json-experiment/json/jsontext": "jsonreader.go",
		"log":     "no file",
		"os":      "no file",
		"os/exec": "tokencommand.go",
		"testing": "no file",
		"github.com/skypecontacts/skypecontacts/export":    "no file",
		"github.com/skypecontacts/skypecontacts/skypetest": "no file",
	}
	for name, file := range sources(t) {
		for _, spec := range file.Imports {
			if at, limited := only[strings.Trim(spec.Path.Value, `"`)]; limited {
				assert.Equal(t, at, name, "%s imports %s", name, spec.Path.Value)
			}
		}
	}
	var used []string
	opener, err := parser.ParseFile(token.NewFileSet(), "internal/credential/file.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.Inspect(opener, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok && typeText(selector.X) == "os" {
			used = append(used, selector.Sel.Name)
		}
		return true
	})
	assert.ElementsMatch(t, []string{"Stat", "Open", "File", "LinkError"}, used)
}

// The root, skypetest and export are measured by TestLayers.
func TestSize(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, root := range []string{"examples", "internal"} {
		require.NoError(t, filepath.WalkDir(root, func(dir string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || !entry.IsDir():
			case entry.Name() == "testdata":
				return fs.SkipDir
			default:
				if files, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(files) > 0 {
					sourcecheck.Size(t, dir)
					checked++
				}
			}
			return err
		}))
	}
	assert.Greater(t, checked, 15)
}

func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			require.NoError(t, err)
			files[name] = file
		}
	}
	return files
}

func exportedFunctions(t *testing.T) (functions []*ast.FuncDecl) {
	t.Helper()
	for _, file := range sources(t) {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				functions = append(functions, fn)
			}
		}
	}
	return functions
}

// typeText returns a type expression as it is written.
func typeText(expr ast.Expr) string {
	var text strings.Builder
	if err := format.Node(&text, token.NewFileSet(), expr); err != nil {
		return err.Error()
	}
	return text.String()
}

func receiver(fn *ast.FuncDecl) string {
	expr := fn.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if ident, ok := expr.(*ast.Ident); ok {
		return ident.Name
	}
	return ""
}
