package export

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRowErrorText(t *testing.T) {
	t.Parallel()
	require.EqualError(t, &RowError{Line: 3, EndLine: 3, Reason: "no id"}, "export: line 3: no id")
	require.EqualError(t, &RowError{Line: 3, EndLine: 5, Reason: "no id"}, "export: lines 3 to 5: no id")
	require.EqualError(t, &RowError{Line: 3, Reason: "no id"}, "export: line 3: no id")
}

func TestIsRowError(t *testing.T) {
	t.Parallel()
	require.True(t, isRowError(&RowError{}))
	require.True(t, isRowError(errors.Join(&RowError{})))
	require.False(t, isRowError(io.ErrUnexpectedEOF))
}
