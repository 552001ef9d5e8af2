package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

func TestReadCSVReaderError(t *testing.T) {
	t.Parallel()
	errReader := errors.New("the disk is gone")
	for _, file := range []string{"", "id", "id,x\njoe.4,\"half"} {
		var last error
		for _, err := range ReadCSV(io.MultiReader(strings.NewReader(file), iotest.ErrReader(errReader))) {
			last = err
		}
		require.ErrorIs(t, last, errReader)
		require.False(t, isRowError(last))
	}
}

// readCSVTest is a file, and the contacts that ReadCSV returns of it.
type readCSVTest struct {
	file string
	want []skypecontacts.Contact
}

func testReadCSV(t *testing.T, tests map[string]readCSVTest) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contacts, errs := readAll(ReadCSV(strings.NewReader(test.file)))
			require.Empty(t, errs)
			require.Equal(t, test.want, contacts)
		})
	}
}

// joeWith returns joe.4 after change, as the only contact of a list.
func joeWith(change func(c *skypecontacts.Contact)) []skypecontacts.Contact {
	c := skypecontacts.Contact{MRI: "8:joe.4", DisplayName: "Joe Bloggs"}
	change(&c)
	return []skypecontacts.Contact{c}
}

func joeOnly() []skypecontacts.Contact { return joeWith(func(*skypecontacts.Contact) {}) }

// rowErrorTest is a row, in line 3 of a file, and the error of it.
type rowErrorTest struct {
	row  string
	want RowError
}

// testRowErrors asserts that the rows around a row with an error are read.
func testRowErrors(t *testing.T, tests map[string]rowErrorTest) {
	t.Helper()
	before, after := "joe.4,Joe\n", "anna.7,Anna\n"
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rows []error
			var contacts []skypecontacts.MRI
			for contact, err := range ReadCSV(strings.NewReader("id,display_name\n" + before + test.row + after)) {
				if err != nil {
					rows = append(rows, err)
				} else {
					contacts = append(contacts, contact.MRI)
				}
			}
			require.Equal(t, []error{&test.want}, rows)
			require.Equal(t, []skypecontacts.MRI{"8:joe.4", "8:anna.7"}, contacts)
			require.NotContains(t, rows[0].Error(), "secret")

			t.Run("last in the file", func(t *testing.T) {
				t.Parallel()
				for _, end := range []string{"\n", "\r\n", ""} {
					contacts, errs := readAll(ReadCSV(strings.NewReader("id,display_name\n" + before + strings.TrimSuffix(test.row, "\n") + end)))
					require.Equal(t, []string{test.want.Error()}, errs)
					require.Len(t, contacts, 1)
				}
			})
		})
	}
}

// testFileErrors asserts that a file has no contact and the error that is given.
func testFileErrors(t *testing.T, tests map[string]fileErrorTest) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for _, reader := range []io.Reader{strings.NewReader(test.file), iotest.HalfReader(strings.NewReader(test.file))} {
				report, err := Write(&out, GoogleCSV, ReadCSV(reader), Options{})
				require.EqualError(t, err, test.want)
				require.Equal(t, Report{NotHeld: map[string]int{}}, report)
				require.Empty(t, out.String())
			}
		})
	}
}

// fileErrorTest is a file and the error of it.
type fileErrorTest struct{ file, want string }

func TestReadCSVNoRows(t *testing.T) {
	t.Parallel()
	testFileErrors(t, map[string]fileErrorTest{
		"header only": {"type,id\r\n", "export: line 1: no contacts follow the names of the columns"},
	})
}

// A file of which no row can be read is an error, whatever its columns are.
func TestReadCSVNoContacts(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		"id,name,price\n,Tea,1\n,Scones,2\n", "id\n\"a\"b\n", "id,x\n8:,1\n", "type,id\nSkype,joe.4,Joe\n", "id,x\n" + strings.Repeat(",y\n", 1000),
	} {
		var out strings.Builder
		report, err := Write(&out, VCard3, ReadCSV(strings.NewReader(file)), Options{})
		require.Equal(t, errNoContacts, err)
		require.Equal(t, Report{Read: report.Unreadable, Unreadable: report.Unreadable, NotHeld: map[string]int{}}, report)
		require.NotZero(t, report.Unreadable)
	}
}

