package skypetest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every style has forms for every member, each once and with its source. What no
// source has is in StyleEverything only, which also has all that the others have.
func TestStyleTables(t *testing.T) {
	t.Parallel()
	everything := tableOf(StyleEverything)
	hasForm := func(forms []formSource, form memberForm) bool {
		return slices.ContainsFunc(forms, func(f formSource) bool { return f.form == form })
	}
	withoutSource := 0
	for _, style := range Styles() {
		table := tableOf(style)
		assert.Len(t, table, len(everything), style)
		for kind, forms := range table {
			assert.NotEmpty(t, forms, "%s: %s", style, kind)
			for i, f := range forms {
				assert.Positive(t, f.share, "%s: %s", style, kind)
				assert.NotEmpty(t, f.source, "%s: %s", style, kind)
				assert.False(t, hasForm(forms[:i], f.form), "%s: %s: %s is there twice", style, kind, f.form)
				assert.True(t, hasForm(everything[kind], f.form), "%s: %s: %s is not in StyleEverything", style, kind, f.form)
				if f.source == noSource {
					assert.Equal(t, StyleEverything, style, kind)
					withoutSource++
				}
			}
		}
	}
	assert.Positive(t, withoutSource)
	assert.Nil(t, tableOf("unknown"))
}
