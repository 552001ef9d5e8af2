package skypecontacts

import (
	"strings"
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

func TestTokenText(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln-_": true,
		"registrationToken=U2lnbg+/==":             true,
		"!~|;:,'":                                  true,
		strings.Repeat("a", maxTokenText):          true,
		"":                                         false,
		" a":                                       false,
		"a ":                                       false,
		"not signed in":                            false,
		"a\tb":                                     false,
		"a\rb":                                     false,
		"a\x00b":                                   false,
		"a\x7f":                                    false,
		"\u00e4":                                   false,
		"\xff":                                     false,
		"\ufeffa":                                  false,
		`{"token":1}`:                              false,
		`"a"`:                                      false,
		"<html>":                                   false,
		"a{0}":                                     false,
	} {
		assert.Equal(t, want, isTokenText(line), "%q", line)
	}
}
