package skypetest

import (
	"fmt"
	"net/http"
	"strings"
)

// legacyListContacts has an ETag (recording of 2016) of the same kind as the second
// version's lists.
func (x *exchange) legacyListContacts() *bufferedResponse {
	matches, ok := parseFilter(x.queryValue("$filter"))
	if !ok {
		return x.errorResponse(http.StatusBadRequest, "The filter is not valid")
	}
	if known := x.knownVersion(); known == x.self.version {
		return x.withETag(emptyResponse(http.StatusNotModified), known)
	}
	list := []jsonObject{}
	for _, r := range x.self.contacts.rows {
		if r.removed {
			continue
		}
		if o := x.core.state.contactV1(x.self, &r.value); matches(o) {
			list = append(list, o)
		}
	}
	r := jsonResponse(http.StatusOK, jsonObject{"contacts": list, "count": len(list), "scope": "full"})
	return x.withETag(r, x.self.version)
}

// parseFilter parses a filter such as "type eq 'skype' or type eq 'agent'" and
// returns a predicate for contacts. The operator "and" binds more closely than
// "or". An empty filter matches every contact.
func parseFilter(text string) (matches func(jsonObject) bool, ok bool) {
	if text == "" {
		return func(jsonObject) bool { return true }, true
	}
	type term struct{ name, value string }
	var alternatives [][]term
	for alternative := range strings.SplitSeq(text, " or ") {
		var terms []term
		for t := range strings.SplitSeq(alternative, " and ") {
			name, value, ok := strings.Cut(strings.TrimSpace(t), " eq ")
			if !ok {
				return nil, false
			}
			terms = append(terms, term{name, strings.Trim(value, "'")})
		}
		alternatives = append(alternatives, terms)
	}
	return func(o jsonObject) bool {
		for _, terms := range alternatives {
			all := true
			for _, t := range terms {
				value, known := o[t.name]
				if !known || value == nil {
					value = false
				}
				all = all && equalFoldASCII(fmt.Sprint(value), t.value)
			}
			if all {
				return true
			}
		}
		return false
	}, true
}
