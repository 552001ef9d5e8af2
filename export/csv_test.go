package export

import (
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// read is all that a sequence yields.
func read(seq iter.Seq2[*skypecontacts.Contact, error]) (contacts []skypecontacts.Contact, errs []string) {
	for contact, err := range seq {
		if err != nil {
			errs = append(errs, err.Error())
		}
		if contact != nil {
			contacts = append(contacts, *contact)
		}
	}
	return contacts, errs
}

func TestReadCSV(t *testing.T) {
	t.Parallel()
	joe := skypecontacts.Contact{MRI: "8:joe.4", DisplayName: "Joe Bloggs"}
	with := func(change func(c *skypecontacts.Contact)) []skypecontacts.Contact {
		c := joe
		change(&c)
		return []skypecontacts.Contact{c}
	}
	tests := map[string]struct {
		file string
		want []skypecontacts.Contact
	}{
		"least":               {"id,display_name\njoe.4,Joe Bloggs\n", []skypecontacts.Contact{joe}},
		"other order":         {"display_name,id\nJoe Bloggs,joe.4\n", []skypecontacts.Contact{joe}},
		"mark, CRLF, no end":  {"\uFEFFid,display_name\r\njoe.4,Joe Bloggs", []skypecontacts.Contact{joe}},
		"blank lines":         {"\n id , display_name\n\njoe.4,Joe Bloggs\n\n", []skypecontacts.Contact{joe}},
		"line ends in a cell": {"id,display_name,profile.about\r\njoe.4,Joe Bloggs,\"one\r\n\r\ntwo\"\r\n", with(func(c *skypecontacts.Contact) { c.Profile.About = "one\n\ntwo" })},
		"semicolons":          {"sep=;\r\nid;display_name\r\njoe.4;Joe Bloggs\r\n", []skypecontacts.Contact{joe}},
		"tabs":                {"id\tdisplay_name\njoe.4\tJoe Bloggs\n", []skypecontacts.Contact{joe}},
		"commas, with a hint": {"\uFEFFsep=,\nid,display_name\njoe.4,Joe Bloggs\n", []skypecontacts.Contact{joe}},
		"other case": {"Type,ID,Display_Name,Shoe\nskypesuggested,joe.4,Joe Bloggs,42\n", with(func(c *skypecontacts.Contact) {
			c.Suggested, c.Extra = true, skypecontacts.Extra{"Shoe": []byte(`"42"`)}
		})},
		"cells left away":      {"id,display_name,profile.about\njoe.4,Joe Bloggs\n", []skypecontacts.Contact{joe}},
		"empty cells too many": {"id,display_name\njoe.4,Joe Bloggs,,\n", []skypecontacts.Contact{joe}},
		"columns without name": {"id,,display_name, \njoe.4,a,Joe Bloggs,b\n", with(func(c *skypecontacts.Contact) {
			c.Extra = skypecontacts.Extra{"column 2": []byte(`"a"`), "column 4": []byte(`"b"`)}
		})},
		"contact":                   {"type,id,display_name\nSkype,joe.4,Joe Bloggs\n", with(func(c *skypecontacts.Contact) { c.Authorized = true })},
		"suggested":                 {"type,id,display_name\nSkypeSuggested,joe.4,Joe Bloggs\n", with(func(c *skypecontacts.Contact) { c.Suggested = true })},
		"one way":                   {"type,id,display_name\nSkypeOneWay,joe.4,Joe Bloggs\n", []skypecontacts.Contact{joe}},
		"unknown type":              {"type,id,display_name\nSkypeNew,joe.4,Joe Bloggs\n", with(func(c *skypecontacts.Contact) { c.Extra = skypecontacts.Extra{"type": []byte(`"SkypeNew"`)} })},
		"bot":                       {"type,id\nBot,concierge\n", []skypecontacts.Contact{{MRI: "28:concierge", Authorized: true}}},
		"Skype for Business":        {"type,id\nSkypeForBusiness,anna@office.example\n", []skypecontacts.Contact{{MRI: "2:anna@office.example", Authorized: true}}},
		"Skype for Business, orgid": {"type,id\nSkypeForBusiness,orgid:00000000-0000-0000-0000-000000000001\n", []skypecontacts.Contact{{MRI: "8:orgid:00000000-0000-0000-0000-000000000001", Authorized: true}}},
		"live":                      {"type,id\nSkype,live:.cid.1a2b3c4d5e6f7a8b\n", []skypecontacts.Contact{{MRI: "8:live:.cid.1a2b3c4d5e6f7a8b", Authorized: true}}},
		"orgid":                     {"id\norgid:00000000-0000-0000-0000-000000000001\n", []skypecontacts.Contact{{MRI: "8:orgid:00000000-0000-0000-0000-000000000001"}}},
		"prefix of its own":         {"type,id\nSkype,28:concierge\n", []skypecontacts.Contact{{MRI: "28:concierge", Authorized: true}}},
		"id from the handle":        {"id,display_name,profile.skype_handle\n,Joe Bloggs, joe.4 \n", []skypecontacts.Contact{joe}},
		"handle like the id":        {"id,display_name,profile.skype_handle\njoe.4,Joe Bloggs,joe.4\n", []skypecontacts.Contact{joe}},
		"another handle":            {"id,display_name,profile.skype_handle\njoe.4,Joe Bloggs,joe\n", with(func(c *skypecontacts.Contact) { c.Extra = skypecontacts.Extra{"profile.skype_handle": []byte(`"joe"`)} })},
		"telephone":                 {"type,id\nPhoneNumber,442079460099\n", []skypecontacts.Contact{{MRI: "4:+442079460099", Authorized: true}}},
		"telephone with a plus":     {"id\n+442079460099\n", []skypecontacts.Contact{{MRI: "4:+442079460099"}}},
		"telephone for readers": {"type,id,phones[0].number\nPhoneNumber,+44 (20) 7946-0099,442079460099\n", []skypecontacts.Contact{{
			MRI: "4:+442079460099", Authorized: true,
			Profile: skypecontacts.Profile{Phones: []skypecontacts.Phone{{Number: "+442079460099", Type: skypecontacts.PhoneOther}}},
		}}},
		"telephone without id": {"type,id,profile.phones[0].number,phones[0].number\nPhoneNumber,,,442079460099\n", []skypecontacts.Contact{{
			MRI: "4:+442079460099", Authorized: true,
			Profile: skypecontacts.Profile{Phones: []skypecontacts.Phone{{Number: "+442079460099", Type: skypecontacts.PhoneOther}}},
		}}},
		"unknown columns": {"id,display_name,shoe,profile.phones[x].number,profile.phones[0].ext,profile.shoe,phones[01].number,phones[-1].number\njoe.4,Joe Bloggs,42,1,2,,3,4\n", with(func(c *skypecontacts.Contact) {
			c.Extra = skypecontacts.Extra{"shoe": []byte(`"42"`), "profile.phones[x].number": []byte(`"1"`), "profile.phones[0].ext": []byte(`"2"`), "phones[01].number": []byte(`"3"`), "phones[-1].number": []byte(`"4"`)}
		})},
		"cells of another kind": {"id,display_name,blocked,favorite,creation_time,profile.birthday\njoe.4,Joe Bloggs,maybe,TRUE,once,1987-02-30\n", with(func(c *skypecontacts.Contact) {
			c.Favorite = true
			c.Extra = skypecontacts.Extra{"blocked": []byte(`"maybe"`), "creation_time": []byte(`"once"`), "profile.birthday": []byte(`"1987-02-30"`)}
		})},
		"whole name in one": {"id,display_name,profile.name.first,profile.name.surname\njoe.4,Joe Bloggs,Joe van  Bloggs, \n", with(func(c *skypecontacts.Contact) {
			c.Profile.Name = skypecontacts.Name{First: "Joe van", Last: "Bloggs", Inferred: true}
		})},
		"whole name, last first": {"id,display_name,profile.name.first\njoe.4,Joe Bloggs,\"Bloggs, Joe\"\n", with(func(c *skypecontacts.Contact) {
			c.Profile.Name = skypecontacts.Name{First: "Joe", Last: "Bloggs", Inferred: true}
		})},
		"telephones": {
			"phones[0].number,profile.phones[10].number,profile.phones[2].type,profile.phones[2].number,phones[0].type,phones[1].number,profile.phones[3].type,id,display_name\n" +
				"442079460010,0207946,office,442079460002,Mobile,44 20 7946 0002,home,joe.4,Joe Bloggs\n" +
				"12345678901234567890,,Pager,442 079,,,,joe.4,Joe Bloggs\n",
			append(with(func(c *skypecontacts.Contact) {
				c.Profile.Phones = []skypecontacts.Phone{{Number: "+442079460002", Type: "work"}, {Number: "0207946", Type: "other"}, {Number: "442079460010", Type: "mobile"}}
			}), with(func(c *skypecontacts.Contact) {
				c.Profile.Phones = []skypecontacts.Phone{{Number: "442 079", Type: "pager"}, {Number: "12345678901234567890", Type: "other"}}
			})...),
		},
		"places": {
			"id,display_name,profile.locations[1].city,profile.locations[0].country,profile.locations[0].type,profile.locations[1].type,profile.locations[7].state,profile.locations[2].type\n" +
				"joe.4,Joe Bloggs,Leeds,gb,home,work,Yorkshire,home\njoe.4,Joe Bloggs,,United Kingdom,,,,\njoe.4,Joe Bloggs,,é,,,,\n",
			append(with(func(c *skypecontacts.Contact) {
				c.Profile.Locations = []skypecontacts.Location{{Type: "home", Country: "GB"}, {Type: "work", City: "Leeds"}, {State: "Yorkshire"}}
			}), with(func(c *skypecontacts.Contact) {
				c.Profile.Locations = []skypecontacts.Location{{CountryName: "United Kingdom"}}
			})[0], with(func(c *skypecontacts.Contact) {
				c.Profile.Locations = []skypecontacts.Location{{CountryName: "é"}}
			})[0]),
		},
		"everything": {
			"id,display_name,blocked,favorite,profile.avatar_url,profile.gender,profile.mood,profile.name.company,profile.name.nickname,profile.name.title,profile.about,profile.website,sources,creation_time,profile.birthday,profile.language,profile.jobtitle\n" +
				`joe.4,Joe Bloggs,True,False,https://avatar.example/joe.4,Male,a &amp; <b>b</b>,Bloggs Ltd,Joey,Dr,Tea,https://joe.example,"AddContact (T2),Scd, ",2020-01-02 03:04:05.5Z,1987-01-02,EN,Baker` + "\n",
			with(func(c *skypecontacts.Contact) {
				c.Blocked = true
				c.CreatedAt = time.Date(2020, 1, 2, 3, 4, 5, 5e8, time.UTC)
				c.Sources = []skypecontacts.RelationshipSource{{Type: "AddContact", Subtype: "T2"}, {Type: "Scd"}}
				c.Profile = skypecontacts.Profile{
					Name:      skypecontacts.Name{Company: "Bloggs Ltd", Nickname: "Joey", Title: "Dr"},
					Gender:    skypecontacts.GenderMale,
					Birthday:  skypecontacts.Date{Year: 1987, Month: 1, Day: 2},
					Language:  "en",
					Mood:      skypecontacts.Mood{Plain: "a & b", Rich: "a &amp; <b>b</b>"},
					About:     "Tea",
					Homepage:  "https://joe.example",
					JobTitle:  "Baker",
					AvatarURL: "https://avatar.example/joe.4",
				}
			}),
		},
		"gender of another kind": {"id,display_name,profile.gender\njoe.4,Joe Bloggs,Both\n", with(func(c *skypecontacts.Contact) { c.Profile.Gender = "Both" })},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contacts, errs := read(ReadCSV(strings.NewReader(test.file)))
			require.Empty(t, errs)
			require.Equal(t, test.want, contacts)
		})
	}
}