// Files of other programs and exports are an error.
func TestReadCSVOfSomethingElse(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		googleHeader + "\nJoe,,Bloggs\n", outlookHeader + "\n,Joe,,Bloggs\n", "{}\n", "[]", "{\n\"contacts\": []\n}\n", "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n",
		"mri,display_name\n8:joe.4,Joe\n", "<!DOCTYPE html>\n<html></html>\n", "Skype,joe.4,Joe Bloggs\nSkype,anna.7,Anna Cooper\n",
	} {
		contacts, errs := readAll(ReadCSV(strings.NewReader(file)))
		require.Empty(t, contacts, file)
		require.Len(t, errs, 1, file)
	}
}

func TestReadCSVBreak(t *testing.T) {
	t.Parallel()
	testBreak(t, func() iter.Seq2[*contact, error] {
		return ReadCSV(strings.NewReader("id,x\njoe.4,1\n,bad\nanna.7,1\n"))
	})
}

// A row, a header, and short rows below a long header take linear time.
func TestReadCSVLinear(t *testing.T) { //nolint:paralleltest // measures time
	columns := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, n-i)
		}
		return b.String()
	}
	for name, file := range map[string]func(n int) string{
		"numbers": func(n int) string {
			return "id" + columns(n, ",profile.phones[%d].number") + "\njoe.4" + columns(n, ",%d") + "\n"
		},
		"types of numbers": func(n int) string {
			return "id" + columns(n, ",phones[%d].type") + columns(n, ",phones[%d].number") + "\njoe.4" + columns(2*n, ",%d") + "\n"
		},
		"equal numbers": func(n int) string {
			return "type,id" + columns(n, ",phones[%d].number") + "\nPhoneNumber," + columns(n/4, "%04d") + columns(n, ",%d") + "\n"
		},
		"locations": func(n int) string {
			return "id" + columns(n, ",profile.locations[%d].city") + "\njoe.4" + columns(n, ",%d") + "\n"
		},
		"unknown columns": func(n int) string { return "id" + columns(n, ",shoe%d") + "\njoe.4" + columns(n, ",%d") + "\n" },
		"damaged cells": func(n int) string {
			return "id" + columns(n+9, ",\u00e9%d") + "\njoe.4" + columns(9, ",%d\xe9") + columns(n, ",\u00e9%d")
		},
		"short rows, many numbers": func(n int) string { return "id" + columns(n, ",phones[%d].number") + "\n" + columns(n, "joe.%d,1\n") },
		"short rows, many locations": func(n int) string {
			return "id" + columns(n, ",profile.locations[%d].city") + "\n" + columns(n, "joe.%d,1\n")
		},
		"sources": func(n int) string { return "id,sources\njoe.4,\"" + columns(n, "Scd (%d),") + "\"\n" },
		"mood":    func(n int) string { return "id,profile.mood\njoe.4," + columns(n, "<b>%d<br><!--&amp;") + "\n" },
		"quotes":  func(n int) string { return "id,x\njoe.4,\"" + columns(n, "\"\"%d\n") + "\"\n" },
	} {
		files := map[int]string{625: file(625), 10_000: file(10_000)}
		requireLinear(t, name, 625, func(n int) {
			for _, err := range ReadCSV(strings.NewReader(files[n])) {
				require.True(t, err == nil || isRowError(err), err)
			}
		})
	}
}

func TestReadCSVRoundTrip(t *testing.T) {
	t.Parallel()
	want := importers.Generated()
	got, errs := readAll(ReadCSV(bytes.NewReader(importers.ContactsCSV(want))))
	require.Empty(t, errs)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, *want[i], got[i])
	}
}

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
	f.Fuzz(func(t *testing.T, file []byte) { testSequence(t, ReadCSV(bytes.NewReader(file)), len(file)) })
}
