package skypetest

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
)

func TestQualifyMRI(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]skypecontacts.MRI{
		"":                "8:",
		"fred.2":          "8:fred.2",
		"8:fred.2":        "8:fred.2",
		"28:concierge":    "28:concierge",
		"live:fred.2":     "8:live:fred.2",
		":fred.2":         "8::fred.2",
		"8":               "8:8",
		"+442079460999":   "4:+442079460999",
		"4:+442079460999": "4:+442079460999",
		"+":               "8:+",
		"+44a":            "8:+44a",
	} {
		assert.Equal(t, want, qualifyMRI(id), id)
	}
}

func TestSplitMRI(t *testing.T) {
	t.Parallel()
	prefix, name := splitMRI("8:live:fred.2")
	assert.Equal(t, [2]string{"8", "live:fred.2"}, [2]string{prefix, name})
	assert.Equal(t, "live:fred.2", mriName("8:live:fred.2"))
}

func TestMRIKey(t *testing.T) {
	t.Parallel()
	assert.Equal(t, mriKey("fred.2"), mriKey("8:FRED.2"))
	assert.NotEqual(t, mriKey("8:fred.2"), mriKey("28:fred.2"))
	assert.NotEqual(t, mriKey("8:kate"), mriKey("8:\u212aate"), "the Kelvin sign is no k")
	assert.NotEqual(t, mriKey("8:jess"), mriKey("8:je\u017f\u017f"))
	assert.NotEqual(t, mriKey("8:j\u00f6rg"), mriKey("8:J\u00d6RG"))
}

func TestIsBareName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"fred.2": true, "FRED.2": true, "live:.cid.1a2b": true, "live:fred_2": true, "o'neil-1": true, "8": true, "12ab:c": true,
		"": false, "8:fred.2": false, "28:live:fred.2": false, "8:": false, "+44": false, "a b": false, "a@b": false,
		"a/b": false, "\u212aate": false, "j\u00f6rg": false, "a\x00": false,
	} {
		assert.Equal(t, want, isBareName(name), name)
	}
}

func TestIsMailAddress(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"a@b": true, "someone@corp.example": true, "": false, "@": false, "a@": false, "@b": false, "ab": false, "a b@c": false} {
		assert.Equal(t, want, isMailAddress(s), s)
	}
}
