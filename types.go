package skypecontacts

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Gender is the gender that a person stated. Another value than the constants is
// kept as received, and [Gender.Known] is false for it.
type Gender string

// The genders that the service knows.
const (
	GenderUnstated Gender = ""
	GenderMale     Gender = "male"
	GenderFemale   Gender = "female"
)

// Known reports whether g is one of the constants, [GenderUnstated] included.
func (g Gender) Known() bool {
	return g == GenderUnstated || g == GenderMale || g == GenderFemale
}

func parseGender(s string) Gender {
	switch lowerASCII(s) {
	case "1", "male":
		return GenderMale
	case "2", "female":
		return GenderFemale
	case "0", "null":
		return GenderUnstated
	default:
		return Gender(s)
	}
}

// PhoneType is the type of a telephone number. Another value than the constants is
// kept as received, and [PhoneType.Known] is false for it.
type PhoneType string

// The types of telephone numbers. A number without a type is [PhoneOther].
const (
	PhoneHome   PhoneType = "home"
	PhoneWork   PhoneType = "work"
	PhoneMobile PhoneType = "mobile"
	PhoneOther  PhoneType = "other"
)

// Known reports whether t is one of the constants.
func (t PhoneType) Known() bool {
	return t == PhoneHome || t == PhoneWork || t == PhoneMobile || t == PhoneOther
}

func parsePhoneType(s string) PhoneType {
	switch lowerASCII(s) {
	case "0", "home":
		return PhoneHome
	case "1", "work", "office":
		return PhoneWork
	case "2", "mobile":
		return PhoneMobile
	case "3", "other", "":
		return PhoneOther
	default:
		return PhoneType(s)
	}
}

// Phone is a telephone number as the service stores it: usually E.164
// ("+442099887766"), which neither the service nor this package checks.
type Phone struct {
	Number string    `json:"number,omitzero"`
	Type   PhoneType `json:"type,omitzero"`
	// ID names a number of Contact.Phones in [Client.SetContactPhone] and
	// [Client.RemoveContactPhone]. It is empty if the service sends none, and for numbers
	// of a profile.
	ID string `json:"id,omitzero"`
}

// LogValue returns "[redacted]".
func (p Phone) LogValue() slog.Value { return slog.StringValue(redacted) }

// CountryCode is an ISO 3166 code of two letters in upper case, such as "GB".
type CountryCode string

// LanguageCode is a language tag in lower case, such as "en".
type LanguageCode string

// Location is a place that a person stated. Every field may be empty.
type Location struct {
	Type    string      `json:"type,omitzero"` // "home" or "work"; empty in flat profiles, which have one place
	City    string      `json:"city,omitzero"`
	State   string      `json:"state,omitzero"`
	Country CountryCode `json:"country,omitzero"`
	// CountryName is the English name ("United Kingdom"), which the directory
	// sends beside the code or instead of it.
	CountryName string `json:"country_name,omitzero"`
}

// LogValue returns "[redacted]".
func (l Location) LogValue() slog.Value { return slog.StringValue(redacted) }

// setCountry sets Country if s has two letters, else CountryName.
func (l *Location) setCountry(s string) {
	if isLetterPair(s) {
		l.Country = CountryCode(upperPairs.find(s))
	} else if s != "" {
		l.CountryName = s
	}
}

// Date is a day without a time. The zero Date means that none is known.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

var (
	errBadDate = errors.New("skypecontacts: not a date of the form YYYY-MM-DD")
	errBadTime = errors.New("skypecontacts: not a time in a known form")
)

// ParseDate parses "1987-01-02", also followed by a time, which is ignored. Empty
// text is the zero Date; a day that the calendar does not have is an error.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	day := s
	if len(s) > len(time.DateOnly) && (s[10] == 'T' || s[10] == ' ') {
		day = s[:10]
	}
	// Package time parses RFC 3339 much faster than other layouts.
	t, err := time.Parse(time.RFC3339, day+"T00:00:00Z")
	if err != nil || t.Year() == 0 {
		return Date{}, errBadDate
	}
	year, month, monthday := t.Date()
	return Date{Year: year, Month: month, Day: monthday}, nil
}

