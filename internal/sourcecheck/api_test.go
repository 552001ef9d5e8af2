package sourcecheck

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAPI(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `const Limit untyped int = 3
field Thing.Field int
func High(n int) int
func Low() int
method (Thing) Double() int
type Thing struct
`, API(t, "testdata/stair"))
}
