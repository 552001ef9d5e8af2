package skypecontacts

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// MRI is a Skype identifier with the number that says what it names:
// "8:joe.4" is a person, "28:concierge" a bot, "4:+442099887766" a telephone.
//
// The methods of [Client] accept a bare name too ("joe.4", "live:joe") and add
// the prefix themselves. The service ignores case in user names, so compare with
// [MRI.Equal]. In a log an MRI shows only its kind; see [MRI.LogValue].
type MRI string

// MRIKind is the number before the first colon of an [MRI]. Numbers not named
// here are kept as they came.
type MRIKind string

// The kinds of identifier seen in the service's answers.
const (
	KindMSN    MRIKind = "1"  // Messenger account, named by an e-mail address
	KindLync   MRIKind = "2"  // Lync or Skype for Business account
	KindPhone  MRIKind = "4"  // telephone number in E.164 form
	KindSkype  MRIKind = "8"  // Skype or Teams Free account
	KindThread MRIKind = "19" // group conversation
	KindBot    MRIKind = "28" // bot
	KindSystem MRIKind = "48" // feed of the service itself, such as call logs
)

// maxIDBytes is far above the longest identifier seen (a thread's, about 70
// bytes) and far below what a server would refuse.
const maxIDBytes = 256

// ParseMRI checks an identifier and puts it in its full form: a bare name gets
// "8:", a plus sign with digits gets "4:", and what begins with digits and a
// colon is kept. It refuses, with [ErrInvalid], whatever could not be one path
// segment of a request: an empty name, a name of dots only, more than 256 bytes,
// invalid UTF-8, white space, control and format characters, and any of
// / \ ? # % { }. The error does not repeat the identifier.
func ParseMRI(s string) (MRI, error) {
	id := qualify(s)
	if err := checkID(id.ID()); err != nil {
		return "", err
	}
	if len(id) > maxIDBytes {
		return "", errIDTooLong
	}
	return id, nil
}

var errIDTooLong = fmt.Errorf("%w: identifier is longer than %d bytes", ErrInvalid, maxIDBytes)

func checkID(s string) error {
	switch {
	case s == "":
		return fmt.Errorf("%w: identifier is empty", ErrInvalid)
	case !utf8.ValidString(s):
		return fmt.Errorf("%w: identifier is not valid UTF-8", ErrInvalid)
	case strings.Trim(s, ".") == "":
		return fmt.Errorf("%w: identifier is made of dots only", ErrInvalid)
	}
	for _, r := range s {
		if strings.ContainsRune(`/\?#%{}`, r) || unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) {
			return fmt.Errorf("%w: identifier holds a character (%U) that no identifier has", ErrInvalid, r)
		}
	}
	return nil
}

// qualify adds the prefix a bare name lacks. It refuses nothing, so that a reply
// never loses a contact to an unusual identifier; [ParseMRI] is the strict form.
func qualify(s string) MRI {
	switch {
	case s == "" || prefixLen(s) > 0:
		return MRI(s)
	case len(s) > 1 && s[0] == '+' && strings.Trim(s[1:], "0123456789") == "":
		return MRI("4:" + s)
	default:
		return MRI("8:" + s)
	}
}

// prefixLen is the length of "digits then colon" at the start of s, or 0. Names
// such as "live:joe" or ".cid.1f" have colons and dots but never digits and a
// colon first, so this is the only test needed.
func prefixLen(s string) int {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits == len(s) || s[digits] != ':' {
		return 0
	}
	return digits + 1
}

// Kind says what the identifier names. A bare name counts as [KindSkype], or as
// [KindPhone] if it is a telephone number.
func (m MRI) Kind() MRIKind {
	full := qualify(string(m))
	if full == "" {
		return ""
	}
	return MRIKind(full[:prefixLen(string(full))-1])
}

// ID is the identifier without its prefix: "joe.4" for "8:joe.4".
func (m MRI) ID() string { return string(m[prefixLen(string(m)):]) }

// IsBot reports whether the identifier names a bot.
func (m MRI) IsBot() bool { return m.Kind() == KindBot }

// Equal reports whether both name the same account, whatever their case and
// whether or not they carry the prefix.
func (m MRI) Equal(other MRI) bool { return m.key() == other.key() }

// key is the form by which identifiers are compared and kept in maps.
func (m MRI) key() string { return strings.ToLower(string(qualify(string(m)))) }

// LogValue keeps the identifier itself out of logs: only its kind is shown.
func (m MRI) LogValue() slog.Value {
	return slog.StringValue(string(m.Kind()) + ":" + redacted)
}

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
