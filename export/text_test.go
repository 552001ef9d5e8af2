package export

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCleanText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                      "",
		"a\tb\nc":               "a\tb\nc",
		"a\r\nb\rc\vd\fe\r\r\n": "a\nb\nc\nd\ne\n\n",
		"a\x00b\x1bc\x7f":       "abc",
		"caf\xe9 é":             "caf\uFFFD é",
	} {
		require.Equal(t, want, cleanText(text))
	}
}

func TestValidUTF8(t *testing.T) {
	t.Parallel()
	require.Equal(t, "é🎈", validUTF8("é🎈"))
	require.Equal(t, "🎈\uFFFDa\uFFFD", validUTF8("🎈\xf0\x9fa\xe9"))
}

func TestIsASCII(t *testing.T) {
	t.Parallel()
	require.True(t, isASCII("a\x00\x7f"))
	require.False(t, isASCII("é"))
	require.False(t, isASCII("a\x80"))
}

func TestIsFieldName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shoe", "Shoe size", "Schuhgr\u00f6\u00dfe", "profile.phones[x].number", "column 2", "agent/stage_info", "x-y_z1"} {
		require.True(t, isFieldName(name), name)
	}
	for _, name := range []string{
		"", "8:joe.4", "+442079460099", "442079460099", "joe@mail.example", "\x1b]0;owned\a", "a\nb", "a\u202eb", strings.Repeat("a", 65), "_", "=a", "a,b", "\xff",
	} {
		require.False(t, isFieldName(name), "%+q", name)
	}
}

// What is a field name is what this pattern matches, for each character at either place.
func TestFieldNamePattern(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^\pL[\pL\pN _./\[\]-]{0,63}$`)
	for r := range rune(0x11000) {
		for _, name := range []string{string(r), "a" + string(r)} {
			if pattern.MatchString(name) != isFieldName(name) {
				t.Errorf("%+q", name)
			}
		}
	}
	for _, name := range []string{strings.Repeat("é", 64), strings.Repeat("é", 65), "a\xff", "a\n"} {
		require.Equal(t, pattern.MatchString(name), isFieldName(name), "%+q", name)
	}
}

func TestLowerASCII(t *testing.T) {
	t.Parallel()
	require.Equal(t, "az[@`{09é", lowerASCII("AZ[@`{09é"))
	require.Equal(t, "joe", lowerASCII("joe"))
	require.Equal(t, "\u212aate\u017f\u0130Äé\xff", lowerASCII("\u212aATE\u017f\u0130Äé\xff"))
}
