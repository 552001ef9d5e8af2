package skypetest

import (
	"fmt"
	"net/http"
	"slices"
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
	entryJSON := func(r *versionedRow[contactEntry]) objectMembers { return x.core.state.contactV1(x.self, &r.value) }
	rows, _ := rowsIn(&x.self.contacts, listView{since: -1})
	if matches != nil {
		rows = slices.DeleteFunc(rows, func(r *versionedRow[contactEntry]) bool { return !matches(entryJSON(r)) })
	}
	list := entryList[contactEntry]{rows, entryJSON}
	r := jsonResponse(http.StatusOK, jsonObject{"contacts": list, "count": len(rows), "scope": "full"})
	return x.withETag(r, x.self.version)
}

// parseFilter parses a filter such as "type eq 'skype' or type eq 'agent'" and
// returns a predicate for contacts. The operator "and" binds more closely than
// "or". The predicate for an empty filter is nil.
func parseFilter(text string) (matches func(objectMembers) bool, ok bool) {
	if text == "" {
		return nil, true
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
	return func(o objectMembers) bool {
		for _, terms := range alternatives {
			all := true
			for _, t := range terms {
				value := o.get(t.name)
				if value == nil {
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
