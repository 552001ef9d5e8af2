package export

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// jsContactWriter is the [formatWriter] of JSContact, RFC 9553: an array of cards.
// Members with the default value of the RFC are omitted.
type jsContactWriter struct {
	out     *formatOutput
	started bool         // whether "[" is written
	card    bytes.Buffer // of writeContact
}

func newJSContactWriter(out *formatOutput) formatWriter { return &jsContactWriter{out: out} }

func (j *jsContactWriter) writeContact(c *skypecontacts.Contact) error {
	j.card.Reset()
	if err := newJSONEncoder(&j.card).Encode(newJSCard(c, j.out)); err != nil {
		return err
	}
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

type jsCard struct {
	Type          string                   `json:"@type"`
	Version       string                   `json:"version"`
	UID           string                   `json:"uid"`
	Kind          string                   `json:"kind,omitzero"`
	Created       string                   `json:"created,omitzero"`
	Name          jsName                   `json:"name"`
	Nicknames     map[string]jsNamed       `json:"nicknames,omitzero"`
	Organizations map[string]jsNamed       `json:"organizations,omitzero"`
	Titles        map[string]jsNamed       `json:"titles,omitzero"`
	Phones        map[string]jsPhone       `json:"phones,omitzero"`
	Emails        map[string]jsEmail       `json:"emails,omitzero"`
	Services      map[string]jsService     `json:"onlineServices,omitzero"`
	Addresses     map[string]jsAddress     `json:"addresses,omitzero"`
	Links         map[string]jsLink        `json:"links,omitzero"`
	Media         map[string]jsLink        `json:"media,omitzero"`
	Languages     map[string]jsLanguage    `json:"preferredLanguages,omitzero"`
	Anniversaries map[string]jsAnniversary `json:"anniversaries,omitzero"`
	Notes         map[string]jsNote        `json:"notes,omitzero"`
}

type jsName struct {
	Full       string        `json:"full"`
	Components []jsComponent `json:"components,omitzero"`
}

// jsComponent is a component of a name or of an address.
type jsComponent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

type jsNamed struct {
	Name string `json:"name"`
}

type jsPhone struct {
	Number   string          `json:"number"`
	Features map[string]bool `json:"features,omitzero"`
	Contexts map[string]bool `json:"contexts,omitzero"`
	Label    string          `json:"label,omitzero"`
}

type jsEmail struct {
	Address string `json:"address"`
}

type jsService struct {
	Type      string `json:"@type"`
	Service   string `json:"service"`
	User      string `json:"user"`
	URI       string `json:"uri"`
	VCardName string `json:"vCardName"`
}

type jsAddress struct {
	Components  []jsComponent   `json:"components,omitzero"`
	CountryCode string          `json:"countryCode,omitzero"`
	Contexts    map[string]bool `json:"contexts,omitzero"`
}

type jsLink struct {
	Kind string `json:"kind,omitzero"`
	URI  string `json:"uri"`
}

type jsLanguage struct {
	Language string `json:"language"`
}

type jsAnniversary struct {
	Kind string `json:"kind"`
	Date jsDate `json:"date"`
}

type jsDate struct {
	Year  int `json:"year"`
	Month int `json:"month"`
	Day   int `json:"day"`
}

type jsNote struct {
	Note string `json:"note"`
}

func newJSCard(c *skypecontacts.Contact, out *formatOutput) *jsCard {
	p := &c.Profile
	nickname, note := contactNickname(c), contactNote(c, out.mood)
	card := &jsCard{
		Type: "Card", Version: "1.0", UID: contactUID(c.MRI),
		Name:          jsName{c.FullName(), jsNameComponents(p.Name.Title, contactName(c))},
		Nicknames:     jsSingle(nickname, jsNamed{nickname}),
		Organizations: jsSingle(p.Name.Company, jsNamed{p.Name.Company}),
		Titles:        jsSingle(p.JobTitle, jsNamed{p.JobTitle}),
		Phones:        jsNumbered(contactPhones(c), newJSPhone),
		Emails:        jsNumbered(contactEmails(c), func(email string) jsEmail { return jsEmail{email} }),
		Addresses:     jsNumbered(contactLocations(c), newJSAddress),
		Links:         jsSingle(homepageURI(c), jsLink{URI: homepageURI(c)}),
		Languages:     jsSingle(string(p.Language), jsLanguage{string(p.Language)}),
		Notes:         jsSingle(note, jsNote{note}),
	}
	if c.IsBot() {
		card.Kind = "application"
	}
	if !c.CreatedAt.IsZero() {
		card.Created = c.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	if account := contactAccount(c); account.user != "" {
		// Converters from vCard to JSContact write vCardName.
		card.Services = map[string]jsService{"skype": {"OnlineService", account.service, account.user, account.uri, "impp"}}
	}
	if d := fullBirthday(c); !d.IsZero() {
		card.Anniversaries = map[string]jsAnniversary{"birthday": {"birth", jsDate{d.Year, int(d.Month), d.Day}}}
	}
	if out.avatars {
		card.Media = jsSingle(p.AvatarURL, jsLink{"photo", escapeURI(p.AvatarURL)})
	}
	return card
}

// jsSingle returns a map with one item, as JSContact has in place of lists, or nil if
// value is empty.
func jsSingle[T any](value string, item T) map[string]T {
	if value == "" {
		return nil
	}
	return map[string]T{"1": item}
}

// jsNumbered returns a map of the items with the keys "1", "2" and so on, as
// JSContact has in place of lists.
func jsNumbered[T, U any](values []T, item func(T) U) map[string]U {
	if len(values) == 0 {
		return nil
	}
	items := make(map[string]U, len(values))
	for i, value := range values {
		items[strconv.Itoa(i+1)] = item(value)
	}
	return items
}

// jsComponents returns a component for each pair of kind and value whose value is
// not empty.
func jsComponents(pairs ...string) []jsComponent {
	var list []jsComponent
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			list = append(list, jsComponent{pair[0], pair[1]})
		}
	}
	return list
}

// jsNameComponents returns the components of a name. RFC 9553, section 2.2.1.2, has two
// kinds of suffix.
func jsNameComponents(title string, name personName) []jsComponent {
	list := jsComponents("title", title, "given", name.given, "surname", name.family)
	for word := range strings.FieldsSeq(name.suffix) {
		kind := "credential"
		if isGeneration(word) {
			kind = "generation"
		}
		list = append(list, jsComponent{kind, word})
	}
	return list
}

func newJSPhone(p skypecontacts.Phone) jsPhone {
	phone := jsPhone{Number: p.Number}
	switch p.Type {
	case skypecontacts.PhoneMobile, phoneFax, phonePager:
		phone.Features = map[string]bool{string(p.Type): true}
	case skypecontacts.PhoneHome, skypecontacts.PhoneWork:
		phone.Contexts = jsContexts(string(p.Type))
	case skypecontacts.PhoneOther:
	default:
		phone.Label = string(p.Type)
	}
	return phone
}

func newJSAddress(l skypecontacts.Location) jsAddress {
	return jsAddress{
		Components:  jsComponents("locality", l.City, "region", l.State, "country", l.CountryName),
		CountryCode: string(l.Country),
		Contexts:    jsContexts(l.Type),
	}
}

func jsContexts(kind string) map[string]bool {
	switch kind {
	case "home":
		return map[string]bool{"private": true}
	case "work":
		return map[string]bool{"work": true}
	default:
		return nil
	}
}
