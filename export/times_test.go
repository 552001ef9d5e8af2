package export

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestIsWritableTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2020-01-02T03:04:05Z": true, "9999-12-31T23:59:59Z": true, "0001-01-01T00:00:00Z": true, "9999-12-31T23:59:59+01:00": true,
		"9999-12-31T23:59:59-01:00": false, "0000-01-01T00:00:00+01:00": false, "0000-12-31T23:00:00Z": false, "0001-01-01T00:30:00+01:00": false,
		"0000-12-31T23:30:00-01:00": true,
	} {
		parsed, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		require.Equal(t, want, isWritableTime(parsed), text)
	}
	require.True(t, isWritableTime(time.Time{}))
	require.False(t, isWritableTime(time.Unix(math.MaxInt64/4, 0)))
	require.False(t, isWritableTime(time.Date(2020, 1, 2, 3, 4, 5, 0, time.FixedZone("", 25*3600))))
	require.False(t, isWritableTime(time.Date(2020, 1, 2, 3, 4, 5, 0, time.FixedZone("", -24*3600))))
	require.True(t, isWritableTime(time.Date(2020, 1, 2, 3, 4, 5, 0, time.FixedZone("", 24*3600-1))))
	require.False(t, isWritableTime(time.Date(10000, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))), "it is 9999 in UTC")
	require.True(t, isWritableTime(time.Date(0, 12, 31, 23, 30, 0, 0, time.FixedZone("", -3600))), "it is 1 in UTC")
}

func TestIsWholeDay(t *testing.T) {
	t.Parallel()
	for day, want := range map[skypecontacts.Date]bool{
		{}: false, {Year: 1987}: false, {Year: 1987, Month: 1, Day: 2}: true, {Year: 9999, Month: 12, Day: 31}: true, {Year: 1, Month: 1, Day: 1}: true,
		{Year: 10000, Month: 1, Day: 1}: false, {Month: 1, Day: 2}: false, {Year: 1987, Month: 2, Day: 29}: false, {Year: 2000, Month: 2, Day: 29}: true,
		{Year: 1987, Month: 13, Day: 1}: false, {Year: -1, Month: 1, Day: 1}: false,
	} {
		require.Equal(t, want, isWholeDay(day), day)
	}
}

// The text of a time that no format can hold is in Extra, and the contact of the caller
// is as before.
func TestWriteUnwritableTimes(t *testing.T) {
	t.Parallel()
	late := time.Date(10000, 1, 1, 0, 59, 59, 0, time.UTC)
	c := &contact{MRI: "8:joe.4", CreatedAt: late, Extra: skypecontacts.Extra{"created_at": json.RawMessage(`"other"`)}, Sources: []skypecontacts.RelationshipSource{
		{Type: "Scd", Time: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)}, {Type: "Scd", Time: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)},
	}, Profile: skypecontacts.Profile{Birthday: skypecontacts.Date{Year: 1987}}}
	line := `{"mri":"8:joe.4","sources":[{"type":"Scd","time":"2020-01-02T03:04:05Z"},{"type":"Scd"}],"profile":{"extra":{"birthday":"1987-00-00"}},` +
		`"extra":{"created_at":"other","created_at_":"10000-01-01T00:59:59Z","sources/1/time":"0000-01-01T00:00:00Z"}}` + "\n"
	require.Equal(t, line, writeContacts(t, JSONLines, Options{}, c))
	require.Equal(t, late, c.CreatedAt)
	require.Equal(t, 1987, c.Profile.Birthday.Year)
	require.Len(t, c.Extra, 1)
	require.NotContains(t, writeContacts(t, VCard4, Options{}, c), "CREATED")
	require.NotContains(t, writeContacts(t, JSContact, Options{}, c), "created")
	contacts, errs := readAll(ReadJSONLines(strings.NewReader(line)))
	require.Empty(t, errs)
	require.Len(t, contacts[0].Extra, 3)

	report, err := Write(io.Discard, VCard4, contactSequence(c), Options{})
	require.NoError(t, err)
	require.Equal(t, Report{Read: 1, Written: 1, NotHeld: map[string]int{
		"extra.created_at": 1, "extra.created_at_": 1, "extra.sources/1/time": 1, "sources": 1, "profile.birthday": 1,
	}}, report)
}

// One date at the edge of what can be written costs no contact, from any reader to any
// format.
func TestTimesAtTheEdge(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z", "9999-12-31T00:00:00-23:59", "0001-01-01T00:00:00+00:01"} {
		requireTimesWritten(t, text)
	}
}

