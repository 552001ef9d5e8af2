package export

import "slices"

// Format is a kind of file.
type Format string

// The formats that [Write] writes, all of them in UTF-8.
const (
	VCard3     Format = "vcard"     // vCard 3.0, which every address book reads
	VCard4     Format = "vcard4"    // vCard 4.0 with the Skype name as in RFC 9554
	GoogleCSV  Format = "google"    // CSV with the columns of Google Contacts
	OutlookCSV Format = "outlook"   // CSV with the columns of Outlook
	JSContact  Format = "jscontact" // an array of JSContact 1.0 cards, RFC 9553
	JSONLines  Format = "jsonl"     // the JSON of skypecontacts.Contact, one a line; loses nothing
	HTML       Format = "html"      // a page to look at and to print, sorted by name
)

// formatTable has every [Format]. To add one: a constant above; a row here; a
// [formatWriter] in a new file, listed in layers_test.go; the name of its golden file in
// formats_test.go; and its name in the flag -to of examples/export. The tests report
// each field that the file lacks and the row does not account for.
var formatTable = map[Format]formatSpec{
	VCard3: {newWriter: newVCard3Writer, holds: []string{"profile.avatar_url"}},
	VCard4: {newWriter: newVCard4Writer, holds: []string{
		"created_at", "profile.gender", "profile.language", "profile.avatar_url",
	}},
	GoogleCSV: {newWriter: newGoogleWriter, holds: []string{
		"favorite", "profile.locations.type", "profile.phones.type", "profile.avatar_url",
	}},
	OutlookCSV: {newWriter: newOutlookWriter, holds: []string{
		"profile.gender", "profile.language",
		"profile.locations.type", "profile.phones.type", // as far as columns are free; the writer counts the rest
	}},
	JSContact: {newWriter: newJSContactWriter, holds: []string{
		"created_at", "profile.locations.country", "profile.phones.type", "profile.language", "profile.avatar_url",
	}},
	JSONLines: {newWriter: newJSONLinesWriter, holdsAll: true},
	HTML: {newWriter: newHTMLWriter, pictures: true, holds: []string{
		"blocked", "favorite", "suggested", "created_at", "profile.display_name", "profile.gender", "profile.birthday", "profile.age",
		"profile.language", "profile.locations.type", "profile.locations.country", "profile.phones.type",
	}},
}

// formatSpec is how a format is written and what it can hold.
type formatSpec struct {
	newWriter func(*formatOutput) formatWriter
	holds     []string // names of lossyFields
	holdsAll  bool     // all of lossyFields and Extra
	pictures  bool     // pictures themselves; the writer counts those that it lacks
}

// lostFields returns the fields that a file of this format does not hold with
// those options.
func (s formatSpec) lostFields(avatars, mood bool) []lossyField {
	return slices.DeleteFunc(slices.Clone(lossyFields), func(f lossyField) bool {
		switch {
		case s.holdsAll, s.pictures && f.name == "profile.avatar_url":
			return true
		case f.name == "profile.avatar_url" && !avatars:
			return false
		case f.name == "profile.mood": // every format has notes or a line for it
			return mood
		default:
			return slices.Contains(s.holds, f.name)
		}
	})
}
