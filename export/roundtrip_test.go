package export

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// person is what another program understands of an entry.
type person struct {
	UID      string      `json:"uid"`
	Shown    string      `json:"shown"`
	First    string      `json:"first"`
	Last     string      `json:"last"`
	Nickname string      `json:"nickname"`
	Company  string      `json:"company"`
	Phones   [][2]string `json:"phones"` // type and number
	Birthday string      `json:"birthday"`
	Place    [2]string   `json:"place"` // city and country
	Skype    string      `json:"skype"`
	Chat     string      `json:"chat"`
	Homepage string      `json:"homepage"`
	Note     string      `json:"note"`
}

// people is what a program should understand of contacts that it reads in a
// format with the given names for the types of numbers.
func people(contacts []*contact, types map[skypecontacts.PhoneType]string) []person {
	var list []person
	for _, c := range contacts {
		p := &c.Profile
		e := person{
			UID: contactUID(c.MRI), Shown: c.FullName(), First: p.Name.First, Last: p.Name.Last, Nickname: p.Name.Nickname,
			Company: p.Name.Company, Phones: [][2]string{}, Birthday: p.Birthday.String(),
			Skype: c.MRI.ID(), Chat: "skype:" + c.MRI.ID(), Homepage: p.Homepage, Note: p.About,
		}
		if e.First+e.Last == "" && e.Shown != c.DisplayName { // a nickname is not divided
			e.First = e.Shown
		} else if e.First+e.Last == "" {
			e.First, e.Last = skypecontacts.SplitName(e.Shown)
		}
		for _, phone := range p.Phones {
			e.Phones = append(e.Phones, [2]string{types[phone.Type], phone.Number})
		}
		for _, place := range p.Locations {
			e.Place = [2]string{place.City, string(place.Country)}
		}
		list = append(list, e)
	}
	return list
}

var vcardTypes = map[skypecontacts.PhoneType]string{"mobile": "CELL", "work": "WORK", "home": "HOME"}

// convert makes a contacts.csv of the contacts and writes that in a format.
func convert(t *testing.T, contacts []*contact, format Format) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	report, err := Write(&out, format, ReadCSV(bytes.NewReader(contactsCSV(contacts))), Options{})
	require.NoError(t, err)
	require.Equal(t, len(contacts), report.Written)
	return &out
}

func TestRoundTripOfCSV(t *testing.T) {
	t.Parallel()
	want := generate()
	got, errs := read(ReadCSV(bytes.NewReader(contactsCSV(want))))
	require.Empty(t, errs)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, *want[i], got[i])
	}
}

func TestRoundTripOfJSONLines(t *testing.T) {
	t.Parallel()
	want := generate()
	got, errs := read(ReadJSONLines(convert(t, want, JSONLines)))
	require.Empty(t, errs)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, *want[i], got[i])
	}
}

func TestRoundTripOfVCardByGoVCard(t *testing.T) {
	t.Parallel()
	// This reader leaves escaped semicolons as they are.
	escape := func(s string) string { return strings.ReplaceAll(s, ";", `\;`) }
	contacts := generate()
	for _, format := range []Format{VCard3, VCard4} {
		cards := vcard.NewDecoder(convert(t, contacts, format))
		for i, want := range people(contacts, vcardTypes) {
			card, err := cards.Decode()
			require.NoError(t, err)
			got := map[string]string{}
			for name, fields := range card {
				for _, field := range fields {
					got[strings.TrimSuffix(name+" "+field.Params.Get("TYPE"), " ")] = field.Value
				}
			}
			expected := map[string]string{
				"VERSION": "3.0", "UID": want.UID, "FN": escape(want.Shown), "N": escape(want.Last) + ";" + escape(want.First) + ";;;",
				"X-SKYPE": want.Skype, "IMPP": want.Chat, "BDAY": want.Birthday,
				"NICKNAME": escape(want.Nickname), "ORG": escape(want.Company), "URL": want.Homepage, "NOTE": escape(want.Note),
			}
			if format == VCard4 {
				expected["VERSION"], expected["CREATED"] = "4.0", contacts[i].CreatedAt.Format("20060102T150405Z")
				expected["BDAY"] = strings.ReplaceAll(want.Birthday, "-", "")
				expected["GENDER"] = map[skypecontacts.Gender]string{"female": "F"}[contacts[i].Profile.Gender]
				require.Equal(t, want.Skype, card.Get("IMPP").Params.Get("USERNAME"))
			}
			if want.Place != [2]string{} {
				expected["ADR HOME"] = ";;;" + escape(want.Place[0]) + ";;;" + want.Place[1]
			}
			for _, phone := range want.Phones {
				expected["TEL "+phone[0]] = phone[1]
			}
			for name, value := range expected {
				if value == "" {
					delete(expected, name)
				}
			}
			require.Equal(t, expected, got)
		}
		_, err := cards.Decode()
		require.Equal(t, io.EOF, err)
	}
}