// What a reader returns can be stored as JSON, with the text of the time in Extra.
func TestReadUnwritableTimes(t *testing.T) {
	t.Parallel()
	for cell, written := range map[string]string{
		"9999-12-31 23:59:59-01:00": "9999-12-31T23:59:59-01:00", "0000-01-01 00:00:00+01:00": "0000-01-01T00:00:00+01:00", "0000-06-01 00:00:00Z": "0000-06-01T00:00:00Z",
	} {
		contacts, errs := readAll(ReadCSV(strings.NewReader("id,Creation_Time\njoe.4," + cell + "\n")))
		require.Empty(t, errs)
		require.Equal(t, []contact{{MRI: "8:joe.4", Extra: skypecontacts.Extra{"Creation_Time": json.RawMessage(`"` + cell + `"`)}}}, contacts)

		line := `{"mri":"8:joe.4","created_at":"` + written + `","sources":[{"type":"Scd","time":"` + written + `"}]}`
		contacts, errs = readAll(ReadJSONLines(strings.NewReader(line)))
		require.Empty(t, errs)
		quoted := json.RawMessage(`"` + written + `"`)
		require.Equal(t, []contact{{
			MRI: "8:joe.4", Sources: []skypecontacts.RelationshipSource{{Type: "Scd"}}, Extra: skypecontacts.Extra{"created_at": quoted, "sources/0/time": quoted},
		}}, contacts)
	}
}

// timeFiles are files of three contacts, of which the second has a time.
func timeFiles(text string) map[string]func() (read func(yield func(*contact, error) bool)) {
	quoted, _ := json.Marshal(text)
	return map[string]func() func(func(*contact, error) bool){
		"CSV": func() func(func(*contact, error) bool) {
			cell := `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			return ReadCSV(strings.NewReader("id,creation_time,profile.birthday\njoe.4,,\nanna.7," + cell + "," + cell + "\nfred.2,,\n"))
		},
		"response": func() func(func(*contact, error) bool) {
			return skypecontacts.ReadContacts(strings.NewReader(fmt.Sprintf(`{"contacts":[{"mri":"8:joe.4"},{"mri":"8:anna.7","creation_time":%s,`+
				`"relationship_history":{"sources":[{"type":"Scd","time":%s}]},"profile":{"birthday":%s}},{"mri":"8:fred.2"}]}`, quoted, quoted, quoted)))
		},
		"JSON Lines": func() func(func(*contact, error) bool) {
			return ReadJSONLines(strings.NewReader("{\"mri\":\"8:joe.4\"}\n" + fmt.Sprintf(`{"mri":"8:anna.7","created_at":%s,"sources":[{"time":%s}]}`, quoted, quoted) +
				"\n" + `{"mri":"8:fred.2"}` + "\n" + fmt.Sprintf(`{"mri":"8:daisy.5","profile":{"birthday":%s}}`, quoted) + "\n"))
		},
	}
}

// requireTimesWritten asserts that each contact that a reader returns is in the file of
// each format, with times that can be read.
func requireTimesWritten(t *testing.T, text string) {
	t.Helper()
	for name, file := range timeFiles(text) {
		for format := range formatTable {
			var out strings.Builder
			report, err := Write(&out, format, file(), Options{})
			require.NoError(t, err, "%s to %s", name, format)
			require.Equal(t, report.Read-report.Unreadable, report.Written)
			require.GreaterOrEqual(t, report.Written, 2)
			if name != "JSON Lines" {
				require.Equal(t, 3, report.Written)
			}
			requireReadableTimes(t, format, out.String(), report.Written)
		}
	}
}

func requireReadableTimes(t *testing.T, format Format, file string, count int) {
	t.Helper()
	switch format {
	case JSONLines:
		contacts, errs := readAll(ReadJSONLines(strings.NewReader(file)))
		require.Empty(t, errs)
		require.Len(t, contacts, count)
	case HTML:
		for _, node := range nodesOf(t, file, "time") {
			_, err := time.Parse(time.RFC3339Nano, attributeOf(node, "datetime"))
			require.NoError(t, err)
		}
	case JSContact:
		var cards []struct {
			Created *time.Time `json:"created"`
		}
		require.NoError(t, json.Unmarshal([]byte(file), &cards))
		require.Len(t, cards, count)
	case VCard4, VCard3:
		cards := vcard.NewDecoder(strings.NewReader(file))
		for range count {
			card, err := cards.Decode()
			require.NoError(t, err)
			for name, layout := range map[string]string{"CREATED": "20060102T150405Z", "BDAY": map[Format]string{VCard3: time.DateOnly, VCard4: "20060102"}[format]} {
				if value := card.Value(name); value != "" {
					_, err := time.Parse(layout, value)
					require.NoError(t, err)
				}
			}
		}
	case GoogleCSV, OutlookCSV:
		for _, row := range sheetRows(t, strings.NewReader(file)) {
			_, err := skypecontacts.ParseDate(row["Birthday"])
			require.NoError(t, err)
		}
	}
}

func FuzzTimes(f *testing.F) {
	for _, text := range []string{
		"", "2020-01-02 03:04:05Z", "2020-01-02T03:04:05.123456789+14:00", "1987-01-02", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00",
		"0000-02-29", "2020-01-02T24:00:00Z", "10000-01-01T00:00:00Z", "2020-01-02 03:04:05", "2020-01-02T03:04:05+23:59", "\u0661987-01-02",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { requireTimesWritten(t, validUTF8(text)) })
}
