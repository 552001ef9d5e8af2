package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSelectGuards(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.go": "a = b"})
	good, other := mutation{"first guard", dir, "a = b", ""}, mutation{"second guard", dir, "b", "c"}
	stale := mutation{"stale", dir, "a = c", ""}

	got, err := selectGuards([]mutation{good, other}, "")
	require.NoError(t, err)
	assert.Equal(t, []mutation{good, other}, got)

	got, err = selectGuards([]mutation{good, stale, other}, "second")
	require.NoError(t, err)
	assert.Equal(t, []mutation{other}, got)

	got, err = selectGuards([]mutation{good, other}, dir+" first")
	require.NoError(t, err)
	assert.Equal(t, []mutation{good}, got)

	_, err = selectGuards([]mutation{good, stale}, "")
	assert.ErrorContains(t, err, "stale")
	_, err = selectGuards([]mutation{good}, "third")
	assert.EqualError(t, err, `no guard contains "third"`)
}

// A package that is a module of its own is tested from within it.
func TestGoTest(t *testing.T) {
	t.Parallel()
	command := goTest(t.Context(), "./export", "-failfast")
	assert.Equal(t, []string{"go", "test", "-failfast", "./export", "-linear"}, command.Args)
	assert.Equal(t, ".", command.Dir)
	command = goTest(t.Context(), "./export", "-c", "-o", "x")
	assert.Equal(t, []string{"go", "test", "-c", "-o", "x", "./export"}, command.Args)
	module := writeFiles(t, map[string]string{"go.mod": "module m"})
	command = goTest(t.Context(), module, "-c")
	assert.Equal(t, []string{"go", "test", "-c", "."}, command.Args)
	assert.Equal(t, module, command.Dir)
}

func TestTestedBy(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{".", "./internal/reliability", "./skypetest"}, testedBy("."))
	assert.Equal(t, []string{"./export"}, testedBy("export"))
}