func TestReadCSVGoesOnAfterBadRows(t *testing.T) {
	t.Parallel()
	good, after := "joe.4,Joe\n", "anna.7,Anna\n"
	tests := map[string]struct {
		row  string
		want RowError
	}{
		"too many cells":   {"secret,b,c\n", RowError{3, 3, "a cell stands beyond the last column"}},
		"over two lines":   {",\"a\n\"\n", RowError{3, 4, "the row has no id"}},
		"only a prefix":    {"8:,secret\n", RowError{3, 3, "the row has no id"}},
		"no id":            {",secret\n", RowError{3, 3, "the row has no id"}},
		"blank id":         {"  ,secret\n", RowError{3, 3, "the row has no id"}},
		"control in id":    {"sec\x00ret,b\n", RowError{3, 3, "the id holds a control character"}},
		"bare quote":       {"secret,a\"b\n", RowError{3, 3, "a quote stands in a cell that does not begin with one"}},
		"quote too many":   {"secret,\"a\"b\"\n", RowError{3, 3, "a quote within a quoted cell is not doubled, or one is missing"}},
		"over three lines": {"secret,\"a\nb\nc\"d\n", RowError{3, 5, "a quote within a quoted cell is not doubled, or one is missing"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rows []error
			var contacts []skypecontacts.MRI
			for contact, err := range ReadCSV(strings.NewReader("id,display_name\n" + good + test.row + after)) {
				if err != nil {
					rows = append(rows, err)
				} else {
					contacts = append(contacts, contact.MRI)
				}
			}
			require.Equal(t, []error{&test.want}, rows)
			require.Equal(t, []skypecontacts.MRI{"8:joe.4", "8:anna.7"}, contacts)
			require.NotContains(t, rows[0].Error(), "secret")

			t.Run("last in the file", func(t *testing.T) {
				t.Parallel()
				for _, end := range []string{"\n", "\r\n", ""} {
					contacts, errs := read(ReadCSV(strings.NewReader("id,display_name\n" + good + strings.TrimSuffix(test.row, "\n") + end)))
					require.Equal(t, []string{test.want.Error()}, errs)
					require.Len(t, contacts, 1)
				}
			})
		})
	}
}

