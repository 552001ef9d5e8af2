package importers

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

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

var printTable = flag.Bool("table", false, "print what each importer reads")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if *printTable {
			_, _ = os.Stdout.WriteString(compared.table())
		}
		os.Exit(code)
	}))
}

// personFields are the fields that are compared, in the order of the table.
var personFields = []string{
	"name", "given", "family", "suffix", "nickname", "company", "numbers", "birthday", "place", "Skype name", "homepage", "note", "UID", "chat",
}

// fieldValues returns the values of personFields. Numbers have no order.
func fieldValues(p Person) []string {
	var numbers []string
	for _, phone := range p.Phones {
		numbers = append(numbers, strings.ToUpper(phone[0])+" "+phone[1])
	}
	slices.Sort(numbers)
	return []string{
		p.Shown, p.First, p.Last, p.Suffix, p.Nickname, p.Company, strings.Join(numbers, ", "), p.Birthday, strings.Trim(strings.Join(p.Place[:], ", "), ", "),
		p.Skype, p.Homepage, p.Note, p.UID, p.Chat,
	}
}

// writtenPeople returns what a file of a format has of contacts.
func writtenPeople(t *testing.T, contacts []*skypecontacts.Contact, format export.Format, file string) []Person {
	t.Helper()
	people := Expected(contacts, phoneTypes[format])
	if format == export.VCard3 || format == export.VCard4 {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		n := 0
		for line := range strings.SplitSeq(string(content), "\r\n") {
			if uid, is := strings.CutPrefix(line, "UID:"); is {
				people[n].UID = uid
				n++
			}
		}
		require.Equal(t, len(people), n)
	}
	for i := range people {
		p := &people[i]
		switch format {
		case export.VCard3, export.VCard4: // the same address, of which every importer reads all
			p.Homepage = strings.NewReplacer(",", "%2C", ";", "%3B").Replace(p.Homepage)
		case export.OutlookCSV:
			p.Nickname = contacts[i].Profile.Name.Nickname // without it, the notes have what the user calls the person as the name
			p.Chat = ""
		default:
			p.Chat = ""
		}
	}
	return people
}

var phoneTypes = map[export.Format]map[skypecontacts.PhoneType]string{
	export.VCard3:     {"mobile": "CELL", "work": "WORK", "home": "HOME"},
	export.VCard4:     {"mobile": "CELL", "work": "WORK", "home": "HOME"},
	export.GoogleCSV:  {"mobile": "Mobile", "work": "Work", "home": "Home"},
	export.OutlookCSV: {"mobile": "Mobile Phone", "work": "Business Phone", "home": "Home Phone"},
}

// comparison is what an importer has read of a format.
type comparison struct {
	importer  string
	format    export.Format
	people    int
	equal     int
	excepted  map[string]int // people by field whom it reads as an exception says
	different map[string]int // people by field whom it reads otherwise
	examples  []string       // of different, and what is wrong as a whole
}

// exceptionsOf returns the exceptions of an importer.
func exceptionsOf(importer string, format export.Format) []exception {
	return slices.DeleteFunc(slices.Clone(exceptions), func(e exception) bool { return !e.isFor(importer, format) })
}

// comparePeople compares what an importer has read of a format with what was written.
func comparePeople(name string, format export.Format, want, got []Person) comparison {
	c := comparison{importer: name, format: format, people: len(got), excepted: map[string]int{}, different: map[string]int{}}
	if len(got) != len(want) {
		c.examples = append(c.examples, fmt.Sprintf("%d people, not %d", len(got), len(want)))
	}
	own := exceptionsOf(name, format)
	used := make([]bool, len(own))
	for i := range min(len(got), len(want)) {
		held, excepted := want[i], want[i]
		for n, e := range own {
			before := fieldValues(excepted)
			e.read(&excepted)
			used[n] = used[n] || !slices.Equal(before, fieldValues(excepted))
			if e.noField {
				e.read(&held)
			}
		}
		c.comparePerson(i, fieldValues(held), fieldValues(excepted), fieldValues(got[i]))
	}
	for n, e := range own {
		if !used[n] {
			c.examples = append(c.examples, "nobody needs the exception: "+e.why)
		}
	}
	return c
}

func (c *comparison) comparePerson(i int, want, excepted, got []string) {
	for n, field := range personFields {
		switch {
		case got[n] != excepted[n]:
			if c.different[field]++; c.different[field] <= 3 {
				c.examples = append(c.examples, fmt.Sprintf("%s of %d: %q, not %q", field, i, got[n], excepted[n]))
			}
		case got[n] != want[n]:
			c.excepted[field]++
		}
	}
	if slices.Equal(want, got) {
		c.equal++
	}
}

// compared collects all comparisons, which -table prints.
var compared comparisons

type comparisons struct {
	mu      sync.Mutex
	list    []comparison
	leftOut []string // lines below the table
}

