package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
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
	report, err := Write(&out, format, ReadCSV(bytes.NewReader(contactsCSV(contacts))), Options{})
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

// importedPerson is what another program reads of an entry.
type importedPerson struct {
	UID      string      `json:"uid"`
	Shown    string      `json:"shown"`
	First    string      `json:"first"`
	Last     string      `json:"last"`
	Suffix   string      `json:"suffix"`
	Nickname string      `json:"nickname"`
	Company  string      `json:"company"`
	Phones   [][2]string `json:"phones"` // type and number
	Birthday string      `json:"birthday"`
	Place    [2]string   `json:"place"` // city and country
	Skype    string      `json:"skype"`
	Chat     string      `json:"chat"`
	Homepage string      `json:"homepage"`
	Note     string      `json:"note"`
}

// importedPeople returns what another program reads of contacts, with the names that
// a format has for types of numbers.
func importedPeople(contacts []*contact, types map[skypecontacts.PhoneType]string) []importedPerson {
	var list []importedPerson
	for _, c := range contacts {
		p := &c.Profile
		e := importedPerson{
			UID: contactUID(c.MRI), Shown: c.FullName(), First: p.Name.First, Last: p.Name.Last, Nickname: p.Name.Nickname,
			Company: p.Name.Company, Phones: [][2]string{}, Birthday: p.Birthday.String(),
			Skype: c.MRI.ID(), Chat: "skype:" + c.MRI.ID(), Homepage: p.Homepage, Note: p.About,
		}
		switch {
		case e.Shown == e.Company: // it has no name of a person
		case e.First+e.Last == "" && e.Shown != c.DisplayName: // a nickname is not split
			e.First = e.Shown
		case e.First+e.Last == "":
			e.First, e.Last = skypecontacts.SplitName(e.Shown)
			if e.Last == "Jr." {
				e.Suffix = e.Last
				e.First, e.Last = skypecontacts.SplitName(strings.TrimSuffix(e.First, ","))
			}
		case e.Nickname == "" && e.Shown != joinedName(e.First, e.Last):
			e.Nickname = e.Shown // the user has renamed the contact
		}
		if odd, is := oddNames[c.MRI]; is {
			e.First, e.Last, e.Suffix, e.Nickname = odd.given, odd.family, odd.suffix, odd.nickname
		}
		for _, phone := range p.Phones {
			e.Phones = append(e.Phones, [2]string{types[phone.Type], phone.Number})
		}
		for _, location := range p.Locations {
			e.Place = [2]string{location.City, string(location.Country)}
		}
		list = append(list, e)
	}
	return list
}

// joinedName returns the parts of a name that are not blank, joined by spaces.
func joinedName(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
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
}

// The words of generated contacts.
var (
	generatedFirstNames = []string{"Joe", "Anna", "Daisy", "Fred", "Zoë", "Łukasz", "Николай", "花子", "عمر", "Mary Ann", "J;o", "O\"Neil", "=SUM", "🎈"}
	generatedLastNames  = []string{"Bloggs", "Cooper", "Five", "d'Été", "von;Stein", "Ng, Jr.", "Иванов", "山田", "@home", `Back\slash`, "Ünal"}
	generatedTexts      = []string{
		"Tea and scones", "a, b; c", "one\ntwo\n\nthree", `"quoted"`, `C:\new\table`, "=1+1", "+44 is mine", "日本語のメモ",
		"🎈🎉👩‍👩‍👧", "- list\n- list", "tab\there", "trailing space ", `\;\,\n`, "BEGIN:VCARD\nEND:VCARD", "::: separators :::",
	}
	generatedCities    = []string{"Leeds", "München", "São Paulo", "東京", "St. John's, NL", "Köln; Süd"}
	generatedCountries = []skypecontacts.CountryCode{"GB", "DE", "BR", "JP", "CA"}
	generatedSources   = []string{"InitConversation", "Scd", "AcceptInvite", "AddContact"}
)

// generatedCount is the number of contacts that generateContacts returns.
const generatedCount = 1000

// generateContacts returns varied contacts as [ReadCSV] returns them, the same in every
// run.
func generateContacts() []*contact {
	rng := rand.New(rand.NewPCG(1, 2))
	contacts := make([]*contact, generatedCount)
	for i := range contacts {
		contacts[i] = generateContact(rng, i)
	}
	return contacts
}

