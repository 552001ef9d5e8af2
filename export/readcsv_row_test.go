package export

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestCSVRows(t *testing.T) {
	t.Parallel()
	testReadCSV(t, map[string]readCSVTest{
		"contact":      {"type,id,display_name\nSkype,joe.4,Joe Bloggs\n", joeWith(func(c *skypecontacts.Contact) { c.Authorized = true })},
		"suggested":    {"type,id,display_name\nSkypeSuggested,joe.4,Joe Bloggs\n", joeWith(func(c *skypecontacts.Contact) { c.Suggested = true })},
		"one way":      {"type,id,display_name\nSkypeOneWay,joe.4,Joe Bloggs\n", joeOnly()},
		"unknown type": {"type,id,display_name\nSkypeNew,joe.4,Joe Bloggs\n", joeWith(func(c *skypecontacts.Contact) { c.Extra = skypecontacts.Extra{"type": []byte(`"SkypeNew"`)} })},
		"type in other letters": {"type,id,display_name\nS\u212aype,joe.4,Joe Bloggs\nSkypeOneWay\u017f,joe.4,Joe Bloggs\n", append(
			joeWith(func(c *skypecontacts.Contact) { c.Extra = skypecontacts.Extra{"type": []byte("\"S\u212aype\"")} }),
			joeWith(func(c *skypecontacts.Contact) { c.Extra = skypecontacts.Extra{"type": []byte("\"SkypeOneWay\u017f\"")} })...)},
		"types in other forms": {"type,id\nSKYPE_SUGGESTED,a\nSkype_One_Way,b\nskype,c\nskype for business,d@office.example\nphone-number,442079460099\nBOT,e\n", []skypecontacts.Contact{
			{MRI: "8:a", Suggested: true},
			{MRI: "8:b"},
			{MRI: "8:c", Authorized: true},
			{MRI: "2:d@office.example", Authorized: true},
			{MRI: "4:+442079460099", Authorized: true},
			{MRI: "28:e", Authorized: true},
		}},
		"bot":                       {"type,id\nBot,concierge\n", []skypecontacts.Contact{{MRI: "28:concierge", Authorized: true}}},
		"Skype for Business":        {"type,id\nSkypeForBusiness,anna@office.example\n", []skypecontacts.Contact{{MRI: "2:anna@office.example", Authorized: true}}},
		"Skype for Business, orgid": {"type,id\nSkypeForBusiness,orgid:00000000-0000-0000-0000-000000000001\n", []skypecontacts.Contact{{MRI: "8:orgid:00000000-0000-0000-0000-000000000001", Authorized: true}}},
		"live":                      {"type,id\nSkype,live:.cid.1a2b3c4d5e6f7a8b\n", []skypecontacts.Contact{{MRI: "8:live:.cid.1a2b3c4d5e6f7a8b", Authorized: true}}},
		"orgid":                     {"id\norgid:00000000-0000-0000-0000-000000000001\n", []skypecontacts.Contact{{MRI: "8:orgid:00000000-0000-0000-0000-000000000001"}}},
		"prefix":                    {"type,id\nSkype,28:concierge\n", []skypecontacts.Contact{{MRI: "28:concierge", Authorized: true}}},
		"id from handle":            {"id,display_name,profile.skype_handle\n,Joe Bloggs, joe.4 \n", joeOnly()},
		"handle equal to id":        {"id,display_name,profile.skype_handle\njoe.4,Joe Bloggs,joe.4\n", joeOnly()},
		"handle other than id":      {"id,display_name,profile.skype_handle\njoe.4,Joe Bloggs,joe\n", joeWith(func(c *skypecontacts.Contact) { c.Extra = skypecontacts.Extra{"profile.skype_handle": []byte(`"joe"`)} })},
		"phone":                     {"type,id\nPhoneNumber,442079460099\n", []skypecontacts.Contact{{MRI: "4:+442079460099", Authorized: true}}},
		"phone with handle":         {"type,id,profile.skype_handle\nPhoneNumber,442079460099,442079460099\n", []skypecontacts.Contact{{MRI: "4:+442079460099", Authorized: true}}},
		"phone with spaced handle":  {"type,id,profile.skype_handle\nPhoneNumber,442079460099,44 20 7946 0099\n", []skypecontacts.Contact{{MRI: "4:+442079460099", Authorized: true}}},
		"phone with another handle": {"type,id,profile.skype_handle\nPhoneNumber,442079460099,joe.4\n", []skypecontacts.Contact{{MRI: "4:+442079460099", Authorized: true, Extra: skypecontacts.Extra{"profile.skype_handle": []byte(`"joe.4"`)}}}},
		"phone within the country": {"type,id,profile.locations[0].country\nPhoneNumber,2025550107,us\nPhoneNumber,1-202-555-0107,us\n", []skypecontacts.Contact{
			{MRI: "4:2025550107", Authorized: true, Profile: skypecontacts.Profile{Locations: []skypecontacts.Location{{Country: "US"}}}},
			{MRI: "4:+12025550107", Authorized: true, Profile: skypecontacts.Profile{Locations: []skypecontacts.Location{{Country: "US"}}}},
		}},
		"numbers before and after the country": {"id,display_name,phones[0].number,profile.locations[0].country,profile.phones[0].number\njoe.4,Joe Bloggs,44 20 7946 0001,gb,44-20-7946-0002\n", joeWith(func(c *skypecontacts.Contact) {
			c.Phones = []skypecontacts.Phone{{Number: "+44 20 7946 0001", Type: "other"}}
			c.Profile.Phones = []skypecontacts.Phone{{Number: "+44-20-7946-0002", Type: "other"}}
			c.Profile.Locations = []skypecontacts.Location{{Country: "GB"}}
		})},
		"phone with plus sign": {"id\n+442079460099\n", []skypecontacts.Contact{{MRI: "4:+442079460099"}}},
		"phone with punctuation": {"type,id,phones[0].number\nPhoneNumber,+44 (20) 7946-0099,442079460099\n", []skypecontacts.Contact{{
			MRI: "4:+442079460099", Authorized: true,
			Phones: []skypecontacts.Phone{{Number: "+442079460099", Type: skypecontacts.PhoneOther}},
		}}},
		"phone without id": {"type,id,profile.phones[0].number,phones[0].number\nPhoneNumber,,,442079460099\n", []skypecontacts.Contact{{
			MRI: "4:+442079460099", Authorized: true,
			Phones: []skypecontacts.Phone{{Number: "+442079460099", Type: skypecontacts.PhoneOther}},
		}}},
		"full name in first name": {"id,display_name,profile.name.first,profile.name.surname\njoe.4,Joe Bloggs,Joe van  Bloggs, \n", joeWith(func(c *skypecontacts.Contact) {
			c.Profile.Name = skypecontacts.Name{First: "Joe van", Last: "Bloggs", Inferred: true}
		})},
		"full name, last name first": {"id,display_name,profile.name.first\njoe.4,Joe Bloggs,\"Bloggs, Joe\"\n", joeWith(func(c *skypecontacts.Contact) {
			c.Profile.Name = skypecontacts.Name{First: "Joe", Last: "Bloggs", Inferred: true}
		})},
	})
}

