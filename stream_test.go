package skypecontacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// collected is what a loop over contacts got.
type collected struct {
	IDs     []MRI
	Skipped []int
	Err     error
}

func collect(seq func(func(*Contact, error) bool)) (got collected) {
	for contact, err := range seq {
		var skipped SkippedItem
		switch {
		case errors.As(err, &skipped):
			got.Skipped = append(got.Skipped, skipped.Index)
		case err != nil:
			got.Err = err
		default:
			got.IDs = append(got.IDs, contact.MRI)
		}
	}
	return got
}

func contactsPage(ids ...string) string {
	var entries []string
	for _, id := range ids {
		entries = append(entries, `{"mri":"`+id+`"}`)
	}
	return `{"contacts":[` + strings.Join(entries, ",") + `],"scope":"full"}`
}

// broken returns a page of which only the beginning arrives.
func broken(page string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := reply(http.StatusOK, page)(req)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(page), iotest.ErrReader(io.ErrUnexpectedEOF)))
		return resp, err
	}
}

// nextPage returns the header of a page that is not the last.
func nextPage(token string) []string { return []string{"X-Skype-Continuation-Token", token} }

// allContactsCase has responses of a service, and what a loop over contacts gets from them.
type allContactsCase struct {
	name    string
	replies []httpmock.Responder
	want    collected
	tokens  []string // sent with each request
}

// allContactsCases are the responses of TestAllContacts.
var allContactsCases = []allContactsCase{
	{
		"one page",
		[]httpmock.Responder{reply(200, contactsPage("8:a", "8:b"))},
		collected{IDs: []MRI{"8:a", "8:b"}},
		[]string{""},
	},
	{"null", []httpmock.Responder{reply(200, `{"contacts":null}`)}, collected{}, []string{""}},
	{"no list", []httpmock.Responder{reply(200, `{}`)}, collected{}, []string{""}},
	{
		"pages",
		[]httpmock.Responder{
			reply(200, contactsPage("8:a"), nextPage("one==")...), reply(200, contactsPage("8:b"), nextPage("two")...), reply(200, contactsPage("8:c")),
		},
		collected{IDs: []MRI{"8:a", "8:b", "8:c"}},
		[]string{"", "one==", "two"},
	},
	{
		"the same in any case, with and without prefix",
		[]httpmock.Responder{
			reply(200, contactsPage("8:a", "8:A", "a"), nextPage("one")...), reply(200, contactsPage("8:A", "8:b")),
		},
		collected{IDs: []MRI{"8:a", "8:b"}},
		[]string{"", "one"},
	},
	{
		"broken and deleted entries",
		[]httpmock.Responder{
			reply(200, `{"x":[{"y":1}],"contacts":[{"mri":"8:a"},17,{"mri":""},{"mri":"8:d","deleted":true},{"mri":"8:x","mri":"8:y"},{"mri":"8:b"}],"x2":"z"}`),
		},
		collected{IDs: []MRI{"8:a", "8:b"}, Skipped: []int{1, 2, 4}},
		[]string{""},
	},
	{
		"a token that repeats",
		[]httpmock.Responder{
			reply(200, contactsPage("8:a"), nextPage("one")...), reply(200, contactsPage("8:b"), nextPage("two")...), reply(200, contactsPage("8:c"), nextPage("one")...),
		},
		collected{IDs: []MRI{"8:a", "8:b", "8:c"}, Err: ErrDecode},
		[]string{"", "one", "two"},
	},
	{
		"a page that adds nothing",
		[]httpmock.Responder{
			reply(200, contactsPage("8:a"), nextPage("one")...), reply(200, contactsPage("8:A"), nextPage("two")...),
		},
		collected{IDs: []MRI{"8:a"}, Err: ErrDecode},
		[]string{"", "one"},
	},
	{
		"a last page that adds nothing",
		[]httpmock.Responder{
			reply(200, contactsPage("8:a"), nextPage("one")...), reply(200, contactsPage()),
		},
		collected{IDs: []MRI{"8:a"}},
		[]string{"", "one"},
	},
	{
		"a page that is cut off is requested again",
		[]httpmock.Responder{
			reply(200, contactsPage("8:a"), nextPage("one")...),
			broken(`{"contacts":[{"mri":"8:b"},17,{"mri":"8:c"},{"mr`),
			reply(200, `{"contacts":[{"mri":"8:b"},17,{"mri":"8:c"},18,{"mri":"8:d"}]}`),
		},
		collected{IDs: []MRI{"8:a", "8:b", "8:c", "8:d"}, Skipped: []int{1, 3}},
		[]string{"", "one", "one"},
	},
	{
		"a page that is cut off every time",
		[]httpmock.Responder{broken(`{"contacts":[{"mri":"8:b"},`)},
		collected{IDs: []MRI{"8:b"}, Err: ErrUnavailable},
		[]string{"", "", ""},
	},
	{
		"a page that fails at first",
		[]httpmock.Responder{reply(503, ""), reply(200, contactsPage("8:a"))},
		collected{IDs: []MRI{"8:a"}},
		[]string{"", ""},
	},
	{
		"a page that is refused",
		[]httpmock.Responder{reply(200, contactsPage("8:a"), nextPage("one")...), reply(403, "")},
		collected{IDs: []MRI{"8:a"}, Err: ErrForbidden},
		[]string{"", "one"},
	},
	{
		"well-formed up to a point",
		[]httpmock.Responder{reply(200, `{"contacts":[{"mri":"8:a"},{"mri":`)},
		collected{IDs: []MRI{"8:a"}, Err: ErrDecode},
		[]string{""},
	},
	{"a web page", []httpmock.Responder{page(200)}, collected{Err: ErrDecode}, []string{""}},
	{"empty", []httpmock.Responder{reply(200, "")}, collected{Err: ErrDecode}, []string{""}},
	{"trailing data", []httpmock.Responder{reply(200, contactsPage("8:a")+"{}")}, collected{IDs: []MRI{"8:a"}, Err: ErrDecode}, []string{""}},
	{"a status", []httpmock.Responder{reply(200, `{"status":{"code":40100,"text":"x"}}`)}, collected{Err: ErrUnauthorized}, []string{""}},
	{"no object", []httpmock.Responder{reply(200, `[]`)}, collected{Err: ErrDecode}, []string{""}},
	{"contacts is no list", []httpmock.Responder{reply(200, `{"contacts":{}}`)}, collected{Err: ErrDecode}, []string{""}},
	{"a byte order mark", []httpmock.Responder{reply(200, "\xEF\xBB\xBF"+contactsPage("8:a"))}, collected{IDs: []MRI{"8:a"}}, []string{""}},
}

