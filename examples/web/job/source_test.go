package job

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countedFile notes which parts are read.
type countedFile struct {
	*strings.Reader
	parts []string
}

func (f *countedFile) ReadAt(p []byte, offset int64) (int, error) {
	f.parts = append(f.parts, fmt.Sprintf("%d+%d", offset, len(p)))
	return f.Reader.ReadAt(p, offset)
}

// A source reads as every file does, also across its parts.
func TestSource(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, minChunk - 1, minChunk, minChunk + 1, 3 * minChunk, 5*maxChunk + 7} {
		var text strings.Builder
		for i := 0; text.Len() < size; i++ {
			fmt.Fprintf(&text, "%d,", i)
		}
		content := text.String()[:size]
		source := NewSource(strings.NewReader(content), int64(size))
		assert.NoError(t, iotest.TestReader(source, []byte(content)), "%d bytes", size)
	}
}

// Parts in a row are ever larger, so that a large file is read in few of them. Behind a
// jump, as from member to member of an archive, they are small.
func TestParts(t *testing.T) {
	t.Parallel()
	file := &countedFile{Reader: strings.NewReader(strings.Repeat("x", 2_000_000))}
	source := NewSource(file, file.Size())
	n, err := io.Copy(io.Discard, source)
	require.NoError(t, err)
	assert.Equal(t, int64(2_000_000), n)
	assert.Equal(t, []string{
		"0+32768", "32768+65536", "98304+131072", "229376+262144", "491520+262144", "753664+262144", "1015808+262144",
		"1277952+262144", "1540096+262144", "1802240+197760",
	}, file.parts)

	file.parts = nil
	for _, offset := range []int64{0, 1_000_000, 1_000_100, 500_000} {
		_, err := source.Seek(offset, io.SeekStart)
		require.NoError(t, err)
		_, err = io.ReadFull(source, make([]byte, 512))
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"0+32768", "1000000+32768", "500000+32768"}, file.parts)
}

func TestSeek(t *testing.T) {
	t.Parallel()
	source := NewSource(strings.NewReader("0123456789"), 10)
	for _, tt := range []struct {
		offset int64
		whence int
		want   int64
	}{{3, io.SeekStart, 3}, {2, io.SeekCurrent, 5}, {-1, io.SeekEnd, 9}, {90, io.SeekCurrent, 99}} {
		got, err := source.Seek(tt.offset, tt.whence)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got)
	}
	_, err := source.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	_, err = source.Seek(-1, io.SeekStart)
	require.EqualError(t, err, "there is nothing before the file begins")
	_, err = source.ReadAt(make([]byte, 1), -1)
	require.EqualError(t, err, "there is nothing before the file begins")
}

type failingFile struct{}

func (failingFile) ReadAt([]byte, int64) (int, error) { return 0, errors.New("NotReadable") }

// A file may be deleted or cut off after it was chosen.
func TestSourceErrors(t *testing.T) {
	t.Parallel()
	_, err := NewSource(failingFile{}, 10).Read(make([]byte, 1))
	require.EqualError(t, err, "the browser cannot read the file, which may have changed since it was chosen: NotReadable")
	source := NewSource(strings.NewReader("0123"), 10)
	for range 2 {
		n, err := source.Read(make([]byte, 1))
		assert.Zero(t, n)
		require.ErrorIs(t, err, io.EOF)
		require.ErrorContains(t, err, "may have changed since it was chosen")
	}
}
