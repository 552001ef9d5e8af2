package teamsauth

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Only texts of this package are repeated; the error behind them can be found.
func TestStoreFailure(t *testing.T) {
	t.Parallel()
	own := fmt.Errorf("canary: %w", storeError{`file "x"`, "the problem", errStore})
	for err, want := range map[error]string{
		errStore: "teamsauth: SaveRefreshToken: the store failed",
		own:      `teamsauth: SaveRefreshToken: file "x": the problem`,
	} {
		got := storeFailure(opSave, err)
		assert.EqualError(t, got, want)
		assert.ErrorIs(t, got, errStore)
		requireMeaning(t, got)
	}
}
