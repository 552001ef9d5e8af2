package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

// jsonLinesNames returns the names of the contacts in a file of JSON Lines.
func jsonLinesNames(t *testing.T, lines string) (names []string) {
	t.Helper()
	for c, err := range ReadJSONLines(strings.NewReader(lines)) {
		require.NoError(t, err)
		names = append(names, c.MRI.ID())
	}
	return names
}

func TestWriteOptions(t *testing.T) {
	t.Parallel()
	list := []*contact{
		{MRI: "8:joe.4"},
		{MRI: "8:anna.7", Suggested: true, Authorized: true},
		{MRI: "8:daisy.5", Suggested: true},
		{MRI: "8:fred.2", Blocked: true},
		{MRI: "28:concierge", Suggested: true},
		{MRI: "28:echo", Blocked: true},
		{MRI: "8:helper", Agent: &skypecontacts.Agent{}},
		{MRI: "8:JOE.4", DisplayName: "Joe again"},
		{MRI: "8:daisy.5", Suggested: true},
	}
	tests := map[string]struct {
		opts Options
		want []string
		left Report
	}{
		"default":    {Options{}, []string{"joe.4", "anna.7", "fred.2"}, Report{Suggested: 3, Bots: 2, Repeated: 1}},
		"suggested":  {Options{Suggested: true}, []string{"joe.4", "anna.7", "daisy.5", "fred.2"}, Report{Bots: 3, Repeated: 2}},
		"bots":       {Options{Bots: true}, []string{"joe.4", "anna.7", "fred.2", "echo", "helper"}, Report{Suggested: 3, Repeated: 1}},
		"no blocked": {Options{NoBlocked: true}, []string{"joe.4", "anna.7"}, Report{Suggested: 3, Bots: 2, Blocked: 1, Repeated: 1}},
		"all":        {Options{Suggested: true, Bots: true}, []string{"joe.4", "anna.7", "daisy.5", "fred.2", "concierge", "echo", "helper"}, Report{Repeated: 2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			report, err := Write(&out, JSONLines, contactSequence(list...), test.opts)
			require.NoError(t, err)
			test.left.Read, test.left.Written, test.left.NotHeld = 9, len(test.want), map[string]int{}
			require.Equal(t, test.left, report)
			require.Equal(t, test.want, jsonLinesNames(t, out.String()))
		})
	}
}

func TestWriteEntryErrors(t *testing.T) {
	t.Parallel()
	errFatal := errors.New("the connection broke")
	list := func(last error) iter.Seq2[*contact, error] {
		return func(yield func(*contact, error) bool) {
			_ = yield(nil, skypecontacts.SkippedItem{Err: skypecontacts.ErrDecode}) &&
				yield(nil, nil) && yield(&contact{}, nil) && yield(&contact{MRI: "8:"}, nil) &&
				yield(&contact{MRI: "8:joe.4"}, nil) &&
				yield(nil, &RowError{Line: 3, Reason: "the row has no id"}) &&
				(last == nil || yield(nil, last)) &&
				yield(&contact{MRI: "8:anna.7"}, nil)
		}
	}
	var out strings.Builder
	report, err := Write(&out, JSONLines, list(nil), Options{})
	require.NoError(t, err)
	require.Equal(t, Report{Read: 7, Written: 2, Unreadable: 5, NotHeld: map[string]int{}}, report)
	require.Equal(t, []string{"joe.4", "anna.7"}, jsonLinesNames(t, out.String()))

	out.Reset()
	report, err = Write(&out, JSONLines, list(errFatal), Options{})
	require.ErrorIs(t, err, errFatal)
	require.Equal(t, Report{Read: 6, Written: 1, Unreadable: 5, NotHeld: map[string]int{}}, report)
	require.Empty(t, out.String())
}

func TestIsEntryError(t *testing.T) {
	t.Parallel()
	require.True(t, isEntryError(errors.Join(&RowError{})))
	require.True(t, isEntryError(errors.Join(skypecontacts.SkippedItem{})))
	require.False(t, isEntryError(io.ErrUnexpectedEOF))
}

