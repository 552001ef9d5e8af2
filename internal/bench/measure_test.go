package bench_test

import (
	"math"
	"runtime"
	"runtime/metrics"
	"time"
)

var started = time.Now()

// wallTime is the time since the start. It is another clock than cpuTime.
func wallTime() time.Duration { return time.Since(started) }

// cost returns the seconds that work takes by a clock. Processor time has in it what the
// garbage collector and a server in this process take at the same time.
func cost(clock func() time.Duration, work func()) float64 {
	runtime.GC()
	began := clock()
	work()
	return max(clock()-began, time.Nanosecond).Seconds()
}

// ratio returns the cost of ours divided by that of theirs. The two take turns, so that
// load makes both slower, and the best round of each counts.
func ratio(clock func() time.Duration, rounds int, ours, theirs func()) float64 {
	ours()
	theirs()
	best, theirBest := math.Inf(1), math.Inf(1)
	for range rounds {
		best, theirBest = min(best, cost(clock, ours)), min(theirBest, cost(clock, theirs))
	}
	return best / theirBest
}

// repeated returns n calls of work.
func repeated(n int, work func()) func() {
	return func() {
		for range n {
			work()
		}
	}
}

// allocated returns how many objects, and bytes, one call of work takes on average.
func allocated(rounds int, work func()) (objects, size float64) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	work() // what is allocated once
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	repeated(rounds, work)()
	runtime.ReadMemStats(&after)
	n := float64(rounds)
	return float64(after.Mallocs-before.Mallocs) / n, float64(after.TotalAlloc-before.TotalAlloc) / n
}

// heap returns the bytes of all objects, with those that are garbage already.
func heap() float64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64())
}

// heapInUse returns the bytes of the objects that are left after a garbage collection.
func heapInUse() float64 {
	runtime.GC()
	return heap()
}

// peakHeap returns by how many bytes the heap grows at most while work runs, and after.
// The smallest of three peaks counts: load delays the garbage collector.
func peakHeap(work func() (result any)) (peak, left float64) {
	peak = math.Inf(1)
	for range 3 {
		before := heapInUse()
		highest, stop, stopped := before, make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				highest = max(highest, heap())
				select {
				case <-stop:
					return
				case <-time.After(100 * time.Microsecond):
				}
			}
		}()
		result := work()
		close(stop)
		<-stopped
		peak, left = min(peak, highest-before), heapInUse()-before
		runtime.KeepAlive(result)
	}
	return peak, left
}
