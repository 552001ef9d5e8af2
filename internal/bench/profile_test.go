package bench_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/payload"
)

// BenchmarkCalls is for profiles, and for figures that are not ratios.
func BenchmarkCalls(b *testing.B) {
	const n = 10_000
	c := newClient(b, inMemory(payload.Contacts(n)))
	sdk, byHand := smallCalls(b)
	for _, call := range []struct {
		name string
		do   func()
	}{
		{"ListContacts", listing(b, c, n)},
		{"AllContacts", streaming(b, c, n, func() {})},
		{"GetRoster", gettingRoster(b, c, n)},
		{"GetOwnProfile", sdk},
		{"GetOwnProfile by net/http", byHand},
	} {
		b.Run(call.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call.do()
			}
		})
	}
}
