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
		importers: []string{"ical.js"}, formats: vcards,
		why: "the backslash before a semicolon stays in names, nicknames and notes; without it, Evolution ends the text there",
		read: func(p *Person) {
			for _, text := range []*string{&p.Shown, &p.Nickname, &p.Note} {
				*text = escapeSemicolons(*text)
			}
		},
	},
	{
		importers: []string{"ical.js"}, formats: vcards, why: "a part of a name that ends in a backslash is joined with the next one",
		read: func(p *Person) {
			if strings.HasSuffix(p.First, `\`) {
				p.First, p.Suffix = p.First+";", "undefined"
			}
		},
	},
	{
		importers: []string{"go-vcard"}, formats: vcards, why: "the backslash before a semicolon stays, and names and places are divided there",
		read: func(p *Person) {
			for _, text := range []*string{&p.Shown, &p.Nickname, &p.Company, &p.Note} {
				*text = escapeSemicolons(*text)
			}
			name := divided(p.Last, p.First, "", "", p.Suffix)
			p.Last, p.First, p.Suffix = name[0], name[1], name[4]
			place := divided(p.Place[0], p.Place[1], "", p.Place[2])
			p.Place = [3]string{place[0], place[1], place[3]}
		},
	},
	{
		importers: []string{"go-vcard", androidImporter, "vobject"}, formats: []export.Format{export.VCard4},
		why:  "a birthday of version 4, which has no dashes (RFC 6350, 4.3.1), is a text",
		read: func(p *Person) { p.Birthday = strings.ReplaceAll(p.Birthday, "-", "") },
	},
	{
		importers: []string{androidImporter, "libebook-contacts"}, formats: vcards, why: "spaces at the end of a text are dropped",
		read: func(p *Person) {
			p.Nickname, p.Note = strings.TrimRight(p.Nickname, " "), strings.TrimRight(p.Note, " ")
		},
	},
	{
		importers: []string{androidImporter}, formats: vcards, why: "there is no UID, and no chat address (IMPP) but that of SIP",
		read: func(p *Person) { p.UID, p.Chat = "", "" }, noField: true,
	},
	{
		importers: []string{"khard"}, formats: vcards, why: "there is no chat address (IMPP)",
		read: func(p *Person) { p.Chat = "" }, noField: true,
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
