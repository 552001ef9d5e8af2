package main

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutput(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	var out strings.Builder
	require.NoError(t, tell(t.Context(), srv, &out))
	assert.Equal(t, golden, out.String())
}

const golden = `The whole list: 3 contacts
Asked again: nothing new (true)
Meanwhile, on the phone: Daisy's invite is accepted, Anna unblocked, Joe removed.
After a restart, only the changes (scope "delta"):
  ~ Anna Cooper (blocked false)
  + Daisy
  - Joe Bloggs
`
