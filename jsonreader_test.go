package skypecontacts

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What JSON is accepted, seen at a list.
func TestAcceptedJSON(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	entry := func(member string) string {
		return `{"contacts":[{"mri":"8:joe.4",` + member + `},{"mri":"8:anna.7"}]}`
	}
	checkLists(t, []listCase{
		{"byte order mark", "\xEF\xBB\xBF" + entry(`"a":1`), 0},
		{"two byte order marks", "\xEF\xBB\xBF\xEF\xBB\xBF" + entry(`"a":1`), -1},
		{"UTF-16", "\xFF\xFE{\x00}\x00", -1},
		{"invalid UTF-8", entry("\"display_name\":\"Jo\xff\""), 0},
		{"lone surrogate", entry(`"display_name":"\ud83d"`), 0},
		{"NUL in a name", entry(`"display_name":"\u0000"`), 0},
		{"a member twice in an entry", entry(`"mri":"8:mallory.1"`), 1},
		{"a member twice in an entry, round an object", entry(`"profile":{"about":""},"mri":"8:mallory.1"`), 1},
		{"an escaped member twice in an entry", entry(`"m\u0072i":"8:mallory.1"`), 1},
		{"other case is another member", entry(`"MRI":"8:mallory.1"`), 0},
		{"Kelvin sign is another member", entry("\"bloc\u212aed\":true"), 0},
		{"a list twice", `{"contacts":[],"contacts":[{"mri":"8:joe.4"}]}`, -1},
		{"nested as deep as allowed", entry(`"a":` + deep(maxDepth-3)), 0},
		{"nested too deep", entry(`"a":` + deep(maxDepth-2)), 1},
		{"nested too deep beside the list", `{"contacts":[],"a":` + deep(maxDepth) + `}`, -1},
		{"nested far too deep", entry(`"a":` + deep(20000)), -1},
		{"trailing comma", entry(`"a":1,`), -1},
		{"two documents", `{"contacts":[]} {"contacts":[]}`, -1},
	})
}

// The context is looked at every 256 values, whatever the values are, and its error ends
// the document.
func TestInterruptedReader(t *testing.T) {
	t.Parallel()
	gone := errors.New("the context has ended")
	for name, body := range map[string]string{
		"values":             `[` + strings.Repeat("7,", 5_000) + `7]`,
		"skipped objects":    `[` + strings.Repeat("{},", 5_000) + `{}]`,
		"brackets":           `{"a":[` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + strings.Repeat(",[]", 5_000) + `]}`,
		"members":            `[` + strings.Repeat(`{"a":1,"b":{"c":2}},`, 2_000) + `{}]`,
		"a list in an entry": `[{"a":[` + strings.Repeat("{},", 5_000) + `{}]}]`,
		"an entry left":      `[{"a":1,"a":[` + strings.Repeat("[],", 5_000) + `[]]},{"b":1}]`,
	} {
		looks := 0
		r := newBodyReader([]byte(body))
		r.interrupted = func() error {
			if looks++; looks == 3 {
				return gone
			}
			return nil
		}
		entries := 0
		for range r.entries("") {
			entries++
			_, _ = r.entry(func() {
				for range r.members(new(Extra)) {
					for range r.elements() {
						r.skip()
					}
				}
			})
		}
		if name == "brackets" {
			r = newBodyReader([]byte(body))
			r.interrupted = func() error { looks++; return gone }
			r.discard()
		}
		r.end()
		assert.Equal(t, gone, r.err, name)
		assert.True(t, r.broken, name)
		assert.LessOrEqual(t, r.steps, 3*stepsPerCheck, name)
	}
}

// A reader without a context, and one whose context lasts, reads to the end.
func TestUninterruptedReader(t *testing.T) {
	t.Parallel()
	for name, interrupted := range map[string]func() error{"none": nil, "lasts": func() error { return nil }} {
		r := newBodyReader([]byte("[" + strings.Repeat("7,", 5_000) + "7]"))
		r.interrupted = interrupted
		read := 0
		for range r.elementsUpTo(10_000) {
			r.skip()
			read++
		}
		r.end()
		require.NoError(t, r.err, name)
		assert.Equal(t, 5_001, read, name)
	}
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	r := newBodyReader([]byte(`{}`))
	require.EqualValues(t, memoryFactor*maxEntryBytes, r.memory)
	r.memory = 100
	r.allocate(60)
	r.allocate(40)
	require.NoError(t, r.err)
	r.allocate(1)
	require.Equal(t, ErrTooLarge, r.err)
	require.True(t, r.broken)

	r = newBodyReader([]byte(`{}`))
	first := decodeError("the first error counts")
	r.fail(first)
	r.allocate(1 << 30)
	require.Equal(t, first, r.err)
}

