package export

import (
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// cardRows returns the lines of the only card of a page, as "label: text -> target".
func cardRows(t *testing.T, c *contact, opts Options) (rows []string) {
	t.Helper()
	page := writeContacts(t, HTML, opts, c)
	requireSafePage(t, page)
	for _, node := range nodesOf(t, page, "dd") {
		if attributeOf(node.Parent.Parent, "class") == "statistics" {
			continue
		}
		row := nodeText(node.PrevSibling) + ": " + nodeText(node)
		for inner := range node.Descendants() {
			if inner.Type == html.ElementNode && inner.Data == "a" {
				row += " -> " + attributeOf(inner, "href")
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestCard(t *testing.T) {
	t.Parallel()
	everything := fullContact()
	everything.Profile.Homepage = "home.example"
	everything.Profile.Mood = skypecontacts.Mood{Rich: "a <b>mood</b>"}
	tests := map[string]struct {
		contact *contact
		opts    Options
		want    []string
	}{
		"everything": {everything, Options{Bots: true, Mood: true}, []string{
			"Nickname: nick-name", "Own name: first-name last-name", "Own display name: Profile Display", "Title: title-name", "Company: company-name", "Job: job-title",
			"Skype: mri -> skype:mri?chat", "Mobile: +44mobile", "Home phone: +44home", "Work phone: +44work", "Phone: +44other",
			"Mail: one@mail.example -> mailto:one@mail.example", "Mail: two@mail.example -> mailto:two@mail.example",
			"Home: city-home, state-home, country-home", "Work: city-work, United Kingdom", "Homepage: home.example -> https://home.example",
			"Birthday: 2 January 1987", "Age: 97531", "Gender: gender-text", "Language: lang-tag", "About: about-text", "Mood: a <b>mood</b>", "Added: 3 February 2011",
		}},
		"nothing": {&contact{MRI: "8:joe.4"}, Options{}, []string{"Skype: joe.4 -> skype:joe.4?chat"}},
		"no mood": {&contact{MRI: "4:+442079460001", Profile: skypecontacts.Profile{Mood: skypecontacts.Mood{Plain: "at sea"}}}, Options{}, []string{
			"Phone: +442079460001 -> tel:+442079460001",
		}},
		"bot":      {&contact{MRI: "28:echo"}, Options{Bots: true}, []string{"Skype: 28:echo -> skype:28:echo?chat"}},
		"business": {&contact{MRI: "2:joe@office.example"}, Options{}, []string{"Skype for Business: joe@office.example", "Mail: joe@office.example -> mailto:joe@office.example"}},
		"other":    {&contact{MRI: "48:calls"}, Options{}, []string{"Skype: 48:calls"}},
		"renamed": {&contact{MRI: "8:joe.4", DisplayName: "Dad", Profile: skypecontacts.Profile{DisplayName: "JOE  bloggs", Name: skypecontacts.Name{First: "Joe", Last: "Bloggs"}}}, Options{}, []string{
			"Own name: Joe Bloggs", "Skype: joe.4 -> skype:joe.4?chat",
		}},
		"types": {&contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
			Phones:    []skypecontacts.Phone{{Number: "+44 (20) 7946-0001", Type: phoneFax}, {Number: "+442079460002", Type: phonePager}, {Number: "call me", Type: "satellite"}},
			Locations: []skypecontacts.Location{{Type: "boat", City: "Leeds"}, {Type: "other", Country: "JP"}},
			Gender:    "female", Language: "en",
		}}, Options{}, []string{
			"Skype: joe.4 -> skype:joe.4?chat", "Fax: +44 (20) 7946-0001 -> tel:+442079460001", "Pager: +442079460002 -> tel:+442079460002", "Phone: call me satellite",
			"Place: Leeds boat", "Place: Japan", "Gender: Female", "Language: English",
		}},
		"male": {&contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Gender: "male"}}, Options{}, []string{"Skype: joe.4 -> skype:joe.4?chat", "Gender: Male"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, cardRows(t, test.contact, test.opts))
		})
	}
}

