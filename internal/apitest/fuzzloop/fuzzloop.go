// Package fuzzloop runs fuzz targets within an ordinary test: without the coverage of
// the fuzzing engine, but many times as fast, so that every run of the tests tries
// thousands of inputs. It imports no other package of this module, so that tests
// inside of any package can use it.
package fuzzloop

import (
	"math/rand/v2"
	"testing"
)

// Target checks what holds for every input.
type Target struct {
	Check func(tb testing.TB, input []byte)
	Seeds []string
}

// Fuzz runs the target with the fuzzing engine.
func (target Target) Fuzz(f *testing.F) {
	f.Helper()
	for _, seed := range target.Seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) { target.Check(t, input) })
}

// Run gives each of the targets a number of inputs, which are the same in every
// run. An input on which a check fails or panics is printed.
func Run(t *testing.T, targets map[string]Target, inputs int) {
	t.Helper()
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(inputs), uint64(len(name))))
			var input []byte
			defer func() {
				if p := recover(); p != nil || t.Failed() {
					t.Errorf("panic %v, with %q", p, input)
				}
			}()
			for range inputs {
				input = mutate(random, target.Seeds)
				target.Check(t, input)
			}
		})
	}
}

// mutate returns an input made from one of the seeds, or from parts of two.
func mutate(random *rand.Rand, seeds []string) []byte {
	pick := func() []byte { return []byte(seeds[random.IntN(len(seeds))]) }
	input := pick()
	if random.IntN(10) == 0 {
		other := pick()
		input = append(input[:random.IntN(len(input)+1)], other[random.IntN(len(other)+1):]...)
	}
	tokens := []string{
		"null", "true", "{", "}", "[", "]", `"`, ":", ",", `\`, `\u0000`, `\ud800`, "0", "-1", "1e999", "\xff", "\x00", "\u202e",
		"\u00a0", "<", ">", "&", "&#0;", "%2e", "..", "/", "@", "#", "?", ";", "=", " ", "\r\n", "https://", ".live.com", "8:", "+", "T", "Z",
		`"mri":"8:x",`, `"deleted":true,`, `"status":{"code":40400},`, "[[[[[[[[[[[[[[[[", "}]", "\uFEFF",
	}
	for range 1 + random.IntN(4) {
		at := random.IntN(len(input) + 1)
		upTo := min(len(input), at+random.IntN(8))
		switch random.IntN(5) {
		case 0: // flip a bit
			if at < len(input) {
				input[at] ^= 1 << random.IntN(8)
			}
		case 1: // remove bytes
			input = append(input[:at], input[upTo:]...)
		case 2: // repeat bytes
			input = append(input[:upTo:upTo], input[at:]...)
		case 3: // insert a token
			input = append(input[:at:at], append([]byte(tokens[random.IntN(len(tokens))]), input[at:]...)...)
		case 4: // replace by a token
			input = append(input[:at:at], append([]byte(tokens[random.IntN(len(tokens))]), input[upTo:]...)...)
		}
	}
	return input
}
