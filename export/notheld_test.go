package export

import (
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// Every field is in the file or in NotHeld, in each format.
func TestNotHeldFields(t *testing.T) {
	t.Parallel()
	marks := map[string][]string{
		"mri": {"mri"}, "person_id": {"person-id"}, "display_name": {"Display Name"}, "display_name_source": {"name-source"},
		"agent": {"agent-type"}, "auth_certificate": {"certificate"}, "email_hashes": {"email-hash"}, "phone_hashes": {"phone-hash"},
		"sources": {"source-type"}, "extra.extra-name": {"extra-name"}, "profile.display_name": {"Profile Display"},
		"profile.name":   {"first-name", "last-name", "nick-name", "company-name", "title-name"},
		"profile.gender": {"gender-text"}, "profile.age": {"97531"}, "profile.language": {"lang-tag"},
		"profile.locations": {"city-home", "state-home", "country-home", "city-work"},
		"profile.phones":    {"+44mobile", "+44home", "+44work", "+44other"},
		"profile.emails":    {"one@mail.example", "two@mail.example"},
		"profile.mood":      {"mood-text"}, "profile.about": {"about-text"}, "profile.homepage": {"https://home.example"},
		"profile.job_title": {"job-title"}, "profile.avatar_url": {"https://avatar.example/a"}, "profile.extra.profile-extra": {"profile-extra"},
	}
	// Fields that are found by a text that depends on the format.
	others := map[string]map[Format]string{
		"created_at":                {VCard4: "CREATED:20110203T040506Z", JSContact: `"created":"2011-02-03T04:05:06Z"`, JSONLines: `"created_at":"2011-02-03T04:05:06Z"`, HTML: `<time datetime="2011-02-03T04:05:06Z">3 February 2011</time>`},
		"profile.birthday":          {VCard3: "BDAY:1987-01-02", VCard4: "BDAY:19870102", GoogleCSV: "1987-01-02", OutlookCSV: "1987-01-02", JSContact: `"year":1987,"month":1,"day":2`, JSONLines: "1987-01-02", HTML: "2 January 1987"},
		"profile.locations.country": {VCard3: "United Kingdom", VCard4: "United Kingdom", GoogleCSV: "United Kingdom", OutlookCSV: "United Kingdom", JSContact: `"GB"`, JSONLines: `"GB"`, HTML: `<data value="GB">United Kingdom</data>`},
		"favorite":                  {GoogleCSV: "* starred", JSONLines: `"favorite":true`, HTML: ">Favorite</li>"},
		"authorized":                {JSONLines: `"authorized":true`},
		"blocked":                   {JSONLines: `"blocked":true`, HTML: ">Blocked</li>"},
		"explicit":                  {JSONLines: `"explicit":true`},
		"suggested":                 {JSONLines: `"suggested":true`, HTML: ">Suggested by Skype</li>"},
	}
	for format := range formatTable {
		for _, avatars := range []bool{false, true} {
			var out strings.Builder
			report, err := Write(&out, format, contactSequence(fullContact()), Options{Suggested: true, Bots: true, Avatars: avatars})
			require.NoError(t, err)
			file := out.String()
			notHeld := map[string]int{}
			if format == HTML { // its end says which fields are missing
				file, _, _ = strings.Cut(file, "<footer>")
			}
			for name, texts := range marks {
				for _, text := range texts {
					if !strings.Contains(file, text) {
						notHeld[name] = 1
					}
				}
			}
			for name, texts := range others {
				if text, held := texts[format]; !held || !strings.Contains(file, text) {
					notHeld[name] = 1
				}
			}
			require.Equal(t, notHeld, report.NotHeld, format)
		}
	}
}

func TestNotHeldValues(t *testing.T) {
	t.Parallel()
	phones := func(kinds ...skypecontacts.PhoneType) (p skypecontacts.Profile) {
		for _, kind := range kinds {
			p.Phones = append(p.Phones, skypecontacts.Phone{Number: "+44" + string(kind), Type: kind})
		}
		return p
	}
	leeds := func(kinds ...string) (p skypecontacts.Profile) {
		for _, kind := range kinds {
			p.Locations = append(p.Locations, skypecontacts.Location{City: "Leeds", Type: kind})
		}
		return p
	}
	one := func(name string) map[string]int { return map[string]int{name: 1} }
	type counts map[Format]map[string]int
	tests := map[string]struct {
		profile skypecontacts.Profile
		want    counts
	}{
		"every phone":       {phones("home", "home", "work", "work", "mobile", "fax", "pager", "other", ""), counts{GoogleCSV: one("profile.phones")}},
		"phones":            {phones("home", "home", "home", "work", "mobile"), counts{OutlookCSV: one("profile.phones.type")}},
		"many phones":       {phones("other", "other", "other", "home"), counts{OutlookCSV: one("profile.phones")}},
		"unknown phone":     {phones("satellite"), counts{VCard3: one("profile.phones.type"), VCard4: one("profile.phones.type"), OutlookCSV: one("profile.phones.type")}},
		"every place":       {leeds("home", "work"), nil},
		"other places":      {leeds("", "home"), nil},
		"places":            {leeds("home", "home"), counts{OutlookCSV: one("profile.locations.type")}},
		"many places":       {leeds("", "other", ""), counts{GoogleCSV: one("profile.locations"), OutlookCSV: one("profile.locations")}},
		"unknown place":     {leeds("boat"), counts{VCard3: one("profile.locations.type"), VCard4: one("profile.locations.type"), JSContact: one("profile.locations.type"), OutlookCSV: one("profile.locations.type")}},
		"country and code":  {skypecontacts.Profile{Locations: []skypecontacts.Location{{Country: "GB", CountryName: "United Kingdom"}}}, counts{VCard3: one("profile.locations.country"), VCard4: one("profile.locations.country"), GoogleCSV: one("profile.locations.country"), OutlookCSV: one("profile.locations.country")}},
		"mail":              {skypecontacts.Profile{Emails: []string{"a@mail.example", "b@mail.example", "c@mail.example", "d@mail.example"}}, counts{OutlookCSV: one("profile.emails")}},
		"no homepage":       {skypecontacts.Profile{Homepage: "just a text"}, counts{VCard3: one("profile.homepage"), VCard4: one("profile.homepage"), JSContact: one("profile.homepage")}},
		"only a birth year": {skypecontacts.Profile{Birthday: skypecontacts.Date{Year: 1987}}, counts{VCard3: one("profile.birthday"), VCard4: one("profile.birthday"), JSContact: one("profile.birthday"), GoogleCSV: one("profile.birthday"), OutlookCSV: one("profile.birthday")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for format := range formatTable {
				report, err := Write(io.Discard, format, contactSequence(&contact{MRI: "8:joe.4", Profile: test.profile}), Options{})
				require.NoError(t, err)
				want := map[string]int{}
				maps.Copy(want, test.want[format])
				require.Equal(t, want, report.NotHeld, format)
			}
		})
	}
}

// The ID of a number is for the service: no address book gets it or a note that it is
// missing, and JSON Lines keeps it.
func TestPhoneIDs(t *testing.T) {
	t.Parallel()
	for format := range formatTable {
		var files [2]strings.Builder
		var reports [2]Report
		for i, id := range []string{"", "7531"} {
			contact := &skypecontacts.Contact{
				MRI: "8:joe.4", Phones: []skypecontacts.Phone{{Number: "+442079460958", Type: skypecontacts.PhoneWork, ID: id}},
				Profile: skypecontacts.Profile{Phones: []skypecontacts.Phone{{Number: "+442079460959", Type: skypecontacts.PhoneHome, ID: id}}},
			}
			var err error
			reports[i], err = Write(&files[i], format, contactSequence(contact), Options{})
			require.NoError(t, err)
		}
		require.Equal(t, reports[0], reports[1], format)
		if format != JSONLines {
			require.Equal(t, files[0].String(), files[1].String(), format)
			continue
		}
		require.Equal(t, files[0].String(), strings.ReplaceAll(files[1].String(), `,"id":"7531"`, ""))
		for contact, err := range ReadJSONLines(strings.NewReader(files[1].String())) {
			require.NoError(t, err)
			require.Equal(t, "7531", contact.Phones[0].ID)
		}
	}
}

// The mood is held by every format if it is asked for.
func TestNotHeldMood(t *testing.T) {
	t.Parallel()
	for format := range formatTable {
		for _, mood := range []skypecontacts.Mood{skypecontacts.ParseMood("at the <i>sea</i>side"), {Rich: "seaside"}} {
			c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Mood: mood, About: "tea"}}
			for asked, want := range map[bool]map[string]int{true: {}, false: {"profile.mood": 1}} {
				if format == JSONLines {
					want = map[string]int{}
				}
				var out strings.Builder
				report, err := Write(&out, format, contactSequence(c), Options{Mood: asked})
				require.NoError(t, err)
				require.Equal(t, want, report.NotHeld, format)
				require.Equal(t, asked || format == JSONLines, strings.Contains(out.String(), "seaside"), format)
			}
		}
	}
}

