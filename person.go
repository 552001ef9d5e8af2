package skypecontacts

import "strings"

// nullable reads a text for which these services also write the word null.
func nullable[S ~string](r *reader, field *S) {
	before := *field
	text(r, field)
	if *field == "null" {
		*field = before
	}
}

func language(r *reader, field *LanguageCode) {
	nullable(r, field)
	*field = LanguageCode(strings.ToLower(string(*field)))
}

func country(r *reader, place *Location) {
	var name string
	nullable(r, &name)
	place.setCountry(name)
}

// profileMember reads the parts of a profile that version 2 nests in a contact
// and version 1 mixes with it.
func profileMember(r *reader, p *Profile, name []byte) bool {
	switch string(name) {
	case "avatar_url":
		text(r, &p.AvatarURL)
	case "birthday":
		r.date(&p.Birthday)
	case "gender":
		enum(r, &p.Gender, parseGender)
	case "language":
		language(r, &p.Language)
	case "about":
		text(r, &p.About)
	case "website":
		text(r, &p.Homepage)
	case "jobtitle":
		text(r, &p.JobTitle)
	case "emails":
		texts(r, &p.Emails)
	case "mood":
		rich := p.Mood.Rich
		text(r, &rich)
		p.Mood = ParseMood(rich)
	case "richMood":
		var rich string
		if text(r, &rich); rich != "" {
			p.Mood = ParseMood(rich)
		}
	case "name":
		readName(r, &p.Name)
	case "locations":
		objects(r, &p.Locations, Location{}, func(l *Location, name []byte) bool {
			switch string(name) {
			case "type":
				text(r, &l.Type)
			case "city":
				text(r, &l.City)
			case "state":
				text(r, &l.State)
			case "country":
				country(r, l)
			default:
				return false
			}
			return true
		})
	case "phones":
		readPhones(r, &p.Phones)
	default:
		return false
	}
	return true
}

func readPhones(r *reader, phones *[]Phone) {
	objects(r, phones, Phone{Type: PhoneOther}, func(p *Phone, name []byte) bool {
		switch string(name) {
		case "number":
			text(r, &p.Number)
		case "type":
			enum(r, &p.Type, parsePhoneType)
		default:
			return false
		}
		return true
	})
}

func readName(r *reader, n *Name) {
	whole := *n
	if whole.Inferred {
		whole.First, whole.Last, whole.Inferred = n.full(), "", false
	}
	r.object(func(name []byte) bool {
		switch string(name) {
		case "first":
			text(r, &whole.First)
		case "surname", "last":
			text(r, &whole.Last)
		case "nickname":
			text(r, &whole.Nickname)
		case "company":
			text(r, &whole.Company)
		case "title":
			text(r, &whole.Title)
		default:
			return false
		}
		return true
	})
	whole.inferLast()
	*n = whole
}
