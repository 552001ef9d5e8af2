package teamsauth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsTokenText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "a": true, "M.C545_SN1.0.U.-Cabc*!$def~": true, "a b": false, "a\n": false, "a\x7f": false, "é": false, `{"a":1}`: false, "<p>": false, `"a"`: false,
		strings.Repeat("a", maxToken): true, strings.Repeat("a", maxToken+1): false,
	} {
		assert.Equal(t, want, isTokenText(text), text[:min(len(text), 20)])
	}
}
