package sourcecheck

import (
	"go/importer"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMarkdownBlocks(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "page.md")
	require.NoError(t, os.WriteFile(page, []byte("# Page\n```sh\nls\n```\n```go\na := 1\nb := a\n```\ntext\n```go\nf()\n```\n"), 0o600))
	assert.Equal(t, []CodeBlock{
		{Place: page + ":6", Code: "a := 1\nb := a\n"},
		{Place: page + ":11", Code: "f()\n"},
	}, MarkdownBlocks(t, page))
}

func TestCommentBlocks(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "doc.go")
	require.NoError(t, os.WriteFile(file, []byte("// Package p is one.\n//\n//\tf()\n//\n// Or\n//\n//\tif true {\n//\t\tg()\n//\t}\npackage p\n"), 0o600))
	assert.Equal(t, []CodeBlock{
		{Place: file + ", block 1", Code: "f()\n"},
		{Place: file + ", block 2", Code: "if true {\n\tg()\n}\n"},
	}, CommentBlocks(t, file))
}

func TestSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, code, want string }{
		{"program", "package main\n\nfunc main() {}\n", "package main\n\nfunc main() {}\n"},
		{"declarations", "type t struct{ at time.Time }\n", "package main\n\nimport \"time\"\n\ntype t struct{ at time.Time }\n"},
		{
			"statements", "fmt.Println(ctx, err)\n",
			"package main\n\nimport \"context\"\nimport \"fmt\"\nimport \"github.com/skypecontacts/skypecontacts\"\n\n" +
				"func example(ctx context.Context, client *skypecontacts.Client, token string, err error) error {\n" +
				"\t{\n\t\tfmt.Println(ctx, err)\n\t}\n\treturn nil\n}\n",
		},
		{"local variable", "var time int\n_ = time\n", "package main\n\nimport \"context\"\nimport \"github.com/skypecontacts/skypecontacts\"\n\n" +
			"func example(ctx context.Context, client *skypecontacts.Client, token string, err error) error {\n" +
			"\t{\n\t\tvar time int\n\t\t_ = time\n\t}\n\treturn nil\n}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := CodeBlock{Code: test.code}.Source("example")
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestCompile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, code, want string }{
		{"valid", "type t struct{}\n", ""},
		{"syntax", "if {\n", "missing condition in if statement"},
		{"unknown name", "func f() { g() }\n", "undefined: g"},
		{"unused import", "package main\n\nimport \"unsafe\"\n", `"unsafe" imported and not used`},
		{"unused variable", "func f() { a := 1 }\n", "declared and not used: a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := CodeBlock{Code: test.code}.compile(token.NewFileSet(), importer.Default())
			if test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.want)
			}
		})
	}
}
