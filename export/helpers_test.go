package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"iter"
	"math"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type contact = skypecontacts.Contact

// contactSequence returns contacts as a sequence without errors.
func contactSequence(contacts ...*contact) iter.Seq2[*contact, error] {
	return func(yield func(*contact, error) bool) {
		for _, c := range contacts {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// readAll returns everything that a sequence yields.
func readAll(seq iter.Seq2[*skypecontacts.Contact, error]) (contacts []skypecontacts.Contact, errs []string) {
	for contact, err := range seq {
		if err != nil {
			errs = append(errs, err.Error())
		}
		if contact != nil {
			contacts = append(contacts, *contact)
		}
	}
	return contacts, errs
}

// writeContacts returns the file of contacts, all of which are written. It asserts that
// Android's importer reads each value in a vCard where it belongs.
func writeContacts(t *testing.T, format Format, opts Options, contacts ...*contact) string {
	t.Helper()
	var out bytes.Buffer
	report, err := Write(&out, format, contactSequence(contacts...), opts)
	require.NoError(t, err)
	require.Equal(t, len(contacts), report.Written)
	if format == VCard3 || format == VCard4 {
		requireAndroidReads(t, out.String(), opts, contacts...)
	}
	return out.String()
}

// convertCSV returns the file that Write makes of a contacts.csv with contacts.
func convertCSV(t *testing.T, contacts []*contact, format Format) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	report, err := Write(&out, format, ReadCSV(bytes.NewReader(importers.ContactsCSV(contacts))), Options{})
	require.NoError(t, err)
	require.Equal(t, len(contacts), report.Written)
	return &out
}

// testBreak asserts that a sequence ends when the loop over it does, after a contact
// as after an error.
func testBreak(t *testing.T, sequence func() iter.Seq2[*contact, error]) {
	t.Helper()
	for stop := 1; stop <= 3; stop++ {
		seen := 0
		for c, err := range sequence() {
			require.NotEqual(t, c == nil, err == nil)
			if seen++; seen == stop {
				break
			}
		}
		require.Equal(t, stop, seen)
	}
}

var assertLinear = flag.Bool("linear", false, "assert that time grows with the size of the input only")

// requireLinear asserts that run(16*n) takes at most 64 times as long as run(n). Both
// are measured in one run, and again if the machine was busy: quadratic time is 256
// times as long in each attempt. Without -linear it only calls run(n), which is faster.
func requireLinear(t *testing.T, name string, n int, run func(n int)) {
	t.Helper()
	if !*assertLinear {
		run(n)
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // its time is not linear
	repeats := 1
	took := func(n int) time.Duration {
		runtime.GC()
		began := time.Now()
		for range repeats {
			run(n)
		}
		return time.Since(began)
	}
	for took(n) < 4*time.Millisecond {
		repeats *= 2
	}
	small, large := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range 5 {
		small, large = min(small, took(n)), min(large, took(16*n))
		if large <= 64*small {
			return
		}
	}
	require.Fail(t, "not linear", "%s: %v, and %v for 16 times the input", name, small, large)
}

// fullContact returns a contact of which every field has a value that can be found in
// a file.
func fullContact() *contact {
	return &contact{
		MRI: "8:mri", PersonID: "person-id", DisplayName: "Display Name", DisplayNameSource: "name-source",
		Authorized: true, Blocked: true, Explicit: true, Favorite: true, Suggested: true,
		Agent: &skypecontacts.Agent{Type: "agent-type"}, AuthCertificate: "certificate",
		EmailHashes: []string{"email-hash"}, PhoneHashes: []string{"phone-hash"},
		CreatedAt: time.Date(2011, 2, 3, 4, 5, 6, 0, time.UTC),
		Sources:   []skypecontacts.RelationshipSource{{Type: "source-type"}},
		Extra:     skypecontacts.Extra{"extra-name": json.RawMessage(`1`)},
		Profile: skypecontacts.Profile{
			DisplayName: "Profile Display",
			Name:        skypecontacts.Name{First: "first-name", Last: "last-name", Nickname: "nick-name", Company: "company-name", Title: "title-name"},
			Gender:      "gender-text", Birthday: skypecontacts.Date{Year: 1987, Month: 1, Day: 2}, Age: 97531,
			Locations: []skypecontacts.Location{{Type: "home", City: "city-home", State: "state-home", CountryName: "country-home"}, {Type: "work", City: "city-work", Country: "GB"}},
			Language:  "lang-tag",
			Phones:    []skypecontacts.Phone{{Number: "+44mobile", Type: "mobile"}, {Number: "+44home", Type: "home"}, {Number: "+44work", Type: "work"}, {Number: "+44other", Type: "other"}},
			Emails:    []string{"one@mail.example", "two@mail.example"},
			Mood:      skypecontacts.Mood{Plain: "mood-text"}, About: "about-text", Homepage: "https://home.example",
			JobTitle: "job-title", AvatarURL: "https://avatar.example/a", Extra: skypecontacts.Extra{"profile-extra": json.RawMessage(`1`)},
		},
	}
}

// phoneContact returns a contact with a number of each type, all equal to the number in its
// identifier.
func phoneContact() *contact {
	c := &contact{MRI: "4:+442079460099", DisplayName: "Dentist"}
	for _, kind := range []skypecontacts.PhoneType{"mobile", "home", "work", "fax", "pager", "other", "satellite"} {
		c.Profile.Phones = append(c.Profile.Phones, skypecontacts.Phone{Number: "44 20 7946 0099", Type: kind})
	}
	return c
}

// importedPeople returns what another program reads of contacts, with the names that
// a format has for types of numbers.
func importedPeople(contacts []*contact, types map[skypecontacts.PhoneType]string) []importers.Person {
	people := importers.Expected(contacts, types)
	for i, c := range contacts {
		people[i].UID = UID(c.MRI)
	}
	return people
}

// testSequence asserts that each contact of a sequence has an identifier, that an
// error other than a RowError is the last value, and that other readers can read what
// each format makes of the contacts. size is that of the file.
func testSequence(t *testing.T, seq iter.Seq2[*contact, error], size int) {
	var contacts []*contact
	ended, seen := false, map[[16]byte]bool{}
	for c, err := range seq {
		require.False(t, ended, "a value after an error that is not a RowError")
		if err != nil {
			ended = !isRowError(err)
		}
		if c == nil {
			require.Error(t, err)
			continue
		}
		require.NotEmpty(t, c.MRI.ID())
		if id := identifierHash(c.MRI); !seen[id] { // repeated ones are not written
			seen[id] = true
			contacts = append(contacts, c)
		}
	}
	require.LessOrEqual(t, len(contacts), size)
	all := Options{Suggested: true, Bots: true, Avatars: true}

	lines := writeContacts(t, JSONLines, all, contacts...)
	read := 0
	for c, err := range ReadJSONLines(strings.NewReader(lines)) {
		if err != nil {
			require.Empty(t, contacts)
			continue
		}
		require.Equal(t, validUTF8(string(contacts[read].MRI)), string(c.MRI))
		read++
	}
	require.Equal(t, len(contacts), read)

	for _, format := range []Format{VCard3, VCard4} {
		file := writeContacts(t, format, all, contacts...)
		require.True(t, utf8.ValidString(file))
		cards := vcard.NewDecoder(strings.NewReader(file))
		for range contacts {
			card, err := cards.Decode()
			require.NoError(t, err)
			require.Len(t, card["UID"], 1)
			require.Len(t, card["FN"], 1)
		}
		_, err := cards.Decode()
		require.Equal(t, io.EOF, err)
	}
	for _, format := range []Format{GoogleCSV, OutlookCSV} {
		rows, err := csv.NewReader(strings.NewReader(writeContacts(t, format, all, contacts...))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, len(contacts)+1)
		for _, row := range rows[1:] {
			for _, cell := range row {
				require.Equal(t, cell, escapeFormula(cell))
			}
		}
	}
	writeContacts(t, JSContact, all, contacts...)
	require.Len(t, requireSafePage(t, writeContacts(t, HTML, all, contacts...)), len(contacts))
}
