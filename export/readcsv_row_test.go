package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
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
		"phone with plus sign":      {"id\n+442079460099\n", []skypecontacts.Contact{{MRI: "4:+442079460099"}}},
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
