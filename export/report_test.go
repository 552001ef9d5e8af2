package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestReportCountExtra(t *testing.T) {
	t.Parallel()
	r := Report{NotHeld: map[string]int{}}
	r.countExtra("extra", skypecontacts.Extra{"shoe": nil, "8:joe.4": nil, "8:anna.7": nil})
	r.countExtra("extra", skypecontacts.Extra{"shoe": nil})
	require.Equal(t, map[string]int{"extra.shoe": 2, "extra": 1}, r.NotHeld)
}
