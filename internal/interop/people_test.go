package interop

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// knownPerson is what a client can know of a contact, invite, group or bot. Of those it
// compares only the fields that it reads.
type knownPerson struct {
	ID      string
	Display string
	First   string
	Last    string
	City    string
	Phones  []string // as "home +441174960123"
	Own     string   // the display name in the profile, whatever the contact is called
}

// knownPeople returns what a list of the service has of the first account of the data.
func knownPeople(data skypetest.Data, list string) (people []knownPerson) {
	own := data.Accounts[0]
	switch list {
	case "self":
		people = append(people, withoutPrefix(profilePerson(own)))
	case "contacts", "friends", "profiles":
		for _, c := range own.Contacts {
			blocked := slices.Contains(own.Blocklist, c.MRI)
			p, account := contactPerson(data, c)
			switch {
			case list == "contacts":
				people = append(people, p)
			case account == nil: // the two other lists have people only
			case list == "profiles":
				people = append(people, withoutPrefix(profilePerson(*account)))
			case c.Authorized && !blocked && !c.Suggested:
				people = append(people, withoutPrefix(p))
			}
		}
	case "blocklist":
		for _, id := range own.Blocklist {
			people = append(people, knownPerson{ID: string(id)})
		}
	case "invites":
		for _, in := range own.Invites {
			sender := profilePerson(*accountOf(data, in.From))
			people = append(people, knownPerson{ID: sender.ID, Display: sender.Display})
		}
	case "groups":
		for _, g := range own.Groups {
			people = append(people, knownPerson{ID: g.ID, Display: g.Name})
		}
	case "bots":
		for _, b := range data.Bots {
			people = append(people, knownPerson{ID: b.ID, Display: b.DisplayName})
		}
	default:
		panic("interop: unknown list " + list)
	}
	return people
}

// contactPerson returns what a contact list has of an entry, and its account if it has one.
func contactPerson(data skypetest.Data, c skypetest.Contact) (knownPerson, *skypetest.Account) {
	p := knownPerson{ID: string(c.MRI)}
	account := accountOf(data, c.MRI)
	_, name, _ := strings.Cut(string(c.MRI), ":")
	for _, b := range data.Bots {
		if c.MRI == skypecontacts.MRI("28:"+b.ID) {
			p.First, name = b.DisplayName, b.DisplayName
		}
	}
	if account != nil {
		p = profilePerson(*account)
		name = cmp.Or(account.Profile.DisplayName, name)
	}
	p.Display = cmp.Or(c.DisplayName, name)
	return p, account
}

// profilePerson returns what a profile has of an account.
func profilePerson(a skypetest.Account) knownPerson {
	p := knownPerson{ID: string(a.MRI), Own: a.Profile.DisplayName, Display: a.Profile.DisplayName, First: a.Profile.FirstName, Last: a.Profile.LastName}
	if len(a.Profile.Locations) > 0 {
		p.City = a.Profile.Locations[0].City
	}
	for _, phone := range a.Profile.Phones {
		p.Phones = append(p.Phones, phone.Type+" "+phone.Number)
	}
	return p
}

func accountOf(data skypetest.Data, id skypecontacts.MRI) *skypetest.Account {
	i := slices.IndexFunc(data.Accounts, func(a skypetest.Account) bool { return a.MRI == id })
	if i < 0 {
		return nil
	}
	return &data.Accounts[i]
}

// withoutPrefix returns a person with the name instead of the identifier.
func withoutPrefix(p knownPerson) knownPerson {
	_, p.ID, _ = strings.Cut(p.ID, ":")
	return p
}

// comparePeople returns how got differs from want, by the fields that are read, and how many
// of want are as they should be. Both may be in any order.
func comparePeople(want, got []knownPerson, fields []string) (equal int, differences []string) {
	byID := make(map[string]knownPerson, len(got))
	for _, p := range got {
		if _, twice := byID[strings.ToLower(p.ID)]; twice {
			differences = append(differences, p.ID+" is there twice")
		}
		byID[strings.ToLower(p.ID)] = p
	}
	for _, w := range want {
		g, found := byID[strings.ToLower(w.ID)]
		if !found {
			differences = append(differences, w.ID+" is missing")
			continue
		}
		delete(byID, strings.ToLower(w.ID))
		before := len(differences)
		for _, field := range fields {
			if a, b := fieldOf(w, field), fieldOf(g, field); a != b && !(a == "" && standsIn(w, field, b)) {
				differences = append(differences, fmt.Sprintf("%s of %s is %q, not %q", field, w.ID, b, a))
			}
		}
		if len(differences) == before {
			equal++
		}
	}
	for id := range byID {
		differences = append(differences, id+" is nobody's")
	}
	return equal, differences
}