func TestReadCSVRefusesBadFiles(t *testing.T) {
	t.Parallel()
	utf16 := func(text string, first, second int) string {
		var b strings.Builder
		for _, r := range text {
			pair := [2]byte{}
			pair[first] = byte(r)
			pair[second] = 0
			b.Write(pair[:])
		}
		return b.String()
	}
	tests := map[string]struct{ file, want string }{
		"empty":                {"", "export: line 1: the file is empty"},
		"only a mark":          {"\uFEFF", "export: line 1: the file is empty"},
		"only blank lines":     {"\r\n\n", "export: line 1: the file is empty"},
		"header only":          {"type,id\r\n", "export: line 1: no contacts follow the names of the columns"},
		"no id column":         {"type,name\nSkype,joe.4\n", `export: line 1: there is no column "id"; is this a contacts.csv from Skype?`},
		"JSON":                 {`{"contacts":[]}`, `export: line 1: the names of the columns are not CSV: a quote stands in a cell that does not begin with one`},
		"binary":               {"PK\x03\x04\x00\x00\x08\x00id,", "export: line 1: the file is not text in UTF-8"},
		"UTF-16, small end":    {"\xFF\xFE" + utf16("id\njoe.4\n", 0, 1), "export: line 1: the file is UTF-16; save it as UTF-8"},
		"UTF-16, big end":      {"\xFE\xFF" + utf16("id\njoe.4\n", 1, 0), "export: line 1: the file is UTF-16; save it as UTF-8"},
		"UTF-16, no mark":      {utf16("id\njoe.4\n", 0, 1), "export: line 1: the file is not text in UTF-8"},
		"header breaks off":    {"type,\"id", "export: line 1: the file ends within a quoted cell of this row"},
		"breaks off":           {"id,x\njoe.4,\"cut", "export: line 2: the file ends within a quoted cell of this row"},
		"breaks off at a line": {"id,x\njoe.4,\"cut\n", "export: line 2: the file ends within a quoted cell of this row"},
		"breaks off at CRLF":   {"id,x\r\njoe.4,\"cut\r\n", "export: line 2: the file ends within a quoted cell of this row"},
		"breaks off at a CR":   {"id,x\r\njoe.4,\"cut\r", "export: line 2: the file ends within a quoted cell of this row"},
		"breaks off later":     {"id,x\njoe.4,\"cut\n\n\"\"off\n", "export: line 2: the file ends within a quoted cell of this row"},
		"breaks off at once":   {"id,x\njoe.4,\"", "export: line 2: the file ends within a quoted cell of this row"},
		"missing quote":        {"id,x\njoe.4,\"" + strings.Repeat("anna.7,Anna\n", 100_000), "export: line 2: an entry is longer than 1048576 bytes; is a quote missing?"},
		"twice":                {"id,ID\njoe.4,anna.7\n", `export: line 1: the column "ID" is there twice`},
		"twice, of a list":     {"id,phones[0].number,phones[0].number\njoe.4,1,2\n", `export: line 1: the column "phones[0].number" is there twice`},
		"lines of an old Mac":  {"id,x\rjoe.4,1\r", "export: line 1: the lines end as on an old Mac (CR); save the file as 'CSV UTF-8'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for _, reader := range []io.Reader{strings.NewReader(test.file), iotest.HalfReader(strings.NewReader(test.file))} {
				report, err := Write(&out, GoogleCSV, ReadCSV(reader), Options{})
				require.EqualError(t, err, test.want)
				require.Equal(t, Report{NotHeld: map[string]int{}}, report)
				require.Empty(t, out.String())
			}
		})
	}
}

