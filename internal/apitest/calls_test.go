package apitest_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every method of the client that takes a context is in the table. LookupProfiles
// sends the requests of GetPublicProfiles and no others.
func TestEveryMethodIsInTheTable(t *testing.T) {
	t.Parallel()
	inTable := map[string]bool{"LookupProfiles": true}
	for _, call := range apitest.Calls() {
		inTable[call.Op] = true
	}
	methods := map[string]bool{}
	for method := range reflect.TypeFor[*skypecontacts.Client]().Methods() {
		if method.Type.NumIn() > 1 && method.Type.In(1) == reflect.TypeFor[context.Context]() {
			methods[method.Name] = true
		}
	}
	require.Equal(t, methods, inTable)
}

func TestCalls(t *testing.T) {
	t.Parallel()
	requests := map[string]bool{}
	for _, call := range apitest.Calls() {
		assert.Equal(t, call.Writes, call.Want == nil, "%s: a write returns only an error", call.Name())
		assert.False(t, requests[call.Request], "%s: another call sends the same", call.Name())
		requests[call.Request] = true
		assert.Contains(t, call.Request, call.Method+" https://", call.Name())
		for _, variant := range call.Variants {
			assert.Contains(t, variant.Fixture, call.Fixture, call.Name())
		}
		with := call.With("8:other.1")
		assert.Equal(t, []skypecontacts.MRI{"8:other.1"}, with.IDs)
		assert.NotEqual(t, with.IDs, call.IDs, "With changes only its copy")
	}
}
