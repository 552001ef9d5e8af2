package main

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutput(t *testing.T) {
	t.Parallel()
	fake := demo.StartFake(skypetest.SampleData())
	t.Cleanup(fake.Close)
	var out strings.Builder
	require.NoError(t, run(t.Context(), fake, &out))
	assert.Equal(t, golden, out.String())
}

const golden = `Before:
  Joe Bloggs: authorized true, blocked false
  on the blocklist: 8:anna.7
Blocked and reported:
  Joe Bloggs: authorized true, blocked true
  on the blocklist: 8:anna.7
  on the blocklist: 8:joe.4
Unblocked:
  Joe Bloggs: authorized true, blocked false
  on the blocklist: 8:anna.7
No longer authorized:
  Joe Bloggs: authorized false, blocked false
  on the blocklist: 8:anna.7
`
