package export

import (
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

type contact = skypecontacts.Contact

func sequence(contacts ...*contact) iter.Seq2[*contact, error] {
	return func(yield func(*contact, error) bool) {
		for _, c := range contacts {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// names of the contacts in a file of JSON Lines.
func written(t *testing.T, lines string) (names []string) {
	t.Helper()
	for c, err := range ReadJSONLines(strings.NewReader(lines)) {
		require.NoError(t, err)
		names = append(names, c.MRI.ID())
	}
	return names
}

func TestWriteFilters(t *testing.T) {
	t.Parallel()
	list := []*contact{
		{MRI: "8:joe.4"},
		{MRI: "8:anna.7", Suggested: true, Authorized: true},
		{MRI: "8:daisy.5", Suggested: true},
		{MRI: "8:fred.2", Blocked: true},
		{MRI: "28:concierge", Suggested: true},
		{MRI: "28:echo", Blocked: true},
		{MRI: "8:helper", Agent: &skypecontacts.Agent{}},
		{MRI: "8:JOE.4", DisplayName: "Joe again"},
		{MRI: "8:daisy.5", Suggested: true},
	}
	tests := map[string]struct {
		opts Options
		want []string
		left Report
	}{
		"default":    {Options{}, []string{"joe.4", "anna.7", "fred.2"}, Report{Suggested: 3, Bots: 2, Repeated: 1}},
		"suggested":  {Options{Suggested: true}, []string{"joe.4", "anna.7", "daisy.5", "fred.2"}, Report{Bots: 3, Repeated: 2}},
		"bots":       {Options{Bots: true}, []string{"joe.4", "anna.7", "fred.2", "echo", "helper"}, Report{Suggested: 3, Repeated: 1}},
		"no blocked": {Options{NoBlocked: true}, []string{"joe.4", "anna.7"}, Report{Suggested: 3, Bots: 2, Blocked: 1, Repeated: 1}},
		"all":        {Options{Suggested: true, Bots: true}, []string{"joe.4", "anna.7", "daisy.5", "fred.2", "concierge", "echo", "helper"}, Report{Repeated: 2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			report, err := Write(&out, JSONLines, sequence(list...), test.opts)
			require.NoError(t, err)
			test.left.Read, test.left.Written, test.left.NotHeld = 9, len(test.want), map[string]int{}
			require.Equal(t, test.left, report)
			require.Equal(t, test.want, written(t, out.String()))
		})
	}
}

func TestWriteCountsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	fatal := errors.New("the connection broke")
	list := func(last error) iter.Seq2[*contact, error] {
		return func(yield func(*contact, error) bool) {
			_ = yield(nil, skypecontacts.SkippedItem{Err: skypecontacts.ErrDecode}) &&
				yield(nil, nil) && yield(&contact{}, nil) && yield(&contact{MRI: "8:"}, nil) &&
				yield(&contact{MRI: "8:joe.4"}, nil) &&
				yield(nil, &RowError{Line: 3, Reason: "the row has no id"}) &&
				(last == nil || yield(nil, last)) &&
				yield(&contact{MRI: "8:anna.7"}, nil)
		}
	}
	var out strings.Builder
	report, err := Write(&out, JSONLines, list(nil), Options{})
	require.NoError(t, err)
	require.Equal(t, Report{Read: 7, Written: 2, Unreadable: 5, NotHeld: map[string]int{}}, report)
	require.Equal(t, []string{"joe.4", "anna.7"}, written(t, out.String()))

	out.Reset()
	report, err = Write(&out, JSONLines, list(fatal), Options{})
	require.ErrorIs(t, err, fatal)
	require.Equal(t, Report{Read: 6, Written: 1, Unreadable: 5, NotHeld: map[string]int{}}, report)
	require.Empty(t, out.String())
}

func TestWriteOfNobody(t *testing.T) {
	t.Parallel()
	want := map[Format]string{
		VCard3: "", VCard4: "", JSONLines: "", JSContact: "[]\n",
		GoogleCSV: googleHeader + "\r\n", OutlookCSV: "\uFEFF" + outlookHeader + "\r\n",
	}
	for format := range formats {
		var out strings.Builder
		report, err := Write(&out, format, sequence(), Options{})
		require.NoError(t, err)
		require.Equal(t, Report{NotHeld: map[string]int{}}, report)
		require.Equal(t, want[format], out.String())
	}
}

func TestWriteToAnUnknownFormat(t *testing.T) {
	t.Parallel()
	_, err := Write(&strings.Builder{}, "xlsx", sequence(), Options{})
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	require.EqualError(t, err, `export: invalid argument: there is no format "xlsx"`)
}

// fullDisk takes a number of bytes.
type fullDisk struct{ left int }

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.left)
	if d.left -= n; n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestWriteReportsAFullDisk(t *testing.T) {
	t.Parallel()
	for format := range formats {
		for _, size := range []int{0, 10, 70_000, 200_000} {
			taken := 0
			endless := func(yield func(*contact, error) bool) {
				for taken < 1_000_000 {
					taken++
					if !yield(&contact{MRI: skypecontacts.MRI("8:joe." + strconv.Itoa(taken))}, nil) {
						return
					}
				}
			}
			_, err := Write(&fullDisk{size}, format, endless, Options{})
			require.ErrorIs(t, err, errFull)
			require.Less(t, taken, 100_000, "the writing stops when it fails")
		}
		_, err := Write(&fullDisk{}, format, sequence(&contact{MRI: "8:joe.4"}), Options{})
		require.ErrorIs(t, err, errFull)
	}
}

// A contact of which every field has a value that can be found in the file.
func everything() *contact {
	return &contact{
		MRI: "8:mri", PersonID: "person-id", DisplayName: "Display Name", DisplayNameSource: "name-source",
		Authorized: true, Blocked: true, Explicit: true, Favorite: true, Suggested: true,
		Agent: &skypecontacts.Agent{Type: "agent-type"}, AuthCertificate: "certificate",
		EmailHashes: []string{"email-hash"}, PhoneHashes: []string{"phone-hash"},
		CreatedAt: time.Date(2011, 2, 3, 4, 5, 6, 0, time.UTC),
		Sources:   []skypecontacts.RelationshipSource{{Type: "source-type"}},
		Extra:     skypecontacts.Extra{"extra-name": json.RawMessage(`1`)},
		Profile: skypecontacts.Profile{
			DisplayName: "Profile Display",
			Name:        skypecontacts.Name{First: "first-name", Last: "last-name", Nickname: "nick-name", Company: "company-name", Title: "title-name"},
			Gender:      "gender-text", Birthday: skypecontacts.Date{Year: 1987, Month: 1, Day: 2}, Age: 97531,
			Locations: []skypecontacts.Location{{Type: "home", City: "city-home", State: "state-home", CountryName: "country-home"}, {Type: "work", City: "city-work", Country: "GB"}},
			Language:  "lang-tag",
			Phones:    []skypecontacts.Phone{{Number: "+44mobile", Type: "mobile"}, {Number: "+44home", Type: "home"}, {Number: "+44work", Type: "work"}, {Number: "+44other", Type: "other"}},
			Emails:    []string{"one@mail.example", "two@mail.example"},
			Mood:      skypecontacts.Mood{Plain: "mood-text"}, About: "about-text", Homepage: "https://home.example",
			JobTitle: "job-title", AvatarURL: "https://avatar.example/a", Extra: skypecontacts.Extra{"profile-extra": json.RawMessage(`1`)},
		},
	}
}

// Every field is either in the file or counted as not held, whatever the format.
func TestNothingIsLostSilently(t *testing.T) {
	t.Parallel()
	marks := map[string][]string{
		"mri": {"mri"}, "person_id": {"person-id"}, "display_name": {"Display Name"}, "display_name_source": {"name-source"},
		"agent": {"agent-type"}, "auth_certificate": {"certificate"}, "email_hashes": {"email-hash"}, "phone_hashes": {"phone-hash"},
		"sources": {"source-type"}, "extra.extra-name": {"extra-name"}, "profile.display_name": {"Profile Display"},
		"profile.name":   {"first-name", "last-name", "nick-name", "company-name", "title-name"},
		"profile.gender": {"gender-text"}, "profile.age": {"97531"}, "profile.language": {"lang-tag"},
		"profile.locations": {"city-home", "state-home", "country-home", "city-work", "GB"},
		"profile.phones":    {"+44mobile", "+44home", "+44work", "+44other"},
		"profile.emails":    {"one@mail.example", "two@mail.example"},
		"profile.mood":      {"mood-text"}, "profile.about": {"about-text"}, "profile.homepage": {"https://home.example"},
		"profile.job_title": {"job-title"}, "profile.avatar_url": {"https://avatar.example/a"}, "profile.extra.profile-extra": {"profile-extra"},
	}
	// Those that no single text stands for.
	others := map[string]map[Format]string{
		"created_at":       {VCard4: "CREATED:20110203T040506Z", JSContact: `"created":"2011-02-03T04:05:06Z"`, JSONLines: `"created_at":"2011-02-03T04:05:06Z"`},
		"profile.birthday": {VCard3: "BDAY:1987-01-02", VCard4: "BDAY:19870102", GoogleCSV: "1987-01-02", OutlookCSV: "1987-01-02", JSContact: `"year":1987,"month":1,"day":2`, JSONLines: "1987-01-02"},
		"favorite":         {GoogleCSV: "* starred", JSONLines: `"favorite":true`},
		"authorized":       {JSONLines: `"authorized":true`},
		"blocked":          {JSONLines: `"blocked":true`},
		"explicit":         {JSONLines: `"explicit":true`},
		"suggested":        {JSONLines: `"suggested":true`},
	}
	for format := range formats {
		for _, avatars := range []bool{false, true} {
			var out strings.Builder
			report, err := Write(&out, format, sequence(everything()), Options{Suggested: true, Bots: true, Avatars: avatars})
			require.NoError(t, err)
			file := out.String()
			notHeld := map[string]int{}
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

func TestWhatHasNoPlaceIsCounted(t *testing.T) {
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
			for format := range formats {
				report, err := Write(io.Discard, format, sequence(&contact{MRI: "8:joe.4", Profile: test.profile}), Options{})
				require.NoError(t, err)
				want := map[string]int{}
				maps.Copy(want, test.want[format])
				require.Equal(t, want, report.NotHeld, format)
			}
		})
	}
}

func TestBlankItemsAreNotWritten(t *testing.T) {
	t.Parallel()
	empty := &contact{MRI: "8:joe.4"}
	blank := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Phones: []skypecontacts.Phone{{Type: "home"}, {Number: " "}}, Emails: []string{"", " "},
		Locations: []skypecontacts.Location{{}, {Type: "home"}, {Type: "boat"}}, Birthday: skypecontacts.Date{Year: 1987}, Homepage: " ",
	}}
	for format := range formats {
		if format != JSONLines {
			require.Equal(t, writeString(t, format, Options{}, empty), writeString(t, format, Options{}, blank), format)
		}
	}
	require.Len(t, blank.Profile.Phones, 2, "the caller's list is left alone")
}

