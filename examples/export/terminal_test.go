package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"FN:Joe\r\n FOLDED\r\n":         "FN:Joe\r\n FOLDED\r\n",
		"a\tb\x1b]0;owned\a":            "a\tb]0;owned",
		"\u009b2J\u202eoeJ\u2066\u200b": "2JoeJ",
		"日本 🎈":                          "日本 🎈",
	} {
		var out strings.Builder
		w := newTerminalWriter(&out)
		for i := range len(text) {
			_, err := w.Write([]byte{text[i]})
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		assert.Equal(t, want, out.String())
	}
}
