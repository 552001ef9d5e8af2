package skypetest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// spellingSeed chooses one of the forms in which clients recorded a member of a
// response. The seed 0 chooses the form of the documentation for every member.
type spellingSeed uint64

// choose returns a number below n that depends on the seed and the member only.
func (s spellingSeed) choose(member string, n uint64) uint64 {
	if s == 0 {
		return 0
	}
	return s.hash(member) % n
}

func (s spellingSeed) hash(member string) uint64 {
	h := uint64(s)
	for i := range len(member) {
		h = (h ^ uint64(member[i])) * 1099511628211 // FNV-1a
	}
	return h ^ h>>29 // FNV-1a leaves the low bits of similar strings alike
}

// setText sets a member to a string. The empty string is absent or null.
func (s spellingSeed) setText(o jsonObject, name, value string) {
	if value != "" {
		o[name] = value
		return
	}
	s.setEmpty(o, name)
}

// setEmpty sets a member to null or leaves it out.
func (s spellingSeed) setEmpty(o jsonObject, name string) {
	if s.choose(name+" absent", 3) == 1 {
		o[name] = nil
	}
}

// setProfileText is [spellingSeed.setText] for the flat profiles: the empty
// string is null or, rarely, absent or the string "null".
func (s spellingSeed) setProfileText(o jsonObject, name, value string) {
	switch {
	case value != "":
		o[name] = value
	case s.choose(name+" absent", 16) == 15:
		o[name] = "null"
	case s.choose(name+" absent", 16) < 12:
		o[name] = nil
	}
}

// setFlag sets a member to a boolean; false may be absent.
func (s spellingSeed) setFlag(o jsonObject, name string, value bool) {
	if value || s.choose(name, 2) == 0 {
		o[name] = value
	}
}

// setList sets a member to an array. An empty one may be absent, null or [].
func (s spellingSeed) setList(o jsonObject, name string, list []any) {
	if len(list) > 0 {
		o[name] = list
		return
	}
	switch s.choose(name+" absent", 3) {
	case 1:
		o[name] = nil
	case 2:
		o[name] = []any{}
	}
}

// letterCase returns a code in upper case, as it is or capitalized.
func (s spellingSeed) letterCase(member, code string) string {
	switch s.choose(member, 3) {
	case 0:
		return strings.ToUpper(code)
	case 2:
		if code != "" {
			return strings.ToUpper(code[:1]) + code[1:]
		}
	}
	return code
}

// formatTime formats a time in UTC with a fraction of no, two, three, six or
// seven digits.
func (s spellingSeed) formatTime(member string, t time.Time) string {
	layouts := [...]string{
		time.RFC3339, "2006-01-02T15:04:05.00Z07:00", "2006-01-02T15:04:05.000Z07:00",
		"2006-01-02T15:04:05.000000Z07:00", "2006-01-02T15:04:05.0000000Z07:00",
	}
	return t.UTC().Format(layouts[s.choose(member, uint64(len(layouts)))])
}

// uuid returns a version 4 UUID that depends on the seed and the member only.
func (s spellingSeed) uuid(member string) string {
	a, b := s.hash(member), s.hash(member+" and more")
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", uint32(a>>32), uint16(a>>16), a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// certificate returns base64 that looks like a certificate or a hash and is none.
func (s spellingSeed) certificate(member string) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%016x%016x", s.hash(member), s.hash(member+" and more")))
}
