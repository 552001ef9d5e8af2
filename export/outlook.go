package export

import (
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// outlookHeader has the columns of Outlook's own export.
const outlookHeader = "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title," +
	"Business Street,Business Street 2,Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region," +
	"Home Street,Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region," +
	"Other Street,Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region," +
	"Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone," +
	"Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex," +
	"Account,Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,Directory Server," +
	"E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name," +
	"E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,Home Address PO Box,Initials," +
	"Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,Office Location,Organizational ID Number," +
	"Other Address PO Box,Priority,Private,Profession,Referred By,Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"

func fillOutlook(s *sheet, c *skypecontacts.Contact) {
	p := &c.Profile
	first, last := names(c)
	s.set("Title", p.Name.Title)
	s.set("First Name", first)
	s.set("Last Name", last)
	s.set("Company", p.Name.Company)
	s.set("Job Title", p.JobTitle)
	// Outlook writes dates as its country does; this form is read everywhere.
	s.set("Birthday", birthday(c).String())
	s.set("Gender", outlookGender(p.Gender))
	s.set("Language", string(p.Language))
	s.set("Web Page", strings.TrimSpace(p.Homepage))
	s.set("Notes", outlookNotes(c))
	for _, email := range emails(c) {
		if s.setFirst(email, "E-mail Address", "E-mail 2 Address", "E-mail 3 Address") == "" {
			s.notHeld["profile.emails"]++
			break
		}
	}
	s.outlookPhones(phones(c))
	s.outlookPlaces(places(c))
}

// outlookPhones fills the column for the type of each number, or else one for any.
func (s *sheet) outlookPhones(phones []skypecontacts.Phone) {
	typeLost := false
	for _, phone := range phones {
		anyType := []string{"Other Phone", "Primary Phone"}
		column := s.setFirst(phone.Number, append(outlookPhone(phone.Type), anyType...)...)
		if column == "" {
			s.notHeld["profile.phones"]++
			break
		}
		typeLost = typeLost || slices.Contains(anyType, column) && phone.Type != skypecontacts.PhoneOther && phone.Type != ""
	}
	if typeLost {
		s.notHeld["profile.phones.type"]++
	}
}

func outlookPhone(kind skypecontacts.PhoneType) []string {
	switch kind {
	case skypecontacts.PhoneMobile:
		return []string{"Mobile Phone"}
	case skypecontacts.PhoneHome:
		return []string{"Home Phone", "Home Phone 2"}
	case skypecontacts.PhoneWork:
		return []string{"Business Phone", "Business Phone 2"}
	case phoneFax:
		return []string{"Other Fax"}
	case phonePager:
		return []string{"Pager"}
	default:
		return nil
	}
}

// outlookPlaces fills the address for the type of each place, or else the one for
// other places.
func (s *sheet) outlookPlaces(places []skypecontacts.Location) {
	kinds := map[string]string{"home": "Home", "work": "Business"}
	typeLost := false
	for _, place := range places {
		kind, known := kinds[place.Type]
		if !known || !s.setPlace(kind, place) {
			if !s.setPlace("Other", place) {
				s.notHeld["profile.locations"]++
				break
			}
			typeLost = typeLost || place.Type != "" && place.Type != "other"
		}
	}
	if typeLost {
		s.notHeld["profile.locations.type"]++
	}
}

// setPlace fills an address if it is empty, and reports whether it was.
func (s *sheet) setPlace(kind string, place skypecontacts.Location) bool {
	city, state, land := kind+" City", kind+" State", kind+" Country/Region"
	if *s.cell(city)+*s.cell(state)+*s.cell(land) != "" {
		return false
	}
	s.set(city, place.City)
	s.set(state, place.State)
	s.set(land, country(place))
	return true
}

// outlookNotes are the notes, and below them what has no column.
func outlookNotes(c *skypecontacts.Contact) string {
	var lines []string
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, label+": "+value)
		}
	}
	add("Skype", skypeName(c))
	if shown := c.FullName(); shown != joined(names(c)) && shown != c.Profile.Name.Company {
		add("Name in Skype", shown)
	}
	add("Nickname", c.Profile.Name.Nickname)
	below := strings.Join(lines, "\n")
	if c.Profile.About == "" || below == "" {
		return c.Profile.About + below
	}
	return c.Profile.About + "\n\n" + below
}

func outlookGender(g skypecontacts.Gender) string {
	switch g {
	case skypecontacts.GenderMale:
		return "Male"
	case skypecontacts.GenderFemale:
		return "Female"
	default:
		return string(g)
	}
}
