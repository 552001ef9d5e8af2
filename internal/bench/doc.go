// Package bench measures how fast the SDK and its companions are, and how much memory they
// take. It uses the public API only. With -table it prints each figure beside its bounds,
// and fails if a figure that is the same in every run misses what it must have:
//
//	go test -C internal/bench -count=1 -table
//
// Without it the tests only try out the measuring, on short lists.
package bench
