// Large goes through a contact list of any size, one contact at a time, and shows
// that it needs next to no memory for that. It runs on a server in this process
// that has a list made up for the purpose.
//
//	go run ./examples/large -contacts 100000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

func main() {
	contacts := flag.Int("contacts", 100_000, "length of the list")
	flag.Parse()
	demo.Story(func(ctx context.Context, srv *skypetest.Server, out io.Writer) error {
		return count(ctx, srv.Client(), os.Stderr, out)
	}, skypetest.WithData(skypetest.Generate(*contacts, 1)))
}

// count reads the whole list and keeps nothing of it but numbers.
func count(ctx context.Context, client *skypecontacts.Client, progress, out io.Writer) error {
	var contacts, bots, unreadable int
	var most uint64
	before, started := heap(), time.Now() // the server's data, mostly
	show := func() {
		used := max(heap(), before) - before
		most = max(most, used)
		fmt.Fprintf(progress, "\r%7d contacts  %6.0f a second  heap +%4.1f MiB",
			contacts, float64(contacts)/time.Since(started).Seconds(), mebibytes(used))
	}
	for contact, err := range client.AllContacts(ctx) {
		var skipped skypecontacts.SkippedItem
		switch {
		case errors.As(err, &skipped):
			unreadable++
			continue
		case err != nil:
			fmt.Fprintln(progress)
			return err
		}
		if contact.IsBot() {
			bots++
		}
		if contacts++; contacts%5000 == 0 {
			show()
		}
	}
	show()
	fmt.Fprintln(progress)
	fmt.Fprintf(out, "%d contacts, of which %d are bots; %d entries could not be read.\n", contacts, bots, unreadable)
	fmt.Fprintf(out, "%v, and at most %.1f MiB of memory above the start.\n",
		time.Since(started).Round(time.Millisecond), mebibytes(most))
	return nil
}

// heap is how many bytes are in use, by the server's side as well.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func mebibytes(bytes uint64) float64 { return float64(bytes) / (1 << 20) }
