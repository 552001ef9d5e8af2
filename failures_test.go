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

// What a single member of a response says, as a value of any JSON type.
func TestFailureMembers(t *testing.T) {
	t.Parallel()
	const neutral, good = "neutral", "good"
	for body, want := range map[string]any{
		`{"message":null}`: neutral, `{"error":null}`: neutral, `{"errorCode":null}`: neutral, `{"status":null}`: neutral,
		`{"message":""}`: neutral, `{"error":"  "}`: neutral, `{"error":[]}`: neutral, `{"message":[ [] ]}`: neutral,
		`{"error":false}`: neutral,
		`{"errorCode":0}`: good, `{"errorCode":"0"}`: good, `{"errorCode":-0.0}`: good, `{"status":200}`: good, `{"status":2.01e2}`: good,
		`{"status":"ok"}`: good, `{"status":" OK "}`: good, `{"message":"Success"}`: good, `{"error":"succeeded"}`: good, `{"status":true}`: good,
		`{"status":{"code":20000,"text":"OK"}}`: good, `{"status":{"code":"201"}}`: good, `{"error":{"code":0,"message":"fine"}}`: good,
		`{"message":"moved"}`:   reportedFailure{0, "moved"},
		`{"MESSAGE":"moved"}`:   reportedFailure{0, "moved"},
		`{"message":7}`:         reportedFailure{7, "7"},
		`{"message":true}`:      reportedFailure{0, "true"},
		`{"message":["no"]}`:    reportedFailure{0, `["no"]`},
		`{"message":{}}`:        reportedFailure{0, `{}`},
		`{"error":[403]}`:       reportedFailure{0, `[403]`},
		`{"error":[[],[null]]}`: reportedFailure{0, `[[],[null]]`},
		`{"error":true}`:        reportedFailure{0, "true"},
		`{"error":"no"}`:        reportedFailure{0, "no"},
		`{"error":{}}`:          reportedFailure{0, `{}`},
		`{"error":{"code":"ServiceUnavailable","message":"no"}}`: reportedFailure{0, "no"},
		`{"error":{"error":{"error":{"code":40300}}}}`:           reportedFailure{40300, `{"error":{"error":{"code":40300}}}`},
		`{"errorCode":"AccessDenied"}`:                           reportedFailure{0, "AccessDenied"},
		`{"errorCode":1e400}`:                                    reportedFailure{0, "1e400"},
		`{"errorCode":-1e400}`:                                   reportedFailure{0, "-1e400"},
		`{"errorCode":"NaN"}`:                                    reportedFailure{0, "NaN"},
		`{"errorCode":40411.5}`:                                  reportedFailure{0, "40411.5"},
		`{"errorCode":99999999999}`:                              reportedFailure{0, "99999999999"},
		`{"errorCode":-200}`:                                     reportedFailure{-200, "-200"},
		`{"errorCode":300,"message":"no"}`:                       reportedFailure{300, "no"},
		`{"status":"error","text":"no"}`:                         reportedFailure{0, "no"},
		`{"status":false}`:                                       reportedFailure{0, "false"},
		`{"status":{"code":"forbidden","text":"You may not"}}`:   reportedFailure{0, "You may not"},
		`{"status":{"code":null,"text":"You may not"}}`:          reportedFailure{0, "You may not"},
		`{"status":{"code":200,"error":"no"}}`:                   reportedFailure{0, "no"},
		`{"status":{"code":200,"code":500}}`:                     reportedFailure{0, `{"code":200,"code":500}`},
		`{"error":{"code":0,"x":1,"x":2}}`:                       reportedFailure{0, `{"code":0,"x":1,"x":2}`},
		`{"status":403,"title":"Forbidden","detail":"no"}`:       reportedFailure{403, "no"},
		`{"title":"Forbidden","status":403}`:                     reportedFailure{403, "Forbidden"},
		`{"status":403,"errorCode":40300}`:                       reportedFailure{40300, "403"},
	} {
		var report failureReport
		require.NoError(t, decodeBody([]byte(body), report.readFrom), body)
		assert.True(t, report.present, body)
		switch want {
		case neutral:
			assert.Equal(t, []bool{false, false}, []bool{report.isFailure(), report.succeeded}, body)
		case good:
			assert.Equal(t, []bool{false, true}, []bool{report.isFailure(), report.succeeded}, body)
		default:
			assert.True(t, report.isFailure(), body)
			assert.Equal(t, want, report.asError(), body)
		}
	}
}

// A success outweighs a text, but no failure.
func TestFailureMembersTogether(t *testing.T) {
	t.Parallel()
	for body, failed := range map[string]bool{
		`{"message":"all contacts","status":{"code":200}}`: false,
		`{"errorCode":0,"message":"all contacts"}`:         false,
		`{"errorCode":0,"message":null}`:                   false,
		`{"errorCode":null,"message":"denied"}`:            true,
		`{"errorCode":0,"error":"denied"}`:                 true,
		`{"status":"ok","errorCode":803}`:                  true,
		`{"status":200,"error":{"message":"denied"}}`:      true,
		`{"message":"ok","status":{"text":"denied"}}`:      true,
	} {
		var report failureReport
		require.NoError(t, decodeBody([]byte(body), report.readFrom), body)
		assert.Equal(t, failed, report.isFailure(), body)
	}
}

// A report in a report in a report costs no more than it is long: each level would
// decode all within it once more.
func TestNestedReports(t *testing.T) {
	t.Parallel()
	for _, member := range []string{"error", "status", "message"} {
		deep := strings.Repeat(`{"`+member+`":`, 5_000) + `"` + strings.Repeat("x", 1<<20) + `"` + strings.Repeat("}", 5_000)
		for _, status := range []int{200, 403} {
			var failure *Error
			_, err := newTestClient(t, newWire(reply(status, deep))).ListContacts(t.Context())
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, status, failure.Status)
			assert.Equal(t, status == 200, failure.Message != "", "an error body is read up to 64 KiB")
			assert.LessOrEqual(t, len(failure.Message), maxExcerpt)
		}
	}
	const length = 1 << 20
	nested := func(levels int) func() {
		body := []byte(strings.Repeat(`{"error":`, levels) + `"` + strings.Repeat("x", length-10*levels) + `"` + strings.Repeat("}", levels))
		return func() {
			var report failureReport
			_ = decodeBody(body, report.readFrom)
			assert.True(t, report.isFailure())
		}
	}
	assertCost(t, 20, nested(1), nested(5_000))
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