func generateContact(rng *rand.Rand, i int) *contact {
	randomBool := func() bool { return rng.IntN(2) == 0 }
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	first, last := pick(generatedFirstNames), pick(generatedLastNames)
	c := &contact{
		MRI:         skypecontacts.MRI(fmt.Sprintf("8:person.%d", i)),
		DisplayName: first + " " + last,
		Authorized:  true,
		Blocked:     rng.IntN(20) == 0,
		Favorite:    rng.IntN(10) == 0,
		CreatedAt:   time.Unix(1_300_000_000+int64(i)*100_000, 0).UTC(),
		Sources:     []skypecontacts.RelationshipSource{{Type: pick(generatedSources)}},
	}
	p := &c.Profile
	switch rng.IntN(6) {
	case 0:
		c.MRI = skypecontacts.MRI(fmt.Sprintf("8:live:.cid.%016x", i))
		c.DisplayName = c.MRI.ID()
	case 1:
		p.Name = skypecontacts.Name{First: first}
		if f, l := skypecontacts.SplitName(first); l != "" {
			p.Name = skypecontacts.Name{First: f, Last: l, Inferred: true}
		}
		c.DisplayName = pick(generatedTexts)
	case 2:
		p.Name.Company = first + " & " + last
	default:
		p.Name = skypecontacts.Name{First: first, Last: last}
	}
	for _, kind := range []skypecontacts.PhoneType{"mobile", "work", "home"} {
		if randomBool() {
			p.Phones = append(p.Phones, skypecontacts.Phone{Number: fmt.Sprintf("+4420794%05d%d", i, len(p.Phones)), Type: kind})
		}
	}
	if randomBool() {
		p.Birthday = skypecontacts.Date{Year: 1940 + rng.IntN(70), Month: time.Month(1 + rng.IntN(12)), Day: 1 + rng.IntN(28)}
	}
	if randomBool() {
		p.Locations = []skypecontacts.Location{{Type: "home", City: pick(generatedCities), Country: generatedCountries[rng.IntN(len(generatedCountries))]}}
	}
	if randomBool() {
		p.About = strings.Repeat(pick(generatedTexts)+"\n", 1+rng.IntN(3)) + pick(generatedTexts)
	}
	if rng.IntN(100) == 0 {
		p.About = strings.Repeat(pick(generatedTexts), 1000)
	}
	if randomBool() {
		p.Homepage = fmt.Sprintf("https://person%d.example/?a=1,2&b=%%20", i)
	}
	if randomBool() {
		p.Name.Nickname = pick(generatedTexts)
	}
	if randomBool() {
		mood := "in the mood for " + pick(generatedTexts)
		if rng.IntN(4) == 0 {
			mood = "in <i>" + pick(generatedCities) + "</i> &amp; away <ss type=\"smile\">:)</ss>"
		}
		p.Mood = skypecontacts.ParseMood(mood)
	}
	if randomBool() {
		p.Gender = skypecontacts.GenderFemale
	}
	return c
}

// oddName is what a contact of oddContacts is called in an address book.
type oddName struct{ given, family, suffix, nickname string }

// oddNames has the names of those contacts of oddContacts whose names importedPeople does
// not know by its own rules.
var oddNames = map[skypecontacts.MRI]oddName{
	"8:odd.0":  {"Joe", "Bloggs 🎈", "", ""},
	"8:odd.1":  {"Anna", "Cooper (work)", "", ""},
	"8:odd.2":  {"Fred", "Two", "Jr.", ""},
	"8:odd.3":  {"Daisy Five - Leeds", "", "", ""},
	"8:odd.4":  {"Joe Bloggs (Acme Ltd.)", "", "", ""},
	"8:odd.5":  {"Joe Bloggs, Leeds", "", "", ""},
	"8:odd.6":  {"Parents-, teachers- and pupils' line", "", "", ""},
	"8:odd.7":  {"Joe", "Bloggs", "", ""},
	"8:odd.8":  {"Fred", "Two", "III", ""},
	"8:odd.9":  {"Joe", "Bloggs", "", "Joe\nof the: long; label, \\ that \"is\" folded before its end: END:VCARD"},
	"8:odd.10": {"Anna", "Cooper", "", "Mum"},
}

