package reliability_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// malformedShape is a body that costs time or memory in excess of its length.
type malformedShape struct {
	name, body string
	is         error
	took       time.Duration // asserted with -figures
	allocated  uint64        // in MiB, of the full length
}

// malformedShapes returns bodies of up to 16 MiB divided by the divisor, except
// those that have to reach a limit.
func malformedShapes(divisor int) []malformedShape {
	numbered := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	list := func(entries string) string { return `{"scope":"full","contacts":[` + entries + `{"mri":"8:joe.4"}]}` }
	inEntry := func(members string) string { return list(`{"mri":"8:anna.7",` + members + `},`) }
	var overLong error // of a text that has over 4 MiB only in its long form
	if divisor == 1 {
		overLong = skypecontacts.ErrTooLarge
	}
	return []malformedShape{
		{"8 million brackets", strings.Repeat("[", 8_000_000/divisor), skypecontacts.ErrDecode, 50 * time.Millisecond, 40},
		{"8 million brackets in a list", `{"contacts":` + strings.Repeat("[", 8_000_000/divisor), skypecontacts.ErrDecode, 50 * time.Millisecond, 40},
		{"8 million brackets in an entry", `{"contacts":[{"x":` + strings.Repeat("[", 8_000_000/divisor), skypecontacts.ErrDecode, 50 * time.Millisecond, 40},
		{"8 million brackets in an unknown member", `{"x":` + strings.Repeat("[", 8_000_000/divisor), skypecontacts.ErrDecode, 50 * time.Millisecond, 40},
		{"objects in objects", strings.Repeat(`{"a":`, 2_000_000/divisor), skypecontacts.ErrDecode, 50 * time.Millisecond, 60},
		{"10,000 levels", inEntry(`"x":` + strings.Repeat("[", 9990) + strings.Repeat("]", 9990)), nil, 50 * time.Millisecond, 10},
		{"400,000 names", "{" + numbered(400_000/divisor, `"%x":0,`) + `"z":0}`, skypecontacts.ErrDecode, time.Second, 60},
		{"400,000 names in an entry", inEntry(numbered(400_000/divisor, `"%x":0,`) + `"z":0`), nil, time.Second, 60},
		{"two-byte entries", list(strings.Repeat("0,", 8_000_000/divisor)), skypecontacts.ErrTooLarge, time.Second, 100},
		{"different two-byte entries", list(numbered(300_000, "%d,")), skypecontacts.ErrTooLarge, time.Second, 150},
		{"a million times the same contact", list(strings.Repeat(`{"mri":"8:a"},`, 1_000_000/divisor)), skypecontacts.ErrTooLarge, 2 * time.Second, 600},
		{"phone numbers", inEntry(`"phones":[` + numbered(200_000/divisor, `{"number":"%d"},`) + `{}]`), nil, 2 * time.Second, 400},
		{"phone numbers twice", inEntry(`"profile":{"phones":[` + numbered(100_000/divisor, `{"number":"%d"},`) + `{}]},"phones":[` + numbered(100_000/divisor, `{"number":"%d"},`) + `{}]`), nil, 2 * time.Second, 400},
		{"empty locations", inEntry(`"profile":{"locations":[` + strings.Repeat("{},", 1_000_000/divisor) + `{}]}`), nil, 5 * time.Second, 3000},
		{"locations with unknown members", inEntry(`"profile":{"locations":[` + strings.Repeat(`{"a":0},`, 100_000/divisor) + `{}]}`), nil, 5 * time.Second, 500},
		{"a long name", inEntry(`"display_name":"` + strings.Repeat("a", 15_000_000/divisor) + `"`), overLong, time.Second, 150},
		{"a long escaped name", inEntry(`"display_name":"` + strings.Repeat(`\u0041`, 2_500_000/divisor) + `"`), overLong, time.Second, 150},
		{"a long number", `{"count":` + strings.Repeat("9", 15_000_000/divisor) + `,"contacts":[]}`, overLong, time.Second, 150},
		{"tags", inEntry(`"profile":{"mood":"` + strings.Repeat("<a ", 5_000_000/divisor) + `"}`), overLong, 2 * time.Second, 300},
		{"angle brackets", inEntry(`"profile":{"mood":"` + strings.Repeat("<", 15_000_000/divisor) + `"}`), overLong, 2 * time.Second, 300},
		{"comments", inEntry(`"profile":{"mood":"` + strings.Repeat("<!--", 3_500_000/divisor) + `"}`), overLong, 2 * time.Second, 300},
		{"scripts", inEntry(`"profile":{"mood":"` + strings.Repeat("<script>", 1_900_000/divisor) + `"}`), overLong, 2 * time.Second, 300},
		{"ampersands", inEntry(`"profile":{"mood":"` + strings.Repeat("&", 15_000_000/divisor) + `"}`), overLong, 2 * time.Second, 300},
	}
}

