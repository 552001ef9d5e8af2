package export

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

func TestReadJSONLines(t *testing.T) {
	t.Parallel()
	file := writeContacts(t, JSONLines, Options{Suggested: true, Bots: true}, fullContact(), &contact{MRI: "8:joe.4"})
	contacts, errs := readAll(ReadJSONLines(strings.NewReader("\uFEFF" + file)))
	require.Empty(t, errs)
	require.Equal(t, []contact{*fullContact(), {MRI: "8:joe.4"}}, contacts)
}

func TestReadJSONLinesRowErrors(t *testing.T) {
	t.Parallel()
	contacts, errs := readAll(ReadJSONLines(strings.NewReader("{\"mri\":\"8:joe.4\"}\r\n\n{\"mri\":secret}\n{\"mri\":\"\"}\n[]\n{\"mri\":\"8:anna.7\"}")))
	reason := ": not a contact as this package writes it"
	require.Equal(t, []string{"export: line 3" + reason, "export: line 4" + reason, "export: line 5" + reason}, errs)
	require.Equal(t, []contact{{MRI: "8:joe.4"}, {MRI: "8:anna.7"}}, contacts)
}

// Names that encoding/json would accept: in other letters, twice, and unknown ones.
func TestReadJSONLinesNames(t *testing.T) {
	t.Parallel()
	const reason = "export: line 1: not a contact as this package writes it"
	twice, unknown := reason+": a member appears twice", reason+": a member has a name that no contact has"
	for line, want := range map[string]string{
		`{"mri":"8:joe.4","MRI":"8:mallory.1"}`:                                      unknown,
		`{"MRI":"8:joe.4"}`:                                                          unknown,
		`{"mri":"8:joe.4","mri":"8:mallory.1"}`:                                      twice,
		`{"mri":"8:joe.4","\u006dri":"8:mallory.1"}`:                                 twice,
		"{\"bloc\u212aed\":true,\"mri\":\"8:joe.4\"}":                                unknown,
		`{"mri":"8:joe.4","profile":{"phone\u017f":[]}}`:                             unknown,
		`{"mri":"8:joe.4","profile":{"name":{"first":"Joe","First":"Anna"}}}`:        unknown,
		`{"mri":"8:joe.4","profile":{"phones":[{},{"number":"1","number":"2"}]}}`:    twice,
		`{"mri":"8:joe.4","profile":{"locations":[{"Type":"home"}]}}`:                unknown,
		`{"mri":"8:joe.4","agent":{"type":"a","type":"b"}}`:                          twice,
		`{"mri":"8:joe.4","sources":[{"time":"2020-01-02T03:04:05Z","TIME":null}]}`:  unknown,
		`{"mri":"8:joe.4","profile":{"mood":{"plain":"a","text":"b"}}}`:              unknown,
		`{"mri":"8:joe.4","extra":{"shoe":1,"shoe":2}}`:                              twice,
		`{"mri":"8:joe.4","":1}`:                                                     unknown,
		`{"mri":"8:joe.4","id":"joe.4"}`:                                             unknown,
		`{"mri":"8:joe.4","extra":[]}`:                                               reason,
		`{"mri":"8:joe.4","extra":{"shoe":{"a":1,"a":2,"A":3}},"Agent":null}`:        unknown,
		`{"mri":"8:joe.4","extra":{"shoe":{"a":1,"a":2,"A":3},"Shoe":1},"agent":{}}`: "",
		`{"mri":"8:joe.4","extra":null,"profile":null,"sources":null,"agent":null}`:  "",
	} {
		contacts, errs := readAll(ReadJSONLines(strings.NewReader(line + "\n")))
		if want == "" {
			require.Empty(t, errs, line)
			require.Len(t, contacts, 1)
			continue
		}
		require.Equal(t, []string{want, errNoJSONLines.Error()}, errs, line)
		require.Empty(t, contacts)
	}
}

// What other files have in one line.
func TestReadJSONLinesOfSomethingElse(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		`{}`, `[]`, `null`, `"8:joe.4"`, `{"contacts":[]}`, `{"contacts":[{"mri":"8:joe.4"}]}`, `[{"mri":"8:joe.4"}]`, `{"message":"Access denied"}`,
		`{"userId":"8:joe.4","conversations":[]}`, `{"results":[{"nodeProfileData":{"skypeId":"joe.4"}}]}`, `{"@type":"Card","uid":"8:joe.4"}`, " \t",
	} {
		var out strings.Builder
		report, err := Write(&out, VCard3, ReadJSONLines(strings.NewReader(line+"\n")), Options{})
		require.EqualError(t, err, "export: no line holds a contact as this package writes it", line)
		require.Zero(t, report.Written)
	}
}

