package export

import (
	"fmt"
	"io"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestJSONTextOptions(t *testing.T) {
	t.Parallel()
	text, err := jsonv2.Marshal([]any{"<a&b>\xff\u2028", jsontext.Value(`{"x":"\u0041","x":1}`)}, jsonTextOptions)
	require.NoError(t, err)
	require.Equal(t, "[\"<a&b>\uFFFD\\u2028\",{\"x\":\"\\u0041\",\"x\":1}]", string(text))
}

func TestIsEncodingError(t *testing.T) {
	t.Parallel()
	require.True(t, isEncodingError(fmt.Errorf("a: %w", &jsonv2.SemanticError{})))
	require.False(t, isEncodingError(io.ErrShortWrite))
}

func TestAppendReason(t *testing.T) {
	t.Parallel()
	reasons := appendReason(nil, &RowError{Line: 1, Reason: "the row has no id"})
	reasons = appendReason(reasons, skypecontacts.SkippedItem{Err: skypecontacts.ErrDecode})
	reasons = appendReason(reasons, nil)
	require.Equal(t, []string{"line 1: the row has no id", "entry 0 skipped: " + skypecontacts.ErrDecode.Error()}, reasons)
	for range 2 * maxReasons {
		reasons = appendReason(reasons, io.EOF)
	}
	require.Len(t, reasons, maxReasons)
}
