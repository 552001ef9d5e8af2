package export

import (
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

// newOutlookWriter writes a byte order mark, without which Outlook reads the file as
// Windows-1252 or the like.
func newOutlookWriter(out *formatOutput) formatWriter {
	_, _ = out.file.Write(byteOrderMark)
	return newSheetWriter(out, outlookHeader, fillOutlook)
}

func fillOutlook(s *sheetWriter, c *skypecontacts.Contact) {
	p := &c.Profile
	name := contactName(c)
	s.setCell("Title", p.Name.Title)
	s.setCell("First Name", name.given)
	s.setCell("Last Name", name.family)
	s.setCell("Suffix", name.suffix)
	s.setCell("Company", p.Name.Company)
	s.setCell("Job Title", p.JobTitle)
	// Outlook itself writes dates in the form of its locale; every locale reads this one.
	s.setCell("Birthday", fullBirthday(c).String())
	s.setCell("Gender", outlookGender(p.Gender))
	s.setCell("Language", string(p.Language))
	s.setCell("Web Page", strings.TrimSpace(p.Homepage))
	s.setCell("Notes", outlookNotes(c, name, s.out.mood))
	for _, email := range contactEmails(c) {
		if s.setFirstEmpty(email, "E-mail Address", "E-mail 2 Address", "E-mail 3 Address") == "" {
			s.out.report.NotHeld["profile.emails"]++
			break
		}
	}
	s.setOutlookPhones(contactPhones(c))
	s.setOutlookLocations(contactLocations(c))
}

// setOutlookPhones fills a column for the type of each number, or one for any type if
// those are full.
func (s *sheetWriter) setOutlookPhones(phones []skypecontacts.Phone) {
	typeLost := false
	for _, phone := range phones {
		if s.setFirstEmpty(phone.Number, outlookPhoneColumns(phone.Type)...) != "" {
			continue
		}
		if s.setFirstEmpty(phone.Number, "Other Phone", "Primary Phone") == "" {
			s.out.report.NotHeld["profile.phones"]++
			break
		}
		typeLost = typeLost || phone.Type != skypecontacts.PhoneOther && phone.Type != ""
	}
	if typeLost {
		s.out.report.NotHeld["profile.phones.type"]++
	}
}

// outlookPhoneColumns returns the columns for a type of number only.
func outlookPhoneColumns(kind skypecontacts.PhoneType) []string {
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

// setOutlookLocations fills the address for the type of each location, or the other
// address if that is full.
func (s *sheetWriter) setOutlookLocations(locations []skypecontacts.Location) {
	typeLost := false
	for _, location := range locations {
		switch {
		case location.Type == "home" && s.setOutlookAddress(&outlookHome, location):
			continue
		case location.Type == "work" && s.setOutlookAddress(&outlookWork, location):
			continue
		}
		if !s.setOutlookAddress(&outlookOther, location) {
			s.out.report.NotHeld["profile.locations"]++
			break
		}
		typeLost = typeLost || location.Type != "" && location.Type != "other"
	}
	if typeLost {
		s.out.report.NotHeld["profile.locations.type"]++
	}
}

// addressColumns are the columns of an address.
type addressColumns struct{ city, state, country string }

// The addresses of outlookHeader.
var (
	outlookHome  = addressColumns{"Home City", "Home State", "Home Country/Region"}
	outlookWork  = addressColumns{"Business City", "Business State", "Business Country/Region"}
	outlookOther = addressColumns{"Other City", "Other State", "Other Country/Region"}
)

// setOutlookAddress fills an address. It returns false if the address is not empty.
func (s *sheetWriter) setOutlookAddress(columns *addressColumns, location skypecontacts.Location) bool {
	if *s.cell(columns.city) != "" || *s.cell(columns.state) != "" || *s.cell(columns.country) != "" {
		return false
	}
	s.setCell(columns.city, location.City)
	s.setCell(columns.state, location.State)
	s.setCell(columns.country, countryText(location))
	return true
}

// outlookNotes returns the notes, followed by lines for the fields without a column.
func outlookNotes(c *skypecontacts.Contact, name personName, mood bool) string {
	var lines []string
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, label+": "+value)
		}
	}
	account := contactAccount(c)
	add(account.service, account.user)
	if full := c.FullName(); full != name.String() && full != c.Profile.Name.Company {
		add("Name in Skype", full)
	}
	add("Nickname", c.Profile.Name.Nickname)
	note, others := contactNote(c, mood), strings.Join(lines, "\n")
	if note == "" || others == "" {
		return note + others
	}
	return note + "\n\n" + others
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
