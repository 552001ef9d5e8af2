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
}
