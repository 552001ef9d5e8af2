package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever wrote the address book, a person in it is known by UID or Skype name.
func TestKnownProperties(t *testing.T) {
	t.Parallel()
	uid := export.UID("live:anna.7")
	for name, line := range map[string]string{
		"UID":                 "UID:" + uid,
		"UID of Apple":        "UID:" + strings.ToUpper(strings.TrimPrefix(uid, "urn:uuid:")),
		"UID, folded":         "UID:" + uid[:20] + "\r\n " + uid[20:],
		"this program, 3.0":   "IMPP;X-SERVICE-TYPE=Skype:skype:live:anna.7",
		"this program, 4.0":   `IMPP;SERVICE-TYPE=Skype;USERNAME="live:anna.7":skype:live:anna.7`,
		"Apple":               "item1.IMPP;X-SERVICE-TYPE=Skype;type=HOME;type=pref:skype:live%3Aanna.7",
		"Apple, other scheme": "IMPP;X-SERVICE-TYPE=Skype:x-apple:live:anna.7",
		"without a scheme":    "IMPP;X-SERVICE-TYPE=Skype:live:anna.7",
		"with an action":      "IMPP:skype:live:anna.7?chat",
		"Android":             "X-SKYPE-USERNAME:live\\:anna.7",
		"Evolution":           "X-SKYPE;X-EVOLUTION-UI-SLOT=1:LIVE:Anna.7",
		"KDE":                 "X-messaging/skype-All:live:anna.7",
		"with the prefix":     "x-skype:8:live:anna.7",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, end := range []string{"\r\n", "\n"} {
				book := strings.ReplaceAll("\uFEFFBEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n"+line+"\r\nEND:VCARD", "\r\n", end)
				uids, err := readUIDs(strings.NewReader(book))
				require.NoError(t, err)
				assert.Equal(t, map[string]bool{uidKey(uid): true}, uids)
			}
		})
	}
	for _, line := range []string{
		"IMPP;X-SERVICE-TYPE=Jabber:xmpp:live:anna.7", "IMPP:sip:live:anna.7", "X-SKYPE-DISPLAYNAME:live:anna.7", "X-JABBER:live:anna.7",
		"NOTE:X-SKYPE:live:anna.7", "NOTE:a\r\n X-SKYPE:live:anna.7", "X-SKYPE:",
	} {
		uids, err := readUIDs(strings.NewReader("BEGIN:VCARD\r\n" + line + "\r\nEND:VCARD\r\n"))
		require.NoError(t, err)
		assert.Empty(t, uids, line)
	}
}

// A second run with the first output as -known has nobody to write; with another person
// in the file, it writes that one.
func TestKnown(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"vcard", "vcard4"} {
		dir := t.TempDir()
		known, more := filepath.Join(dir, "known.vcf"), filepath.Join(dir, "more.vcf")
		_, _, err := runExport(t.Context(), sampleFile, "-to", format, "-o", known, "-suggested", "-bots")
		require.NoError(t, err)
		_, stderr, err := runExport(t.Context(), sampleFile, "-known", known, "-o", more, "-suggested", "-bots")
		require.EqualError(t, err, "nobody in it is new")
		assert.Equal(t, "left out: 8 already in known.vcf\n", stderr)
		assert.Equal(t, []string{"known.vcf"}, fileNames(t, dir))

		text, err := os.ReadFile(sampleFile)
		require.NoError(t, err)
		longer := filepath.Join(dir, "longer.csv")
		require.NoError(t, os.WriteFile(longer, append(text, "Skype,joe.44,Joe Other\r\nBot,weather,Weather\r\n"...), 0o600))
		stdout, stderr, err := runExport(t.Context(), longer, "-known", known)
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(stdout, "BEGIN:VCARD"))
		assert.Contains(t, stdout, "\r\nFN:Joe Other\r\n")
		assert.Equal(t, "10 read, 1 written\nleft out: 8 already in known.vcf, 1 bot (-bots includes it)\n", stderr)
	}
}

func TestKnownErrors(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": someCSV, "empty.vcf": ""})
	for name, want := range map[string]string{
		"none.vcf": "open " + dir + "/none.vcf: no such file or directory", "contacts.csv": dir + "/contacts.csv: this is not a vCard file",
		"empty.vcf": dir + "/empty.vcf: this is not a vCard file", ".": dir + ": read " + dir + ": is a directory",
	} {
		_, _, err := runExport(t.Context(), sampleFile, "-known", filepath.Join(dir, name))
		require.EqualError(t, err, want)
	}
}

func TestUIDs(t *testing.T) {
	t.Parallel()
	assert.Equal(t, export.UID("joe.4"), export.UID("8:JOE.4"))
	assert.NotEqual(t, export.UID("joe.4"), export.UID("28:joe.4"))
	assert.Equal(t, export.UID(skypecontacts.MRI("+442079460001")), export.UID("4:+442079460001"))
}
