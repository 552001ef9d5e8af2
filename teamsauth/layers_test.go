package teamsauth

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/sourcecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each source uses only what is declared in it and on lower steps. ARCHITECTURE.md
// has the same table with the question that each file answers.
func TestLayers(t *testing.T) {
	t.Parallel()
	sourcecheck.Layers(t, ".",
		[]string{"redact.go", "errors.go", "endpoints.go", "flight.go"},
		[]string{"decode.go", "store.go"},
		[]string{"failures.go", "filestore.go", "keyring.go"},
		[]string{"transport.go"},
		[]string{"source.go"},
		[]string{"account.go"},
		[]string{"signin.go"},
	)
}

// One file imports each library but oauth2, one opens files, and none prints or logs.
func TestImports(t *testing.T) {
	t.Parallel()
	only := map[string]string{
		"github.com/go-json-experiment/json":          "decode.go",
		"github.com/go-json-experiment/json/jsontext": "decode.go",
		"github.com/zalando/go-keyring":               "keyring.go",
		"encoding/json":                               "no file",
		"log":                                         "no file",
		"os":                                          "filestore.go",
		"os/exec":                                     "no file",
	}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if importer, ok := only[path]; ok {
				assert.Equal(t, importer, name, "imports %s", path)
			}
		}
	}
}
