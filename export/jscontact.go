package export

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/skypecontacts/skypecontacts"
)

// jsContactWriter is the [formatWriter] of JSContact, RFC 9553: an array of cards.
// Members with the default value of the RFC are omitted.
type jsContactWriter struct {
	out     *formatOutput
	started bool              // whether "[" is written
	card    bytes.Buffer      // of writeContact
	encoder *jsontext.Encoder // writes to card, which never fails
}

func newJSContactWriter(out *formatOutput) formatWriter {
	j := &jsContactWriter{out: out}
	j.encoder = jsontext.NewEncoder(&j.card, jsonTextOptions)
	return j
}

func (j *jsContactWriter) writeContact(c *skypecontacts.Contact, id [16]byte) error {
	j.card.Reset()
	j.writeCard(c, id)
	separator := ",\n"
	if !j.started {
		separator, j.started = "[\n", true
	}
	_, _ = j.out.file.WriteString(separator)
	_, err := j.out.file.Write(bytes.TrimSuffix(j.card.Bytes(), []byte("\n")))
	return err
}

func (j *jsContactWriter) finish() error {
	ending := "\n]\n"
	if !j.started {
		ending = "[]\n"
	}
	_, err := j.out.file.WriteString(ending)
	return err
}

func (j *jsContactWriter) writeCard(c *skypecontacts.Contact, id [16]byte) {
	p := &c.Profile
	j.begin()
	j.text("@type", "Card")
	j.text("version", "1.0")
	j.text("uid", contactUID(id))
	if c.IsBot() {
		j.text("kind", "application")
	}
	if !c.CreatedAt.IsZero() {
		j.text("created", c.CreatedAt.UTC().Format(time.RFC3339Nano))
	}
	j.writeName(c)
	j.single("nicknames", "name", contactNickname(c))
	j.single("organizations", "name", p.Name.Company)
	j.single("titles", "name", p.JobTitle)
	numbered(j, "phones", contactPhones(c), j.writePhone)
	numbered(j, "emails", contactEmails(c), func(email string) { j.text("address", email) })
	j.writeService(c)
	numbered(j, "addresses", contactLocations(c), j.writeAddress)
	j.single("links", "uri", j.out.homepageURI(c))
	if j.out.avatars && p.AvatarURL != "" {
		j.begin("media", "1")
		j.text("kind", "photo")
		j.text("uri", escapeURI(p.AvatarURL))
		j.end(2)
	}
	j.single("preferredLanguages", "language", string(p.Language))
	j.writeBirthday(c)
	j.single("notes", "note", contactNote(c, j.out.mood))
	j.end(1)
}

// begin begins an object as the value of each name, one in the other, or without a name
// the card.
func (j *jsContactWriter) begin(names ...string) {
	if len(names) == 0 {
		j.write(jsontext.BeginObject)
	}
	for _, name := range names {
		j.write(jsontext.String(name))
		j.write(jsontext.BeginObject)
	}
}

// end ends the innermost objects.
func (j *jsContactWriter) end(objects int) {
	for range objects {
		j.write(jsontext.EndObject)
	}
}

// text writes a member.
func (j *jsContactWriter) text(name, value string) {
	j.write(jsontext.String(name))
	j.write(jsontext.String(value))
}

func (j *jsContactWriter) write(token jsontext.Token) { _ = j.encoder.WriteToken(token) }

// single writes an object with one item, as JSContact has in place of lists, unless
// value is empty. Value is the only member of the item.
func (j *jsContactWriter) single(name, member, value string) {
	if value != "" {
		j.begin(name, "1")
		j.text(member, value)
		j.end(2)
	}
}

// numbered writes an object with an item for each of values, whose keys are "1", "2" and
// so on, as JSContact has in place of lists. Members writes what is in an item.
func numbered[T any](j *jsContactWriter, name string, values []T, members func(T)) {
	if len(values) == 0 {
		return
	}
	j.begin(name)
	for i, value := range values {
		j.begin(strconv.Itoa(i + 1))
		members(value)
		j.end(1)
	}
	j.end(1)
}

// component is a part of a name or of an address.
type component struct{ kind, value string }

// components writes the parts that are not empty.
func (j *jsContactWriter) components(list ...component) {
	begun := false
	for _, part := range list {
		if part.value == "" {
			continue
		}
		if !begun {
			begun = true
			j.write(jsontext.String("components"))
			j.write(jsontext.BeginArray)
		}
		j.begin()
		j.text("kind", part.kind)
		j.text("value", part.value)
		j.end(1)
	}
	if begun {
		j.write(jsontext.EndArray)
	}
}

// writeName writes the name. RFC 9553, section 2.2.1.2, has two kinds of suffix.
func (j *jsContactWriter) writeName(c *skypecontacts.Contact) {
	name := contactName(c)
	list := []component{{"title", c.Profile.Name.Title}, {"given", name.given}, {"surname", name.family}}
	for word := range strings.FieldsSeq(name.suffix) {
		kind := "credential"
		if isGeneration(word) {
			kind = "generation"
		}
		list = append(list, component{kind, word})
	}
	j.begin("name")
	j.text("full", c.FullName())
	j.components(list...)
	j.end(1)
}

func (j *jsContactWriter) writePhone(p skypecontacts.Phone) {
	j.text("number", p.Number)
	switch p.Type {
	case skypecontacts.PhoneMobile, phoneFax, phonePager:
		j.flag("features", string(p.Type))
	case skypecontacts.PhoneHome, skypecontacts.PhoneWork:
		j.contexts(string(p.Type))
	case skypecontacts.PhoneOther, "":
	default:
		j.text("label", string(p.Type))
	}
}

func (j *jsContactWriter) writeAddress(l skypecontacts.Location) {
	j.components(component{"locality", l.City}, component{"region", l.State}, component{"country", l.CountryName})
	if l.Country != "" {
		j.text("countryCode", string(l.Country))
	}
	j.contexts(l.Type)
}

// contexts writes in which part of life a number or an address is used.
func (j *jsContactWriter) contexts(kind string) {
	switch kind {
	case "home":
		j.flag("contexts", "private")
	case "work":
		j.flag("contexts", "work")
	}
}

// flag writes an object with one member that is true.
func (j *jsContactWriter) flag(name, member string) {
	j.begin(name)
	j.write(jsontext.String(member))
	j.write(jsontext.True)
	j.end(1)
}

// writeService writes the account for messages.
func (j *jsContactWriter) writeService(c *skypecontacts.Contact) {
	account := contactAccount(c)
	if account.user == "" {
		return
	}
	j.begin("onlineServices", "skype")
	j.text("@type", "OnlineService")
	j.text("service", account.service)
	j.text("user", account.user)
	j.text("uri", account.uri)
	j.text("vCardName", "impp") // as converters from vCard to JSContact write it
	j.end(2)
}

func (j *jsContactWriter) writeBirthday(c *skypecontacts.Contact) {
	day := fullBirthday(c)
	if day.IsZero() {
		return
	}
	j.begin("anniversaries", "birthday")
	j.text("kind", "birth")
	j.begin("date")
	j.number("year", day.Year)
	j.number("month", int(day.Month))
	j.number("day", day.Day)
	j.end(3)
}

func (j *jsContactWriter) number(name string, value int) {
	j.write(jsontext.String(name))
	j.write(jsontext.Int(int64(value)))
}
