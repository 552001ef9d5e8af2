package interop

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

var printTable = flag.Bool("table", false, "print how many calls of each client get a response that it can use, and try each without its route on the generated people too")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if *printTable {
			_, _ = os.Stdout.WriteString(allClientResults.table())
		}
		os.Exit(code)
	}))
}

// generatedPeople is the number of generated contacts that clients read.
const generatedPeople = 200

// peopleSet is a set of people and the server's options for a client.
type peopleSet struct {
	name  string
	who   string // of transcriptCall.Only
	data  func() skypetest.Data
	roles func() map[string][]roleCandidate // of roleHolders
	opts  func(style string) []skypetest.Option
}

var peopleSets = []peopleSet{
	{"sample", "sample", skypetest.SampleData, sampleRoles, func(string) []skypetest.Option { return nil }},
	{"styled", "sample", skypetest.SampleData, sampleRoles, styleOptions},
	{"generated", "generated", generatedData, sync.OnceValue(func() map[string][]roleCandidate { return roleHolders(generatedData()) }), styleOptions},
}

var sampleRoles = sync.OnceValue(func() map[string][]roleCandidate { return roleHolders(skypetest.SampleData()) })

// generatedData returns generated people whose tokens are known.
var generatedData = sync.OnceValue(func() skypetest.Data {
	data := skypetest.Generate(generatedPeople, 7)
	for i := range data.Accounts {
		data.Accounts[i].SkypeToken = fmt.Sprintf("generated-skype-token-%d", i)
	}
	return data
})

// styleOptions chooses the style of responses of the client's time.
func styleOptions(style string) []skypetest.Option {
	return []skypetest.Option{skypetest.WithStyle(skypetest.Style(style))}
}

// Every call of every client that is not installed here gets a response that it can use.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, tr := range readTranscripts(t, "transcripts") {
		for _, set := range peopleSets {
			t.Run(tr.Client+"/"+set.name, func(t *testing.T) {
				t.Parallel()
				tr.replayAll(t, nil, set, "requests replayed")
			})
		}
	}
}

// No call of a transcript passes if the service has no such route, and none that should
// change something if the service responds 200 and changes nothing.
func TestTranscriptsWithoutRoutes(t *testing.T) {
	t.Parallel()
	for _, tr := range readTranscripts(t, "transcripts") {
		for _, set := range peopleSets {
			t.Run(tr.Client+"/"+set.name, func(t *testing.T) {
				t.Parallel()
				tr.replayWithoutRoutes(t, nil, set)
			})
		}
	}
}

// replayWithoutRoutes requires that every call fails, a call that changes something whoever
// its subject is.
func (tr *transcript) replayWithoutRoutes(t *testing.T, node *nodeClient, set peopleSet) {
	t.Helper()
	if set.name == "generated" && !*printTable {
		return // it takes longer than all other tests of the package
	}
	for _, call := range tr.callsOn(set) {
		o := tr.replay(t, node, call, set, 0, routeWithdrawn)
		assert.NotEmpty(t, o.failures, call.Name)
		for round := 0; round < call.rounds(tr, set) && !call.Unchanged; round++ {
			o = tr.replay(t, node, call, set, round, routeWithoutEffect)
			assert.NotEmpty(t, o.failures, "%s without effect, round %d", call.Name, round)
		}
	}
}

// The clients that npm has can use every response, unmodified.
func TestClientsOfNPM(t *testing.T) {
	t.Parallel()
	for _, tr := range readTranscripts(t, "npm") {
		for _, set := range peopleSets {
			t.Run(tr.Client+"/"+set.name, func(t *testing.T) {
				t.Parallel()
				node, missing := startNode(t, tr.Client)
				if missing != "" {
					allClientResults.leaveOut(tr.Client, missing)
					t.Skip("left out, since " + missing)
				}
				tr.replayAll(t, node, set, "run")
				tr.replayWithoutRoutes(t, node, set)
			})
		}
	}
}

// replayAll makes all calls of a client on a set of people.
func (tr *transcript) replayAll(t *testing.T, node *nodeClient, set peopleSet, how string) {
	t.Helper()
	for _, call := range tr.callsOn(set) {
		o := tr.replay(t, node, call, set, 0, routeServed)
		for round := 1; round < call.rounds(tr, set); round++ { // counts as one call
			more := tr.replay(t, node, call, set, round, routeServed)
			o.failures = append(o.failures, more.failures...)
		}
		allClientResults.add(tr.Client, how, set.name, call.Name, o)
		assert.Empty(t, firstLines(o.failures), call.Name)
	}
}

