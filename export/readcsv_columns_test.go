package export

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// allColumnsTest returns the test "all columns" of TestCSVColumns.
func allColumnsTest() readCSVTest {
	return readCSVTest{
		"id,display_name,blocked,favorite,profile.avatar_url,profile.gender,profile.mood,profile.name.company,profile.name.nickname,profile.name.title,profile.about,profile.website,sources,creation_time,profile.birthday,profile.language,profile.jobtitle\n" +
			`joe.4,Joe Bloggs,True,False,https://avatar.example/joe.4,Male,a &amp; <b>b</b>,Bloggs Ltd,Joey,Dr,Tea,https://joe.example,"AddContact (T2),Scd, ",2020-01-02 03:04:05.5Z,1987-01-02,EN,Baker` + "\n",
		joeWith(func(c *skypecontacts.Contact) {
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
	}
}

func TestCSVColumns(t *testing.T) {
	t.Parallel()
	testReadCSV(t, map[string]readCSVTest{
		"other order": {"display_name,id\nJoe Bloggs,joe.4\n", joeOnly()},
		"other case": {"Type,ID,Display_Name,Shoe\nskypesuggested,joe.4,Joe Bloggs,42\n", joeWith(func(c *skypecontacts.Contact) {
			c.Suggested, c.Extra = true, skypecontacts.Extra{"Shoe": []byte(`"42"`)}
		})},
		"other letters": {"id,display_name,bloc\u212aed,profile.gender,profile.language,profile.locations[0].country,\u0130d,phone\u017f[0].number\njoe.4,Joe Bloggs,True,\u212a,\u212aO,\u212aR,x,1\n", joeWith(func(c *skypecontacts.Contact) {
			c.Profile.Gender, c.Profile.Language = "\u212a", "\u212ao"
			c.Profile.Locations = []skypecontacts.Location{{CountryName: "\u212aR"}}
			c.Extra = skypecontacts.Extra{"bloc\u212aed": []byte(`"True"`), "\u0130d": []byte(`"x"`), "phone\u017f[0].number": []byte(`"1"`)}
		})},
		"unnamed columns": {"id,,display_name, \njoe.4,a,Joe Bloggs,b\n", joeWith(func(c *skypecontacts.Contact) {
			c.Extra = skypecontacts.Extra{"column 2": []byte(`"a"`), "column 4": []byte(`"b"`)}
		})},
		"unknown columns": {"id,display_name,shoe,profile.phones[x].number,profile.phones[0].ext,profile.shoe,phones[01].number,phones[-1].number\njoe.4,Joe Bloggs,42,1,2,,3,4\n", joeWith(func(c *skypecontacts.Contact) {
			c.Extra = skypecontacts.Extra{"shoe": []byte(`"42"`), "profile.phones[x].number": []byte(`"1"`), "profile.phones[0].ext": []byte(`"2"`), "phones[01].number": []byte(`"3"`), "phones[-1].number": []byte(`"4"`)}
		})},
		"unparsable cells": {"id,display_name,blocked,favorite,creation_time,profile.birthday\njoe.4,Joe Bloggs,False,maybe,once,1987-02-30\n", joeWith(func(c *skypecontacts.Contact) {
			c.Extra = skypecontacts.Extra{"favorite": []byte(`"maybe"`), "creation_time": []byte(`"once"`), "profile.birthday": []byte(`"1987-02-30"`)}
		})},
		"phones": {
			"phones[0].number,profile.phones[10].number,profile.phones[2].type,profile.phones[2].number,phones[0].type,phones[1].number,profile.phones[3].type,id,display_name\n" +
				"442079460010,0207946,office,442079460002,Mobile,44 20 7946 0002,home,joe.4,Joe Bloggs\n" +
				"12345678901234567890,,Pager,442 079,,,,joe.4,Joe Bloggs\n",
			append(joeWith(func(c *skypecontacts.Contact) {
				c.Profile.Phones = []skypecontacts.Phone{{Number: "+442079460002", Type: "work"}, {Number: "0207946", Type: "other"}}
				c.Phones = []skypecontacts.Phone{{Number: "+442079460010", Type: "mobile"}, {Number: "44 20 7946 0002", Type: "other"}}
			}), joeWith(func(c *skypecontacts.Contact) {
				c.Profile.Phones = []skypecontacts.Phone{{Number: "442 079", Type: "pager"}}
				c.Phones = []skypecontacts.Phone{{Number: "12345678901234567890", Type: "other"}}
			})...),
		},
		"unknown phone type": {"id,display_name,phones[0].type,phones[0].number\njoe.4,Joe Bloggs,Satellite,1\n", joeWith(func(c *skypecontacts.Contact) {
			c.Phones = []skypecontacts.Phone{{Number: "1", Type: "Satellite"}}
		})},
		"locations": {
			"id,display_name,profile.locations[1].city,profile.locations[0].country,profile.locations[0].type,profile.locations[1].type,profile.locations[7].state,profile.locations[2].type\n" +
				"joe.4,Joe Bloggs,Leeds,gb,home,work,Yorkshire,home\njoe.4,Joe Bloggs,,United Kingdom,,,,\njoe.4,Joe Bloggs,,é,,,,\n",
			append(joeWith(func(c *skypecontacts.Contact) {
				c.Profile.Locations = []skypecontacts.Location{{Type: "home", Country: "GB"}, {Type: "work", City: "Leeds"}, {State: "Yorkshire"}}
			}), joeWith(func(c *skypecontacts.Contact) {
				c.Profile.Locations = []skypecontacts.Location{{CountryName: "United Kingdom"}}
			})[0], joeWith(func(c *skypecontacts.Contact) {
				c.Profile.Locations = []skypecontacts.Location{{CountryName: "é"}}
			})[0]),
		},
		"all columns":    allColumnsTest(),
		"unknown gender": {"id,display_name,profile.gender\njoe.4,Joe Bloggs,Both\n", joeWith(func(c *skypecontacts.Contact) { c.Profile.Gender = "Both" })},
	})
}

func TestCSVCellBeyondColumns(t *testing.T) {
	t.Parallel()
	testRowErrors(t, map[string]rowErrorTest{
		"too many cells": {"secret,b,c\n", RowError{Line: 3, EndLine: 3, Reason: "a cell stands beyond the last column"}},
	})
}

func TestCSVHeaderErrors(t *testing.T) {
	t.Parallel()
	testFileErrors(t, map[string]fileErrorTest{
		"empty":                       {"", "export: line 1: the file is empty"},
		"byte order mark only":        {"\uFEFF", "export: line 1: the file is empty"},
		"blank lines only":            {"\r\n\n", "export: line 1: the file is empty"},
		"no id column":                {"type,name\nSkype,joe.4\n", `export: line 1: there is no column "id"; is this a contacts.csv from Skype?`},
		"JSON":                        {`{"contacts":[]}`, `export: line 1: the names of the columns are not CSV: a quote stands in a cell that does not begin with one`},
		"duplicate column":            {"id,ID\njoe.4,anna.7\n", `export: line 1: columns 1 and 2 have the same name`},
		"duplicate column of a list":  {"id,phones[0].number,phones[0].number\njoe.4,1,2\n", `export: line 1: columns 2 and 3 have the same name`},
		"no header":                   {"Skype,joe.4,Joe Bloggs,Joe,Joe,joe@mail.example\n", `export: line 1: columns 4 and 5 have the same name`},
		"no header, other case":       {"\n\nSkype,joe.4,JOE,Joe\n", `export: line 3: columns 3 and 4 have the same name`},
		"no header, id":               {"+442079460099,id,joe@mail.example,+442079460099\n", `export: line 1: columns 1 and 4 have the same name`},
		"no header, no name twice":    {"Skype,joe.4,Joe Bloggs\n", `export: line 1: there is no column "id"; is this a contacts.csv from Skype?`},
		"no header, name of a column": {"Skype,joe.4,Joe,,column 4\n", `export: line 1: columns 4 and 5 have the same name`},
		"no header, quotes":           {"Skype,\"Joe\"Bloggs\n", `export: line 1: the names of the columns are not CSV: a quote within a quoted cell is not doubled, or one is missing`},
		"header truncated":            {"type,\"id", "export: line 1: the file ends within a quoted cell of this row"},
	})
}

// -no-blocked depends on this cell.
func TestCSVBlocked(t *testing.T) {
	t.Parallel()
	contacts, errs := readAll(ReadCSV(strings.NewReader("id,blocked\njoe.4,maybe\nanna.7,WAHR\nfred.2,falso\n")))
	require.Equal(t, []string{`export: line 2: the cell "blocked" says neither yes nor no`}, errs)
	require.Equal(t, []contact{
		{MRI: "8:joe.4", Extra: skypecontacts.Extra{"blocked": []byte(`"maybe"`)}}, {MRI: "8:anna.7", Blocked: true}, {MRI: "8:fred.2"},
	}, contacts)
}

// In a file in Windows-1252 every character beyond ASCII is invalid. Where Skype cut
// off a text, only the last one is.
func TestCSVInvalidUTF8(t *testing.T) {
	t.Parallel()
	const notice = ": the file is not UTF-8 and was read as Windows-1252; if letters are wrong, save it as 'CSV UTF-8'"
	row := func(about string) string { return "joe.4," + about + "\n" }
	damage := func(line string) string { return "export: line " + line + ": not UTF-8, and so damaged: profile.about" }
	many := strings.Repeat(row("caf\xe9"), 20)
	cafes := strings.Split(strings.Repeat("caf\uFFFD ", 9), " ")[:9]
	var damages []string
	for line := range 9 {
		damages = append(damages, damage(strconv.Itoa(line+2)))
	}
	refused := "export: the file is neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'"
	tests := map[string]struct {
		rows   string
		abouts []string
		errs   []string
	}{
		"one cell":                {row("caf\xe9"), []string{"café"}, []string{"export: line 2" + notice}},
		"all cells":               {row("a") + row("caf\xe9") + row("\xfcber \x8cuvre: 3 \x80"), []string{"a", "café", "über Œuvre: 3 €"}, []string{"export: line 3" + notice}},
		"bullets":                 {row("\xdcber \x95\x95\x95\x95\x95"), []string{"Über •••••"}, []string{"export: line 2" + notice}},
		"two cut cells":           {row("🎈\xf0\x9f") + row("é\xc3"), []string{"🎈\uFFFD", "é\uFFFD"}, []string{damage("2"), damage("3")}},
		"one of several cells":    {row("é") + row("caf\xe9") + row("a"), []string{"é", "caf\uFFFD", "a"}, []string{damage("3")}},
		"cut before the others":   {row("caf\xc3") + row("é") + row("é") + row("caf\xc3"), []string{"cafÃ", "é", "é", "caf\uFFFD"}, []string{"export: line 2" + notice, damage("5")}},
		"Windows-1251":            {row("\xcd\xe8\xea\xee\xeb\xe0\xe9"), nil, []string{refused}},
		"Shift JIS":               {row("\x89\xd4\x8eq \x8eR\x93c\x81@"), nil, []string{refused}},
		"byte order mark, one":    {"\uFEFF" + row("caf\xe9"), []string{"caf\uFFFD"}, []string{damage("2")}},
		"byte order mark, two":    {"\uFEFF" + row("caf\xe9") + row("caf\xe9"), []string{"caf\uFFFD", "caf\uFFFD"}, []string{damage("2"), damage("3"), refused}},
		"byte order mark, twenty": {"\uFEFF" + many, cafes, append(damages, refused)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var abouts []string
			rows, hasMark := strings.CutPrefix(test.rows, "\uFEFF")
			file := "id,profile.about\n" + rows
			if hasMark {
				file = "\uFEFF" + file
			}
			contacts, errs := readAll(ReadCSV(strings.NewReader(file)))
			for _, c := range contacts {
				abouts = append(abouts, c.Profile.About)
			}
			require.Equal(t, test.abouts, abouts)
			require.Equal(t, test.errs, errs)
		})
	}

	file := "id,profile.about,caf\xe9\n" + row("caf\xe9,1") + strings.ReplaceAll(row("b"), "joe.4", "anna.7")
	testWriteCSV(t, file, Report{Read: 2, Written: 2, NotHeld: map[string]int{"extra.café": 1}}, "NOTE:café\r\n")

	file = "id,profile.about\n" + row("🎈\xf0\x9f") + strings.ReplaceAll(row("b"), "joe.4", "anna.7")
	testWriteCSV(t, file, Report{Read: 2, Written: 2, Damaged: 1, NotHeld: map[string]int{}}, "NOTE:🎈\uFFFD\r\n")
}

// testWriteCSV writes the contacts of a CSV file as vCards, and asserts the report and a line of the output.
func testWriteCSV(t *testing.T, file string, want Report, line string) {
	t.Helper()
	var out strings.Builder
	report, err := Write(&out, VCard3, ReadCSV(strings.NewReader(file)), Options{})
	require.NoError(t, err)
	require.Equal(t, want, report)
	require.Contains(t, out.String(), line)
}