func TestAllContacts(t *testing.T) {
	t.Parallel()
	for _, test := range allContactsCases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(test.replies...)
			got := collect(newTestClient(t, w).AllContacts(t.Context()))
			require.ErrorIs(t, got.Err, test.want.Err)
			got.Err = test.want.Err
			assert.Equal(t, test.want, got)

			var tokens []string
			for _, sent := range w.requests() {
				line, _, _ := strings.Cut(sent, "\n")
				assert.Equal(t, "GET https://contacts.skype.com/contacts/v2/users/self?page_size=100&reason=default", line)
				_, token, _ := strings.Cut(sent, "X-Skype-Continuation-Token: ")
				token, _, _ = strings.Cut(token, "\n")
				tokens = append(tokens, token)
			}
			assert.Equal(t, test.tokens, tokens)
		})
	}
}

func TestAllContactsAgainstListContacts(t *testing.T) {
	t.Parallel()
	body := fixture(t, "contacts/list_contacts_variants.json")
	c := newTestClient(t, newWire(reply(http.StatusOK, body)))
	list, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	var got []Contact
	for contact, err := range c.AllContacts(t.Context()) {
		if err == nil {
			got = append(got, *contact)
		}
	}
	assert.Equal(t, list.Contacts, got)
}

func TestAllContactsPageLimit(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	c := newTestClient(t, newWire(func(req *http.Request) (*http.Response, error) {
		n := pages.Add(1)
		return reply(http.StatusOK, contactsPage(fmt.Sprint("8:", n)), "X-Skype-Continuation-Token", fmt.Sprint(n))(req)
	}))
	got := collect(c.AllContacts(t.Context()))
	require.ErrorIs(t, got.Err, ErrDecode)
	assert.Len(t, got.IDs, 1000)
	assert.EqualValues(t, 1000, pages.Load())
}

// closing is a body that records when it is closed.
type closing struct {
	io.Reader
	closed atomic.Bool
}

