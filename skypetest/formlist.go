package skypetest

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// formPair is a name and a value of a form.
type formPair struct{ name, value string }

// parseForm returns the pairs of a form in their order. A part that is not escaped
// correctly is taken as it is: some clients escape neither brackets nor values.
func parseForm(body string) (pairs []formPair) {
	unescape := func(s string) string {
		if unescaped, err := url.QueryUnescape(s); err == nil {
			return unescaped
		}
		return s
	}
	for part := range strings.SplitSeq(strings.TrimSpace(body), "&") { // one client begins with an ampersand
		if name, value, _ := strings.Cut(part, "="); name != "" {
			pairs = append(pairs, formPair{unescape(name), unescape(value)})
		}
	}
	return pairs
}

// formList returns the values of a list in a form. Clients write it as name=a,
// name[]=a or name[0]=a (the request library of skype-http and of the recording of
// 2016). Values with an index are in its order, whatever indexes are missing, and
// before the others. A list of one empty value is empty.
func formList(body, name string) []string {
	type item struct{ index, value string }
	var indexed []item
	var others, list []string
	for _, pair := range parseForm(body) {
		given, brackets, found := strings.Cut(pair.name, "[")
		index, closed := strings.CutSuffix(brackets, "]")
		switch {
		case !equalFoldASCII(given, name), found && !closed, strings.Trim(index, "0123456789") != "":
		case index == "":
			others = append(others, pair.value)
		default:
			indexed = append(indexed, item{strings.TrimLeft(index, "0"), pair.value})
		}
	}
	slices.SortStableFunc(indexed, func(a, b item) int {
		// Numbers without leading zeros, of any size.
		return cmp.Or(cmp.Compare(len(a.index), len(b.index)), cmp.Compare(a.index, b.index))
	})
	for _, i := range indexed {
		list = append(list, i.value)
	}
	if list = append(list, others...); len(list) == 1 && list[0] == "" {
		return nil
	}
	return list
}