// A contact that no reader returns, and that JSON cannot hold, costs no other.
func TestWriteEncodingError(t *testing.T) {
	t.Parallel()
	broken := &contact{MRI: "8:anna.7", Extra: skypecontacts.Extra{"shoe": []byte("{")}}
	var out strings.Builder
	report, err := Write(&out, JSONLines, contactSequence(&contact{MRI: "8:joe.4"}, broken, &contact{MRI: "8:fred.2"}), Options{})
	require.NoError(t, err)
	require.Equal(t, Report{Read: 3, Written: 2, Unreadable: 1, NotHeld: map[string]int{}}, report)
	require.Equal(t, []string{"joe.4", "fred.2"}, jsonLinesNames(t, out.String()))
}

// countEntries returns how many entries another reader finds in a file.
func countEntries(t *testing.T, format Format, file string) (count int) {
	t.Helper()
	switch format {
	case VCard3, VCard4:
		cards := vcard.NewDecoder(strings.NewReader(file))
		for {
			card, err := cards.Decode()
			if err == io.EOF {
				require.Len(t, importers.ReadAndroid(t, file), count)
				return count
			}
			require.NoError(t, err)
			require.Len(t, card["UID"], 1)
			require.Len(t, card["FN"], 1)
			require.Len(t, card["N"], 1)
			count++
		}
	case GoogleCSV, OutlookCSV:
		rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
		require.NoError(t, err)
		return len(rows) - 1
	case JSContact:
		var cards []map[string]any
		require.NoError(t, json.Unmarshal([]byte(file), &cards))
		return len(cards)
	case JSONLines:
		for line := range strings.Lines(file) {
			var value map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &value))
			require.NotEmpty(t, value["mri"])
			count++
		}
		contacts, errs := readAll(ReadJSONLines(strings.NewReader(file)))
		require.Equal(t, len(contacts) == 0, errs != nil, errs)
		require.Len(t, contacts, count)
	case HTML:
		return len(requireSafePage(t, file))
	}
	return count
}

// Every contact of which the report says that it was written is one entry in a file.
func FuzzOneCardAContact(f *testing.F) {
	f.Add("8:joe.4", "Joe", "a\nb", "+1", []byte(`{"a":1}`), int64(1), 2)
	f.Add("8:\r\nEND:VCARD", "\r\nEND:VCARD\r\nBEGIN:VCARD", "\u2028\u0085", "\n", []byte("{\n}"), int64(-1<<60), -1)
	f.Add("4:+1", "\x00", "\"", ",", []byte(`{`), int64(253402300800), 10000)
	f.Add("28:", "\\", "\xff", ";", []byte("null"), int64(0), 0)
	f.Add("8:\xff", " ", "\r", "=", []byte(nil), int64(-62135596801), 1987)
	f.Fuzz(func(t *testing.T, id, name, text, number string, extra []byte, seconds int64, year int) {
		first := formulaContact(name, text, number, number)
		first.MRI, first.CreatedAt = skypecontacts.MRI(id), time.Unix(seconds, 0)
		first.Extra, first.Profile.Extra = skypecontacts.Extra{"name": extra}, skypecontacts.Extra{"text": extra}
		first.Sources = []skypecontacts.RelationshipSource{{Type: name, Time: time.Unix(seconds, 0)}}
		first.Profile.Birthday = skypecontacts.Date{Year: year, Month: time.Month(len(name)), Day: len(text)}
		first.Profile.Mood = skypecontacts.ParseMood(text)
		list := []*contact{
			first, nil,
			{MRI: "8:joe.4", DisplayName: text},
			{MRI: skypecontacts.MRI(name), Profile: skypecontacts.Profile{About: text}},
			{MRI: skypecontacts.MRI("28:" + text), DisplayName: name},
			{MRI: "4:+1", Phones: []skypecontacts.Phone{{Number: number}}},
			first,
		}
		for format := range formatTable {
			for _, opts := range []Options{{}, {Suggested: true, Bots: true, Avatars: true, NoFold: true}} {
				var out strings.Builder
				report, err := Write(&out, format, contactSequence(list...), opts)
				require.NoError(t, err)
				require.Equal(t, len(list), report.Read)
				require.Equal(t, len(list), report.Written+report.Bots+report.Repeated+report.Unreadable)
				require.Equal(t, report.Written, countEntries(t, format, out.String()), format)
			}
		}
	})
}

