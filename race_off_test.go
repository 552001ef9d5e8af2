//go:build !race

package skypecontacts

// raceEnabled makes the long tests shorter and the time limits wider.
const raceEnabled = false
