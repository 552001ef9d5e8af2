package skypecontacts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// appendGeneratedContact writes the entry of a made-up person as version 2 does,
// with a full profile and about 680 bytes.
func appendGeneratedContact(b []byte, i int) []byte {
	first := []string{"Anna", "Željko", "李", "Олена", "Joe", "Zoë", "Daisy", "Γιώργος"}[i%8]
	last := []string{"Cooper", "Bloggs", "Müller", "伟强", "Іваненко", "Nuñez"}[i%6]
	country := []string{"GB", "de", "fr", "UA", "cn"}[i%5]
	gender := []string{"female", "male"}[i%2]
	mood := []string{"out and about", "here &amp; there", "Привіт", "at work", "on the road", "at home", "new number", "gone"}[i%8]
	if i%20 == 0 {
		mood = "<b>new</b> number"
	}
	id := fmt.Sprintf("live:person.%06d", i)
	return fmt.Appendf(b, `{"person_id":"8:%[1]s","mri":"8:%[1]s","display_name":"%[2]s %[3]s","display_name_source":"profile",`+
		`"profile":{"avatar_url":"https://avatar.skype.com/v1/avatars/%[1]s?auth_key=%[6]d","birthday":"19%02[7]d-%02[8]d-%02[9]d","gender":"%[5]s",`+
		`"locations":[{"type":"home","country":"%[4]s","city":"City %[7]d"}],`+
		`"phones":[{"number":"+4420%08[6]d","type":"mobile"}],"mood":"%[10]s","name":{"first":"%[2]s","surname":"%[3]s"},`+
		`"about":"Person %[6]d of the list","website":"https://example.org/%[6]d","language":"EN"},`+
		`"authorized":true,"blocked":false,"explicit":true,"creation_time":"2016-11-%02[9]dT04:28:12.67Z",`+
		`"relationship_history":{"sources":[{"type":"add_contact","time":"2016-11-%02[9]dT04:28:12Z"}]}}`,
		id, first, last, country, gender, i, 60+i%40, 1+i%12, 1+i%28, mood)
}