func (c *closing) Close() error {
	c.closed.Store(true)
	return nil
}

// endlessContacts returns a service whose list of contacts does not end, and the body of its response.
func endlessContacts() (*wire, *closing) {
	written := 0
	body := &closing{Reader: io.MultiReader(strings.NewReader(`{"contacts":[`), readerFunc(func(p []byte) (int, error) {
		written++
		return copy(p, fmt.Sprintf(`{"mri":"8:%d"},`, written)), nil
	}))}
	return newWire(func(req *http.Request) (*http.Response, error) {
		resp, err := reply(http.StatusOK, "")(req)
		resp.Body, resp.ContentLength = body, -1
		return resp, err
	}), body
}

func TestAllContactsLeftEarly(t *testing.T) {
	t.Parallel()
	t.Run("by break", func(t *testing.T) {
		t.Parallel()
		w, body := endlessContacts()
		n := 0
		for _, err := range newTestClient(t, w).AllContacts(t.Context()) {
			require.NoError(t, err)
			assert.False(t, body.closed.Load())
			if n++; n == 5 {
				break
			}
		}
		assert.Equal(t, 5, n)
		assert.True(t, body.closed.Load())
		assert.Len(t, w.requests(), 1)
	})
	t.Run("by panic", func(t *testing.T) {
		t.Parallel()
		w, body := endlessContacts()
		c := newTestClient(t, w)
		assert.PanicsWithValue(t, "mine", func() {
			for range c.AllContacts(t.Context()) {
				panic("mine")
			}
		})
		assert.True(t, body.closed.Load())
	})
	t.Run("by cancellation", func(t *testing.T) {
		t.Parallel()
		w, body := endlessContacts()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		body.Reader = io.MultiReader(strings.NewReader(`{"contacts":[{"mri":"8:a"},`), readerFunc(func([]byte) (int, error) {
			cancel()
			return 0, ctx.Err()
		}))
		got := collect(newTestClient(t, w).AllContacts(ctx))
		require.ErrorIs(t, got.Err, context.Canceled)
		assert.Equal(t, []MRI{"8:a"}, got.IDs)
		assert.True(t, body.closed.Load())
		assert.Len(t, w.requests(), 1)
	})
	t.Run("and started again", func(t *testing.T) {
		t.Parallel()
		all := newTestClient(t, newWire(reply(http.StatusOK, contactsPage("8:a", "8:b")))).AllContacts(t.Context())
		for range all {
			break
		}
		assert.Equal(t, collected{IDs: []MRI{"8:a", "8:b"}}, collect(all))
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Leaving the loop also ends the request on the server.
func TestAllContactsLeftEarlyOverHTTP(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		_, _ = io.WriteString(w, `{"contacts":[`)
		for i := 0; r.Context().Err() == nil; i++ {
			_, _ = fmt.Fprintf(w, `{"mri":"8:%d"},`, i)
		}
	}))
	defer server.Close()
	c := newLoopbackClient(t, server.URL)
	for _, err := range c.AllContacts(t.Context()) {
		require.NoError(t, err)
		break
	}
	<-ended
}