// Debian's python3-vobject is the library behind khard, Radicale and others.
func TestRoundTripOfVCardByVObject(t *testing.T) {
	t.Parallel()
	python := pythonWithVObject(t.Context())
	if python == "" {
		t.Skip("no Python with vobject here; it is in Debian's package python3-vobject")
	}
	contacts := generate()
	reader := exec.CommandContext(t.Context(), python, "testdata/read_vcards.py")
	reader.Stdin = convert(t, contacts, VCard3)
	var complaints strings.Builder
	reader.Stderr = &complaints
	output, err := reader.Output()
	require.NoError(t, err, complaints.String())
	lines := json.NewDecoder(bytes.NewReader(output))
	for _, want := range people(contacts, vcardTypes) {
		var got person
		require.NoError(t, lines.Decode(&got))
		require.Equal(t, want, got)
	}
	require.False(t, lines.More())
}

func pythonWithVObject(ctx context.Context) string {
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(ctx, python, "-c", "import vobject").Run() == nil {
			return python
		}
	}
	return ""
}

func TestRoundTripOfGoogleCSV(t *testing.T) {
	t.Parallel()
	contacts := generate()
	rows := sheetRows(t, convert(t, contacts, GoogleCSV))
	require.Len(t, rows, len(contacts))
	types := map[skypecontacts.PhoneType]string{"mobile": "Mobile", "work": "Work", "home": "Home"}
	for i, want := range people(contacts, types) {
		row := rows[i]
		got := person{
			UID: want.UID, Shown: cmp.Or(row["File As"], escapeFormula(joinName(want.First, want.Last))), First: row["First Name"], Last: row["Last Name"],
			Nickname: row["Nickname"], Company: row["Organization Name"], Phones: [][2]string{}, Birthday: row["Birthday"],
			Place: [2]string{row["Address 1 - City"], row["Address 1 - Country"]}, Skype: row["Custom Field 1 - Value"], Chat: want.Chat,
			Homepage: row["Website 1 - Value"], Note: row["Notes"],
		}
		for _, n := range []string{"1", "2", "3", "4"} {
			if row["Phone "+n+" - Label"] != "" {
				got.Phones = append(got.Phones, [2]string{row["Phone "+n+" - Label"], row["Phone "+n+" - Value"]})
			}
		}
		require.Equal(t, guarded(want), got)
		require.Equal(t, "Skype", row["Custom Field 1 - Label"])
	}
}

func TestRoundTripOfOutlookCSV(t *testing.T) {
	t.Parallel()
	contacts := generate()
	rows := sheetRows(t, convert(t, contacts, OutlookCSV))
	require.Len(t, rows, len(contacts))
	types := map[skypecontacts.PhoneType]string{"mobile": "Mobile Phone", "work": "Business Phone", "home": "Home Phone"}
	for i, want := range people(contacts, types) {
		row := rows[i]
		note := "Skype: " + want.Skype
		if want.Shown != joinName(want.First, want.Last) {
			note += "\nName in Skype: " + want.Shown
		}
		if want.Nickname != "" {
			note += "\nNickname: " + want.Nickname
		}
		if want.Note != "" {
			note = want.Note + "\n\n" + note
		}
		want.Shown, want.Nickname, want.Note = "", "", note
		got := person{
			UID: want.UID, First: row["First Name"], Last: row["Last Name"], Company: row["Company"], Phones: [][2]string{},
			Birthday: row["Birthday"], Place: [2]string{row["Home City"], row["Home Country/Region"]}, Skype: want.Skype, Chat: want.Chat,
			Homepage: row["Web Page"], Note: row["Notes"],
		}
		for _, column := range []string{"Mobile Phone", "Business Phone", "Home Phone"} {
			if row[column] != "" {
				got.Phones = append(got.Phones, [2]string{column, row[column]})
			}
		}
		require.Equal(t, guarded(want), got)
	}
}

// guarded is a person as a CSV file shows it.
func guarded(p person) person {
	for _, text := range []*string{&p.Shown, &p.First, &p.Last, &p.Nickname, &p.Company, &p.Place[0], &p.Note} {
		*text = escapeFormula(*text)
	}
	return p
}

