package bench_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cannedServer responds to every request with the same body and without allocations, so
// that the client is most of what is measured. It returns its URL.
func cannedServer(t testing.TB, body []byte) (base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
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
				reply, request := reply, make([]byte, 0, 16<<10)
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
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	return "http://" + listener.Addr().String()
}

// newLoopbackClient returns a client with its own transport for a server that stands for
// all services.
func newLoopbackClient(t testing.TB, base string) *skypecontacts.Client {
	t.Helper()
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithMaxBody(256<<20),
		skypecontacts.WithEndpoints(skypecontacts.Endpoints{Contacts: base, API: base, Profile: base}))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// plainProfile is the own profile in plain structs.
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

// smallCalls returns one small call by the SDK, and the same by net/http and
// encoding/json with as many idle connections and the same timeouts.
func smallCalls(t testing.TB) (sdk, byHand func()) {
	t.Helper()
	base := cannedServer(t, []byte(apitest.Fixture(t, "profile/get_own_profile.json")))
	c := newLoopbackClient(t, base)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost, transport.ResponseHeaderTimeout = 64, 20*time.Second
	t.Cleanup(transport.CloseIdleConnections)
	plain := &http.Client{Transport: transport, Timeout: time.Minute}
	sdk = func() {
		_, err := c.GetOwnProfile(context.Background())
		assert.NoError(t, err)
	}
	byHand = func() {
		assert.NoError(t, getByHand(plain, base+"/users/self/profile"))
	}
	return sdk, byHand
}

func getByHand(client *http.Client, address string) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("X-Skypetoken", apitest.Token)
	req.Header.Set("Accept", "application/json; ver=1.0")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(new(plainProfile)); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// together returns calls by 64 goroutines.
func together(n int, call func()) func() {
	return func() {
		var callers sync.WaitGroup
		for range 64 {
			callers.Go(repeated(n, call))
		}
		callers.Wait()
	}
}

func callFigures(t *testing.T) []figure {
	t.Helper()
	sdk, byHand := smallCalls(t)
	n := full(2000)
	objects, size := allocated(n, sdk)
	plainObjects, plainSize := allocated(n, byHand)
	return []figure{
		{"P7", "a small call against net/http and encoding/json: processor time", ratio(cpuTime, full(15), repeated(n, sdk), repeated(n, byHand)), 1.12, 1.05, false, false},
		{"P7", "… allocations", objects / plainObjects, 1.2, 1.15, false, true},
		{"P7", "… bytes", size / plainSize, 1.2, 1.1, false, true},
		{"P8", "64 goroutines: calls in a second of processor time, against net/http", 1 / ratio(cpuTime, full(15), together(full(100), sdk), together(full(100), byHand)), 0.92, 0.97, true, false},
	}
}

// A small call takes at most 47 allocations beside those of net/http without any JSON: for
// the path, the header, resty, the guard and the context of its attempt, and for decoding a
// profile. The race detector takes some of its own, on both sides.
func TestSmallCallAllocations(t *testing.T) { //nolint:paralleltest // measures the whole process
	const allowance = 47
	base := cannedServer(t, []byte(apitest.Fixture(t, "profile/get_own_profile.json")))
	c := newLoopbackClient(t, base)
	plain := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone(), Timeout: time.Minute}
	t.Cleanup(plain.CloseIdleConnections)
	ours, _ := allocated(200, func() {
		_, err := c.GetOwnProfile(context.Background())
		assert.NoError(t, err)
	})
	bare, _ := allocated(200, func() {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+"/users/self/profile", http.NoBody)
		assert.NoError(t, err)
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", "plain")
		req.Header.Set("X-Skypetoken", apitest.Token)
		resp, err := plain.Do(req)
		if assert.NoError(t, err) {
			_, err = io.Copy(io.Discard, resp.Body)
			assert.NoError(t, cmp.Or(err, resp.Body.Close()))
		}
	})
	assert.LessOrEqual(t, ours-bare, float64(allowance), "%v allocations, net/http %v", ours, bare)
}

// profileServer responds to batches of profiles after a latency of 20 ms.
func profileServer(t *testing.T) (base string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		assert.NoError(t, r.ParseForm())
		var found []map[string]string
		for _, name := range r.PostForm["contacts[]"] {
			found = append(found, map[string]string{"username": name, "firstname": "Joe", "lastname": "Bloggs", "country": "gb"})
		}
		w.Header().Set("Content-Type", "application/json")
		assert.NoError(t, json.NewEncoder(w).Encode(found))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func lookupFigures(t *testing.T) []figure {
	t.Helper()
	ctx := context.Background()
	c := newLoopbackClient(t, profileServer(t))
	ids := make([]skypecontacts.MRI, full(1000))
	for i := range ids {
		ids[i] = skypecontacts.MRI(fmt.Sprintf("8:person.%d", i))
	}
	var bulk []time.Duration
	for range full(9) {
		began, found := time.Now(), 0
		for result := range c.LookupProfiles(ctx, ids, skypecontacts.LookupOptions{}) {
			require.NoError(t, result.Err)
			found++
		}
		bulk = append(bulk, time.Since(began))
		require.Len(t, ids, found)
	}
	slices.Sort(bulk)
	began, measured := time.Now(), full(100) // one in ten
	for _, id := range ids[:measured] {
		_, err := c.GetPublicProfiles(ctx, id)
		require.NoError(t, err)
	}
	single := time.Since(began) * time.Duration(len(ids)/measured)
	return []figure{
		{"P9", "LookupProfiles of 1,000 with 20 ms latency: times as fast as one call each", single.Seconds() / bulk[len(bulk)/2].Seconds(), 270, 300, true, false},
	}
}
