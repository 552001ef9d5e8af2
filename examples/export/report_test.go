package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReport(t *testing.T) {
	t.Parallel()
	_, stderr, err := runExport(t.Context(), "-from", sampleFile, "-to", "google", "-no-blocked")
	require.NoError(t, err)
	assert.Equal(t, `8 read, 5 written
lost: the mood (-mood writes it into the notes) of 1 person
left out: 1 only suggested by Skype (-suggested includes it), 1 bot (-bots includes it), 1 blocked
also not in the file: since when they are contacts, the picture, the gender, how they became contacts
`, stderr)

	file := "type,id,shoe\nSkypeSuggested,daisy.5,\nSkypeSuggested,fred.2,\nSkype,joe.4,42\nSkypeOneWay,anna.7,\nSkype,JOE.4,\n,,\nSkype,jim.9,41\n"
	dir := newFolder(t, map[string]string{"contacts.csv": file})
	_, stderr, err = runExport(t.Context(), "-from", filepath.Join(dir, "contacts.csv"))
	require.NoError(t, err)
	assert.Equal(t, `7 read, 3 written
1 could not be read:
  line 7: the row has no id
lost: what no field is for: "shoe", of 2 people
left out: 2 only suggested by Skype (-suggested includes them), 1 there a second time
also not in the file: whether they agreed to be a contact
`, stderr)
}

// What a spreadsheet has done to a file is told with its lines, before anything else.
func TestReportOfDamage(t *testing.T) {
	t.Parallel()
	file := "type,id,display_name,phones[0].number,creation_time\n" +
		"Skype,joe.4,Joe,4.42079E+11,2020-01-02 03:04:05Z\nSkype,anna.7,Anna,\"4,42079E+11\",\nSkype,daisy.5,Daisy,4.42079E+11,yesterday\n"
	dir := newFolder(t, map[string]string{"contacts.csv": file})
	_, stderr, err := runExport(t.Context(), "-from", filepath.Join(dir, "contacts.csv"))
	require.NoError(t, err)
	lines := strings.Split(stderr, "\n")
	assert.Equal(t, []string{"3 read, 3 written", "3 written, but not all of it could be read; the first:"}, lines[:2])
	assert.Contains(t, lines[2], "  line 2: a spreadsheet has rounded")
	assert.Contains(t, lines[3], "  line 3: a spreadsheet has rounded")
	assert.Contains(t, lines[4], "lost: a cell that its column is not for of ")
}

// Names of a file are quoted, or not printed at all.
func TestReportNames(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{
		"saved.json": `{"contacts":[{"mri":"8:joe.4","shoe":1,"\u001b]0;owned\u0007":1,"profile":{"\u001b]0;owned\u0007":1,"8:anna.7":1,"size":1}}]}`,
		"saved.csv":  "id,\x1b[2Jowned,shoe,\u202eshoe\njoe.4,1,2,3\n",
	})
	for name, want := range map[string]string{
		"saved.json": "lost: what no field is for: \"shoe\", \"size\", of up to 1 person\nlost: other columns of 1 person\nlost: other parts of the profile of 1 person\n",
		"saved.csv":  "lost: what no field is for: \"shoe\", of 1 person\nlost: other columns of 1 person\n",
	} {
		_, stderr, err := runExport(t.Context(), "-from", filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, "1 read, 1 written\n"+want, stderr)
	}
}

