//go:build !unix

package bench_test

import "time"

// cpuTime returns the time of day where the processor time is not known.
func cpuTime() time.Duration { return wallTime() }
