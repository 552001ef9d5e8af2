package skypecontacts

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An error body is parsed down to three documents in a message, and what it lacks is
// left empty.
func TestParseErrorBody(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string {
		body := `{"errorCode":1,"message":"deepest"}`
		for range levels {
			quoted, err := json.Marshal(body)
			require.NoError(t, err)
			body = `{"message":` + string(quoted) + `}`
		}
		return body
	}
	for body, want := range map[string]reportedFailure{
		``:                                     {},
		`[]`:                                   {},
		`"text"`:                               {},
		`{}`:                                   {},
		`{"errorCode":"729","message":"m"}`:    {729, "m"},
		`{"message":{"errorCode":5}}`:          {5, `{"errorCode":5}`},
		`{"message":7}`:                        {7, "7"},
		`{"status":{"code":40411,"text":"t"}}`: {40411, "t"},
		`{"errorCode":3,"message":"cut off`:    {3, "3"},
		nested(2):                              {1, "deepest"},
		nested(3):                              {0, `{"errorCode":1,"message":"deepest"}`},
	} {
		report, _ := parseErrorBody([]byte(body))
		assert.Equal(t, want, report.asError(), body)
	}
}

func FuzzFailure(f *testing.F) { fuzzTargets(f)["Failure"].Fuzz(f) }

// An error body gives a bounded message of valid text, or none.
func checkFailure(tb testing.TB, input []byte) {
	parsed, _ := parseErrorBody(input)
	again, _ := parseErrorBody(input)
	require.Equal(tb, parsed, again)
	for _, text := range []string{parsed.message, string(input)} {
		shown := cutExcerpt(text)
		require.LessOrEqual(tb, len(shown), maxExcerpt)
		require.True(tb, utf8.ValidString(shown))
		require.True(tb, strings.HasPrefix(strings.ToValidUTF8(text, "\uFFFD"), shown))
	}
}