// realFile returns a contacts.csv of the proportions of a large one that people have
// published: 4,600 rows, a quarter without surname, a third with labels in the display
// name, 3 % with a spaced number and 12 % with a national one, 31 % suggestions, 12 %
// one-way, and some bots, accounts of Skype for Business, telephone rows and rows of one
// person. The people are invented. It also returns how many rows have which type.
func realFile() (text string, types map[string]int) {
	const rows = 4600
	r := rand.New(rand.NewPCG(11, 4600))
	firsts := strings.Fields("Joe Anna Daisy Fred Jim Олег Žofie 花子 Zoë Ahmed")
	lasts := strings.Fields("Bloggs Cooper Five Adams Hope Петров Ćosić O'Neil Müller Haddad")
	labels := []string{"(work)", "- Leeds", "🎈", "gym", "Ltd.", "(old number)"}
	types = map[string]int{}
	var file strings.Builder
	file.WriteString("\uFEFFtype,id,display_name,blocked,favorite,profile.gender,profile.locations[0].country,profile.mood," +
		"profile.name.first,profile.name.surname,profile.phones[0].number,profile.phones[0].type,profile.skype_handle," +
		"sources,creation_time,phones[0].number,phones[0].type\r\n")
	for i := range rows {
		chance := func(percent int) bool { return r.IntN(100) < percent }
		kind, id := "Skype", fmt.Sprintf("live:person.%d", i)
		first, last := firsts[r.IntN(len(firsts))], lasts[r.IntN(len(lasts))]
		if chance(25) {
			last = ""
		}
		name := strings.TrimSpace(first + " " + last)
		if chance(33) {
			name += " " + labels[r.IntN(len(labels))]
		}
		var own, added string
		if chance(20) {
			own = fmt.Sprintf("4420794%05d", r.IntN(100_000))
		}
		switch n := r.IntN(100); {
		case n < 3:
			added = fmt.Sprintf("44 20 794%d %04d", r.IntN(10), r.IntN(10_000))
		case n < 15:
			added = fmt.Sprintf("020794%05d", r.IntN(100_000))
		case n < 25:
			added = fmt.Sprintf("4416149%05d", r.IntN(100_000))
		}
		switch n := r.IntN(1000); {
		case n < 314:
			kind = "SkypeSuggested"
		case n < 438:
			kind = "SkypeOneWay"
		case n < 440:
			kind, id = "Bot", fmt.Sprintf("bot-%d", i)
		case n < 441:
			kind, id = "SkypeForBusiness", fmt.Sprintf("person.%d@office.example", i)
		case n < 448:
			kind, id = "PhoneNumber", fmt.Sprintf("44207946%04d", i)
		case n < 451: // the same person again
			kind, id = "Repeated", "LIVE:person.0"
		}
		if i == 0 {
			kind, id = "Skype", "live:person.0"
		}
		types[kind]++
		fmt.Fprintf(&file, "%s,%s,%s,%s,False,%s,gb,%s,%s,%s,%s,mobile,%s,AcceptInvite,2017-11-12 00:44:00Z,%s,mobile\r\n",
			strings.Replace(kind, "Repeated", "Skype", 1), id, name, title(chance(2)), []string{"", "male", "female"}[r.IntN(3)],
			[]string{"", "", "Back on <b>Monday</b>"}[r.IntN(3)], first, last, own, id, added)
	}
	return file.String(), types
}

// title returns a boolean as contacts.csv has it.
func title(b bool) string {
	text := []rune(strconv.FormatBool(b))
	text[0] = unicode.ToUpper(text[0])
	return string(text)
}

// A file of real size and proportions is written whole, and the report is short, with
// sums that add up, in every format.
func TestRealFile(t *testing.T) {
	t.Parallel()
	text, types := realFile()
	in := filepath.Join(newFolder(t, map[string]string{"contacts.csv": text}), "contacts.csv")
	number := func(pattern, text string) int {
		found := regexp.MustCompile(pattern).FindStringSubmatch(text)
		if found == nil {
			return 0
		}
		n, err := strconv.Atoi(found[1])
		require.NoError(t, err)
		return n
	}
	for _, f := range convert.Formats {
		t.Run(string(f.Format), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			_, report, err := runExport(t.Context(), in, "-to", string(f.Format), "-o", filepath.Join(dir, "out"+f.Ending))
			require.NoError(t, err)
			assert.Less(t, strings.Count(report, "\n"), 15, report)
			assert.NotContains(t, report, "profile")
			assert.NotContains(t, report, "since when")
			written := number(`(\d+) written\n`, report)
			assert.Equal(t, 4600, number(`^(\d+) read`, report))
			assert.Equal(t, types["SkypeSuggested"], number(`(\d+) only suggested`, report))
			assert.Equal(t, types["Bot"], number(`(\d+) bot`, report))
			assert.Equal(t, types["Repeated"], number(`(\d+) there a second time`, report))
			assert.Equal(t, 4600, written+types["SkypeSuggested"]+types["Bot"]+types["Repeated"])
			entries := 0
			for _, text := range folderContent(t, dir) {
				switch f.Ending {
				case ".vcf":
					entries += strings.Count(text, "\r\nEND:VCARD\r\n")
				case ".csv":
					rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
					require.NoError(t, err)
					entries += len(rows) - 1
				case ".html":
					entries += strings.Count(text, "\n<li class=\"card\"")
				default:
					entries += strings.Count(text, "\n")
				}
			}
			if f.Ending == ".json" {
				entries -= 2 // the brackets
			}
			assert.Equal(t, written, entries)
		})
	}
}
