package export

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// pageTitle is the title of the page and its first heading.
const pageTitle ownMarkup = "Skype contacts"

// pageSummary counts what the top of the page says of all people.
type pageSummary struct {
	people    int
	facts     [cardFactCount]int
	countries map[string]int
}

// Limits of a summary.
const (
	maxCountries   = 1000 // that are counted; a broken file may have another one in each row
	maxPlaces      = 20   // of one person whose countries are counted
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
	counted := make([]string, 0, maxPlaces)
	for _, location := range card.locations[:min(len(card.locations), maxPlaces)] {
		country := pageCountry(countryText(location))
		if country == "" || slices.Contains(counted, country) {
			continue
		}
		counted = append(counted, country)
		if _, known := s.countries[country]; known || len(s.countries) < maxCountries {
			s.countries[country]++
		}
	}
}

// pageCountry returns the name of a country as it is counted.
func pageCountry(name string) string { return previewText(strings.TrimSpace(pageText(name)), 60) }

// write writes the top of the page.
func (s *pageSummary) write(page *markup) {
	page.own("\n<header class=\"top\">\n<div class=\"title\">" + bookIcon + "<div><h1>" + pageTitle + "</h1>")
	page.around("<p>", peopleText(s.people), ", sorted by name</p></div></div>")
	if s.people > 1 {
		s.writeStatistics(page)
		s.writeCountries(page)
	}
	page.own("\n</header>")
}

// bookIcon is the drawing of an address book, which is for the eye only.
const bookIcon ownMarkup = `<svg class="book" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">` +
	`<rect class="cover" x="8" y="3" width="34" height="42" rx="5"></rect><path class="rings" d="M4 13h8M4 24h8M4 35h8"></path>` +
	`<circle class="person" cx="26" cy="19" r="6"></circle><path class="person" d="M15 37a11 10 0 0 1 22 0z"></path></svg>`

// writeStatistics writes how many people have what.
func (s *pageSummary) writeStatistics(page *markup) {
	page.own("\n<h2 class=\"unseen\">Summary</h2><dl class=\"statistics\">")
	s.writeShare(page, "with a number", s.facts[hasNumber])
	s.writeShare(page, "with mail", s.facts[hasMail])
	s.writeShare(page, "with a place", s.facts[hasPlace])
	s.writeShare(page, "with a birthday", s.facts[hasBirthday])
	page.own("</dl>")
}

func (s *pageSummary) writeShare(page *markup, label string, count int) {
	page.around("\n<div><dt>", label, "</dt><dd>")
	page.around("<b>", countText(count), "</b>")
	page.around(`<span class="share"> `, percentText(count, s.people), "</span>")
	writeBar(page, count, s.people)
	page.own("</dd></div>")
}

// writeCountries writes the countries with most people.
func (s *pageSummary) writeCountries(page *markup) {
	countries := slices.SortedFunc(maps.Keys(s.countries), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.countries[b], s.countries[a]), strings.Compare(a, b))
	})
	if len(countries) == 0 {
		return
	}
	page.own("\n<div class=\"countries\"><h2>Countries</h2><ol>")
	for _, country := range countries[:min(len(countries), shownCountries)] {
		count := s.countries[country]
		page.own("\n<li>")
		page.isolated(country)
		page.around(`<span class="number"> `, countText(count), "</span>")
		writeBar(page, count, s.countries[countries[0]])
		page.own("</li>")
	}
	page.own("</ol>")
	if more := len(countries) - shownCountries; more > 0 {
		page.around("<p>and ", countText(more), " more</p>")
	}
	page.own("</div>")
}

// writeBar draws a share. The text beside it says the same.
func writeBar(page *markup, part, whole int) {
	page.own(`<svg class="bar-chart" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="100" height="6"></rect>`)
	page.around(`<rect class="part" width="`, strconv.Itoa(part*100/max(whole, 1)), `" height="6"></rect></svg>`)
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
