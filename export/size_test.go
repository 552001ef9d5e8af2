package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// manyRows is a contacts.csv with the same rows again and again, but for their
// identifiers.
type manyRows struct {
	block []byte // of rows
	left  int    // times that it is still to come
	rest  bytes.Reader
}

func rowsOf(file []byte, times int) io.Reader {
	header := bytes.IndexByte(file, '\n') + 1
	return io.MultiReader(bytes.NewReader(file[:header]), &manyRows{block: file[header:], left: times})
}

func (m *manyRows) Read(p []byte) (int, error) {
	if m.rest.Len() == 0 && m.left > 0 {
		rows := bytes.ReplaceAll(m.block, []byte("person."), fmt.Appendf(nil, "person.%d.", m.left))
		m.rest.Reset(bytes.ReplaceAll(rows, []byte(".cid."), fmt.Appendf(nil, ".cid.%d.", m.left)))
		m.left--
	}
	return m.rest.Read(p)
}

func TestMemoryDoesNotGrowWithTheList(t *testing.T) { //nolint:paralleltest // the heap is everybody's
	const limit = 32 << 20
	block := contactsCSV(generate())
	for format := range formats {
		times := 20
		if format == VCard3 {
			times = 100
		}
		runtime.GC()
		start, peak := heap(), uint64(0)
		watched := watch(ReadCSV(rowsOf(block, times)), func() { peak = max(peak, heap()) })
		report, err := Write(io.Discard, format, watched, Options{})
		require.NoError(t, err)
		require.Equal(t, times*roundTrips, report.Written)
		require.Less(t, peak, start+limit)
		t.Logf("%s: %d KiB above the start at most", format, (int64(peak)-int64(start))>>10)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watch calls look at every thousandth contact.
func watch(contacts iter.Seq2[*contact, error], look func()) iter.Seq2[*contact, error] {
	return func(yield func(*contact, error) bool) {
		n := 0
		for c, err := range contacts {
			if n++; n%1000 == 0 {
				look()
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// BenchmarkCSVToVCard reports how often longer it takes to make vCards of a
// contacts.csv than to copy it with encoding/csv, and how many contacts that is
// in a second. Each round does both, so that a busy machine slows both down.
func BenchmarkCSVToVCard(b *testing.B) {
	const blocks = 20
	file, err := io.ReadAll(rowsOf(contactsCSV(generate()), blocks))
	require.NoError(b, err)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	var ratios []float64
	var converting time.Duration
	for b.Loop() {
		begin := time.Now()
		copyCSV(b, bytes.NewReader(file))
		copied := time.Since(begin)
		begin = time.Now()
		report, err := Write(io.Discard, VCard3, ReadCSV(bytes.NewReader(file)), Options{})
		took := time.Since(begin)
		require.NoError(b, err)
		require.Equal(b, blocks*roundTrips, report.Written)
		converting += took
		ratios = append(ratios, took.Seconds()/copied.Seconds())
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "x-copy")
	b.ReportMetric(float64(blocks*roundTrips*b.N)/converting.Seconds(), "contacts/s")
}

func copyCSV(b *testing.B, from io.Reader) {
	b.Helper()
	in, out := csv.NewReader(from), csv.NewWriter(io.Discard)
	in.ReuseRecord = true
	for {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		if err := out.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	out.Flush()
}
