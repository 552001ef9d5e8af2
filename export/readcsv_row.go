package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/skypecontacts/skypecontacts"
)

// The lists that columns such as "profile.phones[0].number" fill.
const (
	profilePhones    = "profile.phones"
	userPhones       = "phones" // which the user added to the contact
	profileLocations = "profile.locations"
)

// listItem is the item of a list that columns such as "profile.phones[0].number" and
// "profile.phones[0].type" fill.
type listItem struct {
	list  string
	index int
}

// rowItems has the items of a list that the columns of a file fill, and their values in
// one row. All rows use the same, so that a short row below many columns takes little
// time and memory.
type rowItems[T any] struct {
	items  []listItem       // in order
	places map[listItem]int // in items
	values []T              // for each of items
	filled []int            // places in values that the row fills
	isSet  []bool           // for each of items, whether it is in filled
}

// newRowItems returns the items of columns, sorted by list, those of the profile
// first, and by index.
func newRowItems[T any](columns []listItem) *rowItems[T] {
	slices.SortFunc(columns, func(a, b listItem) int {
		return cmp.Or(-cmp.Compare(a.list, b.list), cmp.Compare(a.index, b.index))
	})
	items := slices.Compact(columns)
	places := make(map[listItem]int, len(items))
	for place, item := range items {
		places[item] = place
	}
	return &rowItems[T]{items: items, places: places, values: make([]T, len(items)), isSet: make([]bool, len(items))}
}

// value returns the value at a place, to be set for this row.
func (l *rowItems[T]) value(place int) *T {
	if !l.isSet[place] {
		l.isSet[place] = true
		l.filled = append(l.filled, place)
	}
	return &l.values[place]
}

// sorted returns the places that the row fills, in order.
func (l *rowItems[T]) sorted() []int {
	slices.Sort(l.filled)
	return l.filled
}

// reset removes the values of a row.
func (l *rowItems[T]) reset() {
	for _, place := range l.filled {
		l.values[place], l.isSet[place] = *new(T), false
	}
	l.filled = l.filled[:0]
}

// csvRow is the contact of a row, as far as its cells have been parsed.
type csvRow struct {
	contact          *skypecontacts.Contact
	line             int    // in the file
	kind, id, handle string // cells "type", "id" and "profile.skype_handle"
	phones           *rowItems[skypecontacts.Phone]
	locations        *rowItems[skypecontacts.Location]
	codes            []skypecontacts.CountryCode // memory for countries
	rounded          string                      // a number that a spreadsheet rounded
	roundedColumns   []string                    // their names
	damage           []string                    // what cannot be read
}

// saveExtra stores a cell that no field can hold in Extra.
func (r *csvRow) saveExtra(column, cell string) {
	if r.contact.Extra == nil {
		r.contact.Extra = make(skypecontacts.Extra)
	}
	r.contact.Extra[column], _ = json.Marshal(cell)
}

// finish sets what depends on more than one cell. It returns a reason if the row
// has no identifier.
func (r *csvRow) finish() (reason string) {
	if reason := r.setIdentifier(); reason != "" {
		return reason
	}
	if name := &r.contact.Profile.Name; strings.TrimSpace(name.Last) == "" {
		if first, last := splitFullName(name.First); last != "" {
			name.First, name.Last, name.Inferred = first, last, true
		}
	}
	r.setPhones()
	r.setLocations()
	if r.roundedColumns != nil {
		r.damage = append(r.damage, "a spreadsheet has rounded the number; use the file as Skype gave it: "+strings.Join(r.roundedColumns, ", "))
	}
	return ""
}

