package export

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// vcardWriter is the [formatWriter] of vCard. It does not use the encoder of go-vcard,
// which does not escape semicolons within the parts of a name and cannot quote a
// parameter.
type vcardWriter struct {
	out             *formatOutput
	v4              bool
	line            []byte // buffer of writeText and writeURI
	afterStructured bool   // whether the line before is N, ORG or ADR
}

// vcardProduct says which program has written a vCard. It needs no escapes.
const vcardProduct = "PRODID:-//skypecontacts//export//EN\r\n"

func newVCard3Writer(out *formatOutput) formatWriter { return &vcardWriter{out: out} }

func newVCard4Writer(out *formatOutput) formatWriter { return &vcardWriter{out: out, v4: true} }

func (*vcardWriter) finish() error { return nil }

// writeContact writes UID behind N, PRODID behind ORG and END behind ADR, which are short.
// Android 7.1.2 and phones with the same importer lose a property behind one of those three
// if it is folded: they take its continuation lines for more of N, ORG or ADR (issue 11,
// case 02).
func (v *vcardWriter) writeContact(c *skypecontacts.Contact, id [16]byte) error {
	p := &c.Profile
	if v.v4 {
		_ = v.writeShort("BEGIN:VCARD\r\nVERSION:4.0\r\n")
	} else {
		_ = v.writeShort("BEGIN:VCARD\r\nVERSION:3.0\r\n")
	}
	name := contactName(c)
	v.writeText("FN:", c.FullName())
	v.writeStructured("N:", name.family, name.given, "", p.Name.Title, name.suffix)
	v.writeText("UID:", contactUID(id))
	if p.Name.Company != "" {
		v.writeStructured("ORG:", p.Name.Company)
	}
	_ = v.writeShort(vcardProduct)
	v.writeOptional("NICKNAME:", contactNickname(c))
	v.writeOptional("TITLE:", p.JobTitle)
	for _, phone := range contactPhones(c) {
		v.writeText(phoneProperty(phone.Type), phone.Number)
	}
	for _, email := range contactEmails(c) {
		if v.v4 {
			v.writeText("EMAIL:", email)
		} else {
			v.writeText("EMAIL;TYPE=INTERNET:", email)
		}
	}
	v.writeAccount(c)
	v.writeURI("URL:", v.out.homepageURI(c))
	if v.out.avatars && v.v4 {
		v.writeURI("PHOTO:", escapeURI(p.AvatarURL))
	} else if v.out.avatars {
		v.writeURI("PHOTO;VALUE=uri:", escapeURI(p.AvatarURL))
	}
	v.writeOptional("NOTE:", contactNote(c, v.out.mood))
	if v.v4 {
		v.writeVersion4(c)
	} else {
		v.writeOptional("BDAY:", fullBirthday(c).String())
	}
	for _, location := range contactLocations(c) {
		v.writeStructured(addressProperty(location.Type), "", "", "", location.City, location.State, "", countryText(location))
	}
	return v.writeShort("END:VCARD\r\n") // fails if a write before failed
}

// writeVersion4 writes the properties that version 3 lacks or has in another form.
func (v *vcardWriter) writeVersion4(c *skypecontacts.Contact) {
	p := &c.Profile
	v.writeOptional("BDAY:", strings.ReplaceAll(fullBirthday(c).String(), "-", ""))
	v.writeOptional("LANG:", string(p.Language))
	switch p.Gender {
	case skypecontacts.GenderUnstated:
	case skypecontacts.GenderMale:
		v.writeText("GENDER:", "M")
	case skypecontacts.GenderFemale:
		v.writeText("GENDER:", "F")
	default:
		v.writeText("GENDER:", "", string(p.Gender))
	}
	if !c.CreatedAt.IsZero() {
		v.writeText("CREATED:", c.CreatedAt.UTC().Format("20060102T150405Z"))
	}
}

// writeAccount writes a Skype name as IMPP, as X-SKYPE and as X-SKYPE-USERNAME. Android
// reads only the last one (PROPERTY_X_SKYPE_USERNAME in its package com.android.vcard;
// issue 11, case 01). Every other address book that was looked at reads one of the first two.
func (v *vcardWriter) writeAccount(c *skypecontacts.Contact) {
	account := contactAccount(c)
	switch {
	case account.user == "":
		return
	case c.MRI.Kind() == skypecontacts.KindLync: // it has no Skype name
		v.writeURI("IMPP:", account.uri)
		return
	case v.v4:
		v.writeURI("IMPP;SERVICE-TYPE=Skype;USERNAME="+quoteParameter(account.user)+":", account.uri)
	default:
		v.writeURI("IMPP;X-SERVICE-TYPE=Skype:", account.uri)
	}
	v.writeText("X-SKYPE:", account.user)
	v.writeText("X-SKYPE-USERNAME:", account.user)
}