func TestWriteUnknownFormat(t *testing.T) {
	t.Parallel()
	_, err := Write(&strings.Builder{}, "xlsx", contactSequence(), Options{})
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	require.EqualError(t, err, `export: invalid argument: there is no format "xlsx"`)
}

// Each list and each text of one contact takes linear time in every format.
func TestWriteLinear(t *testing.T) { //nolint:paralleltest // measures time
	phone := func(i int, kind skypecontacts.PhoneType) skypecontacts.Phone {
		return skypecontacts.Phone{Number: fmt.Sprintf("+44%010d", i), Type: kind}
	}
	for name, add := range map[string]func(c *contact, i int){
		"numbers of the profile": func(c *contact, i int) { c.Profile.Phones = append(c.Profile.Phones, phone(i, "home")) },
		"numbers of the user":    func(c *contact, i int) { c.Phones = append(c.Phones, phone(i, "home")) },
		"types of numbers": func(c *contact, i int) {
			c.Profile.Phones = append(c.Profile.Phones, phone(i, skypecontacts.PhoneType(strconv.Itoa(i))))
		},
		"numbers of both": func(c *contact, i int) {
			c.Profile.Phones, c.Phones = append(c.Profile.Phones, phone(i, "work")), append(c.Phones, phone(i/2, "home"))
		},
		"mail addresses": func(c *contact, i int) {
			c.Profile.Emails = append(c.Profile.Emails, fmt.Sprintf("%d@mail.example", i))
		},
		"blank addresses": func(c *contact, _ int) { c.Profile.Emails = append(c.Profile.Emails, " ") },
		"locations": func(c *contact, i int) {
			c.Profile.Locations = append(c.Profile.Locations, skypecontacts.Location{City: strconv.Itoa(i), Type: "home"})
		},
		"sources":      func(c *contact, _ int) { c.Sources = append(c.Sources, skypecontacts.RelationshipSource{Type: "Scd"}) },
		"extra":        func(c *contact, i int) { c.Extra["member"+strconv.Itoa(i)] = []byte("1") },
		"hashes":       func(c *contact, _ int) { c.EmailHashes = append(c.EmailHashes, "hash") },
		"lines":        func(c *contact, _ int) { c.Profile.About += "=1;=1\t=1\r\n\x00\\,\"" },
		"blanks":       func(c *contact, _ int) { c.Profile.Name.First += ";\u200b \"" },
		"long name":    func(c *contact, _ int) { c.DisplayName += "J B, Jr." },
		"long number":  func(c *contact, _ int) { c.MRI += "0 " },
		"long address": func(c *contact, _ int) { c.Profile.Homepage += "/?\u00e9" },
	} {
		list := func(n int) (c *contact) {
			c = &contact{MRI: "4:+44", Extra: skypecontacts.Extra{}, Profile: skypecontacts.Profile{Homepage: "a.example"}}
			for i := range n {
				add(c, i)
			}
			return c
		}
		lists := map[int]*contact{}
		for _, n := range []int{625, 10_000} {
			lists[n] = list(n)
		}
		for format := range formatTable {
			requireLinear(t, fmt.Sprintf("%s: %s", format, name), 625, func(n int) {
				_, err := Write(io.Discard, format, contactSequence(lists[n]), Options{})
				require.NoError(t, err)
			})
		}
	}
}

// fullDisk accepts a number of bytes, then fails with errFull.
type fullDisk struct{ left int }

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.left)
	if d.left -= n; n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestWriteOutputErrors(t *testing.T) {
	t.Parallel()
	for format := range formatTable {
		most := 1_000_000
		if format == HTML { // it is sorted, so it is written in the end
			most = 2000
		}
		for _, size := range []int{0, 10, 70_000, 200_000} {
			taken := 0
			endless := func(yield func(*contact, error) bool) {
				for taken < most {
					taken++
					if !yield(&contact{MRI: skypecontacts.MRI("8:joe." + strconv.Itoa(taken))}, nil) {
						return
					}
				}
			}
			_, err := Write(&fullDisk{size}, format, endless, Options{})
			require.ErrorIs(t, err, errFull)
			require.Less(t, taken, 100_000, "the writing stops when it fails")
		}
		_, err := Write(&fullDisk{}, format, contactSequence(&contact{MRI: "8:joe.4"}), Options{})
		require.ErrorIs(t, err, errFull)
	}
}