// Names of members are keys only if fields are called like that, and up to a number.
func TestNotHeldNames(t *testing.T) {
	t.Parallel()
	list := []*contact{
		{MRI: "8:joe.4", Extra: skypecontacts.Extra{"shoe": nil, "8:anna.7": nil, "+442079460099": nil}},
		{MRI: "8:anna.7", Extra: skypecontacts.Extra{"shoe": nil, "\x1b]0;owned\a": nil}, Profile: skypecontacts.Profile{Extra: skypecontacts.Extra{"Shoe size": nil, "anna@mail.example": nil}}},
	}
	report, err := Write(io.Discard, VCard3, contactSequence(list...), Options{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"extra.shoe": 2, "extra": 2, "profile.extra.Shoe size": 1, "profile.extra": 1}, report.NotHeld)

	list = nil
	for i := range 5000 {
		list = append(list, &contact{MRI: skypecontacts.MRI(fmt.Sprintf("8:joe.%d", i)), Extra: skypecontacts.Extra{fmt.Sprintf("member%d", i): nil, "shoe": nil}})
	}
	report, err = Write(io.Discard, VCard3, contactSequence(list...), Options{})
	require.NoError(t, err)
	require.Len(t, report.NotHeld, maxNotHeld+1)
	require.Equal(t, 5000, report.NotHeld["extra.shoe"])
	require.Equal(t, 5000-maxNotHeld+1, report.NotHeld["extra"])
}
