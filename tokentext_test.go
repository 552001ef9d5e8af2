package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTextLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":             nil,
		"\n":           {""},
		"a":            {"a"},
		"a\n":          {"a"},
		"a\r\n":        {"a"},
		"a\nb":         {"a", "b"},
		"a\r\nb\r\n":   {"a", "b"},
		"a\n\n":        {"a", ""},
		"a\rb\n":       {"a\rb"},
		"a\r\r\n":      {"a\r"},
		"a\u2028b\x0b": {"a\u2028b\x0b"},
	} {
		assert.Equal(t, want, textLines(text), "%q", text)
	}
}
