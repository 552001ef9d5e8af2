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
	out  *formatOutput
	v4   bool
	line []byte // buffer of writeText and writeURI
}

func newVCard3Writer(out *formatOutput) formatWriter { return &vcardWriter{out: out} }

func newVCard4Writer(out *formatOutput) formatWriter { return &vcardWriter{out: out, v4: true} }

func (*vcardWriter) finish() error { return nil }

func (v *vcardWriter) writeContact(c *skypecontacts.Contact) error {
	p := &c.Profile
	v.writeText("BEGIN:", "VCARD")
	if v.v4 {
		v.writeText("VERSION:", "4.0")
	} else {
		v.writeText("VERSION:", "3.0")
	}
	v.writeText("UID:", contactUID(c.MRI))
	v.writeText("FN:", c.FullName())
	first, last := nameParts(c)
	v.writeText("N:", last, first, "", p.Name.Title, "")
	v.writeOptional("NICKNAME:", p.Name.Nickname)
	v.writeOptional("ORG:", p.Name.Company)
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
	v.writeSkypeName(skypeName(c))
	for _, location := range contactLocations(c) {
		v.writeText(addressProperty(location.Type), "", "", "", location.City, location.State, "", countryText(location))
	}
	v.writeURI("URL:", homepageURI(c))
	if v.out.avatars && v.v4 {
		v.writeURI("PHOTO:", escapeURI(p.AvatarURL))
	} else if v.out.avatars {
		v.writeURI("PHOTO;VALUE=uri:", escapeURI(p.AvatarURL))
	}
	v.writeOptional("NOTE:", p.About)
	if v.v4 {
		v.writeVersion4(c)
	} else {
		v.writeOptional("BDAY:", fullBirthday(c).String())
	}
	_, err := v.out.file.WriteString("END:VCARD\r\n") // fails if a write before failed
	return err
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

// writeSkypeName writes the name as IMPP and as X-SKYPE. Every address book that was
// looked at reads one of them.
func (v *vcardWriter) writeSkypeName(name string) {
	if name == "" {
		return
	}
	if v.v4 {
		v.writeURI("IMPP;SERVICE-TYPE=Skype;USERNAME="+quoteParameter(name)+":", skypeURI(name))
	} else {
		v.writeURI("IMPP;X-SERVICE-TYPE=Skype:", skypeURI(name))
	}
	v.writeText("X-SKYPE:", name)
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

// writeURI writes a property whose value is a URI. Version 4 does not escape its
// commas. Version 3 does, since programs read the value as text: vobject ends it at
// the first comma that is not escaped.
func (v *vcardWriter) writeURI(name, value string) {
	switch {
	case value == "":
	case v.v4:
		v.line = append(append(v.line[:0], name...), value...)
		v.writeLine()
	default:
		v.writeText(name, value)
	}
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

// writeLine writes v.line, folded unless the options say otherwise.
func (v *vcardWriter) writeLine() {
	rest := v.line
	for room := maxVCardLine; len(rest) > room && !v.out.noFold; room = maxVCardLine - 1 {
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
