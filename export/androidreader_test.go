package export

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

// requireAndroidReads asserts that the importer finds each value of contacts in its place.
func requireAndroidReads(t *testing.T, file string, opts Options, contacts ...*contact) {
	t.Helper()
	people := importers.ReadAndroid(t, file)
	require.Len(t, people, len(contacts))
	for i, c := range contacts {
		got, p := people[i], &c.Profile
		plain := func(text string) string { return importers.AndroidTrim(cleanText(text)) }
		single := func(text string) []string {
			if text == "" {
				return nil
			}
			return []string{plain(text)}
		}
		name := contactName(c)
		want := importers.AndroidPerson{
			Formatted: plain(c.FullName()),
			Name:      [5]string{cleanText(name.family), cleanText(name.given), "", cleanText(p.Name.Title), cleanText(name.suffix)},
			Company:   cleanText(p.Name.Company), Title: plain(p.JobTitle),
			Nicknames: single(contactNickname(c)), Notes: single(contactNote(c, opts.Mood)), Websites: single(vcardURI(homepageURI(c))),
			Birthday: got.Birthday, Phones: got.Phones, Properties: got.Properties, // compared below, or not the same in both versions
		}
		switch account := contactAccount(c); {
		case c.MRI.Kind() == skypecontacts.KindLync:
			want.SIP = single(strings.TrimPrefix(account.uri, "sip:"))
		default:
			want.Skype = single(account.user)
		}
		for _, email := range contactEmails(c) {
			want.Emails = append(want.Emails, plain(email))
		}
		for _, l := range contactLocations(c) {
			want.Places = append(want.Places, [7]string{3: cleanText(l.City), 4: cleanText(l.State), 6: cleanText(countryText(l))})
		}
		require.Equal(t, want, got)
		require.Equal(t, fullBirthday(c).String(), importers.Undashed(got.Birthday))
		for n, phone := range contactPhones(c) {
			require.Equal(t, plain(phone.Number), got.Phones[n][1])
		}
	}
}
