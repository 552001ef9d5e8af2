package credential

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsToken(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln-_": true,
		"registrationToken=U2lnbg+/==":             true,
		"!~|;:,'":                                  true,
		strings.Repeat("a", 64<<10):                true,
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
		assert.Equal(t, want, IsToken(line), "%q", line)
	}
}

// No printer shows a secret, wherever it is.
func TestSecret(t *testing.T) {
	t.Parallel()
	type holder struct {
		Exported, hidden Secret
	}
	s := NewSecret("canary")
	assert.Equal(t, "canary", s())
	for _, value := range []any{s, []any{s}, holder{s, s}, &holder{s, s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			assert.NotContains(t, fmt.Sprintf(verb, value), "canary")
		}
		text, _ := json.Marshal(value)
		assert.NotContains(t, string(text), "canary")
	}
}
