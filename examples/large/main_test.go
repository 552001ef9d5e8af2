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
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(6_000, 1)))
	t.Cleanup(srv.Close)
	var progress, out strings.Builder
	require.NoError(t, count(t.Context(), srv.Client(), &progress, &out))
	assert.Regexp(t, `^6000 contacts, of which [1-9]\d+ are bots; 0 entries could not be decoded.\nTook [^\n]+ MiB of memory.\n$`, out.String())
	assert.Regexp(t, `^\r   5000 contacts [^\r]*\r   6000 contacts [^\r]* MiB\n$`, progress.String())
}

func TestFailure(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultHTML})
	var progress, out strings.Builder
	require.Error(t, count(t.Context(), srv.Client(), &progress, &out))
	assert.Empty(t, out.String())
}