func TestCardFlags(t *testing.T) {
	t.Parallel()
	page := writeContacts(t, HTML, Options{Bots: true}, fullContact())
	var flags []string
	for _, node := range nodesOf(t, page, "li") {
		if hasClass(node, "flag") {
			flags = append(flags, nodeText(node))
		}
	}
	require.Equal(t, []string{"Favorite", "Blocked", "Suggested by Skype", "Bot"}, flags)
	require.NotContains(t, writeContacts(t, HTML, Options{}, &contact{MRI: "8:joe.4"}), `class="flags"`)
}

// A name of which nothing can be seen is replaced.
func TestShownName(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]*contact{
		"Joe Bloggs": {MRI: "8:joe.4", DisplayName: " Joe\n Bloggs\u202e "},
		"joe.4":      {MRI: "8:joe.4", DisplayName: "\u3164\u200b"},
		"(no name)":  {MRI: "8:\u200b"},
	} {
		require.Equal(t, want, shownName(c))
	}
}

func TestCardInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Joe Bloggs": "JB", "joe": "J", "Joe van der Bloggs": "JB", "Joe Bloggs (work)": "JB", "(work)": "W", "élodie Été": "ÉÉ", "🎈 Joe": "J", "Joe 🎈": "J", "4 2": "#", "": "#",
		"日本 花子": "日", "عمر Joe": "ع", "Joe 王": "J", "4 王": "王", "𝓐nna ａ": "AA", "Жан жук": "ЖЖ",
	} {
		require.Equal(t, want, cardInitials(name), name)
	}
}

// A text that would fill the screen is collapsed, and complete.
func TestCardLongTexts(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat("a\n", 9) + "b"
	long := strings.Repeat("x", 1234)
	c := &contact{MRI: "8:joe.4", DisplayName: long, Profile: skypecontacts.Profile{About: lines, JobTitle: strings.Repeat("界", 90)}}
	page := writeContacts(t, HTML, Options{}, c)
	requireTexts(t, page, long, lines, c.Profile.JobTitle)
	require.Equal(t, []string{strings.Repeat("x", 100) + "…"}, textsOf(t, page, "h3"))
	require.Equal(t, []string{strings.Repeat("x", 120) + "… 1,234 characters", "a\na… 19 characters"}, textsOf(t, page, "summary"))
	require.Len(t, nodesOf(t, page, "details"), 2)
}

// A type or country that is no such thing is cut.
func TestCardLongTypes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1234)
	require.Equal(t, []string{"Skype: joe.4 -> skype:joe.4?chat", "Phone: +44 " + long[:120] + "…", "Place: " + long[:120] + "… " + long[:120] + "…"}, cardRows(t, &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Phones:    []skypecontacts.Phone{{Number: "+44", Type: skypecontacts.PhoneType(long)}},
		Locations: []skypecontacts.Location{{Type: long, Country: "GB", CountryName: long}},
	}}, Options{}))
}

func TestPreviewText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abcd…", "a\nb\nc": "a\nb…", "ééééé": "éééé…", "abc de": "abc…"} {
		require.Equal(t, want, previewText(text, 4))
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	for want, date := range map[string]skypecontacts.Date{
		"":               {},
		"2 January 1987": {Year: 1987, Month: time.January, Day: 2},
		"1987":           {Year: 1987},
		"January":        {Month: time.January},
		"2 January":      {Month: time.January, Day: 2},
		"January 1987":   {Year: 1987, Month: time.January},
		"1987-13-02":     {Year: 1987, Month: 13, Day: 2},
		"1987-01-32":     {Year: 1987, Month: 1, Day: 32},
	} {
		require.Equal(t, want, dateText(date))
	}
	require.Equal(t, "-001-01-00", dateText(skypecontacts.Date{Year: -1, Month: 1}))
}
