package skypecontacts

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The window has every byte since the last that was consumed.
func TestWindow(t *testing.T) {
	t.Parallel()
	const text = "0123456789abcdefghijklmnopqrstuvwxyz"
	for step := 1; step < 8; step++ {
		w := newWindowReader(strings.NewReader(string(byteOrderMark)+text), 100)
		p, read := make([]byte, step), 0
		for {
			n, err := w.Read(p)
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			require.Equal(t, text[read:read+n], string(p[:n]))
			read += n
			for from := w.consumed; from <= int64(read); from++ {
				require.Equal(t, text[from:read], string(w.rawBetween(from, int64(read))))
				require.Equal(t, int64(read), w.end())
			}
			if read%3 == 0 {
				w.consumed = int64(read - 1)
			}
		}
		require.Equal(t, len(text), read)
	}
}

func TestWindowLimit(t *testing.T) {
	t.Parallel()
	w := newWindowReader(strings.NewReader(strings.Repeat("x", 100)), 30)
	got, err := io.ReadAll(w)
	assert.Equal(t, ErrTooLarge, err)
	assert.Len(t, got, 30)
	assert.Equal(t, ErrTooLarge, w.err)

	broken := errors.New("broken")
	w = newWindowReader(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), 30)
	got, err = io.ReadAll(w)
	assert.Equal(t, broken, err)
	assert.Equal(t, "abc", string(got))
	assert.Equal(t, broken, w.err, "the decoder would wrap it")
}

// A long value costs no more than it is long.
func TestWindowOfALongEntry(t *testing.T) {
	t.Parallel()
	read := func(length int) func() {
		text := strings.Repeat("x", length)
		return func() {
			w := newWindowReader(strings.NewReader(text), int64(length)+1)
			for p := make([]byte, 512); ; {
				if _, err := w.Read(p); err != nil {
					require.Equal(t, io.EOF, err)
					return
				}
			}
		}
	}
	assertCost(t, 64, read(1<<20), read(16<<20))
}

// A list that arrives may have an entry of over 1 MiB, which is skipped, and other members of
// that size. What is longer than 4 MiB ends it.
func TestHeldBytes(t *testing.T) {
	t.Parallel()
	long := func(length int) string { return `"` + strings.Repeat("x", length) + `"` }
	for name, test := range map[string]struct {
		body    string
		skipped int
		err     error
	}{
		"an entry":           {`{"contacts":[{"mri":"8:a"},{"mri":"8:b","x":` + long(3<<20) + `},{"mri":"8:c"}]}`, 1, nil},
		"a member":           {`{"x":` + long(3<<20) + `,"contacts":[{"mri":"8:a"},{"mri":"8:c"}]}`, 0, nil},
		"many members":       {`{"x":` + long(3<<20) + `,"y":` + long(3<<20) + `,"contacts":[{"mri":"8:a"},{"mri":"8:c"}]}`, 0, nil},
		"a long entry":       {`{"contacts":[{"mri":"8:b","x":` + long(5<<20) + `}]}`, 0, ErrTooLarge},
		"a long member":      {`{"x":` + long(5<<20) + `,"contacts":[]}`, 0, ErrTooLarge},
		"a list of one long": {`{"contacts":` + long(5<<20) + `}`, 0, ErrTooLarge},
	} {
		list, err := decodeArriving([]byte(test.body), 1<<16)
		require.ErrorIs(t, err, test.err, name)
		if err == nil {
			assert.Len(t, list.Contacts, 2, name)
			assert.Len(t, list.Skipped, test.skipped, name)
		}
	}
}

// What is known to be valid UTF-8 ends before a character that is not complete, and where
// there is none.
func TestWindowValidates(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]int{
		"": 0, "abc": 3, "Željko 李 🎈": 16, "ab\xff": 2, "\x80ab": 0, "ab\u674e\x9d": 5, "🎈\xf0\x9f": 4, "a\xe6\x9d": 1,
	} {
		for step := 1; step <= 5; step++ {
			w := newWindowReader(pieces{strings.NewReader(text), step}, 100)
			_, err := io.ReadAll(w)
			require.NoError(t, err)
			assert.LessOrEqual(t, w.valid, int64(valid), "%q", text)
			if utf8.ValidString(text) {
				assert.EqualValues(t, valid, w.valid, "%q", text)
			}
		}
	}
}