func sheetRows(t *testing.T, file io.Reader) []map[string]string {
	t.Helper()
	cells, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	cells[0][0] = strings.TrimPrefix(cells[0][0], "\uFEFF")
	var rows []map[string]string
	for _, row := range cells[1:] {
		named := map[string]string{}
		for i, cell := range row {
			named[cells[0][i]] = cell
		}
		rows = append(rows, named)
	}
	return rows
}

func TestRoundTripOfJSContact(t *testing.T) {
	t.Parallel()
	contacts := generate()
	file := convert(t, contacts, JSContact).Bytes()
	var cards []map[string]any
	require.NoError(t, json.Unmarshal(file, &cards))
	require.Len(t, cards, len(contacts))
	for i, want := range people(contacts, map[skypecontacts.PhoneType]string{"mobile": "mobile", "work": "work", "home": "private"}) {
		checkCard(t, cards[i])
		require.Equal(t, want, readCard(cards[i]))
		require.Equal(t, contacts[i].CreatedAt.Format("2006-01-02T15:04:05Z"), cards[i]["created"])
	}
}

// mandatory are the members that RFC 9553 insists on, by the property whose
// objects have them.
var mandatory = map[string][]string{
	"nicknames": {"name"}, "phones": {"number"}, "emails": {"address"}, "links": {"uri"}, "notes": {"note"},
	"anniversaries": {"kind", "date"}, "preferredLanguages": {"language"}, "media": {"kind", "uri"}, "titles": {"name"},
	"organizations": {"name"}, "onlineServices": {"uri"}, "addresses": {},
}

var (
	jsUID = regexp.MustCompile(`^urn:uuid:[0-9a-f-]{36}$`)
	jsID  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
)

// checkCard holds a card to the structure that RFC 9553 gives it.
func checkCard(t *testing.T, card map[string]any) {
	t.Helper()
	assert.Equal(t, "Card", card["@type"])
	assert.Equal(t, "1.0", card["version"])
	assert.Regexp(t, jsUID, card["uid"])
	for property, value := range card {
		members, isMap := mandatory[property]
		if !isMap {
			assert.Contains(t, []string{"@type", "version", "uid", "created", "kind", "name"}, property)
			continue
		}
		assert.NotEmpty(t, value)
		for key, item := range value.(map[string]any) {
			assert.Regexp(t, jsID, key)
			for _, member := range members {
				assert.NotEmpty(t, item.(map[string]any)[member], property)
			}
		}
	}
	for _, holder := range append([]any{card["name"]}, items(card["addresses"])...) {
		components, _ := holder.(map[string]any)["components"].([]any)
		for _, component := range components {
			assert.NotEmpty(t, component.(map[string]any)["kind"])
			assert.NotEmpty(t, component.(map[string]any)["value"])
		}
	}
}

// items are the values of a map with the keys "1", "2" and so on, or of one item.
func items(m any) (list []any) {
	all, _ := m.(map[string]any)
	for _, key := range []string{"1", "2", "3", "skype", "birthday"} {
		if item, is := all[key]; is {
			list = append(list, item)
		}
	}
	return list
}

func readCard(card map[string]any) person {
	member := func(property, name string) string {
		for _, item := range items(card[property]) {
			value, _ := item.(map[string]any)[name].(string)
			return value
		}
		return ""
	}
	name := card["name"].(map[string]any)
	p := person{
		UID: card["uid"].(string), Shown: name["full"].(string), Nickname: member("nicknames", "name"), Company: member("organizations", "name"),
		Phones: [][2]string{}, Skype: member("onlineServices", "user"), Chat: member("onlineServices", "uri"),
		Homepage: member("links", "uri"), Note: member("notes", "note"),
	}
	for _, component := range name["components"].([]any) {
		switch value := component.(map[string]any)["value"].(string); component.(map[string]any)["kind"] {
		case "given":
			p.First = value
		case "surname":
			p.Last = value
		}
	}
	for _, item := range items(card["phones"]) {
		phone := item.(map[string]any)
		for _, set := range []string{"features", "contexts"} {
			kinds, _ := phone[set].(map[string]any)
			for kind := range kinds {
				p.Phones = append(p.Phones, [2]string{kind, phone["number"].(string)})
			}
		}
	}
	for _, item := range items(card["anniversaries"]) {
		date := item.(map[string]any)["date"].(map[string]any)
		day := skypecontacts.Date{Year: int(date["year"].(float64)), Day: int(date["day"].(float64))}
		for range int(date["month"].(float64)) {
			day.Month++
		}
		p.Birthday = day.String()
	}
	for _, item := range items(card["addresses"]) {
		place := item.(map[string]any)
		p.Place[1], _ = place["countryCode"].(string)
		for _, component := range place["components"].([]any) {
			p.Place[0] = component.(map[string]any)["value"].(string)
		}
	}
	return p
}
