package importers

import (
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts/export"
)

// exception is what some importers do not read as it is in the file.
type exception struct {
	importers []string
	formats   []export.Format
	why       string
	read      func(p *Person) // changes p to what they read instead
	noField   bool            // they have no such field, which is not counted as an exception
}

func (e exception) isFor(importer string, format export.Format) bool {
	return slices.Contains(e.importers, importer) && slices.Contains(e.formats, format)
}

// exceptions are applied in this order. Each of them was observed, and is needed by
// somebody: see comparePeople.
var exceptions = []exception{
	{
		[]string{"ical.js"}, vcards, "in text that is no list, the backslash before a semicolon stays; without it, Evolution ends the text there",
		func(p *Person) {
			for _, text := range []*string{&p.Shown, &p.Nickname, &p.Note} {
				*text = escapeSemicolons(*text)
			}
		}, false,
	},
	{
		[]string{"ical.js"}, vcards, "a part of a name that ends in a backslash is joined with the next one",
		func(p *Person) {
			if strings.HasSuffix(p.First, `\`) {
				p.First, p.Suffix = p.First+";", "undefined"
			}
		}, false,
	},
	{
		[]string{"go-vcard"}, vcards, "the backslash before a semicolon stays, and names and places are divided there",
		func(p *Person) {
			for _, text := range []*string{&p.Shown, &p.Nickname, &p.Company, &p.Note} {
				*text = escapeSemicolons(*text)
			}
			name := divided(p.Last, p.First, "", "", p.Suffix)
			p.Last, p.First, p.Suffix = name[0], name[1], name[4]
			place := divided(p.Place[0], p.Place[1], "", p.Place[2])
			p.Place = [3]string{place[0], place[1], place[3]}
		}, false,
	},
	{
		[]string{"go-vcard", "Android 7.1.2 (its rule)", "vobject"}, []export.Format{export.VCard4},
		"a birthday of version 4, which has no dashes (RFC 6350, 4.3.1), is a text",
		func(p *Person) { p.Birthday = strings.ReplaceAll(p.Birthday, "-", "") }, false,
	},
	{
		[]string{"Android 7.1.2 (its rule)", "libebook-contacts"}, vcards, "spaces at the end of a text are dropped",
		func(p *Person) {
			p.Nickname, p.Note = strings.TrimRight(p.Nickname, " "), strings.TrimRight(p.Note, " ")
		}, false,
	},
	{
		[]string{"Android 7.1.2 (its rule)"}, vcards, "there is no UID, and no chat address (IMPP) but that of SIP",
		func(p *Person) { p.UID, p.Chat = "", "" }, true,
	},
	{
		[]string{"khard"}, vcards, "there is no chat address (IMPP)",
		func(p *Person) { p.Chat = "" }, true,
	},
}

func escapeSemicolons(text string) string { return strings.ReplaceAll(text, ";", `\;`) }

// divided returns what is between the semicolons of the parts of a value, escaped or not.
func divided(parts ...string) []string {
	for i, part := range parts {
		parts[i] = escapeSemicolons(part)
	}
	return strings.Split(strings.Join(parts, ";"), ";")
}
