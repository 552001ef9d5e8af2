package export

import (
	"fmt"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestPageSummary(t *testing.T) {
	t.Parallel()
	in := func(countries ...skypecontacts.CountryCode) (p skypecontacts.Profile) {
		for _, country := range countries {
			p.Locations = append(p.Locations, skypecontacts.Location{Country: country})
		}
		return p
	}
	people := []*contact{
		{MRI: "8:a", Profile: in("GB", "GB")},
		{MRI: "8:b", Profile: in("GB", "JP")},
		{MRI: "8:c", Profile: in("JP", "DE", "FR", "US", "PL", "BR", "IT")},
		{MRI: "8:d", Profile: skypecontacts.Profile{Birthday: skypecontacts.Date{Year: 1987}, Emails: []string{"d@mail.example"}}},
		{MRI: "4:+442079460001"},
	}
	page := writeContacts(t, HTML, Options{}, people...)
	var statistics []string
	for _, node := range nodesOf(t, page, "dd") {
		if attributeOf(node.Parent.Parent, "class") == "statistics" {
			statistics = append(statistics, nodeText(node)+" "+nodeText(node.PrevSibling))
		}
	}
	require.Equal(t, []string{"1 20 % with a number", "1 20 % with mail", "3 60 % with a place", "1 20 % with a birthday"}, statistics)
	require.Equal(t, []string{"Brazil 1France 1Germany 1Italy 1"}, []string{strings.Join(strings.Split(textsOf(t, page, "ol")[0], "\n")[3:], "")})
	require.Contains(t, textsOf(t, page, "ol")[0], "Japan 2\nUnited Kingdom 2\n")
	require.Contains(t, page, "<p>and 2 more</p>")
	require.Contains(t, page, "<p>5 people, sorted by name</p>")
	require.NotContains(t, writeContacts(t, HTML, Options{}, people[:1]...), "Countries", "of one person there is nothing to sum up")
}

// A file that has another country in each row does not fill the memory.
func TestPageSummaryCountries(t *testing.T) {
	t.Parallel()
	summary := newPageSummary()
	for i := range 3 * maxCountries {
		card := newContactCard(&contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Locations: []skypecontacts.Location{
			{CountryName: fmt.Sprintf("country %d %s", i, strings.Repeat("x", 1000))}, {Country: "GB"},
		}}})
		summary.add(&card)
	}
	require.Len(t, summary.countries, maxCountries)
	require.Equal(t, 3*maxCountries, summary.countries["United Kingdom"])
	for country := range summary.countries {
		require.LessOrEqual(t, len(country), 64)
	}
}

// A person counts once for each country, however many places there are, of which the first 20
// count.
func TestPageSummaryPlaces(t *testing.T) {
	t.Parallel()
	profile := skypecontacts.Profile{}
	want := make(map[string]int)
	for i := range maxPlaces + 5 {
		name := fmt.Sprintf("country %d", i-i%2) // each in two places
		profile.Locations = append(profile.Locations, skypecontacts.Location{CountryName: name, City: fmt.Sprint(i)})
		if i < maxPlaces {
			want[name] = 1
		}
	}
	summary, card := newPageSummary(), newContactCard(&contact{MRI: "8:joe.4", Profile: profile})
	summary.add(&card)
	require.Equal(t, want, summary.countries)
}

func TestPercentText(t *testing.T) {
	t.Parallel()
	for want, share := range map[string][2]int{"0 %": {0, 9}, "100 %": {9, 9}, "33 %": {1, 3}, "67 %": {2, 3}, "<1 %": {1, 1000}, ">99 %": {999, 1000}} {
		require.Equal(t, want, percentText(share[0], share[1]))
	}
}