func generatedList(n int) []byte {
	b := []byte(`{"contacts":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendGeneratedContact(b, i)
	}
	return append(b, `],"count":`+strconv.Itoa(n)+`,"scope":"full"}`...)
}

// plainContact is what encoding/json is given to compare with: the same members,
// nothing normalised.
type plainContact struct {
	PersonID          string `json:"person_id"`
	MRI               string `json:"mri"`
	DisplayName       string `json:"display_name"`
	DisplayNameSource string `json:"display_name_source"`
	Profile           struct {
		AvatarURL string `json:"avatar_url"`
		Birthday  string `json:"birthday"`
		Gender    string `json:"gender"`
		Locations []struct {
			Type    string `json:"type"`
			Country string `json:"country"`
			City    string `json:"city"`
			State   string `json:"state"`
		} `json:"locations"`
		Phones []struct {
			Number string `json:"number"`
			Type   string `json:"type"`
		} `json:"phones"`
		Mood string `json:"mood"`
		Name struct {
			First   string `json:"first"`
			Surname string `json:"surname"`
		} `json:"name"`
		About    string `json:"about"`
		Website  string `json:"website"`
		Language string `json:"language"`
	} `json:"profile"`
	Authorized   bool   `json:"authorized"`
	Blocked      bool   `json:"blocked"`
	Explicit     bool   `json:"explicit"`
	CreationTime string `json:"creation_time"`
	History      struct {
		Sources []struct {
			Type string `json:"type"`
			Time string `json:"time"`
		} `json:"sources"`
	} `json:"relationship_history"`
}

type plainList struct {
	Contacts []plainContact `json:"contacts"`
	Count    int            `json:"count"`
	Scope    string         `json:"scope"`
}

// decoders are ours and what it is measured against. Each reports whether all n
// contacts of the body were read.
var decoders = []struct {
	name   string
	decode func(body []byte, n int) bool
}{
	{"sdk", decodeList},
	{"encoding-json-plain", decodePlain},
	{"validate-only", validate},
}

func decodeList(body []byte, n int) bool {
	var l ContactList
	err := decodeBody(body, func(r *reader) { readContactList(readContact)(r, &l) })
	return err == nil && len(l.Contacts) == n
}

func decodePlain(body []byte, n int) bool {
	var l plainList
	return json.Unmarshal(body, &l) == nil && len(l.Contacts) == n
}

func validate(body []byte, _ int) bool { return jsontext.Value(body).IsValid() }

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		body := generatedList(n)
		for _, d := range decoders {
			b.Run(fmt.Sprintf("%d/%s", n, d.name), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					require.True(b, d.decode(body, n))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/contact")
			})
		}
	}
}

// cannedServer responds to every request with the same bytes and without
// allocations, so that only the client is measured.
func cannedServer(tb testing.TB, body []byte) (address string) {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	reply := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				request := make([]byte, 0, 16<<10)
				for {
					n, err := conn.Read(request[len(request):cap(request)])
					if err != nil {
						return
					}
					request = request[:len(request)+n]
					if !bytes.HasSuffix(request, []byte("\r\n\r\n")) {
						continue
					}
					request = request[:0]
					if _, err := conn.Write(reply); err != nil {
						return
					}
				}
			})
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	return listener.Addr().String()
}

// smallCalls are one small call by the SDK and the same by hand.
func smallCalls(tb testing.TB) (ours, byHand func() bool) {
	tb.Helper()
	address := cannedServer(tb, []byte(fixture(tb, "profile/get_own_profile.json")))
	c := newLoopbackClient(tb, "http://"+address)
	transport := newTransport()
	tb.Cleanup(transport.CloseIdleConnections)
	plain := &http.Client{Transport: transport, Timeout: time.Minute}
	ours = func() bool {
		_, err := c.GetOwnProfile(context.Background())
		return err == nil
	}
	byHand = func() bool {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+address+"/users/self/profile", http.NoBody)
		if err != nil {
			return false
		}
		req.Header.Set("X-Skypetoken", testToken)
		req.Header.Set("Accept", "application/json; ver=1.0")
		resp, err := plain.Do(req)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		var p plainProfile
		if err := json.NewDecoder(resp.Body).Decode(&p); err != nil {
			return false
		}
		_, err = io.Copy(io.Discard, resp.Body)
		return err == nil
	}
	return ours, byHand
}

// plainProfile is what encoding/json is given for an own profile.
type plainProfile struct {
	Username    string   `json:"username"`
	Firstname   string   `json:"firstname"`
	Lastname    string   `json:"lastname"`
	Birthday    string   `json:"birthday"`
	Gender      any      `json:"gender"`
	Language    string   `json:"language"`
	Country     string   `json:"country"`
	Province    string   `json:"province"`
	City        string   `json:"city"`
	Homepage    string   `json:"homepage"`
	About       string   `json:"about"`
	Emails      []string `json:"emails"`
	PhoneMobile string   `json:"phoneMobile"`
	PhoneHome   string   `json:"phoneHome"`
	PhoneOffice string   `json:"phoneOffice"`
	Mood        string   `json:"mood"`
	RichMood    string   `json:"richMood"`
	AvatarURL   string   `json:"avatarUrl"`
}

// newLoopbackClient calls a server of this test for every service.
func newLoopbackClient(tb testing.TB, base string, opts ...Option) *Client {
	tb.Helper()
	c, err := New(StaticToken(testToken), append([]Option{
		WithInsecureLoopback(),
		WithEndpoints(Endpoints{Contacts: base, ContactsV1: base, API: base, Profile: base, Directory: base, Bots: base, People: base}),
	}, opts...)...)
	require.NoError(tb, err)
	tb.Cleanup(c.CloseIdleConnections)
	return c
}

func BenchmarkCall(b *testing.B) {
	ours, byHand := smallCalls(b)
	for _, how := range []struct {
		name string
		call func() bool
	}{{"sdk", ours}, {"net-http", byHand}} {
		b.Run("serial/"+how.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.True(b, how.call())
			}
		})
		b.Run("64-goroutines/"+how.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(64 / runtime.GOMAXPROCS(0))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					assert.True(b, how.call())
				}
			})
		})
	}
}

// serveGenerated serves a list of generated contacts as one response without
// holding it in memory.
func serveGenerated(tb testing.TB, n int) (base string) {
	tb.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"contacts":[`)
		var entry []byte
		for i := range n {
			entry = entry[:0]
			if i > 0 {
				entry = append(entry, ',')
			}
			entry = appendGeneratedContact(entry, i)
			if _, err := w.Write(entry); err != nil {
				return
			}
		}
		_, _ = io.WriteString(w, `],"scope":"full"}`)
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

