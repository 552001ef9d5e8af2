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

const golden = `Joe invites Daisy.
  Pending: Joe Bloggs writes "Hi"
Daisy declines.
  Authorized: Daisy by Joe false, Joe by Daisy false

Joe sends a second invite.
  Pending: Joe Bloggs writes "It's Joe from the tea stall"
Daisy accepts.
  Authorized: Daisy by Joe true, Joe by Daisy true
`