// Windows-1252 and its kin lose every character beyond ASCII, where Skype lost
// but the last one of a text it cut off.
func TestReadCSVOfDamagedText(t *testing.T) {
	t.Parallel()
	row := func(about string) string { return "joe.4," + about + "\n" }
	damage := func(line string) string { return "export: line " + line + ": not UTF-8, and so damaged: profile.about" }
	refused := "export: the file is not UTF-8; save it as 'CSV UTF-8'"
	tests := map[string]struct {
		rows   string
		abouts []string
		errs   []string
	}{
		"one":            {row("caf\xe9"), []string{"caf\uFFFD"}, []string{damage("2")}},
		"a few, cut":     {row("🎈\xf0\x9f") + row("é\xc3"), []string{"🎈\uFFFD", "é\uFFFD"}, []string{damage("2"), damage("3")}},
		"one among some": {row("é") + row("caf\xe9") + row("a"), []string{"é", "caf\uFFFD", "a"}, []string{damage("3")}},
		"all of a few":   {row("caf\xe9") + row("a") + row("\xfcber"), []string{"caf\uFFFD", "a", "\uFFFDber"}, []string{damage("2"), damage("4"), refused}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var abouts []string
			contacts, errs := read(ReadCSV(strings.NewReader("id,profile.about\n" + test.rows)))
			for _, c := range contacts {
				abouts = append(abouts, c.Profile.About)
			}
			require.Equal(t, test.abouts, abouts)
			require.Equal(t, test.errs, errs)
		})
	}

	contacts, errs := read(ReadCSV(strings.NewReader("id,profile.about\n" + strings.Repeat(row("caf\xe9"), 1000))))
	require.Len(t, contacts, 9)
	require.Len(t, errs, 10)
	require.Equal(t, refused, errs[9])

	var out strings.Builder
	file := "id,profile.about\n" + row("🎈\xf0\x9f") + strings.ReplaceAll(row("b"), "joe.4", "anna.7")
	report, err := Write(&out, VCard3, ReadCSV(strings.NewReader(file)), Options{})
	require.NoError(t, err)
	require.Equal(t, Report{Read: 2, Written: 2, Damaged: 1, NotHeld: map[string]int{}}, report)
	require.Contains(t, out.String(), "NOTE:🎈\uFFFD\r\n")
}

func TestReadCSVStopsAtAReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	for _, file := range []string{"", "id", "id,x\njoe.4,\"half"} {
		var last error
		for _, err := range ReadCSV(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken))) {
			last = err
		}
		require.ErrorIs(t, last, broken)
		require.False(t, isRowError(last))
	}
}

func TestReadersStopWithTheLoop(t *testing.T) {
	t.Parallel()
	csvFile := "id,x\njoe.4,1\n,bad\nanna.7,1\n"
	lines := `{"mri":"8:joe.4"}` + "\nbad\n" + `{"mri":"8:anna.7"}` + "\n"
	for stop := 1; stop <= 3; stop++ {
		for _, seq := range []iter.Seq2[*skypecontacts.Contact, error]{
			ReadCSV(strings.NewReader(csvFile)), ReadJSONLines(strings.NewReader(lines)),
		} {
			seen := 0
			for c, err := range seq {
				require.NotEqual(t, c == nil, err == nil)
				if seen++; seen == stop {
					break
				}
			}
			require.Equal(t, stop, seen)
		}
	}
}
