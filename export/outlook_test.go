package export

import (
	"cmp"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

func TestOutlookCells(t *testing.T) {
	t.Parallel()
	full, plain := sheetContacts()
	opts := Options{Suggested: true, Bots: true, Avatars: true}
	require.Equal(t, map[string]string{
		"Title": "title-name", "First Name": "first-name", "Last Name": "last-name", "Company": "company-name", "Job Title": "job-title",
		"Birthday": "1987-01-02", "Gender": "gender-text", "Language": "lang-tag", "Web Page": "https://home.example",
		"Notes":          "about-text\n\nSkype: mri\nName in Skype: Display Name\nNickname: nick-name",
		"E-mail Address": "one@mail.example", "E-mail 2 Address": "two@mail.example",
		"Mobile Phone": "'+44mobile", "Home Phone": "'+44home", "Home Phone 2": "'+44home2", "Business Phone": "'+44work", "Other Phone": "'+44other", "Pager": "'+44pager",
		"Home City": "city-home", "Home State": "state-home", "Home Country/Region": "country-home", "Business City": "city-work", "Business Country/Region": "United Kingdom",
	}, sheetRow(t, writeContacts(t, OutlookCSV, opts, full)))
	require.Equal(t, map[string]string{
		"First Name": "'=Joe", "Last Name": "'@Bloggs", "Notes": "'-\na\nb\ncd\n'=\n\nSkype: joe.4", "Gender": "Female",
		"Mobile Phone": "'=1+1", "Other Phone": "'+44\uFFFD", "Home City": "caf\uFFFD", "Other City": "Leeds",
	}, sheetRow(t, writeContacts(t, OutlookCSV, opts, plain)))
}

func TestOutlookCompany(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Name: skypecontacts.Name{Company: "Bloggs Sons Ltd"}}}
	require.Equal(t, map[string]string{"Company": "Bloggs Sons Ltd", "Notes": "Skype: joe.4"}, sheetRow(t, writeContacts(t, OutlookCSV, Options{}, c)))
}

func TestOutlookRoundTrip(t *testing.T) {
	t.Parallel()
	contacts := importers.Contacts()
	rows := sheetRows(t, convertCSV(t, contacts, OutlookCSV))
	require.Len(t, rows, len(contacts))
	types := map[skypecontacts.PhoneType]string{"mobile": "Mobile Phone", "work": "Business Phone", "home": "Home Phone"}
	for i, want := range importedPeople(contacts, types) {
		row := rows[i]
		note := "Skype: " + want.Skype
		if want.Shown != importers.JoinedName(want.First, want.Last, want.Suffix) && want.Shown != want.Company {
			note += "\nName in Skype: " + want.Shown
		}
		if nickname := contacts[i].Profile.Name.Nickname; nickname != "" {
			note += "\nNickname: " + nickname
		}
		if want.Note != "" {
			note = want.Note + "\n\n" + note
		}
		want.Shown, want.Nickname, want.Note = "", "", note
		got := importers.Person{
			UID: want.UID, First: row["First Name"], Last: row["Last Name"], Suffix: row["Suffix"], Company: row["Company"], Phones: [][2]string{},
			Birthday: row["Birthday"], Skype: want.Skype,
			Place:    [3]string{cmp.Or(row["Home City"], row["Other City"]), cmp.Or(row["Home State"], row["Other State"]), cmp.Or(row["Home Country/Region"], row["Other Country/Region"])},
			Chat:     want.Chat,
			Homepage: row["Web Page"], Note: row["Notes"],
		}
		for _, column := range []string{"Mobile Phone", "Business Phone", "Home Phone"} {
			if row[column] != "" {
				got.Phones = append(got.Phones, [2]string{column, row[column]})
			}
		}
		require.Equal(t, escapedPerson(want), got)
	}
}
