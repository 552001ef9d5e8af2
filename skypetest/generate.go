package skypetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// Generate returns data with an own account, Fred Adams, that has n contacts:
// mostly people with accounts, and some bots, telephone numbers and accounts of
// other services. Their names are in several scripts, many fields are empty, and
// their [Account.Spelling] varies. Some are suggested, blocked, favorite or in
// groups, and some other accounts have sent invites. The same n and seed always
// return the same data.
//
// The people are the same in every [Style], which decides how they are written:
// people without a name, an account or a time may lack the member, or have another
// value in its place that the clients of the style can read.
func Generate(n int, seed uint64) Data {
	g := dataGenerator{Rand: rand.New(rand.NewPCG(seed, uint64(n)))}
	own := SampleData().Accounts[0]
	own.Contacts, own.Groups, own.Blocklist, own.Invites, own.Messenger = nil, nil, nil, nil, nil
	own.Spelling = g.Uint64()
	groups := []Group{
		{ID: spellingSeed(seed | 1).uuid("favorites"), Name: "Favorites", IsFavorite: true},
		{ID: strings.ToUpper(spellingSeed(seed | 1).uuid("friends")), Name: "Friends"},
		{ID: spellingSeed(seed | 1).uuid("other friends"), Name: "Friends"}, // group names are not unique
		{ID: spellingSeed(seed | 1).uuid("nobody"), Name: "Nobody"},
	}

	data := Data{Accounts: make([]Account, 1, n+1+n/20)}
	for i := range n {
		contact := g.contact()
		switch kind := g.IntN(100); {
		case kind < 3:
			bot := g.bot(i)
			data.Bots = append(data.Bots, bot)
			contact.MRI, contact.Suggested, contact.Source = skypecontacts.MRI("28:"+bot.ID), false, "init_conversation"
		case kind < 5:
			contact.MRI, contact.Suggested, contact.DisplayName = skypecontacts.MRI(fmt.Sprintf("4:+4420%08d", i)), false, g.firstName()
		case kind < 6:
			contact.MRI = skypecontacts.MRI(fmt.Sprintf("2:person%d@corp.example", i))
		case kind < 7:
			contact.MRI = skypecontacts.MRI(fmt.Sprintf("1:person%d@mail.example", i))
		default:
			person := g.person(i)
			data.Accounts = append(data.Accounts, person)
			contact.MRI = person.MRI
			if g.chance(8) {
				contact.DisplayName, contact.Phones = g.firstName(), g.phones(i)
			}
		}
		if contact.Authorized && g.chance(2) {
			own.Messenger = append(own.Messenger, contact.MRI)
		}
		if g.chance(40) {
			own.Blocklist = append(own.Blocklist, contact.MRI)
		}
		if contact.Favorite {
			groups[0].Contacts = append(groups[0].Contacts, contact.MRI)
		}
		if g.chance(6) {
			group := &groups[1+g.IntN(2)]
			group.Contacts = append(group.Contacts, contact.MRI)
		}
		own.Contacts = append(own.Contacts, contact)
	}
	for i := range n / 20 {
		sender := g.person(n + i)
		data.Accounts = append(data.Accounts, sender)
		own.Invites = append(own.Invites, g.invite(sender.MRI))
	}
	own.Groups = groups
	data.Accounts[0] = own
	return data
}

type dataGenerator struct{ *rand.Rand }

// chance reports true with a probability of 1/in.
func (g dataGenerator) chance(in int) bool { return g.IntN(in) == 0 }

// pickFrom returns one of the elements.
func pickFrom[T any](g dataGenerator, from []T) T { return from[g.IntN(len(from))] }

// randomTime is a time between 2012 and 2023.
func (g dataGenerator) randomTime() time.Time {
	start := time.Date(2012, time.January, 1, 0, 0, 0, 0, time.UTC)
	return start.Add(time.Duration(g.Int64N(int64(12 * 365 * 24 * time.Hour)))).Truncate(100 * time.Nanosecond)
}

