package export

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// cardFact is something that a person has or is. The page counts and filters people by it.
type cardFact int

const (
	isFavorite cardFact = iota
	hasNumber
	hasMail
	hasPlace
	hasBirthday
	isBlocked
	isSuggested
	isBot
	cardFactCount
)

// cardFactNames are the names of facts in the page, and the labels of their filters.
var cardFactNames = [cardFactCount]struct{ name, filter string }{
	isFavorite:  {"favorite", "Favorites"},
	hasNumber:   {"number", "With a number"},
	hasMail:     {"mail", "With mail"},
	hasPlace:    {"place", "With a place"},
	hasBirthday: {"birthday", "With a birthday"},
	isBlocked:   {"blocked", "Blocked"},
	isSuggested: {"suggested", "Suggested"},
	isBot:       {"bot", "Bots"},
}

// contactCard is what a card shows, as far as more than one part of the page uses it.
type contactCard struct {
	*skypecontacts.Contact
	name      string // as it is shown
	phones    []skypecontacts.Phone
	emails    []string
	locations []skypecontacts.Location
	facts     [cardFactCount]bool
}

func newContactCard(c *skypecontacts.Contact) contactCard {
	card := contactCard{Contact: c, name: shownName(c), phones: contactPhones(c), emails: contactEmails(c), locations: contactLocations(c)}
	card.facts = [cardFactCount]bool{
		isFavorite: c.Favorite, isBlocked: c.Blocked, isSuggested: c.Suggested, isBot: c.IsBot(),
		hasNumber: len(card.phones) > 0, hasMail: len(card.emails) > 0, hasPlace: len(card.locations) > 0,
		hasBirthday: !c.Profile.Birthday.IsZero(),
	}
	return card
}

// shownName returns the name of a contact, or the identifier if nothing of the name can be
// seen.
func shownName(c *skypecontacts.Contact) string {
	for _, name := range []string{c.FullName(), c.MRI.ID()} {
		name = singleSpaced(pageText(name))
		if hasVisible(name) {
			return name
		}
	}
	return "(no name)"
}

// cardWriter writes the cards of a page.
type cardWriter struct {
	markup
	out *formatOutput
}

// writeCard writes a card, with a picture or, if that is nil, with initials.
func (w *cardWriter) writeCard(card *contactCard, id [16]byte, picture *pagePicture) {
	w.own("\n<li class=\"card\" data-has=\"")
	w.writeFacts(card)
	w.own(`"><div class="who">`)
	if picture != nil {
		w.around(`<img class="face" src="data:`, picture.media, ";base64,")
		w.page = base64.StdEncoding.AppendEncode(w.page, picture.data)
		w.own(`" alt="" width="48" height="48">`)
	} else {
		w.around(`<span class="face color-`, strconv.Itoa(int(id[0])%faceColors), `" aria-hidden="true">`)
		w.around("", cardInitials(card.name), "</span>")
	}
	w.own("<div><h3>")
	w.isolated(previewText(card.name, maxNameLength))
	w.own("</h3>")
	w.writeFlags(card)
	w.own("</div></div><dl>")
	w.writeNames(card)
	w.writeReach(card)
	w.writePerson(card)
	w.own("</dl></li>")
}

// writeFacts writes the names of what is true of a person.
func (w *cardWriter) writeFacts(card *contactCard) {
	between := ownMarkup("")
	for fact, is := range card.facts {
		if is {
			w.around(between, cardFactNames[fact].name, "")
			between = " "
		}
	}
}

// faceColors is the number of classes of page.css for the colors of initials.
const faceColors = 12

// maxNameLength is the number of characters of a name in the head of a card.
const maxNameLength = 100

// cardInitials returns the first letters of the first and the last word of a name, without
// what begins at a bracket, or one letter in scripts without upper case, and "#" for a name
// without letters.
func cardInitials(name string) string {
	name = cmp.Or(nameHead(name), name)
	first, _, hasMore := strings.Cut(name, " ")
	initials, isWhole := initial(first)
	if hasMore && !isWhole {
		second, isWhole := initial(name[strings.LastIndexByte(name, ' ')+1:])
		if initials == "" || !isWhole {
			initials += second
		}
	}
	return cmp.Or(initials, "#")
}

// initial returns the first letter of a word, and reports whether it is one of a script
// without upper case, such as Chinese, Arabic or Hebrew, in which a second one would not be
// told from a word.
func initial(word string) (letter string, isWhole bool) {
	at := strings.IndexFunc(word, unicode.IsLetter)
	if at < 0 {
		return "", false
	}
	r, _ := utf8.DecodeRuneInString(word[at:])
	r = plainLetter(r)
	upper := unicode.ToUpper(r)
	return string(upper), upper == unicode.ToLower(r)
}

