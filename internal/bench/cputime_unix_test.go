//go:build unix

package bench_test

import (
	"syscall"
	"time"
)

// cpuTime returns the processor time that this process has used, which neighbors on the
// machine change less than they change the time of day.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