// streamed reads a whole list by AllContacts. It gives the number of contacts, the
// time to the first, and the most heap that was in use above the start.
func streamed(c *Client) (n int, first time.Duration, heap int64, err error) {
	begin := heapInUse()
	started := time.Now()
	for _, err := range c.AllContacts(context.Background()) {
		if err != nil {
			return n, first, heap, err
		}
		if n == 0 {
			first = time.Since(started)
		}
		if n++; n%1000 == 0 {
			heap = max(heap, heapNow()-begin)
		}
	}
	return n, first, heap, nil
}

// heapInUse is what is left after a collection, heapNow with the garbage.
func heapInUse() int64 {
	runtime.GC()
	return heapNow()
}

func heapNow() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

func BenchmarkAllContacts(b *testing.B) {
	const n = 100_000
	c := newLoopbackClient(b, serveGenerated(b, n), WithMaxBody(128<<20))
	b.Run("AllContacts", func(b *testing.B) {
		var first time.Duration
		var heap int64
		for b.Loop() {
			read, f, h, err := streamed(c)
			require.NoError(b, err)
			require.Equal(b, n, read)
			first, heap = first+f, max(heap, h)
		}
		b.ReportMetric(float64(first.Microseconds())/float64(b.N), "µs-to-first")
		b.ReportMetric(float64(heap)/(1<<20), "peak-MiB")
	})
	b.Run("ListContacts", func(b *testing.B) {
		var heap int64
		for b.Loop() {
			begin := heapInUse()
			l, err := c.ListContacts(context.Background())
			require.NoError(b, err)
			require.Len(b, l.Contacts, n)
			heap = max(heap, heapNow()-begin)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs-to-first")
		b.ReportMetric(float64(heap)/(1<<20), "peak-MiB")
	})
}

// serveProfiles responds to batches of profiles after latency.
func serveProfiles(tb testing.TB, latency time.Duration) (base string) {
	tb.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		assert.NoError(tb, r.ParseForm())
		var found []map[string]string
		for _, name := range r.PostForm["contacts[]"] {
			found = append(found, map[string]string{"username": name, "firstname": "Joe", "lastname": "Bloggs", "country": "gb"})
		}
		w.Header().Set("Content-Type", "application/json")
		assert.NoError(tb, json.NewEncoder(w).Encode(found))
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

func generatedIDs(n int) []MRI {
	ids := make([]MRI, n)
	for i := range ids {
		ids[i] = MRI(fmt.Sprintf("8:person.%d", i))
	}
	return ids
}

func lookUp(c *Client, ids []MRI) (found int) {
	for result := range c.LookupProfiles(context.Background(), ids, LookupOptions{}) {
		if result.Err == nil {
			found++
		}
	}
	return found
}

func lookUpSingly(c *Client, ids []MRI) (found int) {
	for _, id := range ids {
		if l, err := c.GetPublicProfiles(context.Background(), id); err == nil {
			found += len(l.Profiles)
		}
	}
	return found
}

func BenchmarkLookup(b *testing.B) {
	c := newLoopbackClient(b, serveProfiles(b, 20*time.Millisecond))
	ids := generatedIDs(1_000)
	for _, how := range []struct {
		name   string
		lookUp func(*Client, []MRI) int
	}{{"LookupProfiles", lookUp}, {"one-by-one", lookUpSingly}} {
		b.Run(how.name, func(b *testing.B) {
			for b.Loop() {
				require.Equal(b, len(ids), how.lookUp(c, ids))
			}
		})
	}
}

func BenchmarkSplitName(b *testing.B) {
	for b.Loop() {
		SplitName("Joe van  Bloggs")
	}
}

func BenchmarkMRI(b *testing.B) {
	b.Run("Parse", func(b *testing.B) {
		for b.Loop() {
			_, _ = ParseMRI("live:joe.4")
		}
	})
	b.Run("Equal", func(b *testing.B) {
		for b.Loop() {
			MRI("8:Joe.4").Equal("8:joe.4")
		}
	})
}

func BenchmarkParseMood(b *testing.B) {
	for name, markup := range map[string]string{
		"text": "out and about", "entities": "here &amp; there", "tags": `<ss type="music">(music)</ss> here`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ParseMood(markup)
			}
		})
	}
}