// writeFlags writes what sets a contact apart, in words.
func (w *cardWriter) writeFlags(card *contactCard) {
	if !card.Favorite && !card.Blocked && !card.Suggested && !card.IsBot() {
		return
	}
	w.own(`<ul class="flags">`)
	if card.Favorite {
		w.own(`<li class="flag favorite">Favorite</li>`)
	}
	if card.Blocked {
		w.own(`<li class="flag blocked">Blocked</li>`)
	}
	if card.Suggested {
		w.own(`<li class="flag suggested">Suggested by Skype</li>`)
	}
	if card.IsBot() {
		w.own(`<li class="flag bot">Bot</li>`)
	}
	w.own("</ul>")
}

// row writes a line of a card. A text that is blank has none.
func (w *cardWriter) row(label, text string, target linkTarget) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	w.beginRow(label)
	w.value(text, target)
	w.endRow()
}

func (w *cardWriter) beginRow(label string) { w.around("\n<div><dt>", label, "</dt><dd>") }

func (w *cardWriter) endRow() { w.own("</dd></div>") }

// A text that is longer is collapsed to its beginning.
const (
	maxValueLength   = 280 // bytes, which are most of a card
	maxValueLines    = 8
	maxPreviewLength = 120 // characters
)

// value writes a text. One that would fill the screen is shown on demand, which needs no
// script.
func (w *cardWriter) value(text string, target linkTarget) {
	text = strings.TrimSpace(text)
	if len(text) <= maxValueLength && strings.Count(text, "\n") < maxValueLines {
		w.link(target, text)
		return
	}
	w.around(`<details><summary><bdi class="preview">`, previewText(text, maxPreviewLength), "</bdi>")
	w.around(`<span class="length"> `, countText(utf8.RuneCountInString(text)), ` characters</span></summary><div class="whole">`)
	w.link(target, text)
	w.own("</div></details>")
}

// previewText returns the beginning of a text, of at most limit characters and two lines.
func previewText(text string, limit int) string {
	lines := 0
	for i, r := range text {
		if r == '\n' {
			lines++
		}
		if limit == 0 || lines == 2 {
			return strings.TrimSpace(text[:i]) + "…"
		}
		limit--
	}
	return text
}

// writeNames writes the names beside the one in the head of the card.
func (w *cardWriter) writeNames(card *contactCard) {
	p := &card.Profile
	if utf8.RuneCountInString(card.name) > maxNameLength {
		w.row("Full name", card.name, linkTarget{})
	}
	own, display := p.Name.Full(), p.DisplayName
	if p.Name.Nickname != "" && !isSameName(p.Name.Nickname, card.name) {
		w.row("Nickname", p.Name.Nickname, linkTarget{})
	}
	if own != "" && !isSameName(own, card.name) {
		w.row("Own name", own, linkTarget{})
	}
	if display != "" && !isSameName(display, card.name) && !isSameName(display, own) {
		w.row("Own display name", display, linkTarget{})
	}
	w.row("Title", p.Name.Title, linkTarget{})
	w.row("Company", p.Name.Company, linkTarget{})
	w.row("Job", p.JobTitle, linkTarget{})
}

// writeReach writes how and where the person is reached.
func (w *cardWriter) writeReach(card *contactCard) {
	if account := contactAccount(card.Contact); account.user != "" {
		target := linkTarget{}
		if kind := card.MRI.Kind(); kind == skypecontacts.KindSkype || kind == skypecontacts.KindBot {
			target = chatTarget(account.user)
		}
		w.row(account.service, account.user, target)
	}
	for _, phone := range card.phones {
		label, kind := phoneLabel(phone.Type)
		w.typedRow(label, phone.Number, kind, phoneTarget(dialedDigits(strings.TrimSpace(phone.Number))))
	}
	for _, email := range card.emails {
		w.row("Mail", email, mailTarget(email))
	}
	for _, location := range card.locations {
		w.writeLocation(location)
	}
	if card.Profile.Homepage != "" {
		w.row("Homepage", card.Profile.Homepage, webTarget(homepageURI(card.Contact)))
	}
}

// typedRow writes a row whose type has no label.
func (w *cardWriter) typedRow(label, text, kind string, target linkTarget) {
	w.beginRow(label)
	w.value(text, target)
	w.writeKind(kind)
	w.endRow()
}

