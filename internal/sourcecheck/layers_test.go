package sourcecheck

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUpwardUses(t *testing.T) {
	t.Parallel()
	p := loadPackage(t, "testdata/stair")

	up := p.upwardUses([][]string{{"low.go"}, {"high.go"}})
	assert.Equal(t, []string{"low.go (step 1) uses High of high.go (step 2)"}, up)

	same := p.upwardUses([][]string{{"low.go", "high.go"}})
	assert.Equal(t, []string{
		"high.go (step 1) uses Field, Thing of low.go (step 1)",
		"low.go (step 1) uses High of high.go (step 1)",
	}, same)
}

func TestUnlisted(t *testing.T) {
	t.Parallel()
	p := loadPackage(t, "testdata/stair")
	assert.Empty(t, p.unlisted([][]string{{"low.go"}, {"high.go"}}))
	assert.Equal(t, []string{
		"high.go is in no step",
		"low.go is in two steps",
		"other.go is in a step but does not exist",
	}, p.unlisted([][]string{{"low.go"}, {"low.go", "other.go"}}))
}

func TestOversized(t *testing.T) {
	t.Parallel()
	p := loadPackage(t, "testdata/stair")
	assert.Empty(t, p.oversized())
	assert.Equal(t, 8, p.lines(p.files["low.go"]))
}
