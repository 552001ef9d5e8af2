package export

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestJSONTokens(t *testing.T) {
	t.Parallel()
	tokens := newJSONTokens(iotest.OneByteReader(strings.NewReader(`{"a":"\u00e9","b":[1,{"c":[2,{}]},"d"],"e":{"f":null},"a":true}`)))
	var seen []string
	isObject, err := tokens.eachMember(func(name string) error {
		seen = append(seen, name)
		switch name {
		case "b":
			isArray, err := tokens.eachItem(func() error {
				text, err := tokens.readString()
				seen = append(seen, "item "+text)
				return err
			})
			require.True(t, isArray)
			return err
		case "e":
			isArray, err := tokens.eachItem(nil)
			require.False(t, isArray)
			return err
		default:
			text, err := tokens.readString()
			seen = append(seen, text)
			return err
		}
	})
	require.NoError(t, err)
	require.True(t, isObject)
	require.Equal(t, []string{"a", "é", "b", "item ", "item ", "item d", "e", "a", ""}, seen)
	_, err = tokens.next()
	require.Equal(t, io.EOF, err)
}

// No part of a document is missing in silence.
func TestJSONTokensErrors(t *testing.T) {
	t.Parallel()
	const whole = `[{"a":["b"]},1]`
	for length := range len(whole) {
		tokens := newJSONTokens(strings.NewReader(whole[:length]))
		_, err := tokens.eachItem(tokens.skip)
		require.True(t, errors.Is(err, io.ErrUnexpectedEOF) || length == 0 && errors.Is(err, io.EOF), whole[:length])
	}
	errReader := errors.New("the disk is gone")
	tokens := newJSONTokens(io.MultiReader(strings.NewReader(`[{"a":`), iotest.ErrReader(errReader)))
	_, err := tokens.eachItem(tokens.skip)
	require.ErrorIs(t, err, errReader)
	for _, document := range []string{`[1 2]`, `[{"a" 1}]`, `[}`, `[{1:2}]`, `nil`} {
		tokens := newJSONTokens(strings.NewReader(document))
		_, err := tokens.eachItem(tokens.skip)
		require.Error(t, err, document)
	}
}

func TestJSONStringLimit(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(strings.NewReader(`["`), longText('a'))
	tokens := newJSONTokens(endless)
	_, err := tokens.eachItem(tokens.skip)
	require.ErrorIs(t, err, errStringTooBig)

	tokens = newJSONTokens(io.MultiReader(strings.NewReader("["), longText(' ')))
	_, err = tokens.eachItem(tokens.skip)
	require.ErrorIs(t, err, errStringTooBig)

	long := strings.Repeat("a", maxStringBytes/2)
	tokens = newJSONTokens(strings.NewReader(`["` + long + `","` + long + `","` + long + `"]`))
	count := 0
	_, err = tokens.eachItem(func() error {
		count++
		text, err := tokens.readString()
		require.Len(t, text, len(long))
		return err
	})
	require.NoError(t, err)
	require.Equal(t, 3, count)
}

// longText returns a reader of more bytes than a string may have, all of them b.
func longText(b byte) io.Reader { return io.LimitReader(sameByte(b), 4*maxStringBytes) }

// sameByte is a reader of one byte without end.
type sameByte byte

func (s sameByte) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s)
	}
	return len(p), nil
}
