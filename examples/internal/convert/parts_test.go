package convert

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Only a file for Google is divided.
func TestDivideFiles(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		first := new(strings.Builder)
		w := DivideFiles(f.Format, first, nil)
		assert.Equal(t, f.Format != export.GoogleCSV, w == io.Writer(first), f.Format)
	}
}

// The rows are divided wherever the calls of Write end.
func TestPartWriter(t *testing.T) {
	t.Parallel()
	text := "h\r\n" + strings.Repeat("\"a\nb\"\"\"\r\n", 3000) + "last\r\n"
	for _, size := range []int{1, 2, 7, 1 << 20} {
		parts := []*strings.Builder{new(strings.Builder)}
		w := &partWriter{part: parts[0], next: func() (io.Writer, error) {
			parts = append(parts, new(strings.Builder))
			return parts[len(parts)-1], nil
		}}
		for rest := text; rest != ""; {
			n, err := w.Write([]byte(rest[:min(size, len(rest))]))
			require.NoError(t, err)
			rest = rest[n:]
		}
		require.Len(t, parts, 2)
		assert.Equal(t, strings.TrimSuffix(text, "last\r\n"), parts[0].String())
		assert.Equal(t, "h\r\nlast\r\n", parts[1].String())
	}
	failing := &partWriter{part: io.Discard, next: func() (io.Writer, error) { return nil, errors.New("disk full") }}
	_, err := failing.Write([]byte(text))
	require.EqualError(t, err, "disk full")
	closed, other := io.Pipe()
	require.NoError(t, closed.Close())
	_, err = (&partWriter{part: other}).Write([]byte(text))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}
