package export

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// pageTitle is the title of the page and its first heading.
const pageTitle = "Skype contacts"

// pageSummary counts what the top of the page says of all people.
type pageSummary struct {
	people    int
	facts     [cardFactCount]int
	countries map[string]int
}

// Limits of a summary.
const (
	maxCountries   = 1000 // that are counted; a broken file may have another one in each row
	shownCountries = 6
)

func newPageSummary() pageSummary { return pageSummary{countries: make(map[string]int)} }

// add counts a person, once for each country.
func (s *pageSummary) add(card *contactCard) {
	s.people++
	for fact, is := range card.facts {
		if is {
			s.facts[fact]++
		}
	}
	for i, location := range card.locations {
		country := pageCountry(countryText(location))
		isCounted := slices.ContainsFunc(card.locations[:min(i, shownCountries)], func(other skypecontacts.Location) bool {
			return pageCountry(countryText(other)) == country
		})
		if _, known := s.countries[country]; country != "" && !isCounted && (known || len(s.countries) < maxCountries) {
			s.countries[country]++
		}
	}
}

// pageCountry returns the name of a country as it is counted.
func pageCountry(name string) string { return previewText(strings.TrimSpace(pageText(name)), 60) }

// write writes the top of the page.
func (s *pageSummary) write(page *markup) {
	page.line()
	page.open("header", attribute{"class", "top"})
	page.line()
	page.open("div", attribute{"class", "title"})
	writeBookIcon(page)
	page.open("div")
	page.element("h1", pageTitle)
	page.element("p", peopleText(s.people)+", sorted by name")
	page.close("div")
	page.close("div")
	if s.people > 1 {
		s.writeStatistics(page)
		s.writeCountries(page)
	}
	page.line()
	page.close("header")
}

// writeBookIcon writes the drawing of an address book, which is for the eye only.
func writeBookIcon(page *markup) {
	page.open("svg", attribute{"class", "book"}, attribute{"viewBox", "0 0 48 48"}, attribute{"width", "48"}, attribute{"height", "48"}, attribute{"aria-hidden", "true"})
	for _, shape := range []struct {
		name       elementName
		attributes []attribute
	}{
		{"rect", []attribute{{"class", "cover"}, {"x", "8"}, {"y", "3"}, {"width", "34"}, {"height", "42"}, {"rx", "5"}}},
		{"path", []attribute{{"class", "rings"}, {"d", "M4 13h8M4 24h8M4 35h8"}}},
		{"circle", []attribute{{"class", "person"}, {"cx", "26"}, {"cy", "19"}, {"r", "6"}}},
		{"path", []attribute{{"class", "person"}, {"d", "M15 37a11 10 0 0 1 22 0z"}}},
	} {
		page.open(shape.name, shape.attributes...)
		page.close(shape.name)
	}
	page.close("svg")
}

// writeStatistics writes how many people have what.
func (s *pageSummary) writeStatistics(page *markup) {
	page.line()
	page.element("h2", "Summary", attribute{"class", "unseen"})
	page.open("dl", attribute{"class", "statistics"})
	for _, item := range []struct {
		label string
		fact  cardFact
	}{{"with a number", hasNumber}, {"with mail", hasMail}, {"with a place", hasPlace}, {"with a birthday", hasBirthday}} {
		count := s.facts[item.fact]
		page.line()
		page.open("div")
		page.element("dt", item.label)
		page.open("dd")
		page.element("b", countText(count))
		page.element("span", " "+percentText(count, s.people), attribute{"class", "share"})
		writeBar(page, count, s.people)
		page.close("dd")
		page.close("div")
	}
	page.close("dl")
}

// writeCountries writes the countries with most people.
func (s *pageSummary) writeCountries(page *markup) {
	countries := slices.SortedFunc(maps.Keys(s.countries), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.countries[b], s.countries[a]), strings.Compare(a, b))
	})
	if len(countries) == 0 {
		return
	}
	page.line()
	page.open("div", attribute{"class", "countries"})
	page.element("h2", "Countries")
	page.open("ol")
	for _, country := range countries[:min(len(countries), shownCountries)] {
		page.line()
		page.open("li")
		page.isolated(country)
		page.element("span", " "+countText(s.countries[country]), attribute{"class", "number"})
		writeBar(page, s.countries[country], s.countries[countries[0]])
		page.close("li")
	}
	page.close("ol")
	if more := len(countries) - shownCountries; more > 0 {
		page.element("p", "and "+countText(more)+" more")
	}
	page.close("div")
}

// writeBar draws a share. The text beside it says the same.
func writeBar(page *markup, part, whole int) {
	page.open("svg", attribute{"class", "bar-chart"}, attribute{"viewBox", "0 0 100 6"}, attribute{"preserveAspectRatio", "none"}, attribute{"aria-hidden", "true"})
	for _, bar := range []struct {
		class string
		width int
	}{{"whole", 100}, {"part", part * 100 / max(whole, 1)}} {
		page.open("rect", attribute{"class", bar.class}, attribute{"width", strconv.Itoa(bar.width)}, attribute{"height", "6"})
		page.close("rect")
	}
	page.close("svg")
}

// percentText returns a share in percent. It is 0 or 100 only if that is exact.
func percentText(part, whole int) string {
	percent := (part*200 + whole) / (whole * 2)
	switch {
	case part > 0 && percent == 0:
		return "<1 %"
	case part < whole && percent == 100:
		return ">99 %"
	default:
		return strconv.Itoa(percent) + " %"
	}
}