func (g dataGenerator) contact() Contact {
	c := Contact{Authorized: !g.chance(5), Explicit: !g.chance(3), AddedAt: g.randomTime()}
	c.Source = pickFrom(g, []string{"add_contact", "accept_invite", "scd", "msa_family"})
	c.Favorite = c.Authorized && g.chance(10)
	// A contact may be both suggested and authorized.
	c.Suggested = !c.Authorized && g.chance(2) || g.chance(50)
	if g.chance(30) {
		c.AddedAt = time.Time{}
	}
	return c
}

// sampleRegion is a city with its language and with names of people.
type sampleRegion struct {
	city, state, country, countryName, language string
	women, men, families                        []string
}

var sampleRegions = []sampleRegion{
	{"London", "", "gb", "United Kingdom", "en", []string{"Alice", "Emily", "Olivia"}, []string{"Harry", "George", "Oliver"}, []string{"Smith", "Taylor", "O'Connor", "Lloyd-Jones"}},
	{"Austin", "Texas", "us", "United States", "en", []string{"Grace", "Mary Ann"}, []string{"James", "Jack"}, []string{"Miller", "Johnson", "van Buren"}},
	{"München", "Bayern", "de", "Germany", "de", []string{"Käthe", "Zoë"}, []string{"Björn", "Jürgen"}, []string{"Müller", "Groß", "von der Heide"}},
	{"Łódź", "", "pl", "Poland", "pl", []string{"Małgorzata", "Żaneta"}, []string{"Łukasz", "Stanisław"}, []string{"Wiśniewska", "Dąbrowski", "Źrebiec"}},
	{"Санкт-Петербург", "", "ru", "Russia", "ru", []string{"Анна", "Дарья"}, []string{"Иван", "Фёдор"}, []string{"Иванова", "Щукин", "Римский-Корсаков"}},
	{"Αθήνα", "", "gr", "Greece", "el", []string{"Ελένη", "Σοφία"}, []string{"Γιώργος", "Νίκος"}, []string{"Παπαδοπούλου", "Οικονόμου"}},
	{"東京", "東京都", "jp", "Japan", "ja", []string{"さくら", "美咲"}, []string{"太郎", "健一"}, []string{"山田", "佐藤", "長谷川"}},
	{"서울", "", "kr", "South Korea", "ko", []string{"지우", "서연"}, []string{"민준", "도윤"}, []string{"김", "이", "남궁"}},
	{"القاهرة", "", "eg", "Egypt", "ar", []string{"ليلى", "مريم"}, []string{"أحمد", "عمر"}, []string{"حسن", "عبد الله"}},
	{"मुंबई", "महाराष्ट्र", "in", "India", "hi", []string{"प्रिया", "अनन्या"}, []string{"अर्जुन", "रोहन"}, []string{"शर्मा", "पटेल"}},
	{"São Paulo", "SP", "br", "Brazil", "pt", []string{"Conceição", "Inês"}, []string{"João", "Luís"}, []string{"da Silva", "Gonçalves", "Araújo"}},
	{"Đà Nẵng", "", "vn", "Vietnam", "vi", []string{"Nguyệt", "Hương"}, []string{"Đức", "Tuấn"}, []string{"Nguyễn", "Trần Văn"}},
}

func (g dataGenerator) firstName() string {
	p := pickFrom(g, sampleRegions)
	return pickFrom(g, slices.Concat(p.women, p.men))
}

