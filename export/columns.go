package export

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// columns is what the names of the columns say about the rows.
type columns struct {
	names     []string
	fill      []func(r *row, cell string) // for each column; not called for empty cells
	phones    []listItem
	locations []listItem

	sound, damaged int // cells so far with text beyond ASCII that is UTF-8, and that is not
}

// listItem is one N of columns such as "profile.phones[N].number".
type listItem struct {
	list string
	n    int
}

// row is a row on its way to a contact.
type row struct {
	columns          *columns
	contact          *skypecontacts.Contact
	kind, id, handle string
	phones           []skypecontacts.Phone // for each item of columns.phones, or nil
	locations        []skypecontacts.Location
}

func (r *row) phone(at int) *skypecontacts.Phone {
	if r.phones == nil {
		r.phones = make([]skypecontacts.Phone, len(r.columns.phones))
	}
	return &r.phones[at]
}

func (r *row) location(at int) *skypecontacts.Location {
	if r.locations == nil {
		r.locations = make([]skypecontacts.Location, len(r.columns.locations))
	}
	return &r.locations[at]
}

var errNoID = errors.New(`export: line 1: there is no column "id"; is this a contacts.csv from Skype?`)

const (
	profilePhones    = "profile.phones"
	ownPhones        = "phones" // which the user added to the contact
	profileLocations = "profile.locations"
)

func readHeader(file *csvFile) (*columns, error) {
	names, err := file.read()
	if len(names) == 2 && names[0] == "sep=" && names[1] == "" { // a hint for Excel
		names, err = file.read()
	}
	if err == io.EOF {
		return nil, errEmpty
	} else if bad, is := errors.AsType[*RowError](err); is {
		return nil, fmt.Errorf("export: line %d: the names of the columns are not CSV: %s", bad.Line, bad.Reason)
	} else if err != nil {
		return nil, err
	}
	c := new(columns)
	known := make(map[string]bool)
	for i, name := range names {
		name = cmp.Or(mended(strings.TrimSpace(name)), fmt.Sprintf("column %d", i+1))
		c.names = append(c.names, name)
		name = strings.ToLower(name)
		if known[name] {
			return nil, fmt.Errorf("export: line %d: the column %q is there twice", file.line, c.names[i])
		}
		known[name] = true
		switch item, _ := splitColumn(name); item.list {
		case profilePhones, ownPhones:
			c.phones = append(c.phones, item)
		case profileLocations:
			c.locations = append(c.locations, item)
		}
	}
	if !known["id"] {
		return nil, errNoID
	}
	c.phones, c.locations = inOrder(c.phones), inOrder(c.locations)
	for _, name := range c.names {
		c.fill = append(c.fill, c.column(name))
	}
	return c, nil
}

// splitColumn divides "profile.phones[2].number" into its list, place and member.
func splitColumn(name string) (item listItem, member string) {
	list, rest, _ := strings.Cut(name, "[")
	n, member, found := strings.Cut(rest, "].")
	number, err := strconv.Atoi(n)
	if !found || err != nil || number < 0 || strconv.Itoa(number) != n {
		return listItem{}, ""
	}
	return listItem{list, number}, member
}

// inOrder sorts the items so that those of the profile come first, and drops
// those that are there twice.
func inOrder(items []listItem) []listItem {
	slices.SortFunc(items, func(a, b listItem) int {
		return cmp.Or(-cmp.Compare(a.list, b.list), cmp.Compare(a.n, b.n))
	})
	return slices.Compact(items)
}

func (c *columns) column(name string) func(*row, string) {
	lower := strings.ToLower(name)
	switch item, member := splitColumn(lower); item.list {
	case profilePhones, ownPhones:
		at := slices.Index(c.phones, item)
		switch member {
		case "number":
			if item.list == ownPhones {
				return func(r *row, cell string) { r.phone(at).Number = strings.TrimSpace(cell) }
			}
			return func(r *row, cell string) { r.phone(at).Number = international(strings.TrimSpace(cell)) }
		case "type":
			return func(r *row, cell string) { r.phone(at).Type = phoneType(cell) }
		}
	case profileLocations:
		at := slices.Index(c.locations, item)
		switch member {
		case "type":
			return func(r *row, cell string) { r.location(at).Type = cell }
		case "city":
			return func(r *row, cell string) { r.location(at).City = cell }
		case "state":
			return func(r *row, cell string) { r.location(at).State = cell }
		case "country":
			return func(r *row, cell string) { setCountry(r.location(at), cell) }
		}
	}
	if fill, known := plainColumns[lower]; known {
		return func(r *row, cell string) {
			if !fill(r, cell) {
				r.keep(name, cell)
			}
		}
	}
	return func(r *row, cell string) { r.keep(name, cell) }
}

