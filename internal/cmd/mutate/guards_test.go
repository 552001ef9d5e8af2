package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A guard that was rewritten has to be brought up to date in the table.
func TestGuardsAreInTheSources(t *testing.T) {
	t.Parallel()
	labels := make(map[string]bool)
	for _, m := range mutations {
		assert.False(t, labels[m.label()], "%s is there twice", m.label())
		labels[m.label()] = true
		m.dir = filepath.Join("..", "..", "..", m.dir)
		_, _, err := m.apply()
		assert.NoError(t, err)
	}
}
