package export

import (
	"fmt"
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

// googleSeparator stands between the values of one label.
const googleSeparator = " ::: "

func fillGoogle(s *sheet, c *skypecontacts.Contact) {
	p := &c.Profile
	first, last := names(c)
	s.set("First Name", first)
	s.set("Last Name", last)
	s.set("Name Prefix", p.Name.Title)
	s.set("Nickname", p.Name.Nickname)
	if shown := c.FullName(); shown != joined(first, last) {
		s.set("File As", shown)
	}
	s.set("Organization Name", p.Name.Company)
	s.set("Organization Title", p.JobTitle)
	s.set("Birthday", birthday(c).String())
	s.set("Notes", p.About)
	if s.avatars {
		s.set("Photo", p.AvatarURL)
	}
	s.set("Labels", "* myContacts")
	if c.Favorite {
		s.set("Labels", "* myContacts"+googleSeparator+"* starred")
	}
	for _, email := range emails(c) {
		s.addLabeled(1, "E-mail", "Other", email)
	}
	for _, phone := range phones(c) {
		if !s.addLabeled(4, "Phone", googleLabel(string(phone.Type)), phone.Number) {
			s.notHeld["profile.phones"]++
			break
		}
	}
	for i, place := range places(c) {
		if i == 2 {
			s.notHeld["profile.locations"]++
			break
		}
		column := fmt.Sprintf("Address %d - ", i+1)
		s.set(column+"Label", googleLabel(place.Type))
		s.set(column+"City", place.City)
		s.set(column+"Region", place.State)
		s.set(column+"Country", country(place))
	}
	if strings.TrimSpace(p.Homepage) != "" {
		s.addLabeled(1, "Website", "Home Page", p.Homepage)
	}
	if name := skypeName(c); name != "" {
		s.addLabeled(1, "Custom Field", "Skype", name)
	}
}

// addLabeled adds a value to those of its label, or to the first of n columns
// that has no label yet, and reports whether there was one.
func (s *sheet) addLabeled(n int, column, label, value string) bool {
	for i := range n {
		labels, values := fmt.Sprintf("%s %d - Label", column, i+1), fmt.Sprintf("%s %d - Value", column, i+1)
		switch *s.cell(labels) {
		case "":
			s.set(labels, label)
			s.set(values, value)
			return true
		case label:
			*s.cell(values) += googleSeparator + clean(value)
			return true
		}
	}
	return false
}

// googleLabel is the label of Google for a type of number or place.
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