// callsOn returns the calls that are made on a set of people.
func (tr *transcript) callsOn(set peopleSet) []*transcriptCall {
	return slices.DeleteFunc(slices.Clone(tr.Calls), func(c *transcriptCall) bool { return c.Only != "" && c.Only != set.who })
}

// firstLines returns some of the failures of a call.
func firstLines(failures []string) string {
	text := strings.Join(failures[:min(5, len(failures))], "\n")
	if len(failures) > 5 {
		text += fmt.Sprintf("\nand %d more", len(failures)-5)
	}
	return text
}

// allClientResults collects the outcomes of all calls, which -table prints.
var allClientResults clientResults

type clientResults struct {
	mu      sync.Mutex
	clients []*clientResult
	leftOut []string // lines below the table
}

type clientResult struct {
	client, how string
	sets        map[string]*setResult
	failed      []string
}

type setResult struct {
	tried, usable, entries, expected int
	contacts                         string // how many of a contact list are readable by the worst call
	worst                            float64
}

func (r *clientResults) add(client, how, set, call string, o callOutcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.clients, func(c *clientResult) bool { return c.client == client })
	if i < 0 {
		i = len(r.clients)
		r.clients = append(r.clients, &clientResult{client, how, map[string]*setResult{"sample": {}, "styled": {}, "generated": {}}, nil})
	}
	s := r.clients[i].sets[set]
	s.tried++
	if len(o.failures) == 0 {
		s.usable++
	} else {
		first := strings.Join(strings.Fields(o.failures[0]), " ")
		if len(first) > 160 {
			first = strings.ToValidUTF8(first[:160], "") + "..."
		}
		r.clients[i].failed = append(r.clients[i].failed, fmt.Sprintf("%s, %s: %s: %s\n", client, set, call, first))
	}
	s.entries, s.expected = s.entries+o.entries, s.expected+o.expected
	if share := float64(o.entries) / float64(o.expected); (o.list == "contacts" || o.list == "friends") && (s.contacts == "" || share < s.worst) {
		s.contacts, s.worst = fmt.Sprintf("%d of %d", o.entries, o.expected), share
	}
}

func (r *clientResults) leaveOut(client, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leftOut = append(r.leftOut, fmt.Sprintf("%s: left out, since %s\n", client, why))
}

// table returns a row for each client. Below are the calls that failed and the clients that
// are not installed.
func (r *clientResults) table() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.clients, func(a, b *clientResult) int {
		return cmp.Or(cmp.Compare(b.how, a.how), cmp.Compare(a.client, b.client))
	})
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "client\thow\tsample: tried\tusable\tin its style\t%d generated: tried\tusable\tcontacts read\tall entries read\n", generatedPeople)
	for _, c := range r.clients {
		s, g := c.sets["sample"], c.sets["generated"]
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%d of %d\n",
			c.client, c.how, s.tried, s.usable, c.sets["styled"].usable, g.tried, g.usable, cmp.Or(g.contacts, "-"), g.entries, g.expected)
	}
	_ = table.Flush()
	for _, c := range r.clients {
		slices.Sort(c.failed)
		out.WriteString(strings.Join(c.failed, ""))
	}
	slices.Sort(r.leftOut)
	return out.String() + strings.Join(slices.Compact(r.leftOut), "") // each client is left out once for each set
}

func TestClientResultsTable(t *testing.T) {
	t.Parallel()
	var r clientResults
	r.add("SkPy", "requests replayed", "sample", "sync", callOutcome{list: "contacts", entries: 3, expected: 3})
	r.add("SkPy", "requests replayed", "generated", "user", callOutcome{list: "profiles", entries: 9, expected: 9})
	r.add("SkPy", "requests replayed", "generated", "iterate", callOutcome{list: "contacts", entries: 200, expected: 200})
	r.add("SkPy", "requests replayed", "generated", "sync", callOutcome{failures: []string{"a", "b", "c"}, list: "contacts", entries: 1, expected: 200})
	r.add("psw", "run", "sample", "getContacts", callOutcome{})
	r.add("SkPy", "requests replayed", "styled", "sync", callOutcome{list: "contacts", entries: 3, expected: 3})
	r.leaveOut("skype-http", "node is not installed here")
	require.Equal(t, `client  how                sample: tried  usable  in its style  200 generated: tried  usable  contacts read  all entries read
psw     run                1              1       0             0                     0       -              0 of 0
SkPy    requests replayed  1              1       1             3                     2       1 of 200       210 of 409
SkPy, generated: sync: a
skype-http: left out, since node is not installed here
`, r.table())
}
