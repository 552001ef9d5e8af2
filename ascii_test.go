package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLowerASCII(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":               "",
		"joe.4":          "joe.4",
		"8:Live:JOE.4":   "8:live:joe.4",
		"AZ[@`":          "az[@`",
		"\u212Aate":      "\u212Aate",      // the Kelvin sign is not a k
		"je\u017F\u017F": "je\u017F\u017F", // the long s is not an s
		"\u0130STANBUL":  "\u0130stanbul",
		"\u00C9va":       "\u00C9va",
		"\uFF2Aoe":       "\uFF2Aoe",
		"\xFFJoe":        "\xFFjoe",
	} {
		assert.Equal(t, want, lowerASCII(text), text)
	}
	text := "Joe"
	lowerASCII(text)
	assert.Equal(t, "Joe", text)
}
