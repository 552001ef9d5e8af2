package export

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// writeLeftOut writes the end of the page: who and what is not on it, and why.
func writeLeftOut(page *markup, out *formatOutput) {
	page.own("\n<footer>\n<section id=\"left-out\"><h2>What is not on this page</h2>")
	items := leftOutItems(out)
	if len(items) == 0 {
		page.own("<p>Nothing of use is missing: everybody in the list is here.</p>")
	} else {
		page.own("<ul>")
		for _, item := range items {
			item.write(page)
		}
		page.own("</ul>")
	}
	if hasTechnicalLoss(out.report.NotHeld) {
		page.own("<p>Details that serve Skype itself, such as certificates, are not shown either.</p>")
	}
	page.own("</section>\n<p class=\"about-page\">This page is one file. It loads nothing and sends nothing, and whoever gets it can read " +
		"all of it. Made with skypecontacts.</p>\n</footer>")
}

// leftOutItem is one line of the end of the page.
type leftOutItem struct {
	text    string
	details []string
}

func (i leftOutItem) write(page *markup) {
	page.own("\n<li>")
	page.isolated(i.text)
	if len(i.details) > 0 {
		page.own("<ul>")
		for _, detail := range i.details {
			page.own("<li>")
			page.isolated(detail)
			page.own("</li>")
		}
		page.own("</ul>")
	}
	page.own("</li>")
}

// leftOutItems returns a line for each reason why an entry or a field is not in the page.
func leftOutItems(out *formatOutput) (items []leftOutItem) {
	r := out.report
	for _, left := range []struct {
		count     int
		one, many string
		reasons   []string
	}{
		{r.Suggested, "person whom Skype only suggested", "people whom Skype only suggested", nil},
		{r.Bots, "bot", "bots", nil},
		{r.Blocked, "blocked person", "blocked people", nil},
		{r.Repeated, "entry for somebody who is here already", "entries for people who are here already", nil},
		{r.Unreadable, "entry that could not be read", "entries that could not be read", out.unreadable},
		{r.Damaged, "person is here, but a part of the entry could not be read", "people are here, but a part of their entries could not be read", out.damaged},
	} {
		switch {
		case left.count == 1:
			items = append(items, leftOutItem{"1 " + left.one, left.reasons})
		case left.count > 1:
			items = append(items, leftOutItem{countText(left.count) + " " + left.many, detailTexts(left.reasons, left.count)})
		}
	}
	for _, loss := range personalLosses {
		if count := r.NotHeld[loss.field]; count > 0 {
			items = append(items, leftOutItem{loss.text + " of " + peopleText(count), nil})
		}
	}
	if columns := lostColumns(r.NotHeld); len(columns) > 0 {
		items = append(items, leftOutItem{"Parts of the list that the page has no place for: " + strings.Join(columns, ", "), nil})
	}
	return items
}

// detailTexts returns the reasons of entries, and how many entries have none of them.
func detailTexts(reasons []string, count int) []string {
	if more := count - len(reasons); more > 0 && len(reasons) > 0 {
		return append(slices.Clip(reasons), "and "+countText(more)+" more")
	}
	return reasons
}

// personalLosses has the words for the fields that a person may miss in the page. All others
// are of use to Skype only.
var personalLosses = []struct{ field, text string }{
	{"profile.avatar_url", "The picture"},
	{"profile.mood", "The mood"},
}

// hasTechnicalLoss reports whether a field is lost that is of use to Skype only.
func hasTechnicalLoss(notHeld map[string]int) bool {
	for field := range notHeld {
		isPersonal := slices.ContainsFunc(personalLosses, func(l struct{ field, text string }) bool { return l.field == field })
		if !isPersonal && !isColumn(field) {
			return true
		}
	}
	return false
}

// isColumn reports whether a field is a column or member that no field of a contact is for.
func isColumn(field string) bool {
	return field == "extra" || field == "profile.extra" || strings.HasPrefix(field, "extra.") || strings.HasPrefix(field, "profile.extra.")
}

// shownColumns is the number of columns that the page names.
const shownColumns = 12

// lostColumns returns the names of columns that no field is for, those of most people first.
func lostColumns(notHeld map[string]int) (names []string) {
	unnamed := false
	for _, field := range slices.SortedFunc(maps.Keys(notHeld), func(a, b string) int {
		return cmp.Or(cmp.Compare(notHeld[b], notHeld[a]), strings.Compare(a, b))
	}) {
		switch name := strings.TrimPrefix(strings.TrimPrefix(field, "profile."), "extra."); {
		case !isColumn(field):
		case name == "extra":
			unnamed = true
		default:
			names = append(names, `“`+name+`”`)
		}
	}
	if more := len(names) - shownColumns; more > 0 {
		names = append(names[:shownColumns], "and "+countText(more)+" more")
	} else if unnamed {
		names = append(names, "others")
	}
	return names
}