// A long value ends with the context too, whether it is skipped or kept.
func TestInterruptedValue(t *testing.T) {
	t.Parallel()
	gone := errors.New("the context has ended")
	read := map[string]func(r *reader){
		"skip": (*reader).skip,
		"value": func(r *reader) {
			assert.Equal(t, jsontext.Value("null"), r.value(), "nothing of it is used")
		},
	}
	for shape, body := range map[string]string{
		"numbers": `[` + strings.Repeat("7,", 50_000) + `7]`,
		"objects": `[` + strings.Repeat(`{"a":{"b":[]}},`, 10_000) + `{}]`,
		"members": `{` + strings.Repeat(`"a":1,`, 10_000) + `"b":2}`,
		"nested":  strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000),
	} {
		for name, read := range read {
			for _, lasts := range []int{0, 1, 20} {
				looks := 0
				r := newBodyReader([]byte(body))
				r.interrupted = func() error {
					if looks++; looks > lasts {
						return gone
					}
					return nil
				}
				read(r)
				assert.Equal(t, gone, r.err, "%s, %s", name, shape)
				assert.True(t, r.broken, "%s, %s", name, shape)
				assert.Equal(t, lasts+1, looks, "%s, %s", name, shape)
				assert.Equal(t, (lasts+1)*stepsPerCheck, r.steps, "%s, %s", name, shape)
			}
		}
	}
}

// A value is the text that was received, wherever it is in the document.
func TestRawValues(t *testing.T) {
	t.Parallel()
	places := []struct {
		before, after string
		tokens        int // before the value
	}{
		{"", "", 0},
		{" \t\r\n", "\n ", 0},
		{"[", "]", 1},
		{"[ ", " ,1]", 1},
		{"[1 \n, \t", "]", 2},
		{"[[],{},", ",[]]", 5},
		{`{"a":`, `}`, 2},
		{`{"a" : ` + "\r\n", ` , "b":[1]}`, 2},
		{`{"a":{"b": 1 ,` + "\t" + ` "c" :`, `}}`, 6},
	}
	for _, value := range []string{
		`{}`, `[]`, "{ }", "[ \n]", `[1,2]`, "[ 1 ,\t2 ]", `{"a":1}`, `{ "a" : [ {} , "," ] }`, `[":, "]`, `{",":":"}`, `[[[]],{"x":{"y":[]}}]`,
		`{"\u0061":"\ud83d\ude00","\"":"\\"}`, `["]","}","\"]"]`, "[\"\xff\"]", `["\ud83d"]`, `{"a":1,"a":2}`, `[null,true,false,-1.5e+3]`,
		`7`, `-0.0`, `"a\/b"`, `""`, `null`, `true`,
	} {
		for _, place := range places {
			document := place.before + value + place.after
			plain := jsontext.NewDecoder(strings.NewReader(document), decoderOptions)
			r := newBodyReader([]byte(document))
			for range place.tokens {
				r.token()
				_, err := plain.ReadToken()
				require.NoError(t, err, document)
			}
			same, err := plain.ReadValue()
			require.NoError(t, err, document)
			assert.Equal(t, []string{value, value}, []string{string(same), string(r.value())}, document)
			assert.Equal(t, plain.InputOffset(), r.dec.InputOffset(), document)
			for r.err == nil && r.dec.StackDepth() > 0 {
				r.token()
			}
			r.end()
			assert.NoError(t, r.err, document)
		}
	}
}

// A text is what its string stands for, also if one with escapes or invalid UTF-8 is before or
// behind it, wherever the pieces end in which the document arrives, and however often it is
// asked for.
func TestTexts(t *testing.T) {
	t.Parallel()
	type text struct{ quoted, want string }
	texts := []text{
		{`""`, ""},
		{`"plain"`, "plain"},
		{`"a\\b"`, `a\b`},
		{`"\u0061"`, "a"},
		{`"Željko 李 🎈"`, "Željko 李 🎈"},
		{`"\ud83c\udf88"`, "🎈"},
		{`"\"` + "\xff" + `"`, "\"\ufffd"},
		{"\"a\xe6\x9d\"", "a\ufffd\ufffd"},
		{`"` + strings.Repeat("x", 5000) + `"`, strings.Repeat("x", 5000)},
	}
	for _, invalid := range []bool{false, true} {
		document, want := "[", []string(nil)
		for _, first := range texts {
			for _, second := range texts {
				if invalid || utf8.ValidString(first.quoted+second.quoted) {
					document += " " + first.quoted + ",\n" + second.quoted + ","
					want = append(want, first.want, second.want)
				}
			}
		}
		document += `"end"]`
		for _, step := range []int{1, 7, 1 << 20} {
			arriving := newStreamReader(newWindowReader(pieces{strings.NewReader(document), step}, maxHeldBytes))
			for _, r := range []*reader{newBodyReader([]byte(document)), arriving} {
				var got []string
				for range r.elements() {
					v := r.value()
					once := string(r.unquote(v))
					assert.Equal(t, once, r.string(v))
					got = append(got, once)
					r.consume()
				}
				require.NoError(t, r.err)
				assert.Equal(t, append(slices.Clip(want), "end"), got)
			}
		}
	}
}
