package display

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, clean, printable string }{
		{"Joe Bloggs", "Joe Bloggs", "Joe Bloggs"},
		{" a\tb\r\nc ", "a b c", " a\tb\nc "},
		{"\x1b]0;owned\a", "]0;owned", "]0;owned"},
		{"a\u009b2Jb", "a2Jb", "a2Jb"},
		{"\u202eoeJ\u2066", "oeJ", "oeJ"},
		{"a\u2028b\u2029c", "a b c", "abc"},
		{"caf\xe9", "caf\uFFFD", "caf\uFFFD"},
	} {
		assert.Equal(t, tt.clean, Clean(tt.text))
		assert.Equal(t, tt.printable, Printable(tt.text))
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":                     0,
		"Joe":                  3,
		"Žofie":                5,
		"Z\u030cofie":          5, // a letter and a mark
		"日本語":                  6,
		"Ｊｏｅ":                  6,
		"ﾊﾝｶｸ":                 4,
		"김민준":                  6,
		"\u1100\u1161":         2, // the same script in parts
		"🎈":                    2,
		"👍🏽":                   2,
		"❤\uFE0F":              2,
		"\U0001F1EC\U0001F1E7": 2, // a flag
		"שלום":                 4,
		"สวัสดี":               4,
	} {
		assert.Equal(t, want, columns(text), text)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		limit int
		want  string
	}{
		{"Joe Bloggs", 10, "Joe Bloggs"},
		{"Joe Bloggs", 9, "Joe Blog…"},
		{"Joe Bloggs", 5, "Joe…"},
		{"日本語", 5, "日本…"},
		{"日本語", 4, "日…"},
		{"日本語", 6, "日本語"},
		{"a\x1bb", 2, "ab"},
	} {
		got := Shorten(tt.text, tt.limit)
		assert.Equal(t, tt.want, got)
		assert.LessOrEqual(t, columns(got), tt.limit)
	}
}