// setIdentifier sets MRI, and the fields that the type of the row says.
func (r *csvRow) setIdentifier() (reason string) {
	given := r.id
	kind := r.setType()
	if r.id == "" {
		r.id = r.handle
	} else if r.isOtherHandle(given, kind) {
		r.saveExtra("profile.skype_handle", r.handle)
	}
	if isRoundedNumber(r.id) {
		// Other rows have the same text. A number with letters is written by no format.
		r.contact.MRI = skypecontacts.MRI(fmt.Sprintf("%s:%s (line %d)", skypecontacts.KindPhone, r.id, r.line))
		r.roundedColumns = append(r.roundedColumns, "id")
		return ""
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

// isOtherHandle reports whether the handle says something else than the identifier,
// which was given in another form. That of a telephone number is the number.
func (r *csvRow) isOtherHandle(given string, kind skypecontacts.MRIKind) bool {
	switch {
	case r.handle == "", r.handle == r.id, r.handle == given, isRoundedNumber(r.handle):
		return false
	case kind == skypecontacts.KindPhone:
		return plainPhoneNumber(r.handle) != plainPhoneNumber(r.id)
	default:
		return true
	}
}

// setType sets the fields that the type of the row says, and the id of a telephone
// number. It returns the kind of an identifier without prefix.
func (r *csvRow) setType() skypecontacts.MRIKind {
	switch plainWord(r.kind) {
	case "skype":
		r.contact.Authorized = true
	case "skypesuggested":
		r.contact.Suggested = true
	case "skypeoneway":
	case "bot":
		r.contact.Authorized = true
		return skypecontacts.KindBot
	case "skypeforbusiness":
		r.contact.Authorized = true
		if strings.Contains(r.id, "@") {
			return skypecontacts.KindLync
		}
	case "phonenumber":
		r.contact.Authorized = true
		for _, place := range r.phones.sorted() {
			r.id = cmp.Or(r.id, r.phones.values[place].Number)
		}
		if r.id = cmp.Or(r.id, r.rounded); !isRoundedNumber(r.id) {
			r.id = withPlusSign(dialedDigits(r.id), r.countries())
		}
		return skypecontacts.KindPhone
	case "":
	default:
		r.saveExtra("type", r.kind)
	}
	return skypecontacts.KindSkype
}

// setPhones sets the numbers that are not empty: those of the profile, and those that
// the user added to the contact.
func (r *csvRow) setPhones() {
	id, idNumber, countries := r.contact.MRI, "", r.countries()
	if id.Kind() == skypecontacts.KindPhone {
		idNumber = plainPhoneNumber(id.ID())
	}
	for _, place := range r.phones.sorted() {
		phone := r.phones.values[place]
		if phone.Number == "" {
			continue
		}
		phones := &r.contact.Profile.Phones
		if r.phones.items[place].list == userPhones {
			phones = &r.contact.Phones
			if idNumber != "" && plainPhoneNumber(phone.Number) == idNumber {
				phone.Number = id.ID()
			}
		}
		phone.Number = withPlusSign(phone.Number, countries)
		phone.Type = cmp.Or(phone.Type, skypecontacts.PhoneOther)
		*phones = append(*phones, phone)
	}
}

// setLocations sets the locations that have more than a type.
func (r *csvRow) setLocations() {
	profile := &r.contact.Profile
	for _, place := range r.locations.sorted() {
		location := r.locations.values[place]
		if location != (skypecontacts.Location{Type: location.Type}) {
			profile.Locations = append(profile.Locations, location)
		}
	}
}

// countries returns the codes of the countries of the row, in any order.
func (r *csvRow) countries() []skypecontacts.CountryCode {
	r.codes = r.codes[:0]
	for _, place := range r.locations.filled {
		if code := r.locations.values[place].Country; code != "" {
			r.codes = append(r.codes, code)
		}
	}
	return r.codes
}

// setPhoneNumber sets the number of a phone, unless a spreadsheet rounded it.
func (r *csvRow) setPhoneNumber(phone *skypecontacts.Phone, column, cell string) {
	cell = strings.TrimSpace(cell)
	if !isRoundedNumber(cell) {
		phone.Number = cell
		return
	}
	r.rounded, r.roundedColumns = cell, append(r.roundedColumns, lowerASCII(column))
}