// standsIn reports whether a value is what a style sends for an empty field that strict
// clients require: another name of the person.
func standsIn(p knownPerson, field, value string) bool {
	return (field == "display" || field == "first") && (value == p.Own || value == p.ID || value == withoutPrefix(p).ID)
}

// fieldOf returns a field as text. Phones have no order; "numbers" is those without types,
// "fixed phones" those of the types for which profiles have a member.
func fieldOf(p knownPerson, field string) string {
	switch field {
	case "display":
		return html.UnescapeString(p.Display) // skype-http returns names as HTML
	case "first":
		return html.UnescapeString(p.First)
	case "last":
		return html.UnescapeString(p.Last)
	case "city":
		return p.City
	case "phones":
		return strings.Join(slices.Sorted(slices.Values(p.Phones)), ", ")
	case "fixed phones":
		p.Phones = slices.DeleteFunc(slices.Clone(p.Phones), func(phone string) bool { return strings.HasPrefix(phone, "other ") })
		return fieldOf(p, "phones")
	case "numbers":
		var numbers []string
		for _, phone := range p.Phones {
			_, number, _ := strings.Cut(phone, " ")
			numbers = append(numbers, number)
		}
		slices.Sort(numbers)
		return strings.Join(numbers, ", ")
	}
	panic("interop: unknown field " + field)
}

func TestComparePeople(t *testing.T) {
	t.Parallel()
	joe := knownPerson{ID: "8:joe.4", Display: "Joe", First: "Joe", Phones: []string{"home +1", "other +2"}}
	anna := knownPerson{ID: "8:anna.7", Own: "Anna Cooper", Display: "Anna"}
	change := func(p knownPerson, change func(*knownPerson)) knownPerson {
		change(&p)
		return p
	}
	tests := map[string]struct {
		got    []knownPerson
		fields []string
		equal  int
		want   []string
	}{
		"equal, in another order": {[]knownPerson{anna, joe}, []string{"display", "first", "last", "city", "phones"}, 2, nil},
		"other letters":           {[]knownPerson{anna, change(joe, func(p *knownPerson) { p.ID = "8:Joe.4" })}, nil, 2, nil},
		"missing":                 {[]knownPerson{joe}, nil, 1, []string{"8:anna.7 is missing"}},
		"twice":                   {[]knownPerson{joe, anna, anna}, nil, 2, []string{"8:anna.7 is there twice"}},
		"nobody":                  {[]knownPerson{joe, anna, {ID: "8:x"}}, nil, 2, []string{"8:x is nobody's"}},
		"numbers only":            {[]knownPerson{anna, change(joe, func(p *knownPerson) { p.Phones = []string{"1 +2", "0 +1"} })}, []string{"numbers"}, 2, nil},
		"fixed phones only":       {[]knownPerson{anna, change(joe, func(p *knownPerson) { p.Phones = p.Phones[:1] })}, []string{"fixed phones"}, 2, nil},
		"another phone": {
			[]knownPerson{anna, change(joe, func(p *knownPerson) { p.Phones = []string{"home +1"} })},
			[]string{"phones"},
			1,
			[]string{`phones of 8:joe.4 is "home +1", not "home +1, other +2"`},
		},
		"another name for an empty one": {[]knownPerson{joe, change(anna, func(p *knownPerson) { p.First = "Anna Cooper" })}, []string{"first"}, 2, nil},
		"a foreign name for an empty one": {
			[]knownPerson{joe, change(anna, func(p *knownPerson) { p.First = "null" })},
			[]string{"first"},
			1,
			[]string{`first of 8:anna.7 is "null", not ""`},
		},
		"HTML": {[]knownPerson{anna, change(joe, func(p *knownPerson) { p.First = "J&#111;e" })}, []string{"first"}, 2, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			equal, differences := comparePeople([]knownPerson{joe, anna}, test.got, test.fields)
			require.Equal(t, test.equal, equal)
			require.Equal(t, test.want, differences)
		})
	}
}