func (w *cardWriter) writeKind(kind string) {
	if kind != "" {
		w.own(`<span class="kind"> `)
		w.beginning(kind)
		w.own("</span>")
	}
}

// beginning writes a text that is short unless somebody made it up, and cuts one that is not: a
// collapsed one may not be within an element of a line.
func (w *cardWriter) beginning(text string) {
	w.isolated(previewText(strings.TrimSpace(text), maxPreviewLength))
}

// phoneLabel returns the label for a type of number, and the type if no label says it.
func phoneLabel(kind skypecontacts.PhoneType) (label, other string) {
	switch kind {
	case skypecontacts.PhoneMobile:
		return "Mobile", ""
	case skypecontacts.PhoneHome:
		return "Home phone", ""
	case skypecontacts.PhoneWork:
		return "Work phone", ""
	case phoneFax:
		return "Fax", ""
	case phonePager:
		return "Pager", ""
	case skypecontacts.PhoneOther, "":
		return "Phone", ""
	default:
		return "Phone", string(kind)
	}
}

func (w *cardWriter) writeLocation(l skypecontacts.Location) {
	label, kind := "Place", ""
	switch l.Type {
	case "home":
		label = "Home"
	case "work":
		label = "Work"
	case "", "other":
	default:
		kind = l.Type
	}
	w.beginRow(label)
	between := ownMarkup("")
	for _, part := range []string{l.City, l.State} {
		if strings.TrimSpace(part) != "" {
			w.own(between)
			w.value(part, linkTarget{})
			between = ", "
		}
	}
	if country := countryText(l); strings.TrimSpace(country) != "" {
		w.own(between)
		w.around(`<data value="`, string(l.Country), `">`)
		w.beginning(country)
		w.own("</data>")
	}
	w.writeKind(kind)
	w.endRow()
}

// writePerson writes what is known of the person.
func (w *cardWriter) writePerson(card *contactCard) {
	p := &card.Profile
	w.row("Birthday", dateText(p.Birthday), linkTarget{})
	if p.Age != 0 {
		w.row("Age", strconv.Itoa(p.Age), linkTarget{})
	}
	switch p.Gender {
	case skypecontacts.GenderFemale:
		w.row("Gender", "Female", linkTarget{})
	case skypecontacts.GenderMale:
		w.row("Gender", "Male", linkTarget{})
	default:
		w.row("Gender", string(p.Gender), linkTarget{})
	}
	w.row("Language", languageText(p.Language), linkTarget{})
	w.row("About", p.About, linkTarget{})
	if w.out.mood {
		w.row("Mood", cmp.Or(p.Mood.Plain, p.Mood.Rich), linkTarget{})
	}
	if !card.CreatedAt.IsZero() {
		since := card.CreatedAt.UTC()
		w.beginRow("Added")
		w.around(`<time datetime="`, since.Format(time.RFC3339Nano), `">`)
		w.around("", since.Format("2 January 2006"), "</time>")
		w.endRow()
	}
}

// dateText returns a date in words, as far as it is known.
func dateText(d skypecontacts.Date) string {
	if d.IsZero() {
		return ""
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Day > 31 {
		return d.String()
	}
	var words []string
	if d.Day != 0 {
		words = append(words, strconv.Itoa(d.Day))
	}
	if d.Month != 0 {
		words = append(words, d.Month.String())
	}
	if d.Year != 0 {
		words = append(words, strconv.Itoa(d.Year))
	}
	return strings.Join(words, " ")
}

// pagePicture is a picture that a page can hold.
type pagePicture struct {
	media string
	data  []byte
}

// maxPictureBytes is the maximum size of a picture in a page. Those of Skype are smaller.
const maxPictureBytes = 256 << 10

// contactPicture returns the picture of a contact, or nil if the page holds none. It counts a
// contact of whom it lacks one. The error is [context.Canceled]. A deadline may be that of one slow
// picture: the time-outs of net/http match [context.DeadlineExceeded].
func (o *formatOutput) contactPicture(c *skypecontacts.Contact) (*pagePicture, error) {
	var avatar *skypecontacts.Avatar
	var err error
	if o.picture != nil {
		avatar, err = o.picture(c)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return nil, err
	case err == nil && avatar != nil && len(avatar.Data) <= maxPictureBytes:
		switch media := http.DetectContentType(avatar.Data); media { // whatever the service said
		case "image/jpeg", "image/png", "image/gif", "image/webp":
			return &pagePicture{media, avatar.Data}, nil
		}
	case err == nil && avatar == nil && c.Profile.AvatarURL == "":
		return nil, nil
	}
	o.report.NotHeld["profile.avatar_url"]++
	return nil, nil
}
