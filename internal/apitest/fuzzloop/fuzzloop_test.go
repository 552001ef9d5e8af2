package fuzzloop_test

import (
	"sync/atomic"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/apitest/fuzzloop"
	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) { //nolint:tparallel // waits for its subtests
	t.Parallel()
	const inputs = 1000
	var tried, different atomic.Int64
	t.Run("loop", func(t *testing.T) {
		fuzzloop.Run(t, map[string]fuzzloop.Target{"target": {
			Check: func(_ testing.TB, input []byte) {
				tried.Add(1)
				if s := string(input); s != `{"a":1}` && s != "seed" {
					different.Add(1)
				}
			},
			Seeds: []string{`{"a":1}`, "seed", ""},
		}}, inputs)
	})
	require.EqualValues(t, inputs, tried.Load())
	require.Greater(t, different.Load(), int64(inputs/2))
}

func FuzzTarget(f *testing.F) {
	fuzzloop.Target{Check: func(testing.TB, []byte) {}, Seeds: []string{"seed"}}.Fuzz(f)
}
