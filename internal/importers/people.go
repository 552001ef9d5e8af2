package importers

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// The words of generated contacts.
var (
	generatedFirstNames = []string{"Joe", "Anna", "Daisy", "Fred", "Zoë", "Łukasz", "Николай", "花子", "عمر", "Mary Ann", "J;o", "O\"Neil", "=SUM", "🎈"}
	generatedLastNames  = []string{"Bloggs", "Cooper", "Five", "d'Été", "von;Stein", "Ng, Jr.", "Иванов", "山田", "@home", `Back\slash`, "Ünal"}
	generatedTexts      = []string{
		"Tea and scones", "a, b; c", "one\ntwo\n\nthree", `"quoted"`, `C:\new\table`, "=1+1", "+44 is mine", "日本語のメモ",
		"🎈🎉👩‍👩‍👧", "- list\n- list", "tab\there", "trailing space ", `\;\,\n`, "BEGIN:VCARD\nEND:VCARD", "::: separators :::",
	}
	generatedCities    = []string{"Leeds", "München", "São Paulo", "東京", "St. John's, NL", "Köln; Süd"}
	GeneratedCountries = []skypecontacts.CountryCode{"GB", "DE", "BR", "JP", "CA"}
	generatedSources   = []string{"InitConversation", "Scd", "AcceptInvite", "AddContact"}
)

// GeneratedCount is the number of contacts that [Generated] returns.
const GeneratedCount = 1000

// Generated returns varied contacts as [export.ReadCSV] returns them, the same in every
// run.
func Generated() []*skypecontacts.Contact {
	rng := rand.New(rand.NewPCG(1, 2))
	contacts := make([]*skypecontacts.Contact, GeneratedCount)
	for i := range contacts {
		contacts[i] = generateContact(rng, i)
	}
	return contacts
}

