package export

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mergeCards returns the keys and cards in their order.
func mergeCards(t *testing.T, s *sortedCards) (merged []string) {
	t.Helper()
	require.NoError(t, s.merge(func(key, card string) error {
		merged = append(merged, key+card)
		return nil
	}))
	return merged
}

func TestSortedCards(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, count := range []int{0, 1, 2, 100, 3000} {
		for _, size := range []int{1, 100, 5000, 1 << 20} {
			cards := sortedCards{runBytes: size}
			var want []string
			for i := range count {
				key := fmt.Appendf(nil, "%d.%d ", rng.IntN(1000), i)
				card := bytes.Repeat([]byte{byte('a' + i%26)}, rng.IntN(40))
				want = append(want, string(key)+string(card))
				whole := slices.Concat(key, card)
				cards.add(whole, len(key))
				clear(whole) // the caller uses it again
			}
			slices.Sort(want)
			require.Equal(t, want, mergeCards(t, &cards))
		}
	}
}

func TestSortedCardsLarge(t *testing.T) {
	t.Parallel()
	cards := sortedCards{runBytes: runBytes}
	large := strings.Repeat("x", 3*runBytes)
	for _, key := range []string{"c", "a", "b"} {
		cards.add([]byte(key+large), len(key))
	}
	require.Len(t, cards.packed, 3)
	for _, packed := range cards.packed {
		require.Less(t, cap(packed), runBytes/10, "it is compressed, and no larger than it has to be")
	}
	require.Equal(t, []string{"a" + large, "b" + large, "c" + large}, mergeCards(t, &cards))
}

func TestSortedCardsEnd(t *testing.T) {
	t.Parallel()
	cards := sortedCards{runBytes: 1}
	cards.add([]byte("a1"), 1)
	cards.add([]byte("b2"), 1)
	errEnd, calls := errors.New("end"), 0
	require.ErrorIs(t, cards.merge(func(_, _ string) error { calls++; return errEnd }), errEnd)
	require.Equal(t, 1, calls)
}
