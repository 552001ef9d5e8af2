package skypecontacts

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	updateOwnProfile        = newRoute(route{op: "UpdateOwnProfile", service: apiService, method: http.MethodPost, path: "/users/self/profile/partial", write: true})
	updateOwnProfileCurrent = newRoute(route{op: "UpdateOwnProfile", service: profileService, method: http.MethodPost, path: "/users/self/profile/partial", write: true})
)

// ProfileUpdate is what [Client.UpdateOwnProfile] changes. A nil field is not sent, so
// that it stays as it is. A pointer to a value replaces what is there, and a pointer to
// the zero value, such as new(""), is sent as an empty text. That the service then removes
// what is there is an assumption.
//
// Mood, FirstName and LastName are known from clients that update them. All others have
// the name under which the service sends them in the profile; no client is known that
// updates them. Telephone numbers and e-mail addresses are not here: what the official
// client does to change them was not found.
type ProfileUpdate struct {
	FirstName *string
	LastName  *string
	// Mood is plain text, as in [Mood.Plain], and may have several lines: "A & B <3" is
	// sent as it is. That it replaces the markup of [Mood.Rich] as well is an assumption.
	Mood *string

	DisplayName *string
	About       *string // may have several lines
	Homepage    *string
	JobTitle    *string
	City        *string
	State       *string
	Country     *CountryCode  // two letters
	Language    *LanguageCode // a language tag (BCP 47)
	Birthday    *Date
	Gender      *Gender // one of the constants
}

// LogValue returns "[redacted]".
func (ProfileUpdate) LogValue() slog.Value { return slog.StringValue(redacted) }

// UpdateOwnProfile changes the profile of the account. Only the fields that are set are
// sent, in one request: a client that sent all at once removed the moods of its users.
// How long a text may be was not recorded.
//
// Route: POST api.skype.com/users/self/profile/partial; with [DialectCurrent] POST
// profile.skype.com/profile/v1/users/self/profile/partial.
//
// Source: not documented. Four clients of 2016 to 2022 (the official one, SkPy,
// skype4pidgin, go-skypeapi) set the mood or the name in this way. The successor
// was seen on edge.skype.com only; that profile.skype.com, where the profile is read,
// takes it too is an assumption. No response was recorded.
//
// Errors: [ErrInvalid] for an update without fields, for a text with characters of
// control or invalid UTF-8, and for what is no date, country, language or gender;
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Never sent again once it may have arrived: when [Error.MaybeApplied] is
// true, the call may be repeated, since the same update changes nothing more.
func (c *Client) UpdateOwnProfile(ctx context.Context, update ProfileUpdate) error {
	r := updateOwnProfile
	if c.dialect == DialectCurrent {
		r = updateOwnProfileCurrent
	}
	payload, err := update.payload()
	if err != nil {
		return r.wrap(err)
	}
	return send(ctx, c.core, r, callArgs{json: profileUpdateBody{payload}})
}

type profileUpdateBody struct {
	Payload map[string]string `json:"payload"`
}

// payload returns what is set, by the names of the service, or an error if that is nothing
// or cannot be right.
func (u ProfileUpdate) payload() (map[string]string, error) {
	payload := map[string]string{}
	for _, f := range []struct {
		field, member string
		value         *string
		isValid       func(string) bool
	}{
		{"FirstName", "firstname", u.FirstName, isLine},
		{"LastName", "lastname", u.LastName, isLine},
		{"Mood", "mood", u.Mood, isLines},
		{"DisplayName", "displayname", u.DisplayName, isLine},
		{"About", "about", u.About, isLines},
		{"Homepage", "homepage", u.Homepage, isLine},
		{"JobTitle", "jobtitle", u.JobTitle, isLine},
		{"City", "city", u.City, isLine},
		{"State", "province", u.State, isLine},
		{"Country", "country", (*string)(u.Country), func(s string) bool { return s == "" || isLetterPair(s) }},
		{"Language", "language", (*string)(u.Language), func(s string) bool { return s == "" || isLanguageTag(s) }},
		{"Birthday", "birthday", converted(u.Birthday, Date.String), func(s string) bool { _, err := ParseDate(s); return err == nil }},
		{"Gender", "gender", converted(u.Gender, genderCode), func(s string) bool { return s != "" }},
	} {
		if f.value == nil {
			continue
		}
		if !f.isValid(*f.value) {
			return nil, fmt.Errorf("%w: %s of the update is not valid", ErrInvalid, f.field)
		}
		payload[f.member] = *f.value
	}
	if len(payload) == 0 {
		return nil, fmt.Errorf("%w: the update has no field", ErrInvalid)
	}
	return payload, nil
}

// converted returns the text of a value, nil for nil.
func converted[T any](value *T, text func(T) string) *string {
	if value == nil {
		return nil
	}
	return new(text(*value))
}

// genderCode returns the form in which the service sends a gender in flat profiles, empty
// for another value than the constants.
func genderCode(g Gender) string {
	return map[Gender]string{GenderUnstated: "0", GenderMale: "1", GenderFemale: "2"}[g]
}

// isLine reports whether s is valid UTF-8 without control characters.
func isLine(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) }

// isLines is [isLine] for a text that may have several lines, and tabs.
func isLines(s string) bool {
	return isLine(strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s))
}