// The heap in use grows by less than 100 bytes for each contact written, and by less than 200
// for a page, which has compressed cards; a contact has several hundred. It is measured after garbage collections within one call of Write,
// so the load of the machine does not matter. With -large a contacts.csv of 100,000 rows
// is written; without, one of 20,000.
func TestWriteMemory(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	blocks := 20
	if *largeFiles {
		blocks = 100
	}
	block := importers.ContactsCSV(importers.Generated())
	for format := range formatTable {
		var heap []uint64 // after each 1000 contacts
		contacts := afterEach(1000, ReadCSV(importers.RepeatRows(block, blocks)), func() { heap = append(heap, heapInUse()) })
		report, err := Write(io.Discard, format, contacts, Options{})
		require.NoError(t, err)
		require.Equal(t, blocks*importers.GeneratedCount, report.Written)
		require.Len(t, heap, blocks*importers.GeneratedCount/1000)
		growth := (int64(heap[len(heap)-1]) - int64(heap[0])) / int64(report.Written-1000)
		maxGrowth := int64(100)
		if format == HTML {
			maxGrowth = 200
		}
		require.Less(t, growth, maxGrowth, format)
		t.Logf("%s: %d contacts, %d bytes a contact, %d KB at most", format, report.Written, growth, (slices.Max(heap)-heap[0])>>10)
	}
}

// A change that allocates more for each contact is noticed. The limits are those with -race,
// which allocates more and drops memory of pools.
func TestAllocations(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	people := importers.Generated()
	rows := importers.ContactsCSV(people)
	var lines bytes.Buffer
	_, err := Write(&lines, JSONLines, contactSequence(people...), Options{})
	require.NoError(t, err)
	write := func(format Format, contacts iter.Seq2[*contact, error]) {
		report, err := Write(io.Discard, format, contacts, Options{})
		require.NoError(t, err)
		require.Equal(t, importers.GeneratedCount, report.Written)
	}
	most := map[Format]float64{VCard3: 10, VCard4: 13, GoogleCSV: 12, OutlookCSV: 12, JSContact: 10, JSONLines: 8, HTML: 18}
	for format := range formatTable {
		count := testing.AllocsPerRun(1, func() { write(format, contactSequence(people...)) })
		require.LessOrEqual(t, count/importers.GeneratedCount, most[format], format)
	}
	fromRows := testing.AllocsPerRun(1, func() { write(VCard3, ReadCSV(bytes.NewReader(rows))) })
	require.LessOrEqual(t, fromRows/importers.GeneratedCount, 25.0, "contacts.csv to vCard")
	fromLines := testing.AllocsPerRun(1, func() { write(VCard3, ReadJSONLines(bytes.NewReader(lines.Bytes()))) })
	require.LessOrEqual(t, fromLines/importers.GeneratedCount, 30.0, "JSON Lines to vCard")
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// afterEach calls measure after every n contacts.
func afterEach(n int, contacts iter.Seq2[*contact, error], measure func()) iter.Seq2[*contact, error] {
	return func(yield func(*contact, error) bool) {
		count := 0
		for c, err := range contacts {
			if !yield(c, err) {
				return
			}
			if count++; count%n == 0 {
				measure()
			}
		}
	}
}

func BenchmarkCSVToVCard(b *testing.B) {
	const blocks = 20
	file, err := io.ReadAll(importers.RepeatRows(importers.ContactsCSV(importers.Generated()), blocks))
	require.NoError(b, err)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		report, err := Write(io.Discard, VCard3, ReadCSV(bytes.NewReader(file)), Options{})
		require.NoError(b, err)
		require.Equal(b, blocks*importers.GeneratedCount, report.Written)
	}
}

func BenchmarkWrite(b *testing.B) {
	people := importers.Generated()
	for _, format := range slices.Sorted(maps.Keys(formatTable)) {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				report, err := Write(io.Discard, format, contactSequence(people...), Options{Suggested: true, Bots: true})
				require.NoError(b, err)
				require.Equal(b, len(people), report.Written)
			}
		})
	}
}