func (g dataGenerator) person(i int) Account {
	p := pickFrom(g, sampleRegions)
	gender, firstNames := "female", p.women
	if g.chance(2) {
		gender, firstNames = "male", p.men
	}
	first, last := pickFrom(g, firstNames), pickFrom(g, p.families)
	a := Account{MRI: skypecontacts.MRI("8:" + g.skypeName(i)), Spelling: g.Uint64()}
	a.Profile = Profile{DisplayName: first + " " + last, FirstName: first, LastName: last}
	switch g.IntN(12) {
	case 0: // as in old accounts
		a.Profile.FirstName, a.Profile.LastName = first+" "+last, ""
	case 1:
		a.Profile.FirstName, a.Profile.LastName = "", ""
	case 2:
		a.Profile.DisplayName = ""
	case 3:
		a.Profile = Profile{DisplayName: string(a.MRI[2:])}
	case 4:
		a.Profile = Profile{Nickname: first}
	}
	if !g.chance(5) {
		a.Profile.Gender = gender
	}
	if g.chance(2) {
		born := g.randomTime().AddDate(-20-g.IntN(60), 0, 0)
		a.Profile.Birthday, a.Profile.Age = born.Format(time.DateOnly), 2018-born.Year()
	}
	if !g.chance(3) {
		a.Profile.Locations = g.locations(p)
		a.Profile.Language = p.language
	}
	if g.chance(2) {
		a.Profile.Phones = g.phones(i)
	}
	if g.chance(3) {
		a.Profile.Mood = pickFrom(g, []string{
			"A &amp; B &lt;3", "<ss type=\"music\">(music)</ss> la la", "<b>bold</b> <i raw_pre=\"_\" raw_post=\"_\">words</i>",
			"line one\nline two", "👩‍👩‍👧 family first 🎉", "<a href=\"https://mood.example/?a=1&amp;b=2\">my page</a>", "plain",
		})
	}
	if g.chance(4) {
		a.Profile.About = "Comma, \"quote\"; semicolon\nand a second line"
		a.Profile.Homepage = fmt.Sprintf("https://people.example/%d", i)
	}
	if g.chance(6) {
		a.Profile.Nickname, a.Profile.JobTitle = first, "Baker"
	}
	if g.chance(6) {
		a.Profile.Company = "Example & Daughters"
	}
	if !g.chance(3) {
		a.Profile.AvatarURL = fmt.Sprintf("https://avatar.skype.com/v1/avatars/%s?auth_key=%d", a.MRI[2:], int32(g.Uint32()))
	}
	if g.chance(4) {
		a.Profile.Emails = []string{fmt.Sprintf("person%d@example.com", i)}
	}
	return a
}

// skypeName is a Skype name in one of the known forms.
func (g dataGenerator) skypeName(i int) string {
	switch g.IntN(6) {
	case 0:
		return fmt.Sprintf("live:person_%d", i)
	case 1:
		return fmt.Sprintf("live:.cid.%016x", 0x1a2b3c4d00000000+uint64(i))
	case 2:
		return fmt.Sprintf("Person.Mixed%d", i)
	case 3:
		return fmt.Sprintf("guest:person_%d", i)
	default:
		return fmt.Sprintf("person.%d", i)
	}
}

func (g dataGenerator) locations(p sampleRegion) []Location {
	home := Location{Type: "home", City: p.city, State: p.state, Country: p.country, CountryName: p.countryName}
	switch g.IntN(5) {
	case 0:
		home.City, home.State = "", ""
	case 1:
		home.Type = ""
	case 2:
		return []Location{home, {Type: "work", City: p.city}}
	}
	return []Location{home}
}

func (g dataGenerator) phones(i int) (phones []Phone) {
	for k, kind := range []string{"home", "office", "mobile", "other"} {
		if g.chance(2) {
			phones = append(phones, Phone{Number: fmt.Sprintf("+4479%d%07d", k, i), Type: kind})
		}
	}
	return phones
}

func (g dataGenerator) invite(from skypecontacts.MRI) Invite {
	in := Invite{From: from}
	for range 1 + g.IntN(3) { // not sorted by time
		in.Messages = append(in.Messages, Message{
			Text: pickFrom(g, []string{"", "Hi!", "Привет, это я", "See <a href=\"https://example.com\">my page</a> &amp; more"}),
			Time: g.randomTime(),
		})
	}
	return in
}

func (g dataGenerator) bot(i int) Bot {
	b := Bot{ID: fmt.Sprintf("helper%d", i), DisplayName: fmt.Sprintf("Helper %d", i), Spelling: g.Uint64(), Trusted: g.chance(2)}
	if g.chance(2) {
		b.ID = spellingSeed(b.Spelling).uuid("bot")
	}
	if g.chance(2) {
		b.Developer, b.Description, b.Rating = "Helpers & Co", "Helps.", float64(g.IntN(11))/2
	}
	if g.chance(2) {
		b.Capabilities = []string{"im.send", "im.receive", "group_chat"}
		b.Locales = []string{"en-GB", "ja-JP"}
	}
	return b
}