func TestUID(t *testing.T) {
	t.Parallel()
	require.Equal(t, "urn:uuid:5085a710-0f93-89fc-aede-667d37c5bd2f", contactUID("8:joe.4"))
	require.Equal(t, contactUID("8:joe.4"), contactUID("8:Joe.4"))
	require.Equal(t, contactUID("8:joe.4"), contactUID("joe.4"))
	require.NotEqual(t, contactUID("8:joe.4"), contactUID("28:joe.4"))
	require.Regexp(t, `^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, contactUID("8:anna.7"))
}

func TestReadJSONLines(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	_, err := Write(&file, JSONLines, sequence(everything(), &contact{MRI: "8:joe.4"}), Options{Suggested: true, Bots: true})
	require.NoError(t, err)
	contacts, errs := read(ReadJSONLines(strings.NewReader("\uFEFF" + file.String())))
	require.Empty(t, errs)
	require.Equal(t, []contact{*everything(), {MRI: "8:joe.4"}}, contacts)

	contacts, errs = read(ReadJSONLines(strings.NewReader("{\"mri\":\"8:joe.4\"}\r\n\n{\"mri\":secret}\n{\"mri\":\"\"}\n[]\n{\"mri\":\"8:anna.7\"}")))
	reason := ": not a contact as this package writes it"
	require.Equal(t, []string{"export: line 3" + reason, "export: line 4" + reason, "export: line 5" + reason}, errs)
	require.Equal(t, []contact{{MRI: "8:joe.4"}, {MRI: "8:anna.7"}}, contacts)

	// The longest that ReadCSV reads, in the form that takes the most room.
	long := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Mood: skypecontacts.ParseMood(strings.Repeat("\x01", maxEntryBytes-100))}}
	file.Reset()
	_, err = Write(&file, JSONLines, sequence(long), Options{})
	require.NoError(t, err)
	contacts, errs = read(ReadJSONLines(strings.NewReader(file.String())))
	require.Empty(t, errs)
	require.Equal(t, []contact{*long}, contacts)

	broken := errors.New("the disk is gone")
	_, errs = read(ReadJSONLines(iotest.ErrReader(broken)))
	require.Equal(t, []string{"export: after line 0: the disk is gone"}, errs)

	for file, want := range map[string]string{
		"":                               "export: line 1: the file is empty",
		"{\n\"contacts\": []\n}":         "export: no line holds a contact as this package writes it",
		strings.Repeat("x", maxJSONLine): "export: line 1: it is longer than 16777216 bytes",
	} {
		var out strings.Builder
		_, err := Write(&out, JSContact, ReadJSONLines(strings.NewReader(file)), Options{})
		require.EqualError(t, err, want)
		require.Empty(t, out.String())
	}
}
