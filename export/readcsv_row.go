package export

import (
	"cmp"
	"encoding/json"
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

// listItems are the items that the columns of a file fill.
type listItems struct{ phones, locations []listItem }

// csvRow is the contact of a row, as far as its cells have been parsed.
type csvRow struct {
	items            *listItems
	contact          *skypecontacts.Contact
	kind, id, handle string                   // cells "type", "id" and "profile.skype_handle"
	phones           []skypecontacts.Phone    // for each of items.phones, or nil
	locations        []skypecontacts.Location // for each of items.locations, or nil
}

func (r *csvRow) phone(at int) *skypecontacts.Phone {
	if r.phones == nil {
		r.phones = make([]skypecontacts.Phone, len(r.items.phones))
	}
	return &r.phones[at]
}

func (r *csvRow) location(at int) *skypecontacts.Location {
	if r.locations == nil {
		r.locations = make([]skypecontacts.Location, len(r.items.locations))
	}
	return &r.locations[at]
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
	return ""
}

// setIdentifier sets MRI, and the fields that the type of the row says.
func (r *csvRow) setIdentifier() (reason string) {
	kind := r.setType()
	if r.id == "" {
		r.id = r.handle
	} else if r.handle != "" && r.handle != r.id {
		r.saveExtra("profile.skype_handle", r.handle)
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

// setType sets the fields that the type of the row says, and the id of a telephone
// number. It returns the kind of an identifier without prefix.
func (r *csvRow) setType() skypecontacts.MRIKind {
	switch lowerASCII(r.kind) {
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
		for _, phone := range r.phones {
			r.id = cmp.Or(r.id, phone.Number)
		}
		r.id = withPlusSign(dialedDigits(r.id))
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
	for i, phone := range r.phones {
		if phone.Number == "" {
			continue
		}
		phones := &r.contact.Profile.Phones
		if r.items.phones[i].list == userPhones {
			phones = &r.contact.Phones
			if id := r.contact.MRI; id.Kind() == skypecontacts.KindPhone && samePhoneNumber(phone.Number, id.ID()) {
				phone.Number = id.ID()
			}
		}
		phone.Type = cmp.Or(phone.Type, skypecontacts.PhoneOther)
		*phones = append(*phones, phone)
	}
}

// setLocations sets the locations that have more than a type.
func (r *csvRow) setLocations() {
	profile := &r.contact.Profile
	for _, location := range r.locations {
		if location == (skypecontacts.Location{Type: location.Type}) {
			continue
		}
		if profile.Locations == nil {
			profile.Locations = r.locations[:0]
		}
		profile.Locations = append(profile.Locations, location)
	}
}

// withPlusSign adds the plus sign that the file omits before a number with country
// code. It returns number unchanged if it has fewer than 8 or more than 15 digits, a
// leading 0 as national numbers have, or other characters than digits.
func withPlusSign(number string) string {
	if len(number) < 8 || len(number) > 15 || number[0] == '0' || strings.Trim(number, "0123456789") != "" {
		return number
	}
	return "+" + number
}
