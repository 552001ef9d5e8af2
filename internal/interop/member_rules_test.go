package interop

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// memberRules is the members of a JSON document that a client reads, each with the rule of
// what the client accepts there.
//
// A path is names with dots between them. "list[]" is each element of a list, "list[0]" the
// first, "list[mri=8:joe.4]" those with that member, which may be a path itself, and
// "object[8:joe.4]" a member with a dot in its name. A path may begin with "[]".
//
// A rule is one of the words of matchesWord, or several with " or " between them. It may
// begin with "optional ", for a member that may be absent. "absent" is for one that must be.
// A member of an object or list that is absent, null or empty is not looked for if that has
// a rule of its own.
type memberRules map[string]string

// ruleViolation is a member that a client cannot read.
type ruleViolation struct{ path, text string }

func (v ruleViolation) String() string { return v.path + ": " + v.text }

// check returns the members of a document that break a rule, sorted by path.
func (r memberRules) check(document any) (violations []ruleViolation) {
	for _, path := range slices.Sorted(maps.Keys(r)) {
		violations = append(violations, r.follow(document, true, path, "", "")...)
	}
	return violations
}

// follow checks the rule of the pattern done+left against a value, which is at the path at.
func (r memberRules) follow(value any, present bool, left, done, at string) (violations []ruleViolation) {
	if left == "" {
		if text := explainViolation(r[done], value, present); text != "" {
			return []ruleViolation{{at, text}}
		}
		return nil
	}
	step, rest := cutStep(left)
	_, optional := r[done]
	wantsAbsence := r[done+left] == "absent"
	if !present || value == nil {
		if optional || wantsAbsence {
			return nil
		}
		return []ruleViolation{{at, "absent or null"}}
	}
	object, isObject := value.(map[string]any)
	if name, ok := strings.CutPrefix(step, "["); ok && !isObject {
		list, ok := value.([]any)
		if !ok {
			return []ruleViolation{{at, fmt.Sprintf("%s is no list", asJSON(value))}}
		}
		selected := selectElements(list, strings.TrimSuffix(name, "]"))
		if len(selected) == 0 && step != "[]" && !optional {
			return r.follow(nil, false, rest, done+step, at+step)
		}
		for _, i := range selected {
			violations = append(violations, r.follow(list[i], true, rest, done+step, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return violations
	}
	if !isObject {
		return []ruleViolation{{at, fmt.Sprintf("%s is no object", asJSON(value))}}
	}
	name := strings.Trim(step, ".[]")
	member, present := object[name]
	return r.follow(member, present, rest, done+step, strings.TrimPrefix(at+"."+name, "."))
}

// cutStep returns the first step of a path, with its dot or brackets, and the rest.
func cutStep(path string) (step, rest string) {
	end := len(path)
	if path[0] == '[' {
		end = strings.IndexByte(path, ']') + 1
	} else if i := strings.IndexAny(path[1:], ".["); i >= 0 {
		end = i + 1
	}
	return path[:end], path[end:]
}

// selectElements returns the indices of the elements that a step selects: all, the one with
// that index, or that with a member of that value.
func selectElements(list []any, which string) (selected []int) {
	name, value, byMember := strings.Cut(which, "=")
	for i, element := range list {
		if which == "" || which == strconv.Itoa(i) || byMember && valueAt(element, name) == any(value) {
			selected = append(selected, i)
		}
	}
	return selected
}

// explainViolation returns why a value breaks a rule, or the empty string.
func explainViolation(rule string, value any, present bool) string {
	if rule == "absent" {
		if present {
			return asJSON(value) + " is there"
		}
		return ""
	}
	words, optional := strings.CutPrefix(rule, "optional ")
	if !present {
		if optional {
			return ""
		}
		return "absent"
	}
	for word := range strings.SplitSeq(words, " or ") {
		if matchesWord(word, value) {
			return ""
		}
	}
	return fmt.Sprintf("%s is not %s", asJSON(value), words)
}

// matchesWord reports whether a value is what a word of a rule says: "any", a JSON type, a
// "nonempty" text or list, a text with a "date", a "time" or a "time without fraction", or a
// JSON value in which a text is in single quotes.
func matchesWord(word string, value any) bool {
	text, isText := value.(string)
	list, isList := value.([]any)
	switch word {
	case "any":
		return true
	case "text":
		return isText
	case "nonempty text":
		return text != ""
	case "number":
		_, ok := value.(float64)
		return ok
	case "boolean":
		_, ok := value.(bool)
		return ok
	case "object":
		_, ok := value.(map[string]any)
		return ok
	case "list":
		return isList
	case "nonempty list":
		return len(list) > 0
	case "date":
		return isTime(time.DateOnly, text)
	case "time":
		return isTime(time.RFC3339, text)
	case "time without fraction":
		return isTime("2006-01-02T15:04:05Z", text) && !strings.Contains(text, ".")
	}
	return strings.ReplaceAll(wholeJSON(value), `"`, "'") == word
}

func isTime(layout, text string) bool {
	_, err := time.Parse(layout, text)
	return err == nil
}

// asJSON returns a value as JSON, cut at 60 bytes.
func asJSON(value any) string {
	text := wholeJSON(value)
	if len(text) > 60 {
		return text[:57] + "..."
	}
	return text
}

func wholeJSON(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // keeps markup readable
	if err := encoder.Encode(value); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// ruleWords are the words of matchesWord that are no JSON values.
var ruleWords = []string{
	"any", "text", "nonempty text", "number", "boolean", "object", "list", "nonempty list", "date", "time", "time without fraction",
}

// isRule reports whether a text is a rule, so that a misspelled one is found even where the
// member is absent.
func isRule(text string) bool {
	words, _ := strings.CutPrefix(text, "optional ")
	for word := range strings.SplitSeq(words, " or ") {
		if !slices.Contains(ruleWords, word) && !json.Valid([]byte(strings.ReplaceAll(word, "'", `"`))) && text != "absent" {
			return false
		}
	}
	return true
}

func TestIsRule(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{"absent", "text", "optional list or null", "'a b' or 1 or true", "[]"} {
		require.True(t, isRule(rule), rule)
	}
	for _, rule := range []string{"", "optional", "txt", "optional text or nul", "home"} {
		require.False(t, isRule(rule), rule)
	}
}

// valueAt returns the value at a path of a document, or nil.
func valueAt(document any, path string) any {
	for path != "" && document != nil {
		var step string
		object, isObject := document.(map[string]any)
		if step, path = cutStep(path); step[0] == '[' && !isObject {
			list, _ := document.([]any)
			selected := selectElements(list, strings.Trim(step, "[]"))
			if len(selected) == 0 {
				return nil
			}
			document = list[selected[0]]
			continue
		}
		document = object[strings.Trim(step, ".[]")]
	}
	return document
}

func TestMemberRules(t *testing.T) {
	t.Parallel()
	var document any
	require.NoError(t, json.Unmarshal([]byte(`{
		"list": [{"mri": "8:joe.4", "type": "home", "phones": null, "n": 1}, {"mri": "8:anna.7", "phones": [], "time": "2016-01-01T00:00:00.5Z"}],
		"none": null, "yes": true, "word": "text", "day": "2016-02-29"
	}`), &document))
	tests := map[string]struct {
		rules memberRules
		want  string
	}{
		"types":                 {memberRules{"list": "list", "list[].mri": "text", "list[0].n": "number", "yes": "boolean", "none": "null", "list[]": "object", "day": "date"}, ""},
		"wrong types":           {memberRules{"list": "object", "word": "number", "day": "time"}, `day: "2016-02-29" is not time; list: [{"mri":"8:joe.4","n":1,"phones":null,"type":"home"},{"mr... is not object; word: "text" is not number`},
		"optional":              {memberRules{"other": "optional text", "none": "optional text or null", "word": "optional text"}, ""},
		"optional, but null":    {memberRules{"none": "optional text"}, `none: null is not text`},
		"absent":                {memberRules{"other": "text", "list[].type": "text"}, "list[1].type: absent; other: absent"},
		"values":                {memberRules{"list[].mri": "'8:joe.4' or '8:anna.7'", "yes": "true", "word": "'tex'"}, `word: "text" is not 'tex'`},
		"selected":              {memberRules{"list[mri=8:anna.7].type": "absent", "list[mri=8:joe.4].type": "'home'", "list[mri=8:x]": "absent"}, ""},
		"nothing selected":      {memberRules{"list[mri=8:x].type": "'home'"}, "list[mri=8:x]: absent or null"},
		"absent, but there":     {memberRules{"list[mri=8:joe.4]": "absent", "word": "absent"}, `list[0]: {"mri":"8:joe.4","n":1,"phones":null,"type":"home"} is there; word: "text" is there`},
		"member of none":        {memberRules{"none.x": "text", "list[].phones[].number": "text"}, "list[0].phones: absent or null; none: absent or null"},
		"member of a ruled one": {memberRules{"none": "optional object or null", "none.x": "text", "list[].phones": "list or null", "list[].phones[].number": "text"}, ""},
		"member of a text":      {memberRules{"word.x": "text", "word[]": "text"}, `word: "text" is no object; word: "text" is no list`},
		"nonempty":              {memberRules{"list": "nonempty list", "list[1].phones": "nonempty list", "word": "nonempty text"}, "list[1].phones: [] is not nonempty list"},
		"times":                 {memberRules{"list[1].time": "time without fraction", "list[1].mri": "time"}, `list[1].mri: "8:anna.7" is not time; list[1].time: "2016-01-01T00:00:00.5Z" is not time without fraction`},
		"an unknown word":       {memberRules{"word": "string"}, `word: "text" is not string`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, v := range test.rules.check(document) {
				got = append(got, v.String())
			}
			require.ElementsMatch(t, strings.Split(test.want, "; "), append(got, make([]string, max(0, 1-len(got)))...))
		})
	}
	require.Equal(t, "8:anna.7", valueAt(document, "list[mri=8:anna.7].mri"))
	require.Nil(t, valueAt(document, "list[2].mri.x"))
}
