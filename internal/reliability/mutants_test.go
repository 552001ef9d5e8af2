package reliability_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// mutants visits all documents that differ from the given one in a single value,
// with the path of the value and its replacement.
func mutants(t *testing.T, document string, replacements []any, visit func(mutant string, path []any, replacement any)) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	var root any
	require.NoError(t, decoder.Decode(&root))
	var walk func(path []any, value any, put func(any))
	try := func(path []any, original any, put func(any)) {
		for _, replacement := range replacements {
			put(replacement)
			text, err := json.Marshal(root)
			require.NoError(t, err)
			visit(string(text), path, replacement)
		}
		put(original)
	}
	walk = func(path []any, value any, put func(any)) {
		try(path, value, put)
		switch v := value.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(append(slices.Clip(path), name), v[name], func(other any) { v[name] = other })
			}
		case []any:
			for i, element := range v {
				walk(append(slices.Clip(path), i), element, func(other any) { v[i] = other })
			}
		}
	}
	walk(nil, root, func(other any) { root = other })
}

// entryCount returns the number of entries of a list, decoded or skipped, or -1 if
// the result is not a list.
func entryCount(result any) int {
	value := reflect.Indirect(reflect.ValueOf(result))
	if value.Kind() != reflect.Struct || !value.FieldByName("Skipped").IsValid() {
		return -1
	}
	n := 0
	for _, field := range value.Fields() {
		if field.Kind() == reflect.Slice {
			n += field.Len()
		}
	}
	return n
}

// wrongTypeCanary is in no fixture.
const wrongTypeCanary = "7737373"

// wrongTypes returns a value of every kind of JSON.
func wrongTypes() []any {
	return []any{
		nil, true, false, json.Number("0"), json.Number("-1.5"), json.Number("1e400"), json.Number(wrongTypeCanary),
		"", "null", "0", wrongTypeCanary,
		map[string]any{},
		map[string]any{"k": wrongTypeCanary},
		[]any{},
		[]any{wrongTypeCanary},
		[]any{nil, json.Number(wrongTypeCanary)},
	}
}

// fixtureTotals counts over all fixtures.
type fixtureTotals struct{ tried, failed, accepted, lost, vanished atomic.Int64 }

// eachFixture calls check for every response body in parallel subtests, and waits
// for them.
func eachFixture(t *testing.T, check func(t *testing.T, f apitest.FixtureCall, c *skypecontacts.Client, body *string)) {
	t.Helper()
	t.Run("fixtures", func(t *testing.T) {
		for _, f := range fixtureCalls(t) {
			t.Run(f.Op+" "+f.Name, func(t *testing.T) {
				t.Parallel()
				var body string
				transport := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) { return apitest.Response(200, body)(req) })
				check(t, f, apitest.NewClient(t, transport, f.ClientOptions()...), &body)
			})
		}
	})
}

// fixtureStep returns the distance of the cases tried. Each case is tried with
// -figures; otherwise a different part for each fixture.
func fixtureStep(f apitest.FixtureCall, every int) (first, step int) {
	if *printFigures && !raceEnabled {
		return 0, 1
	}
	if raceEnabled {
		every *= 4
	}
	return len(f.Op) % every, every
}

// Every body truncated after every byte is an error without a value.
func TestTruncation(t *testing.T) { //nolint:tparallel // waits for its subtests
	t.Parallel()
	var totals fixtureTotals
	eachFixture(t, func(t *testing.T, f apitest.FixtureCall, c *skypecontacts.Client, body *string) {
		first, step := fixtureStep(f, 80)
		for length := first; length < len(f.Body); length += step {
			if *body = f.Body[:length]; length == 0 && f.Writes {
				continue // the empty body is success
			}
			totals.tried.Add(1)
			got, err := f.Do(t.Context(), c)
			if err == nil {
				totals.accepted.Add(1)
			}
			require.ErrorIs(t, err, skypecontacts.ErrDecode, length)
			if !f.Writes {
				require.Zero(t, got, length)
			}
		}
	})
	measured.set(fmt.Sprintf("truncated bodies accepted, or decoded in part, of %d", totals.tried.Load()), totals.accepted.Load(), "0")
}

// Every value of every body is replaced by every other kind of JSON: nothing
// panics, no other entry is lost, and the replacement is in the result (in Extra
// or Skipped as well), or the whole response is an error.
func TestWrongTypes(t *testing.T) { //nolint:tparallel // waits for its subtests
	t.Parallel()
	var totals fixtureTotals
	eachFixture(t, func(t *testing.T, f apitest.FixtureCall, c *skypecontacts.Client, body *string) {
		if !f.Writes {
			checkWrongTypes(t, f, c, body, &totals)
		}
	})
	tried := totals.tried.Load()
	measured.set(fmt.Sprintf("wrong types: other entries lost, of %d replacements", tried), totals.lost.Load(), "0")
	measured.set(fmt.Sprintf("wrong types: values that vanish, of %d replacements", tried), totals.vanished.Load(), "0")
	require.Greater(t, tried, totals.failed.Load())
}

func checkWrongTypes(t *testing.T, f apitest.FixtureCall, c *skypecontacts.Client, body *string, totals *fixtureTotals) {
	t.Helper()
	f.Body = strings.ReplaceAll(f.Body, `"deleted": true`, `"deleted": false`) // a removed entry is not counted
	*body = f.Body
	whole, err := f.Do(t.Context(), c)
	if err != nil {
		require.ErrorIs(t, err, skypecontacts.ErrNotFound) // get_bot_unknown
		return
	}
	before := entryCount(whole)
	n, step := fixtureStep(f, 60)
	mutants(t, f.Body, wrongTypes(), func(mutant string, path []any, replacement any) {
		if n++; n%step != 0 {
			return
		}
		totals.tried.Add(1)
		*body = mutant
		got, err := f.Do(t.Context(), c)
		name := fmt.Sprintf("%v is %v", path, replacement)
		if err != nil {
			totals.failed.Add(1)
			if f.Op != "GetBot" { // for which it may be ErrNotFound
				require.ErrorIs(t, err, skypecontacts.ErrDecode, name)
			}
			return
		}
		inEntry := slices.ContainsFunc(path, func(step any) bool { _, isIndex := step.(int); return isIndex }) ||
			f.Service == "People" && len(path) > 1
		removed := len(path) > 0 && path[len(path)-1] == "deleted"
		if before >= 0 && inEntry && !removed && entryCount(got) < before {
			totals.lost.Add(1)
			t.Errorf("%s: %d entries of %d", name, entryCount(got), before)
		}
		decoded, _ := json.Marshal(got)
		replaced, _ := json.Marshal(replacement)
		if strings.Contains(string(replaced), wrongTypeCanary) && !strings.Contains(string(decoded), wrongTypeCanary) && !isDropped(f.Call, path) {
			totals.vanished.Add(1)
			t.Errorf("%s: it is not in %s", name, decoded)
		}
	})
}

// isDropped reports whether a result has no place for the value.
func isDropped(call apitest.Call, path []any) bool {
	at := fmt.Sprint(path)
	switch call.Op {
	case "AllContacts": // yields contacts only
		return !strings.HasPrefix(at, "[contacts")
	case "GetRoster", "RefreshRoster":
		return at == "[count]"
	case "SearchDirectory":
		return at == "[requestId]"
	case "LegacySearchDirectory": // the second entry about the same person
		return strings.Contains(at, "Lync DisplayName")
	case "ListContacts": // of a number that is in the profile already
		return strings.HasSuffix(at, "phones 1 type]")
	case "GetBot": // one entry of the list
		return true
	}
	return false
}