// oddContacts returns 27 contacts of which each is hard for some importer.
func oddContacts() []*contact {
	long := strings.Repeat("A keen sailor who likes tea and scones ", 5)
	noSpace := strings.Repeat("averylongname", 9)
	var list []*contact
	add := func(change func(*contact)) {
		c := &contact{
			MRI: skypecontacts.MRI(fmt.Sprintf("8:odd.%d", len(list))), Authorized: true, CreatedAt: time.Unix(1_500_000_000, 0).UTC(),
			Sources: []skypecontacts.RelationshipSource{{Type: "Scd"}},
		}
		change(c)
		list = append(list, c)
	}
	for _, full := range []string{
		"Joe Bloggs 🎈", "Anna Cooper (work)", "Fred Two, Jr.", "Daisy Five - Leeds", "Joe Bloggs (Acme Ltd.)", "Joe Bloggs, Leeds",
		"Parents-, teachers- and pupils' line", "Bloggs, Joe", "Fred Two III",
	} { // in one field, as most accounts have it
		add(func(c *contact) {
			c.DisplayName, c.Profile.Name.First = full, full
			c.Profile.About, c.Profile.Locations = long, []skypecontacts.Location{{City: "Leeds", Country: "GB"}}
		})
	}
	joe := func(change func(*contact)) {
		add(func(c *contact) {
			c.DisplayName, c.Profile.Name = "Joe Bloggs", skypecontacts.Name{First: "Joe", Last: "Bloggs"}
			change(c)
		})
	}
	joe(func(c *contact) { c.DisplayName = oddNames[c.MRI].nickname })
	joe(func(c *contact) {
		c.DisplayName, c.Profile.Name = "Mum", skypecontacts.Name{First: "Anna", Last: "Cooper"}
	})
	joe(func(c *contact) { c.DisplayName, c.Profile.Name.Nickname = "Plumber", "Joey, the great; "+long+"x" })
	joe(func(c *contact) {
		c.Profile.Name = skypecontacts.Name{First: "J;o\\", Last: "B,s\"" + noSpace, Company: "ACME"}
		c.DisplayName = "J;o\\ B,s\"" + noSpace
	})
	joe(func(c *contact) { c.Profile.Name.Company = noSpace + noSpace })
	joe(func(c *contact) { c.MRI, c.Profile.Name.Company = "8:live:odd."+skypecontacts.MRI(noSpace), "ACME" })
	joe(func(c *contact) {
		c.Profile.Locations = []skypecontacts.Location{{City: noSpace, State: noSpace, Country: "US"}}
		c.Profile.About = noSpace
	})
	joe(func(c *contact) { c.Profile.Homepage = "https://joe.example/?a=1,2;b=3&" + noSpace })
	joe(func(c *contact) { c.Profile.About = "x\nEND:VCARD\nBEGIN:VCARD\nFN:other\n" + noSpace })
	joe(func(c *contact) { c.Profile.About = `\n is no line end, \\, \; neither ` + long + `\` })
	joe(func(c *contact) { c.Profile.About = strings.Repeat("👩‍👩‍👧日é", 40) })
	joe(func(c *contact) { c.Profile.Birthday = skypecontacts.Date{Year: 1904, Month: 2, Day: 29} })
	joe(func(c *contact) { c.DisplayName, c.Profile.Name = "", skypecontacts.Name{Company: "Bloggs; Sons"} })
	joe(func(c *contact) {
		c.MRI = "8:live:.cid.1a2b3c4d5e6f7a8b"
		c.DisplayName, c.Profile.Name = c.MRI.ID(), skypecontacts.Name{}
	})
	joe(func(c *contact) { c.DisplayName, c.Profile.Name = "عمر الخيام", skypecontacts.Name{} })
	joe(func(c *contact) { c.DisplayName, c.Profile.Name = "山田 花子", skypecontacts.Name{} })
	joe(func(c *contact) {
		c.Profile.Phones = []skypecontacts.Phone{{Number: "+442079460001", Type: "mobile"}, {Number: "+442079460002", Type: "work"}, {Number: "+442079460003", Type: "home"}}
		c.Profile.Name.Company = "ACME"
	})
	joe(func(c *contact) { c.Profile.Mood = skypecontacts.ParseMood("in the <i>mood</i> for\na walk") })
	return list
}

// roundTripContacts returns all contacts that other readers have to find in each format.
func roundTripContacts() []*contact { return append(generateContacts(), oddContacts()...) }

// generatedColumns are the columns of contactsCSV.
var generatedColumns = strings.Split("type,id,display_name,blocked,favorite,profile.avatar_url,profile.gender,"+
	"profile.locations[0].type,profile.locations[0].country,profile.locations[0].city,profile.locations[0].state,"+
	"profile.mood,profile.name.first,profile.name.company,profile.name.surname,profile.phones[0].number,profile.phones[0].type,"+
	"profile.phones[1].number,profile.phones[1].type,profile.phones[2].number,profile.phones[2].type,profile.about,profile.website,"+
	"profile.skype_handle,sources,creation_time,profile.birthday,profile.name.nickname", ",")

// contactsCSV returns a contacts.csv as the account portal writes it.
func contactsCSV(contacts []*contact) []byte {
	var out bytes.Buffer
	out.Write(byteOrderMark)
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	_ = rows.Write(generatedColumns)
	for _, c := range contacts {
		_ = rows.Write(contactCells(c))
	}
	rows.Flush()
	return out.Bytes()
}

func contactCells(c *contact) []string {
	boolean := map[bool]string{false: "False", true: "True"}
	p := &c.Profile
	var place skypecontacts.Location
	if len(p.Locations) > 0 {
		place = p.Locations[0]
	}
	var phone [3]skypecontacts.Phone
	for i, number := range p.Phones {
		phone[i] = skypecontacts.Phone{Number: strings.TrimPrefix(number.Number, "+"), Type: number.Type}
		if number.Type == skypecontacts.PhoneWork {
			phone[i].Type = "office"
		}
	}
	first, last := p.Name.First, p.Name.Last
	if p.Name.Inferred {
		first, last = first+" "+last, ""
	}
	return []string{
		"Skype", c.MRI.ID(), c.DisplayName, boolean[c.Blocked], boolean[c.Favorite], p.AvatarURL, string(p.Gender),
		place.Type, strings.ToLower(string(place.Country)), place.City, place.State,
		p.Mood.Rich, first, p.Name.Company, last, phone[0].Number, string(phone[0].Type),
		phone[1].Number, string(phone[1].Type), phone[2].Number, string(phone[2].Type), p.About, p.Homepage,
		c.MRI.ID(), c.Sources[0].Type, c.CreatedAt.Format("2006-01-02 15:04:05Z"), p.Birthday.String(), p.Name.Nickname,
	}
}
