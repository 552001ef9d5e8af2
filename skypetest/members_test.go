package skypetest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestObjectMembers(t *testing.T) {
	t.Parallel()
	o := objectMembers{{"name", "Fred"}}
	o.set("age", 40)
	o.set("name", "Joe")
	o.setNonEmpty("city", "York")
	o.setNonEmpty("empty", "")
	o.set("gone", true)
	assert.Equal(t, objectMembers{{"name", "Joe"}, {"age", 40}, {"city", "York"}, {"gone", true}}, o)
	assert.Equal(t, "Joe", o.get("name"))
	assert.Nil(t, o.get("empty"))
	o.remove("gone", "empty", "name")
	assert.Equal(t, objectMembers{{"age", 40}, {"city", "York"}}, o)
}

// Members are written as those of a map, whatever their values.
func TestObjectMembersAreWrittenAsMaps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		members objectMembers
		object  jsonObject
	}{
		"none":   {nil, jsonObject{}},
		"order":  {objectMembers{{"b", 1}, {"a", 2}, {"B", 3}, {"ab", 4}}, jsonObject{"b": 1, "a": 2, "B": 3, "ab": 4}},
		"text":   {objectMembers{{"x", "<a href=\"x\">\u2028\u2029\n\x01é\U0001F389</a> &"}}, jsonObject{"x": "<a href=\"x\">\u2028\u2029\n\x01é\U0001F389</a> &"}},
		"cut":    {objectMembers{{"x", "caf\xc3"}}, jsonObject{"x": "caf\xc3"}},
		"others": {objectMembers{{"n", nil}, {"t", true}, {"f", 4.5}, {"l", []string{"z", "a"}}}, jsonObject{"n": nil, "t": true, "f": 4.5, "l": []string{"z", "a"}}},
		"inner": {
			objectMembers{{"o", objectMembers{{"b", "1"}, {"a", objectMembers{}}}}, {"l", []any{objectMembers{{"x", nil}}, []any{}, "y"}}},
			jsonObject{"o": jsonObject{"b": "1", "a": jsonObject{}}, "l": []any{jsonObject{"x": nil}, []any{}, "y"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, string(jsonResponse(http.StatusOK, test.object).body), string(jsonResponse(http.StatusOK, test.members).body))
		})
	}
}
