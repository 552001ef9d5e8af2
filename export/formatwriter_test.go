package export

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONEncoder(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, newJSONEncoder(&out).Encode("<a&b>"))
	require.Equal(t, "\"<a&b>\"\n", out.String())
}