// target is a figure that a change must not make worse.
type target struct {
	id, figure string
	must, aim  float64
	more       bool // the more the better
	measured   float64
}

func (t target) meets(bound float64) bool {
	if t.more {
		return t.measured >= bound
	}
	return t.measured <= bound
}

func (t target) row() string {
	sign, met := "<=", "NO"
	if t.more {
		sign = ">="
	}
	switch {
	case t.meets(t.aim):
		met = "aim"
	case t.meets(t.must):
		met = "must"
	}
	return strings.Join([]string{
		t.id, t.figure, fmt.Sprintf("%s %.3g", sign, t.must), fmt.Sprintf("%s %.3g", sign, t.aim),
		fmt.Sprintf("%.3g", t.measured), met,
	}, "\t")
}

// BenchmarkTargets measures every figure against its baseline in the same run and
// prints them as a table. Only ratios mean anything on a machine with neighbors,
// and so the rounds of what is compared take turns and the median counts.
func BenchmarkTargets(b *testing.B) {
	var targets []target
	measure := func(name string, group func(*testing.B) []target) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				targets = append(targets, group(b)...)
			}
		})
	}
	measure("decode", decodeTargets)
	measure("stream", streamTargets)
	measure("calls", callTargets)
	measure("lookup", lookupTargets)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\n\tfigure\tmust\taim\tmeasured\tmet")
	for _, t := range targets {
		fmt.Fprintln(table, t.row())
		if !t.meets(t.must) {
			b.Errorf("%s: %s: %.3g", t.id, t.figure, t.measured)
		}
	}
	require.NoError(b, table.Flush())
}

// takeTurns runs each work once a round and gives the times of each.
func takeTurns(b *testing.B, rounds int, works ...func() bool) [][]time.Duration {
	b.Helper()
	times := make([][]time.Duration, len(works))
	for range rounds {
		for i, work := range works {
			runtime.GC()
			started := time.Now()
			require.True(b, work())
			times[i] = append(times[i], time.Since(started))
		}
	}
	return times
}

// ratio is the median over the rounds of x divided by y.
func ratio(x, y []time.Duration) float64 {
	var ratios []float64
	for i := range x {
		ratios = append(ratios, float64(x[i])/float64(y[i]))
	}
	slices.Sort(ratios)
	return (ratios[(len(ratios)-1)/2] + ratios[len(ratios)/2]) / 2
}

