package export

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

func TestFoldName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Joe  Bloggs ": "joe bloggs", "Zoë": "zoe", "ZOE\u0308": "zoe", "Łukasz": "lukasz", "Straße": "strasse", "Ærø": "aero", "Ён": "ен", "Ψαρά Ώ": "ψαρα ω",
		"ＪＯＥ": "joe", "𝓙𝓸𝓮": "joe", "𝙅𝙤𝙚": "joe", "\u202eJoe\u200b": "joe", "J\u0000oe": "joe", "O'Neil-4": "o'neil-4", "": "", " \u3164\u2800": "", "王\u3000": "王", "\xff": "\ufffd",
	} {
		require.Equal(t, want, foldName(name), name)
	}
	long := foldName(strings.Repeat("é界", 1<<20))
	require.LessOrEqual(t, len(long), maxFoldedName+utf8.UTFMax)
	require.True(t, utf8.ValidString(long))
}

// The table has every letter of Latin and modern Greek that is another one with an accent, as
// golang.org/x/text takes it apart.
func TestAccents(t *testing.T) {
	t.Parallel()
	for r := rune(0xC0); r < 0x2000; r++ {
		parts := []rune(norm.NFD.String(string(r)))
		if !unicode.IsLower(r) || len(parts) == 1 || !unicode.In(parts[0], unicode.Latin, unicode.Greek) || r >= 0x1F00 || parts[0] == 'ʒ' || parts[0] == 'ſ' || parts[0] == 'ϒ' {
			continue
		}
		want := map[rune]string{'æ': "ae", 'ø': "o"}[parts[0]]
		if want == "" {
			want = string(parts[0])
		}
		require.Equal(t, want, foldName(string(r)), string(r))
	}
	for letter, accented := range accents {
		for _, r := range accented {
			require.Equal(t, letter, foldName(string(r)), string(r))
		}
	}
}

func TestNameGroup(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"joe": "J", "Éva": "E", "ωmega": "Ω", "жук": "Ж", "عمر": "ع", "שלום": "ש", "王": "漢", "々": "漢", "김": "한", "ᄀ": "한", "あ": "あ", "ə": "Ə",
		"4": groupOther, "": groupOther, "🎈": groupOther, "=SUM": groupOther, "\"Joe\"": groupOther, "\xff": groupOther,
	} {
		require.Equal(t, want, nameGroup(foldName(name)), name)
	}
}

func TestNameKey(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, name := range []string{"a", "a b", "ab", "z", "Ω", "Ж", "あ", "漢", "한", "1", "🎈"} {
		folded := foldName(name)
		group := nameGroup(folded)
		key := string(appendNameKey(nil, group, folded, [16]byte{}))
		require.Equal(t, group, keyGroup(key))
		keys = append(keys, key)
	}
	require.True(t, slices.IsSorted(keys))
}

func TestIsInvisible(t *testing.T) {
	t.Parallel()
	for _, r := range "\u200b\u3164\u2800\ufe0f\u0000\x7f\u0085\ue000" {
		require.True(t, isInvisible(r), "%U", r)
	}
	for _, r := range "a 王🎈\u0301" {
		require.False(t, isInvisible(r), "%U", r)
	}
}