// serveContacts sends n contacts in one response without holding them in memory.
func serveContacts(t *testing.T, n int) (base string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"contacts":[`)
		var entry []byte
		for i := range n {
			if entry = entry[:0]; i > 0 {
				entry = append(entry, ',')
			}
			entry = payload.AppendContact(entry, i)
			if _, err := w.Write(entry); err != nil {
				return
			}
		}
		_, _ = io.WriteString(w, `],"scope":"full"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A service that ignores paging sends everything at once. The memory does not grow
// with it, but for the identifiers.
//
//nolint:paralleltest // it measures the heap of the process
func TestAllContactsMemory(t *testing.T) {
	const n = 10_000 // of about 700 bytes each, and more when decoded
	c := newLoopbackClient(t, serveContacts(t, n))
	begin, read := heapInUse(), 0
	var most int64
	for _, err := range c.AllContacts(t.Context()) {
		require.NoError(t, err)
		if read++; read%2_500 == 0 {
			most = max(most, heapInUse()-begin)
		}
	}
	assert.Equal(t, n, read)
	assert.Less(t, most, int64(3<<20))
}

func TestAllContactsLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2<<20)
	many := strings.Repeat(`{"a":[1,2,3]},`, 200_000)
	tests := []struct {
		name, response string
		want           collected
	}{
		{"a contact too large", `{"contacts":[{"mri":"8:a"},{"mri":"8:b","about":"` + long + `"}]}`, collected{IDs: []MRI{"8:a"}, Err: ErrTooLarge}},
		{"a contact of too many parts", `{"contacts":[{"mri":"8:a"},{"mri":"8:b","x":[` + many + `1]}]}`, collected{IDs: []MRI{"8:a"}, Err: ErrTooLarge}},
		{"an entry that is a text too large", `{"contacts":[{"mri":"8:a"},"` + long + `"]}`, collected{IDs: []MRI{"8:a"}, Err: ErrTooLarge}},
		{"a member too large", `{"hint":"` + long + `","contacts":[{"mri":"8:a"}]}`, collected{Err: ErrTooLarge}},
		{"a member of many parts", `{"hint":[` + many + `1],"contacts":[{"mri":"8:a"}]}`, collected{IDs: []MRI{"8:a"}}},
		{"white space", `{"contacts":[` + strings.Repeat(" ", 2<<20) + `]}`, collected{Err: ErrTooLarge}},
		{"a large contact", `{"contacts":[{"mri":"8:a","about":"` + long[:900<<10] + `"},{"mri":"8:b"}]}`, collected{IDs: []MRI{"8:a", "8:b"}}},
		{"a large broken contact", `{"contacts":[{"about":"` + long[:900<<10] + `"},{"mri":"8:b"}]}`, collected{IDs: []MRI{"8:b"}, Skipped: []int{0}}},
		{
			"a contact of too many members", `{"contacts":[{"mri":"8:a",` + members(300) + `},{"mri":"8:b"}]}`,
			collected{IDs: []MRI{"8:b"}, Skipped: []int{0}},
		},
		{"a response of too many members", `{"contacts":[{"mri":"8:a"}],` + members(300) + `}`, collected{IDs: []MRI{"8:a"}, Err: ErrDecode}},
		{"nested too deeply", `{"contacts":[{"mri":"8:a","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `},{"mri":"8:b"}]}`, collected{IDs: []MRI{"8:b"}, Skipped: []int{0}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := collect(newTestClient(t, newWire(reply(http.StatusOK, test.response))).AllContacts(t.Context()))
			require.ErrorIs(t, got.Err, test.want.Err)
			got.Err = test.want.Err
			assert.Equal(t, test.want, got)
		})
	}
	t.Run("a page too large", func(t *testing.T) {
		t.Parallel()
		w := newWire(reply(http.StatusOK, `{"contacts":[`+strings.Repeat(`{"mri":"8:a"},`, 100_000)))
		got := collect(newTestClient(t, w, WithMaxBody(16<<10)).AllContacts(t.Context()))
		require.ErrorIs(t, got.Err, ErrTooLarge)
		assert.Equal(t, []MRI{"8:a"}, got.IDs)
		assert.Len(t, w.requests(), 1)
	})
}

func members(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"m%d":0`, i))
	}
	return strings.Join(list, ",")
}

// A broken entry is yielded as received, at any position.
func TestAllContactsSkippedItems(t *testing.T) {
	t.Parallel()
	var entries []string
	for i := range 2_000 {
		entries = append(entries, fmt.Sprintf(`{"mri":"8:%d","about":"%s"}`, i, strings.Repeat("x", i%97)), fmt.Sprintf(` {"nr": %d, "x":[{"mri":{}}]}`, i))
	}
	var raw []string
	for _, err := range newTestClient(t, newWire(reply(http.StatusOK, `{"contacts":[`+strings.Join(entries, ",\n")+`]}`))).AllContacts(t.Context()) {
		if skipped, ok := errors.AsType[SkippedItem](err); ok {
			assert.ErrorIs(t, err, ErrDecode)
			raw = append(raw, string(skipped.Raw))
		} else {
			require.NoError(t, err)
		}
	}
	require.Len(t, raw, 2_000)
	for i := range raw {
		assert.Equal(t, strings.TrimSpace(entries[2*i+1]), raw[i])
	}
}