// plainColumns report false for a cell they cannot make sense of.
var plainColumns = map[string]func(r *row, cell string) bool{
	"type":         func(r *row, cell string) bool { r.kind = strings.TrimSpace(cell); return true },
	"id":           func(r *row, cell string) bool { r.id = strings.TrimSpace(cell); return true },
	"display_name": func(r *row, cell string) bool { r.contact.DisplayName = cell; return true },
	"blocked":      func(r *row, cell string) bool { return readBool(&r.contact.Blocked, cell) },
	"favorite":     func(r *row, cell string) bool { return readBool(&r.contact.Favorite, cell) },
	"sources":      func(r *row, cell string) bool { r.contact.Sources = readSources(cell); return true },
	"creation_time": func(r *row, cell string) bool {
		t, err := time.Parse("2006-01-02 15:04:05Z07:00", strings.Replace(cell, "T", " ", 1))
		r.contact.CreatedAt = t.UTC()
		return err == nil
	},
	"profile.about":      func(r *row, cell string) bool { r.contact.Profile.About = cell; return true },
	"profile.avatar_url": func(r *row, cell string) bool { r.contact.Profile.AvatarURL = cell; return true },
	"profile.birthday": func(r *row, cell string) (ok bool) {
		day, err := skypecontacts.ParseDate(cell)
		r.contact.Profile.Birthday = day
		return err == nil
	},
	"profile.gender": func(r *row, cell string) bool {
		gender := skypecontacts.Gender(strings.ToLower(cell))
		if !gender.Known() {
			gender = skypecontacts.Gender(cell)
		}
		r.contact.Profile.Gender = gender
		return true
	},
	"profile.jobtitle": func(r *row, cell string) bool { r.contact.Profile.JobTitle = cell; return true },
	"profile.language": func(r *row, cell string) bool {
		r.contact.Profile.Language = skypecontacts.LanguageCode(strings.ToLower(cell))
		return true
	},
	"profile.mood": func(r *row, cell string) bool {
		r.contact.Profile.Mood = skypecontacts.ParseMood(cell)
		return true
	},
	"profile.name.company":  func(r *row, cell string) bool { r.contact.Profile.Name.Company = cell; return true },
	"profile.name.first":    func(r *row, cell string) bool { r.contact.Profile.Name.First = cell; return true },
	"profile.name.nickname": func(r *row, cell string) bool { r.contact.Profile.Name.Nickname = cell; return true },
	"profile.name.surname":  func(r *row, cell string) bool { r.contact.Profile.Name.Last = cell; return true },
	"profile.name.title":    func(r *row, cell string) bool { r.contact.Profile.Name.Title = cell; return true },
	"profile.skype_handle":  func(r *row, cell string) bool { r.handle = strings.TrimSpace(cell); return true },
	"profile.website":       func(r *row, cell string) bool { r.contact.Profile.Homepage = cell; return true },
}

// read makes a contact of the cells of the latest row. If some are damaged it
// returns a *RowError as well.
func (c *columns) read(cells []string, file *csvFile) (*skypecontacts.Contact, error) {
	r := row{columns: c, contact: new(skypecontacts.Contact)}
	var damaged []string
	for i, cell := range cells {
		switch {
		case cell == "":
			continue
		case i >= len(c.fill):
			return nil, file.rowError("a cell stands beyond the last column")
		case isASCII(cell):
		case utf8.ValidString(cell):
			c.sound++
		default:
			if !isASCII(strings.ToValidUTF8(cell, "")) {
				c.sound++ // one character is cut, the others are well
			}
			c.damaged++
			damaged = append(damaged, c.names[i])
			cell = mended(cell)
		}
		c.fill[i](&r, cell)
	}
	if c.notUTF8(10) {
		return nil, errNotUTF8
	}
	if reason := r.identify(); reason != "" {
		return nil, file.rowError(reason)
	}
	profile := &r.contact.Profile
	if name := &profile.Name; strings.TrimSpace(name.Last) == "" {
		if first, last := splitName(name.First); last != "" {
			name.First, name.Last, name.Inferred = first, last, true
		}
	}
	r.fillLists(profile)
	if damaged != nil {
		return r.contact, file.rowError("not UTF-8, and so damaged: " + strings.Join(damaged, ", "))
	}
	return r.contact, nil
}

