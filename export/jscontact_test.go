package export

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJSContactPhones(t *testing.T) {
	t.Parallel()
	file := writeContacts(t, JSContact, Options{}, phoneContact())
	for _, kind := range []string{`,"features":{"mobile":true}`, `,"contexts":{"private":true}`, `,"contexts":{"work":true}`, `,"features":{"fax":true}`, `,"features":{"pager":true}`, "", `,"label":"satellite"`} {
		require.Contains(t, file, `{"number":"44 20 7946 0099"`+kind+"}")
	}
}

func TestJSContactRoundTrip(t *testing.T) {
	t.Parallel()
	contacts := importers.Contacts()
	file := convertCSV(t, contacts, JSContact).Bytes()
	var cards []map[string]any
	require.NoError(t, json.Unmarshal(file, &cards))
	require.Len(t, cards, len(contacts))
	for i, want := range importedPeople(contacts, map[skypecontacts.PhoneType]string{"mobile": "mobile", "work": "work", "home": "private"}) {
		checkJSCard(t, cards[i])
		require.Equal(t, want, readJSCard(cards[i]))
		require.Equal(t, contacts[i].CreatedAt.Format("2006-01-02T15:04:05Z"), cards[i]["created"])
	}
}

// jsMandatory has the members that RFC 9553 requires in the objects of a property.
var jsMandatory = map[string][]string{
	"nicknames": {"name"}, "phones": {"number"}, "emails": {"address"}, "links": {"uri"}, "notes": {"note"},
	"anniversaries": {"kind", "date"}, "preferredLanguages": {"language"}, "media": {"kind", "uri"}, "titles": {"name"},
	"organizations": {"name"}, "onlineServices": {"uri"}, "addresses": {},
}

var (
	jsUIDPattern = regexp.MustCompile(`^urn:uuid:[0-9a-f-]{36}$`)
	jsIDPattern  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
)

// checkJSCard asserts that a card has the structure of RFC 9553.
func checkJSCard(t *testing.T, card map[string]any) {
	t.Helper()
	assert.Equal(t, "Card", card["@type"])
	assert.Equal(t, "1.0", card["version"])
	assert.Regexp(t, jsUIDPattern, card["uid"])
	for property, value := range card {
		members, isMap := jsMandatory[property]
		if !isMap {
			assert.Contains(t, []string{"@type", "version", "uid", "created", "kind", "name"}, property)
			continue
		}
		assert.NotEmpty(t, value)
		for key, item := range value.(map[string]any) {
			assert.Regexp(t, jsIDPattern, key)
			for _, member := range members {
				assert.NotEmpty(t, item.(map[string]any)[member], property)
			}
		}
	}
	for _, holder := range append([]any{card["name"]}, jsItems(card["addresses"])...) {
		components, _ := holder.(map[string]any)["components"].([]any)
		for _, component := range components {
			assert.NotEmpty(t, component.(map[string]any)["kind"])
			assert.NotEmpty(t, component.(map[string]any)["value"])
		}
	}
}

// jsItems returns the values of a map that jsNumbered or jsSingle made, in their order.
func jsItems(m any) (list []any) {
	all, _ := m.(map[string]any)
	for _, key := range []string{"1", "2", "3", "skype", "birthday"} {
		if item, is := all[key]; is {
			list = append(list, item)
		}
	}
	return list
}

// jsComponentsOf returns the components of a name. The name of a company has none.
func jsComponentsOf(name map[string]any) []any {
	list, _ := name["components"].([]any)
	return list
}

// readJSCard returns what another program reads of a card.
func readJSCard(card map[string]any) importers.Person {
	member := func(property, name string) string {
		for _, item := range jsItems(card[property]) {
			value, _ := item.(map[string]any)[name].(string)
			return value
		}
		return ""
	}
	name := card["name"].(map[string]any)
	p := importers.Person{
		UID: card["uid"].(string), Shown: name["full"].(string), Nickname: member("nicknames", "name"), Company: member("organizations", "name"),
		Phones: [][2]string{}, Skype: member("onlineServices", "user"), Chat: member("onlineServices", "uri"),
		Homepage: member("links", "uri"), Note: member("notes", "note"),
	}
	for _, component := range jsComponentsOf(name) {
		switch value := component.(map[string]any)["value"].(string); component.(map[string]any)["kind"] {
		case "given":
			p.First = value
		case "surname":
			p.Last = value
		case "generation", "credential":
			p.Suffix = importers.JoinedName(p.Suffix, value)
		}
	}
	for _, item := range jsItems(card["phones"]) {
		phone := item.(map[string]any)
		for _, set := range []string{"features", "contexts"} {
			kinds, _ := phone[set].(map[string]any)
			for kind := range kinds {
				p.Phones = append(p.Phones, [2]string{kind, phone["number"].(string)})
			}
		}
	}
	for _, item := range jsItems(card["anniversaries"]) {
		date := item.(map[string]any)["date"].(map[string]any)
		day := skypecontacts.Date{Year: int(date["year"].(float64)), Day: int(date["day"].(float64))}
		for range int(date["month"].(float64)) {
			day.Month++
		}
		p.Birthday = day.String()
	}
	for _, item := range jsItems(card["addresses"]) {
		place := item.(map[string]any)
		code, _ := place["countryCode"].(string)
		p.Place[2] = countryNames[skypecontacts.CountryCode(code)]
		for _, item := range place["components"].([]any) {
			component := item.(map[string]any)
			p.Place[slices.Index([]any{"locality", "region"}, component["kind"])] = component["value"].(string)
		}
	}
	return p
}
