package export

import (
	"cmp"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

func TestGoogleCells(t *testing.T) {
	t.Parallel()
	full, plain := sheetContacts()
	opts := Options{Suggested: true, Bots: true, Avatars: true}
	require.Equal(t, map[string]string{
		"First Name": "first-name", "Last Name": "last-name", "Name Prefix": "title-name", "Nickname": "nick-name", "File As": "Display Name",
		"Organization Name": "company-name", "Organization Title": "job-title", "Birthday": "1987-01-02", "Notes": "about-text",
		"Photo": "https://avatar.example/a", "Labels": "* myContacts ::: * starred",
		"E-mail 1 - Label": "Other", "E-mail 1 - Value": "one@mail.example ::: two@mail.example",
		"Phone 1 - Label": "Mobile", "Phone 1 - Value": "'+44mobile", "Phone 2 - Label": "Home", "Phone 2 - Value": "'+44home ::: +44home2",
		"Phone 3 - Label": "Work", "Phone 3 - Value": "'+44work", "Phone 4 - Label": "Other", "Phone 4 - Value": "'+44other",
		"Address 1 - Label": "Home", "Address 1 - City": "city-home", "Address 1 - Region": "state-home", "Address 1 - Country": "country-home",
		"Address 2 - Label": "Work", "Address 2 - City": "city-work", "Address 2 - Country": "United Kingdom",
		"Website 1 - Label": "Home Page", "Website 1 - Value": "https://home.example", "Custom Field 1 - Label": "Skype", "Custom Field 1 - Value": "mri",
	}, sheetRow(t, writeContacts(t, GoogleCSV, opts, full)))
	require.Equal(t, map[string]string{
		"First Name": "'=Joe", "Last Name": "'@Bloggs", "Notes": "'-\na\nb\ncd\n'=", "Labels": "* myContacts",
		"Phone 1 - Label": "Mobile", "Phone 1 - Value": "'=1+1 ::: +44\uFFFD",
		"Address 1 - Label": "Home", "Address 1 - City": "caf\uFFFD", "Address 2 - Label": "Home", "Address 2 - City": "Leeds",
		"Custom Field 1 - Label": "Skype", "Custom Field 1 - Value": "joe.4",
	}, sheetRow(t, writeContacts(t, GoogleCSV, opts, plain)))
}

func TestGoogleCompany(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Name: skypecontacts.Name{Company: "Bloggs Sons Ltd"}}}
	require.Equal(t, map[string]string{
		"File As": "Bloggs Sons Ltd", "Organization Name": "Bloggs Sons Ltd", "Labels": "* myContacts",
		"Custom Field 1 - Label": "Skype", "Custom Field 1 - Value": "joe.4",
	}, sheetRow(t, writeContacts(t, GoogleCSV, Options{}, c)))
}

// Each number that shares a label is guarded by the cell that it becomes a part of.
func TestGooglePhones(t *testing.T) {
	t.Parallel()
	for want, numbers := range map[string][]string{
		"'+1 ::: -cmd|'/c calc'!A0":             {"+1", "-cmd|'/c calc'!A0"},
		"'+1 ::: +2 ::: =1":                     {"+1", "+2", "=1"},
		"+442079460001 ::: +44 (20) 7946 00-02": {"+442079460001", "+44 (20) 7946 00-02"},
		"020 ::: +1":                            {"020", "+1"},
		"'+1 ::: 020":                           {"+1", "020"},
		"1;'=1 ::: +2":                          {"1;=1", "+2"},
		"1\n'=1":                                {"1\r=1"},
	} {
		c := &contact{MRI: "8:joe.4"}
		for _, number := range numbers {
			c.Profile.Phones = append(c.Profile.Phones, skypecontacts.Phone{Number: number, Type: "home"})
		}
		require.Equal(t, want, sheetRow(t, writeContacts(t, GoogleCSV, Options{}, c))["Phone 1 - Value"])
	}
	c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Emails: []string{"+1", "=2"}, Phones: []skypecontacts.Phone{{Number: "+1", Type: "=1"}}}}
	row := sheetRow(t, writeContacts(t, GoogleCSV, Options{}, c))
	require.Equal(t, [3]string{"'+1 ::: =2", "'=1", "+1"}, [3]string{row["E-mail 1 - Value"], row["Phone 1 - Label"], row["Phone 1 - Value"]})
}

// The fifth type of number has no columns. The numbers behind it have.
func TestGooglePhoneTypes(t *testing.T) {
	t.Parallel()
	var phones []skypecontacts.Phone
	for i, kind := range []skypecontacts.PhoneType{"home", "work", "", "fax", "pager", "home", "fax", "other"} {
		phones = append(phones, skypecontacts.Phone{Number: strconv.Itoa(i), Type: kind})
	}
	var out strings.Builder
	report, err := Write(&out, GoogleCSV, contactSequence(&contact{MRI: "8:joe.4", Phones: phones}), Options{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"profile.phones": 1}, report.NotHeld)
	var got []string
	row := sheetRow(t, out.String())
	for _, columns := range googlePhones {
		got = append(got, row[columns.label], row[columns.value])
	}
	require.Equal(t, []string{"Home", "0 ::: 5", "Work", "1", "Other", "2 ::: 7", "fax", "3 ::: 6"}, got)
}

func TestGoogleRoundTrip(t *testing.T) {
	t.Parallel()
	contacts := importers.Contacts()
	rows := sheetRows(t, convertCSV(t, contacts, GoogleCSV))
	require.Len(t, rows, len(contacts))
	types := map[skypecontacts.PhoneType]string{"mobile": "Mobile", "work": "Work", "home": "Home"}
	for i, want := range importedPeople(contacts, types) {
		row := rows[i]
		got := importers.Person{
			UID: want.UID, Shown: cmp.Or(row["File As"], escapeFormula(importers.JoinedName(want.First, want.Last, want.Suffix))),
			First: row["First Name"], Last: row["Last Name"], Suffix: row["Name Suffix"],
			Nickname: row["Nickname"], Company: row["Organization Name"], Phones: [][2]string{}, Birthday: row["Birthday"],
			Place: [3]string{row["Address 1 - City"], row["Address 1 - Region"], row["Address 1 - Country"]}, Skype: row["Custom Field 1 - Value"], Chat: want.Chat,
			Homepage: row["Website 1 - Value"], Note: row["Notes"],
		}
		for _, n := range []string{"1", "2", "3", "4"} {
			if row["Phone "+n+" - Label"] != "" {
				got.Phones = append(got.Phones, [2]string{row["Phone "+n+" - Label"], row["Phone "+n+" - Value"]})
			}
		}
		require.Equal(t, escapedPerson(want), got)
		require.Equal(t, "Skype", row["Custom Field 1 - Label"])
	}
}
