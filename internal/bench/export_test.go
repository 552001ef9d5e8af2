package bench_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

// copyCSV returns a copy by encoding/csv of what open opens.
func copyCSV(t *testing.T, open func() io.Reader) func() {
	t.Helper()
	return func() {
		in, out := csv.NewReader(open()), csv.NewWriter(io.Discard)
		in.ReuseRecord = true
		for {
			row, err := in.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := out.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		out.Flush()
	}
}

func convertFigures(t *testing.T) []figure {
	t.Helper()
	blocks := full(100)
	file, err := io.ReadAll(importers.RepeatRows(importers.ContactsCSV(importers.Generated()), blocks))
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "contacts.csv")
	require.NoError(t, os.WriteFile(name, file, 0o600))
	convert := func(from io.Reader) {
		report, err := export.Write(io.Discard, export.VCard3, export.ReadCSV(from), export.Options{})
		require.NoError(t, err)
		require.Equal(t, blocks*importers.GeneratedCount, report.Written)
	}
	fromMemory := func() io.Reader { return bytes.NewReader(file) }
	times := ratio(wallTime, full(5), func() { convert(fromMemory()) }, copyCSV(t, fromMemory))
	file = nil // is no part of the heap below
	peak, _ := peakHeap(func() any {
		from, err := os.Open(name)
		require.NoError(t, err)
		defer from.Close()
		convert(from)
		return nil
	})
	return []figure{
		{"P10", "contacts.csv of 100,000 to vCard: time against a copy by encoding/csv", times, 3.3, 2.8, false, false},
		{"P10", "… MiB of heap above the start", peak / (1 << 20), 16, 8, false, false},
	}
}

func writeFigures(t *testing.T) (figures []figure) {
	t.Helper()
	people := importers.Generated()
	file := importers.ContactsCSV(people)
	contacts := func(yield func(*skypecontacts.Contact, error) bool) {
		for _, c := range people {
			if !yield(c, nil) {
				return
			}
		}
	}
	copied := copyCSV(t, func() io.Reader { return bytes.NewReader(file) })
	name := "writing 1,000 contacts: time against a copy by encoding/csv: "
	for _, format := range slices.Sorted(slices.Values([]export.Format{
		export.VCard3, export.VCard4, export.GoogleCSV, export.OutlookCSV, export.JSContact, export.JSONLines, export.HTML,
	})) {
		write := func() {
			report, err := export.Write(io.Discard, format, contacts, export.Options{Suggested: true, Bots: true})
			require.NoError(t, err)
			require.Equal(t, len(people), report.Written)
		}
		figures = append(figures, figure{"P11", name + string(format), ratio(wallTime, full(60), write, copied), 3, 2, false, false})
		name = "… "
	}
	return figures
}