// ordinaryList returns a list of contacts of the given length.
func ordinaryList(length int) string {
	const contact = `{"mri":"8:joe.4","display_name":"Joe Bloggs","profile":{"name":{"first":"Joe"},"mood":"Happy"}},`
	return `{"scope":"full","contacts":[` + strings.Repeat(contact, length/len(contact)) + `{"mri":"8:anna.7"}]}`
}

// No body costs out of proportion to its length: twenty times the time of an
// ordinary list of 16 MiB at most, and the memory in the table. With -figures the
// bodies are longest, and the bounds on time absolute.
func TestMalformedShapes(t *testing.T) { //nolint:paralleltest // measures memory
	divisor := 8
	if *printFigures {
		divisor = 1
	}
	plainList := ordinaryList(8 << 20 / divisor)
	ordinary := func() time.Duration {
		took, _ := cost(func() {
			_, err := apitest.NewClient(t, responding(plainList)).ListContacts(t.Context())
			require.NoError(t, err)
		})
		return took
	}
	limit := 20 * ordinary()
	for _, shape := range malformedShapes(divisor) {
		if raceEnabled && shape.took > 50*time.Millisecond {
			continue
		}
		c := apitest.NewClient(t, responding(shape.body))
		for op, call := range map[string]func() error{
			"ListContacts": func() error { _, err := c.ListContacts(t.Context()); return err },
			"GetRoster":    func() error { _, err := c.GetRoster(t.Context()); return err },
		} {
			name := shape.name + ", " + op
			if *printFigures {
				limit = shape.took
			}
			var took time.Duration
			var allocated uint64
			assert.True(t, retried(func() bool {
				var err error
				took, allocated = cost(func() { err = call() })
				require.ErrorIs(t, err, shape.is, name)
				if took >= limit && !*printFigures { // the machine may be busier than before
					limit = 20 * ordinary()
				}
				return took < limit
			}), "%s: %v, limit %v", name, took, limit)
			assert.Less(t, allocated>>20, 2*shape.allocated, name)
			if strings.HasPrefix(shape.name, "8 million") {
				measured.set(name+": milliseconds", took.Milliseconds(), "50")
			}
		}
	}
}

// A value nested deeper than 64 levels loses its entry, or makes the whole response
// an error outside of an entry.
func TestDepth(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }
	for levels, kept := range map[int]bool{1: true, 50: true, 60: true, 65: false, 10_000 - 10: false} {
		c := apitest.NewClient(t, responding(`{"contacts":[{"mri":"8:anna.7","x":`+nested(levels)+`},{"mri":"8:joe.4"}]}`))
		got, err := c.ListContacts(t.Context())
		require.NoError(t, err, levels)
		require.Equal(t, skypecontacts.MRI("8:joe.4"), got.Contacts[len(got.Contacts)-1].MRI, levels)
		require.Equal(t, kept, len(got.Skipped) == 0, levels)
		require.Equal(t, 2, len(got.Contacts)+len(got.Skipped), levels)

		_, err = apitest.NewClient(t, responding(`{"contacts":[],"x":`+nested(levels)+`}`)).ListContacts(t.Context())
		require.Equal(t, kept, err == nil, levels)
	}
}

// White space and one byte order mark around a body are accepted, and nothing else.
func TestTrailingData(t *testing.T) {
	t.Parallel()
	const mark = "\uFEFF"
	for _, f := range fixtureCalls(t) {
		for _, body := range []string{mark + f.Body, f.Body + "\r\n\t ", " \n" + f.Body} {
			_, err := f.Do(t.Context(), apitest.NewClient(t, responding(body), f.ClientOptions()...))
			if !errors.Is(err, skypecontacts.ErrNotFound) { // of get_bot_unknown
				require.NoError(t, err, f.Name)
			}
		}
		for _, body := range []string{
			mark + mark + f.Body, "x" + f.Body, "," + f.Body, "{}" + f.Body, "\x00" + f.Body, "//\n" + f.Body, "\xFF\xFE" + f.Body,
			f.Body + "x", f.Body + f.Body, f.Body + "null", f.Body + "]", f.Body + "}", f.Body + ",", f.Body + "\x00", f.Body + " 0", f.Body + mark,
			f.Body + "\n<!-- served by a proxy -->", "<p>" + f.Body,
		} {
			got, err := f.Do(t.Context(), apitest.NewClient(t, responding(body), f.ClientOptions()...))
			require.ErrorIs(t, err, skypecontacts.ErrDecode, "%s: %.20q", f.Name, body)
			if got != nil {
				require.Zero(t, got, f.Name)
			}
		}
	}
}