// IsZero reports whether no date is known.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the date as YYYY-MM-DD, empty for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText returns the date as YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses the output of [Date.MarshalText].
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// parseTime parses the forms of a time that were seen: RFC 3339 with up to nine
// fraction digits, and the v1 form with a space and no zone, which is UTC.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", time.DateTime, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return utcInRange(t)
		}
	}
	return time.Time{}, errBadTime
}

var (
	firstTime  = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)
	endOfTimes = time.Date(10_000, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// utcInRange converts a time to UTC. It returns an error for a year that JSON and
// other formats cannot hold.
func utcInRange(t time.Time) (time.Time, error) {
	if t.Before(firstTime) || !t.Before(endOfTimes) {
		return time.Time{}, errBadTime
	}
	return t.UTC(), nil
}

// Mood is the status line of a person.
type Mood struct {
	Plain string `json:"plain,omitzero"` // without markup, entities decoded
	Rich  string `json:"rich,omitzero"`  // HTML as received, if any
}

// LogValue returns "[redacted]".
func (m Mood) LogValue() slog.Value { return slog.StringValue(redacted) }

// ParseMood returns the mood for the HTML of the contacts service and of exported
// files.
func ParseMood(rich string) Mood { return Mood{Plain: plainText(rich), Rich: rich} }

// plainText returns the text of HTML, with entities decoded and line breaks kept.
func plainText(markup string) string {
	if !strings.ContainsAny(markup, "<\r\x00") {
		return html.UnescapeString(markup) // the tokenizer does the same with plain text
	}
	var text strings.Builder
	text.Grow(len(markup))
	tokens := html.NewTokenizer(strings.NewReader(markup))
	hidden := "" // the open element whose content is not shown
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return text.String()
		case html.TextToken:
			if hidden == "" {
				text.Write(tokens.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, _ := tokens.TagName(); string(name) {
			case "br":
				text.WriteByte('\n')
			case "script", "style":
				hidden = string(name)
			}
		case html.EndTagToken:
			if name, _ := tokens.TagName(); string(name) == hidden {
				hidden = ""
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// Extra holds the members of a JSON object that have no field in this package, and
// those whose value has an unexpected type, exactly as received. It is nil if there
// are none.
//
// The key of a member is its name; that of a member of an inner object without an
// Extra of its own is its path: "agent/stage_info", "locations/0/street". A name with a
// slash or a tilde is written as in a JSON Pointer (RFC 6901), with ~1 and ~0.
type Extra = map[string]json.RawMessage

// addExtra stores a text that a field holds only in part.
func addExtra(extra *Extra, name, value string) {
	if *extra == nil {
		*extra = make(Extra)
	}
	(*extra)[name], _ = json.Marshal(value)
}

// Profile is what a person says about themselves, from any of the seven shapes in
// which the services send it. Every field may be empty.
type Profile struct {
	MRI         MRI          `json:"mri,omitzero"` // empty inside a v2 contact, which has its own MRI
	DisplayName string       `json:"display_name,omitzero"`
	Name        Name         `json:"name,omitzero"`
	Gender      Gender       `json:"gender,omitzero"`
	Birthday    Date         `json:"birthday,omitzero"`
	Age         int          `json:"age,omitzero"` // years; only the directory sends it
	Locations   []Location   `json:"locations,omitzero"`
	Language    LanguageCode `json:"language,omitzero"`
	Phones      []Phone      `json:"phones,omitzero"`
	Emails      []string     `json:"emails,omitzero"`
	Mood        Mood         `json:"mood,omitzero"`
	About       string       `json:"about,omitzero"`
	Homepage    string       `json:"homepage,omitzero"`
	JobTitle    string       `json:"job_title,omitzero"`
	AvatarURL   string       `json:"avatar_url,omitzero"` // may contain a key that gives access to the picture
	Namespace   string       `json:"namespace,omitzero"`  // "live" for a name such as live:anna.7; only a flat profile has it
	Extra       Extra        `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (p Profile) LogValue() slog.Value { return slog.StringValue(redacted) }

// RelationshipSource is one event that made somebody a contact.
type RelationshipSource struct {
	Type    string    `json:"type,omitzero"` // such as "add_contact" or "accept_invite"
	Subtype string    `json:"subtype,omitzero"`
	Time    time.Time `json:"time,omitzero"`
}

// SkippedItem is an entry of a list that could not be decoded; the other entries of
// the list are not affected. It is an error too, which [Client.AllContacts] yields in
// place of the contact. It is not named SkippedError because most callers meet it as
// data, in the Skipped field of a list. Printing it does not show the entry.
type SkippedItem struct {
	List  string          // name of the list in the response, such as "contacts"; empty if the response is a list
	Index int             // position in the list as received, from 0
	Raw   json.RawMessage // the entry as received; if the list is an object, with its name, as {"8:joe.4":…}
	Err   error           // why it could not be decoded; matches [ErrDecode]
}

// Error returns the position and the reason.
func (s SkippedItem) Error() string {
	return fmt.Sprintf("skypecontacts: entry %d skipped: %v", s.Index, s.Err)
}

// Unwrap returns Err.
func (s SkippedItem) Unwrap() error { return s.Err }

// Format prints [SkippedItem.Error] with every verb: no verb prints Raw.
func (s SkippedItem) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.Error())) }

// LogValue returns [SkippedItem.Error].
func (s SkippedItem) LogValue() slog.Value { return slog.StringValue(s.Error()) }

type skippedJSON struct {
	List  string          `json:"list,omitzero"`
	Index int             `json:"index"`
	Raw   json.RawMessage `json:"raw,omitzero"`
	Err   string          `json:"error"`
}

// MarshalJSON returns the entry with its reason as text.
func (s SkippedItem) MarshalJSON() ([]byte, error) {
	out := skippedJSON{List: s.List, Index: s.Index, Raw: s.Raw}
	if s.Err != nil {
		out.Err = s.Err.Error()
	}
	return json.Marshal(out)
}

// UnmarshalJSON parses the output of [SkippedItem.MarshalJSON]. The error it sets
// has the same text and matches [ErrDecode].
func (s *SkippedItem) UnmarshalJSON(data []byte) error {
	var in skippedJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*s = SkippedItem{List: in.List, Index: in.Index, Raw: in.Raw}
	if in.Err != "" {
		s.Err = decodeError(in.Err)
	}
	return nil
}

// skippedError is a SkippedItem as it is yielded. It holds a closure, since fmt prints
// the fields of a struct in an unexported field whatever methods it has, and with a wrong
// verb also what a pointer there points to.
type skippedError struct{ item func() SkippedItem }

func newSkippedError(item SkippedItem) *skippedError {
	return &skippedError{func() SkippedItem { return item }}
}

func (e *skippedError) Error() string                 { return e.item().Error() }
func (e *skippedError) Unwrap() error                 { return e.item().Err }
func (e *skippedError) Format(f fmt.State, verb rune) { e.item().Format(f, verb) }
func (e *skippedError) LogValue() slog.Value          { return e.item().LogValue() }

// As sets a target of type [SkippedItem].
func (e *skippedError) As(target any) bool {
	item, ok := target.(*SkippedItem)
	if ok {
		*item = e.item()
	}
	return ok
}

// MarshalJSON returns the JSON of the item without the entry.
func (e *skippedError) MarshalJSON() ([]byte, error) {
	item := e.item()
	item.Raw = nil
	return json.Marshal(item)
}

// FullName returns the best name of a person: the display name, unless it is blank or
// merely repeats the identifier; else first and last name, nickname, company; at
// last the identifier without its prefix.
func (p *Profile) FullName() string { return bestName(p.MRI, p.DisplayName, p.Name) }
