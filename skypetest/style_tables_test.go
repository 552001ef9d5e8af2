package skypetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every style has forms for every member, each once and with its origin. What nobody
// recorded is marked, and what has no source at all is in StyleEverything only, which
// also has all that the others have.
func TestStyleTables(t *testing.T) {
	t.Parallel()
	everything := tableOf(StyleEverything)
	hasForm := func(forms []formSource, form memberForm) bool {
		return slices.ContainsFunc(forms, func(f formSource) bool { return f.form == form })
	}
	// Whether batches have moods is up to the style, and StyleEverything has them: an
	// update of a mood is in the batches of an account whatever its spelling is.
	decidedByStyle := []memberKind{batchMoodMember}
	counts := map[string]int{}
	for _, style := range Styles() {
		table := tableOf(style)
		assert.Len(t, table, len(everything), style)
		for kind, forms := range table {
			assert.NotEmpty(t, forms, "%s: %s", style, kind)
			for i, f := range forms {
				assert.Positive(t, f.share, "%s: %s", style, kind)
				assert.False(t, hasForm(forms[:i], f.form), "%s: %s: %s is there twice", style, kind, f.form)
				assert.True(t, hasForm(everything[kind], f.form) || slices.Contains(decidedByStyle, kind), "%s: %s: %s is not in StyleEverything", style, kind, f.form)
				assert.True(t, f.form != formFallback || f.origin.isDerived(), "%s: %s: nobody recorded which value stands in", style, kind)
				switch {
				case f.origin == noSource:
					assert.Equal(t, StyleEverything, style, kind)
					counts["no source"]++
				case f.origin.isDerived():
					assert.Greater(t, len(f.origin), len(derivedFrom), "%s: %s: derived from what?", style, kind)
					counts["derived"]++
				default:
					assert.True(t, beginsWithSource(f.origin), "%s: %s: %q is none of the sources", style, kind, f.origin)
					counts["recorded"]++
				}
			}
		}
	}
	assert.Positive(t, counts["no source"])
	assert.Positive(t, counts["derived"])
	assert.Greater(t, counts["recorded"], 100)
	assert.Nil(t, tableOf("unknown"))
}

// beginsWithSource reports whether an origin begins with one of the names that
// style_tables.go lists, or stands for all or both sources of the style.
func beginsWithSource(o formOrigin) bool {
	name, _, _ := strings.Cut(strings.Trim(string(o), " "), ":")
	name, _, _ = strings.Cut(name, ",")
	name, _, _ = strings.Cut(name, " ")
	return slices.Contains([]string{
		"documentation", "reversed", "skype-http", "fork", "skype-web-api", "official",
		"skype4pidgin", "go-skypeapi", "SkPy", "Miranda", "purple-teams", "all", "both",
	}, name)
}

func TestBeginsWithSource(t *testing.T) {
	t.Parallel()
	for _, o := range []formOrigin{"documentation", "fork 2020, for 2:", "Miranda: adds a prefix", "skype-http, skype-web-api", "both: always there"} {
		assert.True(t, beginsWithSource(o), o)
	}
	for _, o := range []formOrigin{"", "not in the documentation", "the documentation shows none", "no source", derivedFrom + "skype-http"} {
		assert.False(t, beginsWithSource(o), o)
	}
}
