package skypecontacts

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
)

// measured collects the figures behind the promises of SECURITY.md, which
// "make reliability" prints as a table.
var measured figures

type figures struct {
	mu   sync.Mutex
	rows []string
}

// set notes what was measured for a promise, and its bound. That it keeps within
// the bound is for the test to assert.
func (f *figures) set(promise string, value any, bound string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	row := fmt.Sprintf("%s\t%v\t%s", promise, value, bound)
	if !slices.Contains(f.rows, row) {
		f.rows = append(f.rows, row)
	}
}

func (f *figures) print() {
	f.mu.Lock()
	defer f.mu.Unlock()
	slices.Sort(f.rows)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "promise\tmeasured\tbound\n"+strings.Join(f.rows, "\n"))
	_ = table.Flush()
}