func TestCSVIdentifierErrors(t *testing.T) {
	t.Parallel()
	testRowErrors(t, map[string]rowErrorTest{
		"two lines":               {",\"a\n\"\n", RowError{Line: 3, EndLine: 4, Reason: "the row has no id"}},
		"prefix only":             {"8:,secret\n", RowError{Line: 3, EndLine: 3, Reason: "the row has no id"}},
		"no id":                   {",secret\n", RowError{Line: 3, EndLine: 3, Reason: "the row has no id"}},
		"blank id":                {"  ,secret\n", RowError{Line: 3, EndLine: 3, Reason: "the row has no id"}},
		"control character in id": {"sec\x00ret,b\n", RowError{Line: 3, EndLine: 3, Reason: "the id holds a control character"}},
	})
}

// A number that a spreadsheet rounded is that of many people.
func TestCSVRoundedNumbers(t *testing.T) {
	t.Parallel()
	const (
		columns = "type,id,display_name,phones[0].number,profile.phones[0].number,profile.skype_handle\n"
		reason  = ": a spreadsheet has rounded the number; use the file as Skype gave it: "
	)
	phone := func(id skypecontacts.MRI, name string) contact {
		return contact{MRI: id, DisplayName: name, Authorized: true}
	}
	for file, want := range map[string]struct {
		contacts []contact
		errs     []string
	}{
		"PhoneNumber,4.42079E+11,Dentist,4.42079E+11,,4.42079E+11\nPhoneNumber,4.42079E+11,Plumber,4.42079E+11,,4.42079E+11\n": {
			[]contact{phone("4:4.42079E+11 (line 2)", "Dentist"), phone("4:4.42079E+11 (line 3)", "Plumber")},
			[]string{"export: line 2" + reason + "phones[0].number, id", "export: line 3" + reason + "phones[0].number, id"},
		},
		"PhoneNumber,,Dentist,,\"4,42E+11\",\nPhoneNumber,,Plumber,########,,\n": {
			[]contact{phone("4:4,42E+11 (line 2)", "Dentist"), phone("4:######## (line 3)", "Plumber")},
			[]string{"export: line 2" + reason + "profile.phones[0].number, id", "export: line 3" + reason + "phones[0].number, id"},
		},
		"Skype,joe.4,Joe Bloggs, 4e+11 ,0123,joe.4\n": {
			[]contact{{MRI: "8:joe.4", DisplayName: "Joe Bloggs", Authorized: true, Profile: skypecontacts.Profile{Phones: []skypecontacts.Phone{{Number: "0123", Type: "other"}}}}},
			[]string{"export: line 2" + reason + "phones[0].number"},
		},
		"Skype,4.42079E+11,Joe Bloggs,,,\n": {[]contact{phone("4:4.42079E+11 (line 2)", "Joe Bloggs")}, []string{"export: line 2" + reason + "id"}},
	} {
		contacts, errs := readAll(ReadCSV(strings.NewReader(columns + file)))
		require.Equal(t, want.contacts, contacts)
		require.Equal(t, want.errs, errs)
		for _, format := range []Format{VCard3, VCard4, GoogleCSV, OutlookCSV, JSContact} {
			var out strings.Builder
			report, err := Write(&out, format, ReadCSV(strings.NewReader(columns+file)), Options{})
			require.NoError(t, err)
			require.Equal(t, []int{len(want.contacts), len(want.contacts)}, []int{report.Written, report.Damaged})
			for _, part := range []string{"E+11", "e+11", "####", "(line", "42079"} {
				require.NotContains(t, out.String(), part, format)
			}
		}
	}
}
