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
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
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

// cannedServer answers every HTTP request with the same bytes and allocates
// nothing while it does, so that only the client is measured.
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
		WithEndpoints(Endpoints{Contacts: base, ContactsV1: base, API: base, Profile: base, Directory: base, Bots: base}),
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

// serveGenerated serves a list of generated contacts as one answer without
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

// serveProfiles answers batches of profiles after a while.
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

// The list that is measured is also read the slow way: into plain structs, each
// then made into a contact by the rules of the model.
func TestDecodeAgainstPlainStructs(t *testing.T) {
	t.Parallel()
	const n = 2_000
	body := generatedList(n)
	var plain plainList
	require.NoError(t, json.Unmarshal(body, &plain))
	want := ContactList{Count: n, Scope: "full"}
	for i := range plain.Contacts {
		want.Contacts = append(want.Contacts, plain.Contacts[i].contact(t))
	}
	var got ContactList
	require.NoError(t, decodeBody(body, func(r *reader) { readContactList(readContact)(r, &got) }))
	require.Len(t, got.Contacts, n)
	for i := range got.Contacts {
		require.Equal(t, want.Contacts[i], got.Contacts[i])
	}
	want.Contacts, got.Contacts = nil, nil
	require.Equal(t, want, got)
}

func (p *plainContact) contact(t *testing.T) Contact {
	t.Helper()
	instant := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		return at.UTC()
	}
	born, err := time.Parse(time.DateOnly, p.Profile.Birthday)
	require.NoError(t, err)
	c := Contact{
		MRI: MRI(p.MRI), PersonID: p.PersonID, DisplayName: p.DisplayName, DisplayNameSource: p.DisplayNameSource,
		Authorized: p.Authorized, Blocked: p.Blocked, Explicit: p.Explicit, CreatedAt: instant(p.CreationTime),
		Profile: Profile{
			Name:   Name{First: p.Profile.Name.First, Last: p.Profile.Name.Surname},
			Gender: Gender(p.Profile.Gender), Birthday: Date{born.Year(), born.Month(), born.Day()},
			Language: LanguageCode(strings.ToLower(p.Profile.Language)), Mood: ParseMood(p.Profile.Mood),
			About: p.Profile.About, Homepage: p.Profile.Website, AvatarURL: p.Profile.AvatarURL,
		},
	}
	for _, l := range p.Profile.Locations {
		c.Profile.Locations = append(c.Profile.Locations, Location{
			Type: l.Type, City: l.City, State: l.State, Country: CountryCode(strings.ToUpper(l.Country)),
		})
	}
	for _, phone := range p.Profile.Phones {
		c.Profile.Phones = append(c.Profile.Phones, Phone{Number: phone.Number, Type: PhoneType(phone.Type)})
	}
	for _, s := range p.History.Sources {
		c.Sources = append(c.Sources, RelationshipSource{Type: s.Type, Time: instant(s.Time)})
	}
	return c
}

// Time depends on the machine; allocations and connections do not.
func TestDecodeAllocations(t *testing.T) { //nolint:paralleltest // counts what the whole process does
	const n = 1_000
	body := generatedList(n)
	perContact := testing.AllocsPerRun(5, func() { decodeList(body, n) }) / n
	assert.Less(t, perContact, 7.)
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"contacts":[]}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := newLoopbackClient(t, server.URL)
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			for range 20 {
				_, err := c.ListContacts(t.Context())
				assert.NoError(t, err)
			}
		})
	}
	callers.Wait()
	// net/http dials for whoever waits, also if a connection gets free meanwhile.
	assert.LessOrEqual(t, opened.Load(), int64(2*64))
}