// The longest text that ReadCSV returns, in the form that takes most bytes.
func TestReadJSONLinesLongestLine(t *testing.T) {
	t.Parallel()
	long := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Mood: skypecontacts.ParseMood(strings.Repeat("\x01", maxEntryBytes-100))}}
	contacts, errs := readAll(ReadJSONLines(strings.NewReader(writeContacts(t, JSONLines, Options{}, long))))
	require.Empty(t, errs)
	require.Equal(t, []contact{*long}, contacts)
}

func TestReadJSONLinesFileErrors(t *testing.T) {
	t.Parallel()
	_, errs := readAll(ReadJSONLines(iotest.ErrReader(errors.New("the disk is gone"))))
	require.Equal(t, []string{"export: after line 0: the disk is gone"}, errs)

	for file, want := range map[string]string{
		"":                               "export: line 1: the file is empty",
		"{\n\"contacts\": []\n}":         "export: no line holds a contact as this package writes it",
		strings.Repeat("x", maxJSONLine): "export: line 1: it is longer than 16777216 bytes",
	} {
		var out strings.Builder
		_, err := Write(&out, JSContact, ReadJSONLines(strings.NewReader(file)), Options{})
		require.EqualError(t, err, want)
		require.Empty(t, out.String())
	}
}

func TestReadJSONLinesBreak(t *testing.T) {
	t.Parallel()
	testBreak(t, func() iter.Seq2[*contact, error] {
		return ReadJSONLines(strings.NewReader(`{"mri":"8:joe.4"}` + "\nbad\n" + `{"mri":"8:anna.7"}` + "\n"))
	})
}

func TestReadJSONLinesLinear(t *testing.T) { //nolint:paralleltest // measures time
	for name, parts := range map[string][3]string{
		"phones":     {`{"mri":"8:joe.4","phones":[{}`, `,{"number":"%d"}`, `]}`},
		"extra":      {`{"mri":"8:joe.4","extra":{"":1`, `,"a%d":[{}]`, `}}`},
		"deep":       {`{"mri":"8:joe.4","extra":{"a":[]`, `,"%d":{"a":[[[{}]]]}`, `}}`},
		"other list": {`{"mri":"8:joe.4","phone_hashes":["a"`, `,"%d"`, `]}`},
		"lines":      {``, "{\"mri\":\"%d\"}\n", "{}"},
	} {
		lines := map[int]string{}
		for _, n := range []int{625, 10_000} {
			var b strings.Builder
			b.WriteString(parts[0])
			for i := range n {
				fmt.Fprintf(&b, parts[1], i)
			}
			lines[n] = b.String() + parts[2]
		}
		requireLinear(t, name, 625, func(n int) {
			for _, err := range ReadJSONLines(strings.NewReader(lines[n])) {
				require.True(t, err == nil || isRowError(err), err)
			}
		})
	}
}

func TestJSONLinesRoundTrip(t *testing.T) {
	t.Parallel()
	want := importers.Generated()
	got, errs := readAll(ReadJSONLines(convertCSV(t, want, JSONLines)))
	require.Empty(t, errs)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, *want[i], got[i])
	}
}

func FuzzReadJSONLines(f *testing.F) {
	file, err := os.ReadFile("testdata/contacts.jsonl")
	require.NoError(f, err)
	f.Add(file)
	f.Add([]byte(`{"mri":"8:joe.4","profile":{"birthday":"1987-01-02","phones":[{}]}}`))
	f.Add([]byte("{\"mri\":\"8:\\u0000\"}\n\n{\"mri\":1}\r\n[]\nnull"))
	f.Add([]byte(`{"contacts":[{"mri":"8:joe.4"}]}`))
	f.Add([]byte("\xEF\xBB\xBF{\"mri\":\"a\",\"extra\":{\"b\":[1]}}"))
	f.Fuzz(func(t *testing.T, file []byte) { testSequence(t, ReadJSONLines(bytes.NewReader(file)), len(file)) })
}
