// Large reads a contact list of any size, one contact at a time, and prints how much
// memory that takes. It calls a fake service, by default one in this process that has a
// generated list.
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
	flags := flag.NewFlagSet("large", flag.ContinueOnError)
	contacts := flags.Int("contacts", 100_000, "length of the `list`, if the service is in this process")
	program := demo.Program{Summary: "reads a contact list of any size, on a fake service only", Flags: flags}
	program.MainWithFake(func(ctx context.Context, fake *demo.Fake, out io.Writer) error {
		client, err := fake.Client()
		if err != nil {
			return err
		}
		return count(ctx, client, os.Stderr, out)
	}, func() skypetest.Data { return skypetest.Generate(max(*contacts, 0), 1) })
}

// count reads the whole list and prints how many contacts it has.
func count(ctx context.Context, client *skypecontacts.Client, progress, out io.Writer) error {
	var contacts, bots, unreadable int
	var most uint64
	before, started := heap(), time.Now() // includes the data of the server
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
	fmt.Fprintf(out, "%d contacts, of which %d are bots; %d entries could not be decoded.\n", contacts, bots, unreadable)
	fmt.Fprintf(out, "Took %v and at most %.1f MiB of memory.\n",
		time.Since(started).Round(time.Millisecond), mebibytes(most))
	return nil
}

// heap returns how many bytes are in use, with those of the server.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func mebibytes(bytes uint64) float64 { return float64(bytes) / (1 << 20) }
