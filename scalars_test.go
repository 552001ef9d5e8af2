package skypecontacts

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readMember decodes the member "a" of an object with a field that has the value known.
func readMember[T any](t *testing.T, value string, known T, read func(*reader, *T)) (got T, extra Extra) {
	t.Helper()
	got = known
	extra = decodeMembers(t, `{"a":`+value+`}`, func(r *reader, _ string) bool {
		read(r, &got)
		return true
	})
	return got, extra
}

// A value of an unexpected type leaves the field as it is and is saved in Extra; null
// leaves it and is not saved.
func TestScalars(t *testing.T) {
	t.Parallel()
	saved := func(value string) Extra { return Extra{"a": raw(value)} }
	for value, want := range map[string]struct {
		text  string
		extra Extra
	}{
		`"x"`: {"x", nil}, `"\u00e9\n"`: {"é\n", nil}, `""`: {"", nil}, `null`: {"known", nil},
		`7`: {"known", saved(`7`)}, `true`: {"known", saved(`true`)}, `["x"]`: {"known", saved(`["x"]`)}, `{}`: {"known", saved(`{}`)},
	} {
		got, extra := readMember(t, value, "known", readString[string])
		assert.Equal(t, want.text, got, value)
		assert.Equal(t, want.extra, extra, value)
	}
	for value, want := range map[string]struct {
		set   bool
		extra Extra
	}{
		`true`: {true, nil}, `"TRUE"`: {true, nil}, `"1"`: {true, nil}, `false`: {false, nil}, `"False"`: {false, nil}, `null`: {true, nil},
		`1`: {true, saved(`1`)}, `"yes"`: {true, saved(`"yes"`)}, `[]`: {true, saved(`[]`)},
	} {
		got, extra := readMember(t, value, true, readBool)
		assert.Equal(t, want.set, got, value)
		assert.Equal(t, want.extra, extra, value)
	}
	for value, want := range map[string]struct {
		gender Gender
		extra  Extra
	}{
		`1`: {GenderMale, nil}, `"female"`: {GenderFemale, nil}, `""`: {GenderUnstated, nil}, `9`: {"9", nil}, `null`: {"known", nil},
		`true`: {"known", saved(`true`)}, `{}`: {"known", saved(`{}`)},
	} {
		got, extra := readMember(t, value, "known", func(r *reader, g *Gender) { readEnum(r, g, parseGender) })
		assert.Equal(t, want.gender, got, value)
		assert.Equal(t, want.extra, extra, value)
	}
}

func TestReadStrings(t *testing.T) {
	t.Parallel()
	known := []string{"known"}
	for value, want := range map[string]struct {
		list  []string
		extra Extra
	}{
		`["x","y"]`:          {[]string{"x", "y"}, nil},
		`[]`:                 {nil, nil},
		`null`:               {known, nil},
		`["x",7,null,["y"]]`: {[]string{"x"}, Extra{"a/1": raw(`7`), "a/3": raw(`["y"]`)}},
		`"x"`:                {known, Extra{"a": raw(`"x"`)}},
	} {
		got, extra := readMember(t, value, known, readStrings)
		assert.Equal(t, want.list, got, value)
		assert.Equal(t, want.extra, extra, value)
	}
}

// A text that is no date or time is saved in Extra.
func TestReadTimes(t *testing.T) {
	t.Parallel()
	day, instant := Date{1987, time.January, 2}, date(2016, time.January, 2, 3, 4, 5, 0)
	for value, want := range map[string]struct {
		day     Date
		instant time.Time
	}{
		`"1999-12-31T01:02:03Z"`: {Date{1999, time.December, 31}, date(1999, time.December, 31, 1, 2, 3, 0)},
		`""`:                     {},
		`null`:                   {day, instant},
	} {
		gotDay, extra := readMember(t, value, day, readDate)
		assert.Equal(t, want.day, gotDay, value)
		assert.Nil(t, extra, value)
		gotInstant, extra := readMember(t, value, instant, readTime)
		assert.Equal(t, want.instant, gotInstant, value)
		assert.Nil(t, extra, value)
	}
	for _, value := range []string{`"soon"`, `1467000000`, `["1999-12-31T01:02:03Z"]`} {
		gotDay, extra := readMember(t, value, day, readDate)
		assert.Equal(t, day, gotDay, value)
		assert.Equal(t, Extra{"a": raw(value)}, extra, value)
		gotInstant, extra := readMember(t, value, instant, readTime)
		assert.Equal(t, instant, gotInstant, value)
		assert.Equal(t, Extra{"a": raw(value)}, extra, value)
	}
}

// A number that the field cannot hold is not rounded; it is saved in Extra.
func TestReadNumber(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{
		"29": 29, `"29"`: 29, "29.0": 29, "-1": -1, "null": 0, `""`: 0, "29.5": 0, "1e300": 0, `"old"`: 0, "true": 0, `"NaN"`: 0, `"1e999"`: 0,
		"29." + strings.Repeat("0", 397): 29, "29." + strings.Repeat("0", 398): 0,
	} {
		body := `{"results":[{"nodeProfileData":{"skypeId":"joe.4","age":` + value + `}}]}`
		got, err := newTestClient(t, newWire(reply(200, body))).SearchDirectory(t.Context(), "joe")
		require.NoError(t, err)
		p := got.Entries[0].Profile
		assert.Equal(t, want, p.Age, value)
		if kept := string(p.Extra["nodeProfileData/age"]); want == 0 && value != "null" && value != `""` {
			assert.Equal(t, value, kept)
		} else {
			assert.Empty(t, kept, value)
		}
	}
}