func TestReadContacts(t *testing.T) {
	t.Parallel()
	failure := errors.New("the disk is gone")
	tests := []struct {
		name string
		body io.Reader
		want collected
	}{
		{"a list", strings.NewReader(contactsPage("8:a", "8:b", "8:A")), collected{IDs: []MRI{"8:a", "8:b"}}},
		{"a whole view", strings.NewReader(`{"groups":[{"id":"1"}],"contacts":[{"mri":"8:a"}],"blocklist":[]}`), collected{IDs: []MRI{"8:a"}}},
		{
			"version 1", strings.NewReader(`{"contacts":[{"id":"joe.4","type":"skype"},{"id":"user@example.org","type":"msn"},{"type":"skype"}]}`),
			collected{IDs: []MRI{"8:joe.4", "1:user@example.org"}, Skipped: []int{2}},
		},
		{"nothing", strings.NewReader(""), collected{Err: ErrDecode}},
		{"null", strings.NewReader("null"), collected{Err: ErrDecode}},
		{"no JSON", strings.NewReader("type,id\nSkype,joe.4\n"), collected{Err: ErrDecode}},
		{"cut off", strings.NewReader(`{"contacts":[{"mri":"8:a"},{`), collected{IDs: []MRI{"8:a"}, Err: ErrDecode}},
		{
			"unreadable", io.MultiReader(strings.NewReader(`{"contacts":[{"mri":"8:a"},{`), iotest.ErrReader(failure)),
			collected{IDs: []MRI{"8:a"}, Err: failure},
		},
		{
			"unreadable deep inside", io.MultiReader(strings.NewReader(`{"contacts":[{"mri":"8:a"},{"x":[{"y":[1,`), iotest.ErrReader(failure)),
			collected{IDs: []MRI{"8:a"}, Err: failure},
		},
		{"in small pieces", iotest.OneByteReader(strings.NewReader("\xEF\xBB\xBF" + contactsPage("8:a", "", "8:b"))), collected{IDs: []MRI{"8:a", "8:b"}, Skipped: []int{1}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := collect(ReadContacts(test.body))
			require.ErrorIs(t, got.Err, test.want.Err)
			got.Err = test.want.Err
			assert.Equal(t, test.want, got)
		})
	}
	t.Run("left early", func(t *testing.T) {
		t.Parallel()
		n := 0
		for range ReadContacts(strings.NewReader(contactsPage("8:a", "8:b", "8:c"))) {
			if n++; n == 2 {
				break
			}
		}
		assert.Equal(t, 2, n)
	})
}

// Pages of the whole view, the last of which starts again at the beginning.
func TestAllContactsPages(t *testing.T) {
	t.Parallel()
	page := func(name, next string) httpmock.Responder {
		return reply(200, fixture(t, "contacts/"+name+".json"), continuationHeader, next)
	}
	w := newWire(page("get_roster_page_1", "two"), page("get_roster_page_2", "three"), page("get_roster_page_reset", ""))
	seen := map[string]bool{}
	for contact, err := range newTestClient(t, w).AllContacts(t.Context()) {
		require.NoError(t, err)
		require.False(t, seen[contact.MRI.key()], "a contact is yielded twice")
		seen[contact.MRI.key()] = true
	}
	for _, name := range []string{"page_1", "page_2", "page_reset"} {
		var body struct{ Contacts []struct{ MRI MRI } }
		require.NoError(t, json.Unmarshal([]byte(fixture(t, "contacts/get_roster_"+name+".json")), &body))
		require.NotEmpty(t, body.Contacts)
		for _, c := range body.Contacts {
			assert.True(t, seen[c.MRI.key()], "%s of %s", c.MRI, name)
		}
	}
	require.Len(t, w.requests(), 3)
	assert.Contains(t, w.requests()[1], continuationHeader+": two\n")
	assert.Contains(t, w.requests()[2], continuationHeader+": three\n")
}

