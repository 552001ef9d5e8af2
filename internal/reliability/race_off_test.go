//go:build !race

package reliability_test

// raceEnabled reports whether the race detector slows the tests down.
const raceEnabled = false
