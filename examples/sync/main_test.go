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

const golden = `The whole list: 3 contacts
Second request: the same roster (true)
Changes by another client: Daisy's invite accepted, Anna unblocked, Joe removed.
After a restart, only the changes (scope "delta"):
  + Daisy
  ~ Anna Cooper (blocked false)
  - Joe Bloggs
`