func (c *comparisons) leaveOut(importer, install string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leftOut = append(c.leftOut, fmt.Sprintf("%s: left out, since it is not installed here (%s)\n", importer, install))
}

func (c *comparisons) add(one comparison) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, one)
}

// table returns a row for each importer and format, in the order of importers. Below are
// the exceptions, and the importers that are not installed.
func (c *comparisons) table() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	order := func(c comparison) int {
		return slices.IndexFunc(importers, func(i importer) bool { return i.name == c.importer })
	}
	slices.SortFunc(c.list, func(a, b comparison) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.format, b.format))
	})
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "importer\tformat\tpeople\tequal\texceptions by field\tdifferent by field")
	for _, c := range c.list {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\t%s\n", c.importer, c.format, c.people, c.equal, byField(c.excepted), byField(c.different))
	}
	_ = table.Flush()
	for _, e := range exceptions {
		if slices.ContainsFunc(c.list, func(c comparison) bool { return e.isFor(c.importer, c.format) }) {
			fmt.Fprintf(&out, "%s: %s\n", strings.Join(e.importers, ", "), e.why)
		}
	}
	slices.Sort(c.leftOut)
	return out.String() + strings.Join(c.leftOut, "")
}

// byField returns the numbers of people in the order of personFields, or a dash.
func byField(people map[string]int) string {
	var parts []string
	for _, field := range personFields {
		if people[field] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", field, people[field]))
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "-")
}

func TestComparePeople(t *testing.T) {
	t.Parallel()
	joe := Person{Shown: "Joe; Bloggs", First: "Joe", Phones: [][2]string{{"CELL", "+1"}, {"HOME", "+2"}}, Chat: "skype:joe.4", Birthday: "1987-01-02"}
	change := func(change func(*Person)) Person {
		p := joe
		change(&p)
		return p
	}
	tests := map[string]struct {
		importer  string
		format    export.Format
		got       []Person
		equal     int
		excepted  string
		different string
		example   string
	}{
		"equal":           {"csv of Python", export.OutlookCSV, []Person{joe}, 1, "-", "-", ""},
		"order of phones": {"csv of Python", export.GoogleCSV, []Person{change(func(p *Person) { p.Phones = [][2]string{{"Home", "+2"}, {"Cell", "+1"}} })}, 1, "-", "-", ""},
		"no people":       {"csv of Python", export.GoogleCSV, nil, 0, "-", "-", "0 people, not 1"},
		"a number": {
			"csv of Python", export.GoogleCSV,
			[]Person{change(func(p *Person) { p.Phones = p.Phones[:1] })},
			0, "-", "numbers 1", `numbers of 0: "CELL +1", not "CELL +1, HOME +2"`,
		},
		"as an exception says": {
			"vobject", export.VCard4,
			[]Person{change(func(p *Person) { p.Birthday = "19870102" })},
			0, "birthday 1", "-", "",
		},
		"not as an exception says": {
			"vobject", export.VCard4, []Person{joe}, 1, "-", "birthday 1", `birthday of 0: "1987-01-02", not "19870102"`,
		},
		"a field that the importer lacks": {"khard", export.VCard4, []Person{change(func(p *Person) { p.Chat = "" })}, 1, "-", "-", ""},
		"a field that it did not lack":    {"khard", export.VCard4, []Person{joe}, 0, "-", "chat 1", `chat of 0: "skype:joe.4", not ""`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := comparePeople(test.importer, test.format, []Person{joe}, test.got)
			require.Equal(t, [4]any{len(test.got), test.equal, test.excepted, test.different}, [4]any{got.people, got.equal, byField(got.excepted), byField(got.different)})
			require.Equal(t, test.example, strings.Join(got.examples, "\n"))
		})
	}
	fred := []Person{{Shown: "Fred"}}
	got := comparePeople("vobject", export.VCard4, fred, fred)
	require.Equal(t, []string{"nobody needs the exception: a birthday of version 4, which has no dashes (RFC 6350, 4.3.1), is a text"}, got.examples)
}

func TestComparisonsTable(t *testing.T) {
	t.Parallel()
	var c comparisons
	c.add(comparison{importer: "Papa Parse", format: export.GoogleCSV, people: 2, equal: 2})
	c.add(comparison{importer: "khard", format: export.VCard3, people: 2, equal: 1, excepted: map[string]int{"note": 1}, different: map[string]int{"note": 1, "name": 2}})
	c.leaveOut("vobject", "Debian's python3-vobject")
	table := c.table()
	require.Contains(t, table, "importer    format  people  equal  exceptions by field  different by field\n"+
		"khard       vcard   2       1      note 1               name 2, note 1\nPapa Parse  google  2       2      -                    -\n")
	require.Contains(t, table, "\nkhard: there is no chat address (IMPP)\n")
	require.Contains(t, table, "\nvobject: left out, since it is not installed here (Debian's python3-vobject)\n")
	require.NotContains(t, table, "go-vcard: the backslash")
}