// A server that sends a byte at a time holds the stream for one timeout in each attempt,
// wherever in the response it is.
func TestAllContactsDripping(t *testing.T) {
	t.Parallel()
	const timeout = 100 * time.Millisecond
	tests := map[string]struct {
		status      int
		begin, more string
		want        collected
		sent        int
	}{
		"500":                           {500, "", " ", collected{Err: ErrUnavailable}, 3},
		"503 in a text":                 {503, `{"message":"`, "x", collected{Err: ErrUnavailable}, 3},
		"403":                           {403, "", " ", collected{Err: ErrForbidden}, 1},
		"404":                           {404, `{"status":`, " ", collected{Err: ErrNotFound}, 1},
		"200":                           {200, "", " ", collected{Err: context.DeadlineExceeded}, 3},
		"before the list":               {200, `{"contacts":`, " ", collected{Err: context.DeadlineExceeded}, 3},
		"a text in an entry":            {200, `{"contacts":[{"mri":"8:a"},{"mri":"8:b","about":"`, "x", collected{IDs: []MRI{"8:a"}, Err: context.DeadlineExceeded}, 3},
		"a list in an entry":            {200, `{"contacts":[{"mri":"8:a","profile":{"locations":[{}`, ",{}", collected{Err: context.DeadlineExceeded}, 3},
		"white space in an entry":       {200, `{"contacts":[{"mri":"8:a"`, "\n", collected{Err: context.DeadlineExceeded}, 3},
		"an unreadable entry":           {200, `{"contacts":[7,{"x":`, " ", collected{Skipped: []int{0}, Err: context.DeadlineExceeded}, 3},
		"between entries":               {200, `{"contacts":[{"mri":"8:a"},`, " ", collected{IDs: []MRI{"8:a"}, Err: context.DeadlineExceeded}, 3},
		"behind the list":               {200, `{"contacts":[{"mri":"8:a"}]`, " ", collected{IDs: []MRI{"8:a"}, Err: context.DeadlineExceeded}, 3},
		"behind the document":           {200, contactsPage("8:a"), " ", collected{IDs: []MRI{"8:a"}, Err: context.DeadlineExceeded}, 3},
		"a text in another member":      {200, `{"hint":"`, "x", collected{Err: context.DeadlineExceeded}, 3},
		"a list in another member":      {200, `{"groups":[7`, ",7", collected{Err: context.DeadlineExceeded}, 3},
		"other members":                 {200, `{"hint":{"x":7`, " ", collected{Err: context.DeadlineExceeded}, 3},
		"a contact that is there twice": {200, `{"contacts":[{"mri":"8:a"}`, `,{"mri":"8:a"}`, collected{IDs: []MRI{"8:a"}, Err: context.DeadlineExceeded}, 3},
		"deleted contacts":              {200, `{"contacts":[{"mri":"8:a"}`, `,{"mri":"8:x","deleted":true}`, collected{IDs: []MRI{"8:a"}, Err: context.DeadlineExceeded}, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				w := newWire(dripping(test.status, timeout/5, test.begin, test.more))
				got := collect(newTestClient(t, w, WithTimeout(timeout)).AllContacts(t.Context()))
				require.ErrorIs(t, got.Err, test.want.Err)
				got.Err = test.want.Err
				assert.Equal(t, test.want, got)
				sent := w.requests()
				require.Len(t, sent, test.sent)
				for _, request := range sent {
					assert.Equal(t, "GET https://contacts.skype.com/contacts/v2/users/self?page_size=100&reason=default\n"+plainHeaders, request)
				}
			})
			assert.LessOrEqual(t, took, time.Duration(test.sent)*2*timeout)
		})
	}
}

// A slow server that sends an entry within each timeout is read to the end.
func TestAllContactsSlowly(t *testing.T) {
	t.Parallel()
	const timeout, n = 100 * time.Millisecond, 200
	took := timed(t, func(t *testing.T) {
		w := newWire(slowly(200, timeout*9/10, func(i int) string {
			switch {
			case i == 0:
				return `{"contacts":[{"mri":"8:0"}`
			case i < n-1:
				return fmt.Sprintf(`,{"mri":"8:%d"}`, i)
			case i == n-1:
				return `,{"mri":"8:last"}]}`
			}
			return ""
		}))
		got := collect(newTestClient(t, w, WithTimeout(timeout)).AllContacts(t.Context()))
		require.NoError(t, got.Err)
		assert.Len(t, got.IDs, n)
		require.Len(t, w.requests(), 1)
	})
	assert.Greater(t, took, n*timeout*8/10)
}

