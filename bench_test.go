package skypecontacts

import (
	"strconv"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/require"
)

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		body := payload.Contacts(n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				require.True(b, decodeList(body, n))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/contact")
		})
	}
}

// decodeList reports whether all n contacts of the body were read.
func decodeList(body []byte, n int) bool {
	var l ContactList
	err := decodeBody(body, func(r *reader) { readContactList(readContact)(r, &l) })
	return err == nil && len(l.Contacts) == n
}

func BenchmarkSplitName(b *testing.B) {
	for b.Loop() {
		SplitName("Joe van  Bloggs")
	}
}

func BenchmarkMRI(b *testing.B) {
	b.Run("Parse", func(b *testing.B) {
		for b.Loop() {
			_, _ = ParseMRI("live:joe.4")
		}
	})
	b.Run("Equal", func(b *testing.B) {
		for b.Loop() {
			MRI("8:Joe.4").Equal("8:joe.4")
		}
	})
}

func BenchmarkParseMood(b *testing.B) {
	for name, markup := range map[string]string{
		"text": "out and about", "entities": "here &amp; there", "tags": `<ss type="music">(music)</ss> here`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ParseMood(markup)
			}
		})
	}
}