// notUTF8 reports whether there are enough damaged cells to tell, and hardly
// others with text beyond ASCII: the file is in another encoding. A few damaged
// cells among many are characters that Skype cut off.
func (c *columns) notUTF8(enough int) bool { return c.damaged >= enough && c.damaged > 9*c.sound }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fillLists drops what stayed empty, and the numbers the user added that the
// person gives as well.
func (r *row) fillLists(profile *skypecontacts.Profile) {
	for i, phone := range r.phones {
		same := func(p skypecontacts.Phone) bool { return sameNumber(p.Number, phone.Number) }
		own := r.columns.phones[i].list == ownPhones
		if phone.Number == "" || own && slices.ContainsFunc(profile.Phones, same) {
			continue
		}
		if id := r.contact.MRI; own && id.Kind() == skypecontacts.KindPhone && sameNumber(phone.Number, id.ID()) {
			phone.Number = id.ID()
		}
		phone.Type = cmp.Or(phone.Type, skypecontacts.PhoneOther)
		if profile.Phones == nil {
			profile.Phones = r.phones[:0]
		}
		profile.Phones = append(profile.Phones, phone)
	}
	for _, place := range r.locations {
		if place == (skypecontacts.Location{Type: place.Type}) {
			continue
		}
		if profile.Locations == nil {
			profile.Locations = r.locations[:0]
		}
		profile.Locations = append(profile.Locations, place)
	}
}

// identify finds out whom the row is about. It returns what is wrong if it
// cannot tell.
func (r *row) identify() (reason string) {
	kind := skypecontacts.KindSkype
	is := func(name string) bool { return strings.EqualFold(r.kind, name) }
	switch {
	case is("Skype"):
		r.contact.Authorized = true
	case is("SkypeSuggested"):
		r.contact.Suggested = true
	case is("SkypeOneWay"):
	case is("Bot"):
		kind, r.contact.Authorized = skypecontacts.KindBot, true
	case is("SkypeForBusiness"):
		if strings.Contains(r.id, "@") {
			kind = skypecontacts.KindLync
		}
		r.contact.Authorized = true
	case is("PhoneNumber"):
		kind, r.contact.Authorized = skypecontacts.KindPhone, true
		for _, phone := range r.phones {
			r.id = cmp.Or(r.id, phone.Number)
		}
		r.id = international(dialed(r.id))
	case r.kind != "":
		r.keep("type", r.kind)
	}
	if r.id == "" {
		r.id = r.handle
	} else if r.handle != "" && r.handle != r.id {
		r.keep("profile.skype_handle", r.handle)
	}
	id := skypecontacts.MRI(r.id)
	switch {
	case id.ID() == "":
		return "the row has no id"
	case strings.ContainsFunc(r.id, unicode.IsControl):
		return "the id holds a control character"
	case string(id) != id.ID():
		r.contact.MRI = id
	case kind == skypecontacts.KindSkype:
		r.contact.MRI = skypecontacts.MRI(string(id.Kind()) + ":" + r.id)
	default:
		r.contact.MRI = skypecontacts.MRI(string(kind) + ":" + r.id)
	}
	return ""
}

// keep puts what no field can hold into Extra.
func (r *row) keep(name, cell string) {
	if r.contact.Extra == nil {
		r.contact.Extra = make(skypecontacts.Extra)
	}
	r.contact.Extra[name], _ = json.Marshal(cell)
}

// international adds the plus sign that the file leaves away: Skype insisted on
// numbers with a country code. What is too short for such a number, or begins
// with the zero of a national one, is left alone.
func international(number string) string {
	if len(number) < 8 || len(number) > 15 || number[0] == '0' || strings.Trim(number, "0123456789") != "" {
		return number
	}
	return "+" + number
}

// dialed is a number without what stands in it for readers.
func dialed(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()-./", r) {
			return -1
		}
		return r
	}, number)
}

// sameNumber also holds for numbers of which one is written without a plus sign.
func sameNumber(a, b string) bool {
	return strings.TrimPrefix(dialed(a), "+") == strings.TrimPrefix(dialed(b), "+")
}

func phoneType(cell string) skypecontacts.PhoneType {
	kind := skypecontacts.PhoneType(strings.ToLower(cell))
	switch {
	case kind == "office":
		return skypecontacts.PhoneWork
	case kind.Known(), kind == phoneFax, kind == phonePager:
		return kind
	default:
		return skypecontacts.PhoneType(cell)
	}
}

func setCountry(place *skypecontacts.Location, cell string) {
	if len(cell) == 2 && isASCII(cell) && unicode.IsLetter(rune(cell[0])) && unicode.IsLetter(rune(cell[1])) {
		place.Country = skypecontacts.CountryCode(strings.ToUpper(cell))
	} else {
		place.CountryName = cell
	}
}

func readBool(field *bool, cell string) bool {
	value, err := strconv.ParseBool(cell)
	*field = value
	return err == nil
}

// readSources reads "AddContact (T2), AcceptInvite".
func readSources(cell string) []skypecontacts.RelationshipSource {
	var sources []skypecontacts.RelationshipSource
	for part := range strings.SplitSeq(cell, ",") {
		kind, subtype, _ := strings.Cut(strings.TrimSpace(part), " (")
		if kind != "" {
			sources = append(sources, skypecontacts.RelationshipSource{Type: kind, Subtype: strings.TrimSuffix(subtype, ")")})
		}
	}
	return sources
}
