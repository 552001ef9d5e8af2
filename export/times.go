package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// isWritableTime reports whether every format can hold t: the year, in UTC too, has one
// to four digits, and is not 0 in UTC. In RFC 3339 a zone is less than a day.
func isWritableTime(t time.Time) bool {
	const day = 24 * 60 * 60
	_, offset := t.Zone()
	year := t.UTC().Year()
	return 1 <= year && year <= 9999 && t.Year() <= 9999 && -day < offset && offset < day
}

// withWritableTimes returns c, or a copy of it with each time that a format cannot hold
// as text in Extra.
func withWritableTimes(c *skypecontacts.Contact) *skypecontacts.Contact {
	unwritable := func(s skypecontacts.RelationshipSource) bool { return !isWritableTime(s.Time) }
	if isWritableTime(c.CreatedAt) && !slices.ContainsFunc(c.Sources, unwritable) {
		return c
	}
	changed := *c
	changed.Extra, changed.Sources = maps.Clone(c.Extra), slices.Clone(c.Sources)
	move := func(name string, field *time.Time) {
		if !isWritableTime(*field) {
			addExtra(&changed.Extra, name, field.Format(time.RFC3339Nano))
			*field = time.Time{}
		}
	}
	move("created_at", &changed.CreatedAt)
	for i := range changed.Sources {
		move(fmt.Sprintf("sources/%d/time", i), &changed.Sources[i].Time)
	}
	return &changed
}

// isWholeDay reports whether d is a day of the calendar with year, month and day.
func isWholeDay(d skypecontacts.Date) bool {
	year, month, day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Date()
	return 1 <= year && year <= 9999 && d == skypecontacts.Date{Year: year, Month: month, Day: day}
}

// withReadableBirthday returns c, or a copy of it with a birthday that
// [skypecontacts.ParseDate] does not parse as text in Extra of the profile.
func withReadableBirthday(c *skypecontacts.Contact) *skypecontacts.Contact {
	day := c.Profile.Birthday
	if day.IsZero() || isWholeDay(day) {
		return c
	}
	changed := *c
	changed.Profile.Extra, changed.Profile.Birthday = maps.Clone(c.Profile.Extra), skypecontacts.Date{}
	addExtra(&changed.Profile.Extra, "birthday", day.String())
	return &changed
}

// addExtra stores a text under name, or under a longer name if that one is in use.
func addExtra(extra *skypecontacts.Extra, name, text string) {
	if *extra == nil {
		*extra = make(skypecontacts.Extra)
	}
	for (*extra)[name] != nil {
		name += "_"
	}
	(*extra)[name], _ = json.Marshal(text)
}
