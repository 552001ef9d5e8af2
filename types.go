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

// Gender as the person stated it. A value the service sent that is none of the
// constants is kept as it came, and [Gender.Known] is false for it.
type Gender string

// The genders the service has names for.
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
	switch strings.ToLower(s) {
	case "1", "male":
		return GenderMale
	case "2", "female":
		return GenderFemale
	case "null":
		return GenderUnstated
	default:
		return Gender(s)
	}
}

// PhoneType says where a telephone number rings. A value the service sent that
// is none of the constants is kept as it came, and [PhoneType.Known] is false.
type PhoneType string

// The types of telephone number. One sent without a type is [PhoneOther].
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
	switch strings.ToLower(s) {
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

// Phone is a telephone number as the service holds it: usually E.164
// ("+442099887766"), but nothing checks that.
type Phone struct {
	Number string    `json:"number,omitzero"`
	Type   PhoneType `json:"type,omitzero"`
}

// CountryCode is an ISO 3166 code of two letters in upper case, such as "GB".
type CountryCode string

// LanguageCode is a language tag in lower case, such as "en".
type LanguageCode string

// Location is a place a person named. Any part may be empty.
type Location struct {
	Type    string      `json:"type,omitzero"` // "home" or "work"; empty in the flat shapes, which have one place
	City    string      `json:"city,omitzero"`
	State   string      `json:"state,omitzero"`
	Country CountryCode `json:"country,omitzero"`
	// CountryName is the English name ("United Kingdom") where the service
	// sends one, as the directory does beside or in place of the code.
	CountryName string `json:"country_name,omitzero"`
}

// setCountry files s as a code if it has the shape of one and else as a name.
func (l *Location) setCountry(s string) {
	if len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) {
		l.Country = CountryCode(strings.ToUpper(s))
	} else if s != "" {
		l.CountryName = s
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// Date is a day without a time. The zero Date means that none is known.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

var errBadDate = errors.New("skypecontacts: not a date of the form YYYY-MM-DD")

// ParseDate reads "1987-01-02", also with a time part behind it, which is
// ignored. Empty text is the zero Date; a day the calendar does not have is an
// error.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	day := s
	if len(s) > len(time.DateOnly) && (s[10] == 'T' || s[10] == ' ') {
		day = s[:10]
	}
	// Of all layouts this is by far the one that package time reads fastest.
	t, err := time.Parse(time.RFC3339, day+"T00:00:00Z")
	if err != nil || t.Year() == 0 {
		return Date{}, errBadDate
	}
	year, month, monthday := t.Date()
	return Date{Year: year, Month: month, Day: monthday}, nil
}

// IsZero reports whether no date is known.
func (d Date) IsZero() bool { return d == Date{} }

// String is the date as YYYY-MM-DD, or empty for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes the date as YYYY-MM-DD, so that it reads well in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is the reverse of [Date.MarshalText].
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// parseTime reads the forms of a time that were seen: RFC 3339 with up to nine
// fraction digits, and the v1 form with a space and no zone, which is UTC.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05Z07:00", time.DateTime, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("skypecontacts: not a time the service is known to write")
}

// Mood is the line a person shows beside the name.
type Mood struct {
	Plain string `json:"plain,omitzero"` // without markup, entities decoded
	Rich  string `json:"rich,omitzero"`  // HTML as the service sent it, if it did
}

// ParseMood reads a mood in the form the contacts service and its files have it,
// which is HTML.
func ParseMood(rich string) Mood { return Mood{Plain: plainText(rich), Rich: rich} }

// plainText is what a reader sees of a piece of HTML: its text, with entities
// decoded and line breaks kept.
func plainText(markup string) string {
	if !strings.ContainsAny(markup, "<\r\x00") {
		return html.UnescapeString(markup) // what the tokenizer does with mere text
	}
	var text strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	hidden := "" // the element whose content is not for readers
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

// Extra holds the members of a JSON object that have no field here, and those
// whose value was of a kind that no client has seen, exactly as they came.
//
// A member of an inner object that has no Extra of its own is found under its
// path: "agent/stage_info", "locations/0/street". It is nil when there is none.
type Extra = map[string]json.RawMessage

// Profile is what a person says about themselves, whichever of the service's
// seven shapes it came in. Every field may be empty.
type Profile struct {
	MRI         MRI          `json:"mri,omitzero"` // empty inside a v2 contact, which has its own
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
	AvatarURL   string       `json:"avatar_url,omitzero"` // may carry a key that opens the picture
	Extra       Extra        `json:"extra,omitzero"`
}

// LogValue keeps what a profile says out of logs.
func (p Profile) LogValue() slog.Value { return slog.StringValue(redacted) }

// SkippedItem is an entry of a list that could not be read. The other entries
// of the list are there all the same. It is an error, which [Client.AllContacts]
// yields in place of the contact; printing it does not show the entry.
type SkippedItem struct {
	Index int             // position in the list the service sent, from 0
	Raw   json.RawMessage // the entry as it came
	Err   error           // why it could not be read; matches [ErrDecode]
}

// Error is the position and the reason.
func (s SkippedItem) Error() string {
	return fmt.Sprintf("skypecontacts: entry %d skipped: %v", s.Index, s.Err)
}

// Unwrap is the reason.
func (s SkippedItem) Unwrap() error { return s.Err }

// Format prints [SkippedItem.Error] with every verb, so that none reaches Raw.
func (s SkippedItem) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.Error())) }

// LogValue is [SkippedItem.Error].
func (s SkippedItem) LogValue() slog.Value { return slog.StringValue(s.Error()) }

type skippedJSON struct {
	Index int             `json:"index"`
	Raw   json.RawMessage `json:"raw"`
	Err   string          `json:"error"`
}

// MarshalJSON writes the entry with its reason as text.
func (s SkippedItem) MarshalJSON() ([]byte, error) {
	out := skippedJSON{Index: s.Index, Raw: s.Raw}
	if s.Err != nil {
		out.Err = s.Err.Error()
	}
	return json.Marshal(out)
}

// UnmarshalJSON is the reverse of [SkippedItem.MarshalJSON]; the error it sets
// has the same text and matches [ErrDecode].
func (s *SkippedItem) UnmarshalJSON(data []byte) error {
	var in skippedJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*s = SkippedItem{Index: in.Index, Raw: in.Raw}
	if in.Err != "" {
		s.Err = decodeError(in.Err)
	}
	return nil
}

// FullName is the best name there is for a person: the display name unless it
// is blank or merely repeats the identifier, else first and last name, nickname,
// company, and at last the identifier without its prefix.
func (p *Profile) FullName() string { return fullName(p.MRI, p.DisplayName, p.Name) }
