package browser

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/require"
)

var (
	printTable     = flag.Bool("table", false, "print what was measured beside its bounds")
	updatePictures = flag.Bool("update", false, "write the pictures of the README to docs/pictures")
)

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if programsFolder, err = os.MkdirTemp("", "browser-programs"); err != nil {
		panic(err)
	}
	code := m.Run()
	endChromium()
	_ = os.RemoveAll(programsFolder)
	if *printTable {
		_, _ = os.Stdout.WriteString(measured.table())
	}
	os.Exit(code)
}

// measured collects what -table prints.
var measured measurements

type measurements struct {
	mu      sync.Mutex
	rows    []measurement
	leftOut []string
}

// measurement is a row of the table.
type measurement struct{ subject, what, value, bound string }

func (m *measurements) add(subject, what, value, bound string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows = append(m.rows, measurement{subject, what, value, bound})
}

func (m *measurements) leaveOut(why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.leftOut = append(m.leftOut, why)
}

// table returns a row for each measurement, those of one subject together, and below them
// what was left out.
func (m *measurements) table() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.SortStableFunc(m.rows, func(a, b measurement) int { return strings.Compare(a.subject, b.subject) })
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "page\twhat\tresult\tbound")
	for _, row := range m.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row.subject, row.what, row.value, row.bound)
	}
	_ = table.Flush()
	slices.Sort(m.leftOut)
	for _, why := range slices.Compact(m.leftOut) {
		fmt.Fprintln(&out, "left out, since", why)
	}
	return out.String()
}

func TestTable(t *testing.T) {
	t.Parallel()
	var m measurements
	m.add("converter", "slowest click", "20 ms", "200 ms")
	m.add("address book", "people", "4", "")
	m.add("converter", "largest heap", "3 MB", "")
	m.leaveOut("b")
	m.leaveOut("a")
	m.leaveOut("b")
	require.Equal(t, `page          what           result  bound
address book  people         4       
converter     slowest click  20 ms   200 ms
converter     largest heap   3 MB    
left out, since a
left out, since b
`, m.table())
}