func decodeTargets(b *testing.B) []target {
	decodes := func(count int, decode func([]byte, int) bool) func() bool {
		body := generatedList(count)
		return func() bool {
			for range max(1, 20_000/count) {
				if !decode(body, count) {
					return false
				}
			}
			return true
		}
	}
	const n = 10_000
	t := takeTurns(b, 15, decodes(n, decodeList), decodes(n, decodePlain), decodes(n, validate))
	flat := takeTurns(b, 9, decodes(100_000, decodeList), decodes(1_000, decodeList))
	body := generatedList(n)
	return []target{
		{"P1", "decode 10,000, time against encoding/json", 0.55, 0.35, false, ratio(t[0], t[1])},
		{"P2", "decode 10,000, time against validation alone", 4, 2.6, false, ratio(t[0], t[2])},
		{"P3", "decode 10,000, allocations a contact", 14, 3, false, mallocs(func() bool { return decodeList(body, n) }) / n},
		// The first has decoded 100,000 and the second twenty times 1,000.
		{"P4", "time a contact, 100,000 against 1,000", 1.3, 1.1, false, ratio(flat[0], flat[1]) / 5},
	}
}

// mallocs is how many allocations one call of work takes.
func mallocs(work func() bool) float64 {
	return testing.AllocsPerRun(20, func() {
		if !work() {
			panic("failed")
		}
	})
}

func streamTargets(b *testing.B) []target {
	const n = 100_000
	c := newLoopbackClient(b, serveGenerated(b, n), WithMaxBody(128<<20))
	var heap int64
	var first, whole []time.Duration
	for range 3 {
		read, f, h, err := streamed(c)
		require.NoError(b, err)
		require.Equal(b, n, read)
		first, heap = append(first, f), max(heap, h)

		started := time.Now()
		_, err = c.ListContacts(b.Context())
		require.NoError(b, err)
		whole = append(whole, time.Since(started))
	}
	return []target{
		{"P5", "AllContacts over 100,000, heap above start in MiB", 16, 8, false, float64(heap) / (1 << 20)},
		{"P6", "AllContacts, time to the first against ListContacts", 1. / 50, 1. / 500, false, ratio(first, whole)},
	}
}

func callTargets(b *testing.B) []target {
	ours, byHand := smallCalls(b)
	serially := func(call func() bool) func() bool {
		return func() bool {
			for range 2_000 {
				if !call() {
					return false
				}
			}
			return true
		}
	}
	together := func(call func() bool) func() bool {
		return func() bool {
			var failures atomic.Int64
			var callers sync.WaitGroup
			for range 64 {
				callers.Go(func() {
					for range 100 {
						if !call() {
							failures.Add(1)
						}
					}
				})
			}
			callers.Wait()
			return failures.Load() == 0
		}
	}
	t := takeTurns(b, 15, serially(ours), serially(byHand))
	p := takeTurns(b, 15, together(ours), together(byHand))
	return []target{
		{"P7", "a small call, time against net/http", 1.15, 1.05, false, ratio(t[0], t[1])},
		{"P7", "a small call, allocations against net/http", 1.5, 1.1, false, mallocs(ours) / mallocs(byHand)},
		{"P8", "64 goroutines, calls a second against net/http", 0.9, 1, true, ratio(p[1], p[0])},
	}
}

func lookupTargets(b *testing.B) []target {
	c := newLoopbackClient(b, serveProfiles(b, 20*time.Millisecond))
	ids := generatedIDs(1_000)
	all := func(lookUp func(*Client, []MRI) int) func() bool {
		return func() bool { return lookUp(c, ids) == len(ids) }
	}
	single := takeTurns(b, 1, all(lookUpSingly))[0][0]
	bulk := takeTurns(b, 9, all(lookUp))[0]
	slices.Sort(bulk)
	return []target{
		{"P9", "LookupProfiles of 1,000 against one call each", 200, 280, true, float64(single) / float64(bulk[len(bulk)/2])},
	}
}
