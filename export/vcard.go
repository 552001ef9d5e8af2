package export

import (
	"bufio"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// vcardWriter writes vCards. The encoder of go-vcard leaves semicolons within the
// parts of a name as they are and cannot quote a parameter, so the lines are put
// together here.
type vcardWriter struct {
	out     *bufio.Writer
	v4      bool
	noFold  bool
	avatars bool
	line    []byte
}

func (v *vcardWriter) encode(c *skypecontacts.Contact) error {
	p := &c.Profile
	v.text("BEGIN:", "VCARD")
	if v.v4 {
		v.text("VERSION:", "4.0")
	} else {
		v.text("VERSION:", "3.0")
	}
	v.text("UID:", uid(c.MRI))
	v.text("FN:", c.FullName())
	first, last := names(c)
	v.text("N:", last, first, "", p.Name.Title, "")
	v.optional("NICKNAME:", p.Name.Nickname)
	v.optional("ORG:", p.Name.Company)
	v.optional("TITLE:", p.JobTitle)
	for _, phone := range phones(c) {
		v.text(telephone(phone.Type), phone.Number)
	}
	for _, email := range emails(c) {
		if v.v4 {
			v.text("EMAIL:", email)
		} else {
			v.text("EMAIL;TYPE=INTERNET:", email)
		}
	}
	v.skype(skypeName(c))
	for _, place := range places(c) {
		v.text(address(place.Type), "", "", "", place.City, place.State, "", country(place))
	}
	v.uri("URL:", homepage(c))
	if v.avatars && v.v4 {
		v.uri("PHOTO:", escapeURI(p.AvatarURL))
	} else if v.avatars {
		v.uri("PHOTO;VALUE=uri:", escapeURI(p.AvatarURL))
	}
	v.optional("NOTE:", p.About)
	if v.v4 {
		v.version4(c)
	} else {
		v.optional("BDAY:", birthday(c).String())
	}
	_, err := v.out.WriteString("END:VCARD\r\n") // fails if any line before failed
	return err
}

// version4 writes what version 3 lacks or writes in another way.
func (v *vcardWriter) version4(c *skypecontacts.Contact) {
	p := &c.Profile
	v.optional("BDAY:", strings.ReplaceAll(birthday(c).String(), "-", ""))
	v.optional("LANG:", string(p.Language))
	switch p.Gender {
	case skypecontacts.GenderUnstated:
	case skypecontacts.GenderMale:
		v.text("GENDER:", "M")
	case skypecontacts.GenderFemale:
		v.text("GENDER:", "F")
	default:
		v.text("GENDER:", "", string(p.Gender))
	}
	if !c.CreatedAt.IsZero() {
		v.text("CREATED:", c.CreatedAt.UTC().Format("20060102T150405Z"))
	}
}

// skype writes the name in the two forms of which every program seen reads one.
func (v *vcardWriter) skype(name string) {
	if name == "" {
		return
	}
	if v.v4 {
		v.uri("IMPP;SERVICE-TYPE=Skype;USERNAME="+parameter(name)+":", skypeURI(name))
	} else {
		v.uri("IMPP;X-SERVICE-TYPE=Skype:", skypeURI(name))
	}
	v.text("X-SKYPE:", name)
}

// parameter quotes the value of a parameter if it has to be, as most Skype names
// have: "live:.cid.1f" would otherwise end the parameters at its colon.
func parameter(value string) string {
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

func telephone(kind skypecontacts.PhoneType) string {
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

func address(kind string) string {
	switch kind {
	case "home":
		return "ADR;TYPE=HOME:"
	case "work":
		return "ADR;TYPE=WORK:"
	default:
		return "ADR:"
	}
}

func (v *vcardWriter) optional(name, value string) {
	if value != "" {
		v.text(name, value)
	}
}

// text writes a property whose value is text, in one or several parts.
func (v *vcardWriter) text(name string, parts ...string) {
	v.line = append(v.line[:0], name...)
	for i, part := range parts {
		if i > 0 {
			v.line = append(v.line, ';')
		}
		v.line = appendText(v.line, part)
	}
	v.endLine()
}

// uri writes a property whose value is an address. In version 4 commas stand in
// it as they are. In version 3 programs take it for text: vobject cuts it off at
// the first comma that is not escaped.
func (v *vcardWriter) uri(name, value string) {
	switch {
	case value == "":
	case v.v4:
		v.line = append(append(v.line[:0], name...), value...)
		v.endLine()
	default:
		v.text(name, value)
	}
}

// appendText escapes text.
func appendText(line []byte, s string) []byte {
	s = mended(s)
	begin, done := len(line), 0 // what of s is in line already
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
			return appendText(line[:begin], clean(s)) // rare, so it may take twice
		}
	}
	return append(line, s[done:]...)
}

// maxLine is how long a line may be in bytes, its end not included.
const maxLine = 75

func (v *vcardWriter) endLine() {
	rest := v.line
	for room := maxLine; len(rest) > room && !v.noFold; room = maxLine - 1 {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		_, _ = v.out.Write(rest[:cut])
		_, _ = v.out.WriteString("\r\n ")
		rest = rest[cut:]
	}
	_, _ = v.out.Write(rest)
	_, _ = v.out.WriteString("\r\n")
}

func (*vcardWriter) end() error { return nil }