// Two members of the same name are an error. Names that differ in case or by a
// letter that looks the same are different.
func TestDuplicateNames(t *testing.T) {
	t.Parallel()
	list := func(body string) (*skypecontacts.ContactList, error) {
		return apitest.NewClient(t, responding(body)).ListContacts(t.Context())
	}
	for _, body := range []string{
		`{"contacts":[],"contacts":[{"mri":"8:joe.4"}]}`, `{"contacts":[],"\u0063ontacts":[]}`,
		`{"contacts":[],"x":1,"x":1}`, `{"scope":"full","contacts":[],"scope":"delta"}`,
	} {
		_, err := list(body)
		require.ErrorIs(t, err, skypecontacts.ErrDecode, body)
	}
	for _, entry := range []string{
		`{"mri":"8:anna.7","mri":"8:joe.4"}`, `{"mri":"8:anna.7","blocked":true,"blocked":false}`,
		`{"mri":"8:anna.7","\u006dri":"8:joe.4"}`, `{"mri":"8:anna.7","profile":{"about":"a","about":"b"}}`,
		`{"mri":"8:anna.7","profile":{"name":{"first":"a","first":"b"}}}`, `{"mri":"8:anna.7","x":1,"x":2}`,
	} {
		got, err := list(`{"contacts":[{"mri":"8:fred.2"},` + entry + `,{"mri":"8:daisy.5"}]}`)
		require.NoError(t, err, entry)
		require.Equal(t, []skypecontacts.Contact{{MRI: "8:fred.2"}, {MRI: "8:daisy.5"}}, got.Contacts, entry)
		require.Len(t, got.Skipped, 1, entry)
		require.Equal(t, 1, got.Skipped[0].Index)
		require.Equal(t, entry, string(got.Skipped[0].Raw))
		require.ErrorIs(t, got.Skipped[0], skypecontacts.ErrDecode)
	}
	got, err := list(`{"contacts":[{"mri":"8:anna.7","MRI":"8:joe.4","Bloc` + "\u212a" + `ed":true,"bloc` + "\u212a" + `ed":true}]}`)
	require.NoError(t, err)
	require.Equal(t, []skypecontacts.Contact{{MRI: "8:anna.7", Extra: skypecontacts.Extra{
		"MRI": json.RawMessage(`"8:joe.4"`), "Bloc\u212aed": json.RawMessage("true"), "bloc\u212aed": json.RawMessage("true"),
	}}}, got.Contacts)
}

// Invalid UTF-8 is replaced, so that a list is not lost to one mood text that was
// truncated in the middle of an emoji.
func TestInvalidText(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"a\xffb": "a\uFFFDb", "a\xc3": "a\uFFFD", `a\ud83db`: "a\uFFFDb", `a\ud83d\ude00b`: "a\U0001F600b",
		`\udead\ubeef`: "\uFFFD\ubeef", `a\u0000b`: "a\x00b", "a\xed\xa0\x80b": "a\uFFFD\uFFFD\uFFFDb",
	} {
		got, err := apitest.NewClient(t, responding(`{"contacts":[{"mri":"8:joe.4","display_name":"`+sent+`"},{"mri":"8:anna.7"}]}`)).ListContacts(t.Context())
		require.NoError(t, err, sent)
		require.Equal(t, []skypecontacts.Contact{{MRI: "8:joe.4", DisplayName: want}, {MRI: "8:anna.7"}}, got.Contacts)
		require.Empty(t, got.Skipped)
	}
	for _, body := range []string{"{\"contacts\":[{\"mri\":\"8:joe.4\n\"}]}", `{"contacts":[{"mri":"\x"}]}`, "\xff", `{"contacts":[{"mri":"\u12"}]}`} {
		_, err := apitest.NewClient(t, responding(body)).ListContacts(t.Context())
		require.ErrorIs(t, err, skypecontacts.ErrDecode, body)
	}
}
