package reliability_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/require"
)

// measured collects what the tests measured, which -figures prints as a table.
var measured figures

type figures struct {
	mu   sync.Mutex
	rows []string
}

// set records the value measured for a promise, and its bound. The test itself
// asserts the bound.
func (f *figures) set(promise string, value any, bound string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	row := fmt.Sprintf("%s\t%v\t%s", promise, value, bound)
	if !slices.Contains(f.rows, row) {
		f.rows = append(f.rows, row)
	}
}

func (f *figures) table() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	slices.Sort(f.rows)
	var b bytes.Buffer
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "promise\tmeasured\tbound\n"+strings.Join(f.rows, "\n"))
	_ = table.Flush()
	return b.String()
}

func (f *figures) print() { _, _ = os.Stdout.WriteString(f.table()) }

func TestFigures(t *testing.T) {
	t.Parallel()
	var f figures
	f.set("second", 2, "3")
	f.set("first", 1, "1")
	f.set("second", 2, "3")
	require.Equal(t, "promise  measured  bound\nfirst    1         1\nsecond   2         3\n", f.table())
}