// Entries of a page that was cut off are yielded once, in whatever order they come again.
func TestAllContactsRepeatedPage(t *testing.T) {
	t.Parallel()
	const a, b, x, y = `{"mri":"8:a"}`, `{"mri":"8:b"}`, `{"display_name":"Joe"}`, `17`
	list := func(entries ...string) string { return `{"contacts":[` + strings.Join(entries, ",") }
	tests := map[string]struct {
		cut, whole string
		ids        []MRI
		skipped    []string
	}{
		"an unreadable one comes first":      {list(a, b, ""), list(x, a, b), []MRI{"8:a", "8:b"}, []string{x}},
		"an unreadable one moves back":       {list(x, a, ""), list(a, b, x), []MRI{"8:a", "8:b"}, []string{x}},
		"two change places":                  {list(x, y, ""), list(y, a, x), []MRI{"8:a"}, []string{x, y}},
		"the same twice, once before":        {list(x, ""), list(x, a, x), []MRI{"8:a"}, []string{x, x}},
		"the same twice, twice before":       {list(x, x, ""), list(a, x, x), []MRI{"8:a"}, []string{x, x}},
		"the same twice, gone in the repeat": {list(x, x, ""), list(x, a), []MRI{"8:a"}, []string{x, x}},
		"white space around":                 {list(x, " "+y, ""), list("\n"+y, x+" ", a), []MRI{"8:a"}, []string{x, y}},
		"cut within the unreadable one":      {list(a, x[:5]), list(x, a, y), []MRI{"8:a"}, []string{x, y}},
		"cut at once":                        {`{"conta`, list(y, b, a), []MRI{"8:b", "8:a"}, []string{y}},
		"the list comes later":               {list(a, x, ""), `{"groups":[],` + list(x, b, a)[1:], []MRI{"8:a", "8:b"}, []string{x}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(broken(test.cut), reply(200, test.whole+`]}`))
			var ids []MRI
			var skipped []string
			for contact, err := range newTestClient(t, w).AllContacts(t.Context()) {
				if item, ok := errors.AsType[SkippedItem](err); ok {
					assert.Equal(t, "contacts", item.List)
					skipped = append(skipped, string(item.Raw))
					continue
				}
				require.NoError(t, err)
				ids = append(ids, contact.MRI)
			}
			assert.Equal(t, test.ids, ids)
			assert.ElementsMatch(t, test.skipped, skipped)
			require.Len(t, w.requests(), 2)
			assert.Equal(t, w.requests()[0], w.requests()[1])
		})
	}
}

// A file without contacts is none of the service's contact lists.
func TestReadContactsOfSomethingElse(t *testing.T) {
	t.Parallel()
	for body, ok := range map[string]bool{
		`{}`: false, `{"conversations":[{"id":"8:joe.4"}]}`: false, `{"results":[{"nodeProfileData":{"skypeId":"joe.4"}}]}`: false,
		`{"message":"x"}`: false, `{"blocklist":[{"mri":"8:a"}]}`: false,
		`{"count":0}`: false, `{"scope":"full","groups":[]}`: false, `{"Contacts":[]}`: false, `{"data":{"contacts":[]}}`: false,
		`[]`: false, `[{"mri":"8:a"}]`: false, `{"contacts":"none"}`: false, `{"contacts":[],"status":{"code":40300}}`: false,
		`{"errorCode":729,"contacts":[]}`: false, `{"message":null}`: false, `7`: false,
		`{"contacts":[]}`: true, `{"contacts":null}`: true, `{"x":7,"contacts":[],"message":null}`: true,
	} {
		got := collect(ReadContacts(strings.NewReader(body)))
		if ok {
			assert.Equal(t, collected{}, got, body)
			continue
		}
		assert.ErrorIs(t, got.Err, ErrDecode, body)
		assert.NotErrorAs(t, got.Err, new(*Error), "nothing was called")
	}
}

// Long continuation tokens are not held in memory.
//
//nolint:paralleltest // it measures the heap of the process
func TestAllContactsTokenMemory(t *testing.T) {
	const pages, tokenBytes = 300, 64 << 10
	sent := 0
	c := newTestClient(t, roundTripperFunc(func(req *http.Request) (*http.Response, error) {
		sent++
		token := fmt.Sprint(sent, "-", strings.Repeat("x", tokenBytes))
		if sent == pages {
			token = ""
		}
		return reply(200, contactsPage(fmt.Sprint("8:", sent)), continuationHeader, token)(req)
	}))
	begin, read := heapInUse(), 0
	var most int64
	for _, err := range c.AllContacts(t.Context()) {
		require.NoError(t, err)
		if read++; read%100 == 0 {
			most = max(most, heapInUse()-begin)
		}
	}
	assert.Equal(t, pages, read)
	assert.Less(t, most, int64(pages*tokenBytes/8))
}

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
