package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func FuzzReadCSV(f *testing.F) {
	file, err := os.ReadFile("testdata/contacts.csv")
	require.NoError(f, err)
	f.Add(file)
	f.Add([]byte("id\njoe.4\n"))
	f.Add([]byte("phones[3].number,id,profile.phones[99999999999999999999].type,profile.locations[-1].city\n1,a,b,c\n"))
	f.Add([]byte("id,id,type\n,\"a\n\",Bot\nb,\"c\"d,\n"))
	f.Add([]byte("\xEF\xBB\xBFid,profile.mood\r\nlive:.cid.1,\"<a href='\r\n"))
	f.Add([]byte("\xFF\xFEi\x00d\x00"))
	f.Add([]byte("type,id,profile.about\nPhoneNumber,,\nSkype,a,\"BEGIN:VCARD\r\n=1\xff\"\n"))
	f.Fuzz(func(t *testing.T, file []byte) { checkReader(t, ReadCSV(bytes.NewReader(file)), len(file)) })
}

func FuzzReadJSONLines(f *testing.F) {
	file, err := os.ReadFile("testdata/contacts.jsonl")
	require.NoError(f, err)
	f.Add(file)
	f.Add([]byte(`{"mri":"8:joe.4","profile":{"birthday":"1987-01-02","phones":[{}]}}`))
	f.Add([]byte("{\"mri\":\"8:\\u0000\"}\n\n{\"mri\":1}\r\n[]\nnull"))
	f.Add([]byte(`{"contacts":[{"mri":"8:joe.4"}]}`))
	f.Add([]byte("\xEF\xBB\xBF{\"mri\":\"a\",\"extra\":{\"b\":[1]}}"))
	f.Fuzz(func(t *testing.T, file []byte) { checkReader(t, ReadJSONLines(bytes.NewReader(file)), len(file)) })
}

// checkReader holds whatever a file says to what both sides promise: each entry
// has an identifier and is read once, and what is written can be read.
func checkReader(t *testing.T, seq iter.Seq2[*contact, error], size int) {
	var contacts []*contact
	ended, seen := false, map[[16]byte]bool{}
	for c, err := range seq {
		require.False(t, ended, "an error that ends the reading is the last")
		if err != nil {
			ended = !isRowError(err)
		}
		if c == nil {
			require.Error(t, err)
			continue
		}
		require.NotEmpty(t, c.MRI.ID())
		if id := identifierHash(c.MRI); !seen[id] { // the others are not written
			seen[id] = true
			contacts = append(contacts, c)
		}
	}
	require.LessOrEqual(t, len(contacts), size)
	all := Options{Suggested: true, Bots: true, Avatars: true}

	lines := writeString(t, JSONLines, all, contacts...)
	again := 0
	for c, err := range ReadJSONLines(strings.NewReader(lines)) {
		if err != nil {
			require.Empty(t, contacts)
			continue
		}
		require.Equal(t, validUTF8(string(contacts[again].MRI)), string(c.MRI))
		again++
	}
	require.Equal(t, len(contacts), again)

	for _, format := range []Format{VCard3, VCard4} {
		file := writeString(t, format, all, contacts...)
		require.True(t, utf8.ValidString(file))
		cards := vcard.NewDecoder(strings.NewReader(file))
		for range contacts {
			card, err := cards.Decode()
			require.NoError(t, err)
			require.Len(t, card["UID"], 1)
			require.Len(t, card["FN"], 1)
		}
		_, err := cards.Decode()
		require.Equal(t, io.EOF, err)
	}
	for _, format := range []Format{GoogleCSV, OutlookCSV} {
		rows, err := csv.NewReader(strings.NewReader(writeString(t, format, all, contacts...))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, len(contacts)+1)
		for _, row := range rows[1:] {
			for _, cell := range row {
				first, _, _ := strings.Cut(cell, googleSeparator)
				require.Equal(t, first, escapeFormula(first))
			}
		}
	}
	writeString(t, JSContact, all, contacts...)
}

// An error that a sequence wraps further is still about one entry only.
func TestWrappedRowErrors(t *testing.T) {
	t.Parallel()
	require.True(t, isEntryError(errors.Join(&RowError{})))
	require.True(t, isEntryError(errors.Join(skypecontacts.SkippedItem{})))
	require.False(t, isEntryError(io.ErrUnexpectedEOF))
}
