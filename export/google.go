package export

import (
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// googleHeader has the columns of Google's own export, with as many telephone
// numbers and addresses as Skype has types of them.
const googleHeader = "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name," +
	"Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department," +
	"Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value," +
	"Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value," +
	"Phone 3 - Label,Phone 3 - Value,Phone 4 - Label,Phone 4 - Value," +
	"Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box," +
	"Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address," +
	"Address 2 - Label,Address 2 - Formatted,Address 2 - Street,Address 2 - City,Address 2 - PO Box," +
	"Address 2 - Region,Address 2 - Postal Code,Address 2 - Country,Address 2 - Extended Address," +
	"Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"

// labeledColumns are the columns of a label and of the values that it is for.
type labeledColumns struct{ label, value string }

// The columns of googleHeader for telephone numbers, a pair for each type, and for
// addresses.
var (
	googlePhones = [...]labeledColumns{
		{"Phone 1 - Label", "Phone 1 - Value"},
		{"Phone 2 - Label", "Phone 2 - Value"},
		{"Phone 3 - Label", "Phone 3 - Value"},
		{"Phone 4 - Label", "Phone 4 - Value"},
	}
	googleAddresses = [...]struct{ label, city, region, country string }{
		{"Address 1 - Label", "Address 1 - City", "Address 1 - Region", "Address 1 - Country"},
		{"Address 2 - Label", "Address 2 - City", "Address 2 - Region", "Address 2 - Country"},
	}
	googleEmail   = labeledColumns{"E-mail 1 - Label", "E-mail 1 - Value"}
	googleWebsite = labeledColumns{"Website 1 - Label", "Website 1 - Value"}
	googleAccount = labeledColumns{"Custom Field 1 - Label", "Custom Field 1 - Value"}
)

func newGoogleWriter(out *formatOutput) formatWriter {
	return newSheetWriter(out, googleHeader, fillGoogle)
}

func fillGoogle(s *sheetWriter, c *skypecontacts.Contact) {
	p := &c.Profile
	name := contactName(c)
	s.setCell("First Name", name.given)
	s.setCell("Last Name", name.family)
	s.setCell("Name Prefix", p.Name.Title)
	s.setCell("Name Suffix", name.suffix)
	s.setCell("Nickname", contactNickname(c))
	if full := c.FullName(); full != name.String() {
		s.setCell("File As", full)
	}
	s.setCell("Organization Name", p.Name.Company)
	s.setCell("Organization Title", p.JobTitle)
	s.setCell("Birthday", fullBirthday(c).String())
	s.setCell("Notes", contactNote(c, s.out.mood))
	if s.out.avatars {
		s.setCell("Photo", p.AvatarURL)
	}
	s.setCell("Labels", "* myContacts")
	if c.Favorite {
		s.setCell("Labels", "* myContacts"+googleSeparator+"* starred")
	}
	s.setLabeled(googleEmail, "Other", contactEmails(c)...)
	s.setGooglePhones(contactPhones(c))
	for i, location := range contactLocations(c) {
		if i == len(googleAddresses) {
			s.out.report.NotHeld["profile.locations"]++
			break
		}
		columns := &googleAddresses[i]
		s.setCell(columns.label, googleLabel(location.Type))
		s.setCell(columns.city, location.City)
		s.setCell(columns.region, location.State)
		s.setCell(columns.country, countryText(location))
	}
	if strings.TrimSpace(p.Homepage) != "" {
		s.setLabeled(googleWebsite, "Home Page", p.Homepage)
	}
	if account := contactAccount(c); account.user != "" {
		s.setLabeled(googleAccount, account.service, account.user)
	}
}

// setLabeled fills the columns for values that share a label.
func (s *sheetWriter) setLabeled(columns labeledColumns, label string, values ...string) {
	if len(values) > 0 {
		s.setCell(columns.label, label)
		s.setCell(columns.value, strings.Join(values, googleSeparator))
	}
}

// setGooglePhones fills a pair of columns for the numbers of each type.
func (s *sheetWriter) setGooglePhones(phones []skypecontacts.Phone) {
	var numbers [len(googlePhones)][]string // for each of labels
	labels := make([]string, 0, len(googlePhones))
	lost := false
	for _, phone := range phones {
		label := googleLabel(string(phone.Type))
		column := slices.Index(labels, label)
		switch {
		case column >= 0:
		case len(labels) < len(googlePhones):
			column = len(labels)
			labels = append(labels, label)
		default:
			lost = true
			continue
		}
		numbers[column] = append(numbers[column], phone.Number)
	}
	for i, label := range labels {
		s.setLabeled(googlePhones[i], label, numbers[i]...)
	}
	if lost {
		s.out.report.NotHeld["profile.phones"]++
	}
}

// googleLabel returns the label for a type of number or location.
func googleLabel(kind string) string {
	switch kind {
	case "home":
		return "Home"
	case "work":
		return "Work"
	case "mobile":
		return "Mobile"
	case "other", "":
		return "Other"
	default:
		return kind
	}
}