func generateContact(rng *rand.Rand, i int) *skypecontacts.Contact {
	randomBool := func() bool { return rng.IntN(2) == 0 }
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	first, last := pick(generatedFirstNames), pick(generatedLastNames)
	c := &skypecontacts.Contact{
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
	p.Phones = generatePhones(rng, i)
	if randomBool() {
		p.Birthday = skypecontacts.Date{Year: 1940 + rng.IntN(70), Month: time.Month(1 + rng.IntN(12)), Day: 1 + rng.IntN(28)}
	}
	if randomBool() {
		p.Locations = []skypecontacts.Location{{Type: "home", City: pick(generatedCities), Country: GeneratedCountries[rng.IntN(len(GeneratedCountries))]}}
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

func generatePhones(rng *rand.Rand, i int) (phones []skypecontacts.Phone) {
	for _, kind := range []skypecontacts.PhoneType{"mobile", "work", "home"} {
		if rng.IntN(2) == 0 {
			phones = append(phones, skypecontacts.Phone{Number: fmt.Sprintf("+4420794%05d%d", i, len(phones)), Type: kind})
		}
	}
	return phones
}

// oddName is what a contact of oddContacts is called in an address book.
type oddName struct{ given, family, suffix, nickname string }

// oddNames has the names of those contacts of oddContacts whose names [Expected] does
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

// oddList is a list of contacts of which each is hard for some importer.
type oddList []*skypecontacts.Contact

func oddContacts() []*skypecontacts.Contact {
	var list oddList
	list.addNames()
	list.addRenamed()
	list.addTexts()
	return list
}

func (list *oddList) add(change func(*skypecontacts.Contact)) {
	c := &skypecontacts.Contact{
		MRI: skypecontacts.MRI(fmt.Sprintf("8:odd.%d", len(*list))), Authorized: true, CreatedAt: time.Unix(1_500_000_000, 0).UTC(),
		Sources: []skypecontacts.RelationshipSource{{Type: "Scd"}},
	}
	change(c)
	*list = append(*list, c)
}

// addJoe adds a contact with a name to change.
func (list *oddList) addJoe(change func(*skypecontacts.Contact)) {
	list.add(func(c *skypecontacts.Contact) {
		c.DisplayName, c.Profile.Name = "Joe Bloggs", skypecontacts.Name{First: "Joe", Last: "Bloggs"}
		change(c)
	})
}

var (
	oddLong    = strings.Repeat("A keen sailor who likes tea and scones ", 5)
	oddNoSpace = strings.Repeat("averylongname", 9)
)

// addNames adds contacts with the whole name in one field, as most accounts have it.
func (list *oddList) addNames() {
	for _, full := range []string{
		"Joe Bloggs 🎈", "Anna Cooper (work)", "Fred Two, Jr.", "Daisy Five - Leeds", "Joe Bloggs (Acme Ltd.)", "Joe Bloggs, Leeds",
		"Parents-, teachers- and pupils' line", "Bloggs, Joe", "Fred Two III",
	} {
		list.add(func(c *skypecontacts.Contact) {
			c.DisplayName, c.Profile.Name.First = full, full
			c.Profile.About, c.Profile.Locations = oddLong, []skypecontacts.Location{{City: "Leeds", Country: "GB"}}
		})
	}
}

// addRenamed adds contacts that the user renamed, and names that are long or have separators.
func (list *oddList) addRenamed() {
	list.addJoe(func(c *skypecontacts.Contact) { c.DisplayName = oddNames[c.MRI].nickname })
	list.addJoe(func(c *skypecontacts.Contact) {
		c.DisplayName, c.Profile.Name = "Mum", skypecontacts.Name{First: "Anna", Last: "Cooper"}
	})
	list.addJoe(func(c *skypecontacts.Contact) {
		c.DisplayName, c.Profile.Name.Nickname = "Plumber", "Joey, the great; "+oddLong+"x"
	})
	list.addJoe(func(c *skypecontacts.Contact) {
		c.Profile.Name = skypecontacts.Name{First: "J;o\\", Last: "B,s\"" + oddNoSpace, Company: "ACME"}
		c.DisplayName = "J;o\\ B,s\"" + oddNoSpace
	})
	list.addJoe(func(c *skypecontacts.Contact) { c.Profile.Name.Company = oddNoSpace + oddNoSpace })
	list.addJoe(func(c *skypecontacts.Contact) {
		c.MRI, c.Profile.Name.Company = "8:live:odd."+skypecontacts.MRI(oddNoSpace), "ACME"
	})
}

// addTexts adds contacts with hard values besides names, and the names that are left.
func (list *oddList) addTexts() {
	list.addJoe(func(c *skypecontacts.Contact) {
		c.Profile.Locations = []skypecontacts.Location{{City: oddNoSpace, State: oddNoSpace, Country: "US"}}
		c.Profile.About = oddNoSpace
	})
	list.addJoe(func(c *skypecontacts.Contact) { c.Profile.Homepage = "https://joe.example/?a=1,2;b=3&" + oddNoSpace })
	list.addJoe(func(c *skypecontacts.Contact) { c.Profile.About = "x\nEND:VCARD\nBEGIN:VCARD\nFN:other\n" + oddNoSpace })
	list.addJoe(func(c *skypecontacts.Contact) { c.Profile.About = `\n is no line end, \\, \; neither ` + oddLong + `\` })
	list.addJoe(func(c *skypecontacts.Contact) { c.Profile.About = strings.Repeat("👩‍👩‍👧日é", 40) })
	list.addJoe(func(c *skypecontacts.Contact) { c.Profile.Birthday = skypecontacts.Date{Year: 1904, Month: 2, Day: 29} })
	list.addJoe(func(c *skypecontacts.Contact) {
		c.DisplayName, c.Profile.Name = "", skypecontacts.Name{Company: "Bloggs; Sons"}
	})
	list.addJoe(func(c *skypecontacts.Contact) {
		c.MRI = "8:live:.cid.1a2b3c4d5e6f7a8b"
		c.DisplayName, c.Profile.Name = c.MRI.ID(), skypecontacts.Name{}
	})
	list.addJoe(func(c *skypecontacts.Contact) {
		c.DisplayName, c.Profile.Name = "عمر الخيام", skypecontacts.Name{}
	})
	list.addJoe(func(c *skypecontacts.Contact) { c.DisplayName, c.Profile.Name = "山田 花子", skypecontacts.Name{} })
	list.addJoe(func(c *skypecontacts.Contact) {
		c.Profile.Phones = []skypecontacts.Phone{{Number: "+442079460001", Type: "mobile"}, {Number: "+442079460002", Type: "work"}, {Number: "+442079460003", Type: "home"}}
		c.Profile.Name.Company = "ACME"
	})
	list.addJoe(func(c *skypecontacts.Contact) {
		c.Profile.Mood = skypecontacts.ParseMood("in the <i>mood</i> for\na walk")
	})
}

// Contacts returns all contacts that other readers have to find in each format: those of
// [Generated] and 27 of which each is hard for some importer.
func Contacts() []*skypecontacts.Contact { return append(Generated(), oddContacts()...) }
