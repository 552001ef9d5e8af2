package export

import (
	"bytes"
	"encoding/csv"
	"io"
	"iter"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rowsOf is a contacts.csv with the same rows again and again.
func rowsOf(block []byte, times int) io.Reader {
	header := bytes.IndexByte(block, '\n') + 1
	readers := []io.Reader{bytes.NewReader(block[:header])}
	for range times {
		readers = append(readers, bytes.NewReader(block[header:]))
	}
	return io.MultiReader(readers...)
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
	block := contactsCSV(generate())
	b.SetBytes(int64(len(block) * blocks))
	b.ReportAllocs()
	var ratios []float64
	var converting time.Duration
	for b.Loop() {
		begin := time.Now()
		copyCSV(b, rowsOf(block, blocks))
		copied := time.Since(begin)
		begin = time.Now()
		report, err := Write(io.Discard, VCard3, ReadCSV(rowsOf(block, blocks)), Options{})
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