// quoteParameter returns the value of a parameter, in quotes if it needs them. Most
// Skype names do: the colon of "live:.cid.1f" would end the parameters.
func quoteParameter(value string) string {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, value)
	if !strings.ContainsAny(value, `:;,^"`) {
		return value
	}
	return `"` + parameterEscaper.Replace(value) + `"`
}

// parameterEscaper escapes by RFC 6868.
var parameterEscaper = strings.NewReplacer("^", "^^", `"`, "^'")

func phoneProperty(kind skypecontacts.PhoneType) string {
	switch kind {
	case skypecontacts.PhoneMobile:
		return "TEL;TYPE=CELL:"
	case skypecontacts.PhoneHome:
		return "TEL;TYPE=HOME:"
	case skypecontacts.PhoneWork:
		return "TEL;TYPE=WORK:"
	case phoneFax:
		return "TEL;TYPE=FAX:"
	case phonePager:
		return "TEL;TYPE=PAGER:"
	default:
		return "TEL;TYPE=VOICE:"
	}
}

func addressProperty(kind string) string {
	switch kind {
	case "home":
		return "ADR;TYPE=HOME:"
	case "work":
		return "ADR;TYPE=WORK:"
	default:
		return "ADR:"
	}
}

func (v *vcardWriter) writeOptional(name, value string) {
	if value != "" {
		v.writeText(name, value)
	}
}

// writeText writes a property whose value is text, or several texts separated by
// semicolons.
func (v *vcardWriter) writeText(name string, parts ...string) {
	v.line = append(v.line[:0], name...)
	for i, part := range parts {
		if i > 0 {
			v.line = append(v.line, ';')
		}
		v.line = appendEscaped(v.line, part)
	}
	v.writeLine()
}

// writeShort writes lines that need neither escapes nor folds.
func (v *vcardWriter) writeShort(lines string) error {
	v.afterStructured = false
	_, err := v.out.file.WriteString(lines)
	return err
}

// writeStructured writes N, ORG or ADR.
func (v *vcardWriter) writeStructured(name string, parts ...string) {
	v.writeText(name, parts...)
	v.afterStructured = true
}

// writeURI writes a property whose value is a URI. It escapes commas and semicolons, which
// RFC 3986 allows: vobject ends a URI at a comma, Evolution at a semicolon, and sabre and
// ical.js keep a backslash before them (issue 11, case 09).
func (v *vcardWriter) writeURI(name, value string) {
	if value == "" {
		return
	}
	v.line = append(v.line[:0], name...)
	for i := range len(value) {
		switch value[i] {
		case ',':
			v.line = append(v.line, "%2C"...)
		case ';':
			v.line = append(v.line, "%3B"...)
		default:
			v.line = append(v.line, value[i])
		}
	}
	v.writeLine()
}

// appendEscaped appends s, escaped as the text of a vCard, to line.
func appendEscaped(line []byte, s string) []byte {
	s = validUTF8(s)
	begin, done := len(line), 0 // s[:done] is in line
	for i := range len(s) {
		b := s[i]
		if b >= ' ' && b != '\\' && b != ',' && b != ';' && b != 0x7f || b == '\t' {
			continue
		}
		line = append(line, s[done:i]...)
		done = i + 1
		switch b {
		case '\\', ',', ';':
			line = append(line, '\\', b)
		case '\n':
			line = append(line, '\\', 'n')
		default:
			return appendEscaped(line[:begin], cleanText(s)) // starts again, which is rare
		}
	}
	return append(line, s[done:]...)
}

// maxVCardLine is the maximum length of a line in bytes without its end.
const maxVCardLine = 75

// writeLine writes v.line, folded unless the options say otherwise or the line before is
// N, ORG or ADR. An ADR behind another is such a line.
func (v *vcardWriter) writeLine() {
	rest := v.line
	fold := !v.out.noFold && !v.afterStructured
	v.afterStructured = false
	for room := maxVCardLine; len(rest) > room && fold; room = maxVCardLine - 1 {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		_, _ = v.out.file.Write(rest[:cut])
		_, _ = v.out.file.WriteString("\r\n ")
		rest = rest[cut:]
	}
	_, _ = v.out.file.Write(rest)
	_, _ = v.out.file.WriteString("\r\n")
}
