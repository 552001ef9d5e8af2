package export

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestRowErrorText(t *testing.T) {
	t.Parallel()
	require.EqualError(t, &RowError{Line: 3, EndLine: 3, Reason: "no id"}, "export: line 3: no id")
	require.EqualError(t, &RowError{Line: 3, EndLine: 5, Reason: "no id"}, "export: lines 3 to 5: no id")
	require.EqualError(t, &RowError{Line: 3, Reason: "no id"}, "export: line 3: no id")
}

func TestIsRowError(t *testing.T) {
	t.Parallel()
	require.True(t, isRowError(&RowError{}))
	require.True(t, isRowError(errors.Join(&RowError{})))
	require.False(t, isRowError(io.ErrUnexpectedEOF))
}

func TestIsNotice(t *testing.T) {
	t.Parallel()
	require.True(t, isNotice(&RowError{Notice: true}))
	require.True(t, isNotice(errors.Join(&RowError{Notice: true})))
	require.False(t, isNotice(&RowError{}))
	require.False(t, isNotice(io.ErrUnexpectedEOF))
	require.False(t, isNotice(nil))
}

// printings returns what every way to print, log or marshal value shows of it.
func printings(t *testing.T, value any) string {
	t.Helper()
	var out strings.Builder
	type inner struct{ value any }
	for _, v := range []any{value, &value, inner{value}, []any{value}, map[string]any{"a": value}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	if err, is := value.(error); is {
		fmt.Fprintf(&out, "%v %+v %#v\n", fmt.Errorf("a: %w", err), errors.Join(err), errors.Join(err))
	}
	text, err := json.Marshal(value)
	require.NoError(t, err)
	out.Write(text)
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", value, "list", []any{value})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("text", "value", value, "list", []any{value})
	return out.String()
}

// No error of a reader and no report has a text of the file.
func TestNothingPersonalIsPrinted(t *testing.T) {
	t.Parallel()
	const secret = "joe.4@mail.example"
	csvFile := func(text string) iter.Seq2[*contact, error] { return ReadCSV(strings.NewReader(text)) }
	jsonFile := func(text string) iter.Seq2[*contact, error] { return ReadJSONLines(strings.NewReader(text)) }
	messages := func(text string) iter.Seq2[*contact, error] {
		return ReadMessages(strings.NewReader(text), ReadOptions{GroupMembers: true})
	}
	for name, contacts := range map[string]iter.Seq2[*contact, error]{
		"rounded number":          csvFile("id,phones[0].number,x\n4.42079E+11,4.42079E+11," + secret + "\n"),
		"unknown truth":           csvFile("id,blocked\njoe.4," + secret + "\n"),
		"Windows-1252":            csvFile("id,x\njoe.4,\xe9" + secret + "\n"),
		"cut-off row":             csvFile("id,x,y\njoe.4,1,2\n" + secret),
		"conversation":            messages(`{"conversations":["` + secret + `",{"displayName":"` + secret + `"}]}`),
		"messages cut off":        messages(`{"conversations":[{"id":"8:joe.4"},{"id":"8:` + secret),
		"messages, syntax":        messages(`{"conversations":[{"id":"8:joe.4"},{"` + secret + `":` + secret + `}]}`),
		"cell beyond the columns": csvFile("id\njoe.4," + secret + "\n"),
		"bare quote":              csvFile("id,x\njoe.4," + secret + "\"\n"),
		"extra quote":             csvFile("id,x\njoe.4,\"" + secret + "\"a\n"),
		"open quote":              csvFile("id,x\njoe.4,\"" + secret + "\n"),
		"no id":                   csvFile("id,x\n," + secret + "\n"),
		"control character":       csvFile("id,x\n" + secret + "\x01,\n"),
		"damaged cell":            csvFile("id," + secret + "\njoe.4,\u00e9" + secret + "\xe9\nanna.7,\u00e9\n"),
		"unknown column":          csvFile("id," + secret + "\njoe.4,x\n"),
		"repeated column":         csvFile("id," + secret + "," + secret + "\njoe.4,x\n"),
		"no column":               csvFile(secret + "\n"),
		"quoted header":           csvFile("\"" + secret + "\"x\n"),
		"unreadable time":         csvFile("id,creation_time\njoe.4," + secret + "\n"),
		"unknown type":            csvFile("id,type\njoe.4," + secret + "\n"),
		"not JSON":                jsonFile(secret + "\n"),
		"member":                  jsonFile(`{"mri":"8:joe.4","` + secret + `":1}` + "\n"),
		"members":                 jsonFile(`{"mri":"8:joe.4","extra":{"` + secret + `":1,"` + secret + `":1}}` + "\n"),
		"value":                   jsonFile(`{"mri":"8:joe.4","created_at":"` + secret + `"}` + "\n"),
		"value of another type":   jsonFile(`{"mri":"8:joe.4","profile":"` + secret + `"}` + "\n"),
		"extra":                   jsonFile(`{"mri":"8:joe.4","extra":{"` + secret + `":1},"profile":{"extra":{"8:` + secret + `":1}}}` + "\n"),
		"list":                    skypecontacts.ReadContacts(strings.NewReader(`{"contacts":[{"mri":"8:joe.4","` + secret + `":1,"profile":{"` + secret + `":1}},{"mri":1,"a":"` + secret + `"}]}`)),
	} {
		var shown string
		report, err := Write(io.Discard, VCard3, func(yield func(*contact, error) bool) {
			for c, err := range contacts {
				if isRowError(err) {
					shown += printings(t, err)
				}
				if !yield(c, err) {
					return
				}
			}
		}, Options{})
		if err != nil {
			shown += printings(t, err)
		}
		shown += printings(t, report)
		require.NotContains(t, shown, secret, name)
		require.NotContains(t, shown, hex.EncodeToString([]byte(secret)), name)
	}
}
