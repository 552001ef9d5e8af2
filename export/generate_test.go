package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

var (
	firstNames = []string{"Joe", "Anna", "Daisy", "Fred", "Zoë", "Łukasz", "Николай", "花子", "عمر", "Mary Ann", "J;o", "O\"Neil", "=SUM", "🎈"}
	lastNames  = []string{"Bloggs", "Cooper", "Five", "d'Été", "von;Stein", "Ng, Jr.", "Иванов", "山田", "@home", `Back\slash`, "Ünal"}
	texts      = []string{
		"Tea and scones", "a, b; c", "one\ntwo\n\nthree", `"quoted"`, `C:\new\table`, "=1+1", "+44 is mine", "日本語のメモ",
		"🎈🎉👩‍👩‍👧", "- list\n- list", "tab\there", "trailing space ", `\;\,\n`, "BEGIN:VCARD\nEND:VCARD", "::: separators :::",
	}
	cities    = []string{"Leeds", "München", "São Paulo", "東京", "St. John's, NL", "Köln; Süd"}
	countries = []skypecontacts.CountryCode{"GB", "DE", "BR", "JP", "CA"}
	sources   = []string{"InitConversation", "Scd", "AcceptInvite", "AddContact"}
)

const roundTrips = 1000

// generate makes contacts that are varied and the same in every run, as
// [ReadCSV] reads them.
func generate() []*contact {
	rng := rand.New(rand.NewPCG(1, 2))
	contacts := make([]*contact, roundTrips)
	for i := range contacts {
		contacts[i] = generateContact(rng, i)
	}
	return contacts
}

func generateContact(rng *rand.Rand, i int) *contact {
	maybe := func() bool { return rng.IntN(2) == 0 }
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	first, last := pick(firstNames), pick(lastNames)
	c := &contact{
		MRI:         skypecontacts.MRI(fmt.Sprintf("8:person.%d", i)),
		DisplayName: first + " " + last,
		Authorized:  true,
		Blocked:     rng.IntN(20) == 0,
		Favorite:    rng.IntN(10) == 0,
		CreatedAt:   time.Unix(1_300_000_000+int64(i)*100_000, 0).UTC(),
		Sources:     []skypecontacts.RelationshipSource{{Type: pick(sources)}},
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
		c.DisplayName = pick(texts)
	case 2:
		p.Name.Company = first + " & " + last
	default:
		p.Name = skypecontacts.Name{First: first, Last: last}
	}
	for _, kind := range []skypecontacts.PhoneType{"mobile", "work", "home"} {
		if maybe() {
			p.Phones = append(p.Phones, skypecontacts.Phone{Number: fmt.Sprintf("+4420794%05d%d", i, len(p.Phones)), Type: kind})
		}
	}
	if maybe() {
		p.Birthday = skypecontacts.Date{Year: 1940 + rng.IntN(70), Month: time.Month(1 + rng.IntN(12)), Day: 1 + rng.IntN(28)}
	}
	if maybe() {
		p.Locations = []skypecontacts.Location{{Type: "home", City: pick(cities), Country: countries[rng.IntN(len(countries))]}}
	}
	if maybe() {
		p.About = strings.Repeat(pick(texts)+"\n", 1+rng.IntN(3)) + pick(texts)
	}
	if rng.IntN(100) == 0 {
		p.About = strings.Repeat(pick(texts), 1000)
	}
	if maybe() {
		p.Homepage = fmt.Sprintf("https://person%d.example/?a=1,2&b=%%20", i)
	}
	if maybe() {
		p.Name.Nickname = pick(texts)
	}
	if maybe() {
		mood := "in the mood for " + pick(texts)
		if rng.IntN(4) == 0 {
			mood = "in <i>" + pick(cities) + "</i> &amp; away <ss type=\"smile\">:)</ss>"
		}
		p.Mood = skypecontacts.ParseMood(mood)
	}
	if maybe() {
		p.Gender = skypecontacts.GenderFemale
	}
	return c
}

var generatedColumns = strings.Split("type,id,display_name,blocked,favorite,profile.avatar_url,profile.gender,"+
	"profile.locations[0].type,profile.locations[0].country,profile.locations[0].city,profile.locations[0].state,"+
	"profile.mood,profile.name.first,profile.name.company,profile.name.surname,profile.phones[0].number,profile.phones[0].type,"+
	"profile.phones[1].number,profile.phones[1].type,profile.phones[2].number,profile.phones[2].type,profile.about,profile.website,"+
	"profile.skype_handle,sources,creation_time,profile.birthday,profile.name.nickname", ",")

// contactsCSV is a contacts.csv as the portal made it.
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
	flag := map[bool]string{false: "False", true: "True"}
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
		"Skype", c.MRI.ID(), c.DisplayName, flag[c.Blocked], flag[c.Favorite], p.AvatarURL, string(p.Gender),
		place.Type, strings.ToLower(string(place.Country)), place.City, place.State,
		p.Mood.Rich, first, p.Name.Company, last, phone[0].Number, string(phone[0].Type),
		phone[1].Number, string(phone[1].Type), phone[2].Number, string(phone[2].Type), p.About, p.Homepage,
		c.MRI.ID(), c.Sources[0].Type, c.CreatedAt.Format("2006-01-02 15:04:05Z"), p.Birthday.String(), p.Name.Nickname,
	}
}
