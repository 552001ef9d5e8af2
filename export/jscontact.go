package export

import (
	"bufio"
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// jsContactWriter writes an array of cards by RFC 9553. Members that are left out have
// the value the RFC gives them.
type jsContactWriter struct {
	out     *bufio.Writer
	avatars bool
	started bool
	card    bytes.Buffer
}

func (j *jsContactWriter) encode(c *skypecontacts.Contact) error {
	j.card.Reset()
	if err := newJSONEncoder(&j.card).Encode(newJSCard(c, j.avatars)); err != nil {
		return err
	}
	separator := ",\n"
	if !j.started {
		separator, j.started = "[\n", true
	}
	_, _ = j.out.WriteString(separator)
	_, err := j.out.Write(bytes.TrimSuffix(j.card.Bytes(), []byte("\n")))
	return err
}

func (j *jsContactWriter) end() error {
	ending := "\n]\n"
	if !j.started {
		ending = "[]\n"
	}
	_, err := j.out.WriteString(ending)
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
	Full       string   `json:"full"`
	Components []jsPart `json:"components,omitzero"`
}

// jsPart is a part of a name or of an address.
type jsPart struct {
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
	Components  []jsPart        `json:"components,omitzero"`
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

func newJSCard(c *skypecontacts.Contact, avatars bool) *jsCard {
	p := &c.Profile
	first, last := names(c)
	card := &jsCard{
		Type: "Card", Version: "1.0", UID: uid(c.MRI),
		Name:          jsName{c.FullName(), parts("title", p.Name.Title, "given", first, "surname", last)},
		Nicknames:     one(p.Name.Nickname, jsNamed{p.Name.Nickname}),
		Organizations: one(p.Name.Company, jsNamed{p.Name.Company}),
		Titles:        one(p.JobTitle, jsNamed{p.JobTitle}),
		Phones:        numbered(phones(c), newJSPhone),
		Emails:        numbered(emails(c), func(email string) jsEmail { return jsEmail{email} }),
		Addresses:     numbered(places(c), newJSAddress),
		Links:         one(homepage(c), jsLink{URI: homepage(c)}),
		Languages:     one(string(p.Language), jsLanguage{string(p.Language)}),
		Notes:         one(p.About, jsNote{p.About}),
	}
	if c.IsBot() {
		card.Kind = "application"
	}
	if !c.CreatedAt.IsZero() {
		card.Created = c.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	if name := skypeName(c); name != "" {
		// vCardName is what programs that turn a vCard into JSContact write.
		card.Services = map[string]jsService{"skype": {"OnlineService", "Skype", name, skypeURI(name), "impp"}}
	}
	if d := birthday(c); !d.IsZero() {
		card.Anniversaries = map[string]jsAnniversary{"birthday": {"birth", jsDate{d.Year, int(d.Month), d.Day}}}
	}
	if avatars {
		card.Media = one(p.AvatarURL, jsLink{"photo", escapeURI(p.AvatarURL)})
	}
	return card
}

// one is a list of a single item, as JSContact has lists, if there is a value.
func one[T any](value string, item T) map[string]T {
	if value == "" {
		return nil
	}
	return map[string]T{"1": item}
}

// numbered is a list of items, as JSContact has lists.
func numbered[T, U any](values []T, item func(T) U) map[string]U {
	if len(values) == 0 {
		return nil
	}
	items := make(map[string]U, len(values))
	for i, value := range values {
		items[strconv.Itoa(i+1)] = item(value)
	}
	return items
}

// parts makes parts of the pairs of kind and value that have a value.
func parts(pairs ...string) []jsPart {
	var list []jsPart
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			list = append(list, jsPart{pair[0], pair[1]})
		}
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
		Components:  parts("locality", l.City, "region", l.State, "country", l.CountryName),
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
