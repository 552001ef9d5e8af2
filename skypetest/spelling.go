package skypetest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// spelling chooses among the forms in which a part of an answer was seen.
type spelling uint64

// of is a number below n, always the same for the same part. It is 0, the
// documented form, for the spelling 0.
func (s spelling) of(part string, n uint64) uint64 {
	if s == 0 {
		return 0
	}
	return s.hash(part) % n
}

func (s spelling) hash(part string) uint64 {
	h := uint64(s)
	for i := range len(part) {
		h = (h ^ uint64(part[i])) * 1099511628211 // FNV-1a
	}
	return h ^ h>>29 // its last bits are alike for parts that are
}

// text sets a member that is text, or writes it as one of the forms of nothing.
func (s spelling) text(o object, name, value string) {
	if value != "" {
		o[name] = value
		return
	}
	s.nothing(o, name)
}

// nothing leaves a member out or makes it null.
func (s spelling) nothing(o object, name string) {
	if s.of(name+" absent", 3) == 1 {
		o[name] = nil
	}
}

// nullText is [spelling.text] for the flat profiles, in which what is not set is
// null or, rarely, left out or the word null.
func (s spelling) nullText(o object, name, value string) {
	switch {
	case value != "":
		o[name] = value
	case s.of(name+" absent", 16) == 15:
		o[name] = "null"
	case s.of(name+" absent", 16) < 12:
		o[name] = nil
	}
}

// flag sets a member that is a truth value; false may be left out.
func (s spelling) flag(o object, name string, value bool) {
	if value || s.of(name, 2) == 0 {
		o[name] = value
	}
}

// letters writes a code in upper or lower case, or with a capital.
func (s spelling) letters(part, code string) string {
	switch s.of(part, 3) {
	case 1:
		return strings.ToUpper(code)
	case 2:
		if code != "" {
			return strings.ToUpper(code[:1]) + code[1:]
		}
	}
	return code
}

// time writes a time with no digits of a fraction or with two to seven.
func (s spelling) time(part string, t time.Time) string {
	layouts := [...]string{
		time.RFC3339, "2006-01-02T15:04:05.00Z07:00", "2006-01-02T15:04:05.000Z07:00",
		"2006-01-02T15:04:05.000000Z07:00", "2006-01-02T15:04:05.0000000Z07:00",
	}
	return t.UTC().Format(layouts[s.of(part, uint64(len(layouts)))])
}

// list sets a member that is a list. An empty one may be absent, null or empty.
func (s spelling) list(o object, name string, list []any) {
	if len(list) > 0 {
		o[name] = list
		return
	}
	switch s.of(name+" absent", 3) {
	case 1:
		o[name] = nil
	case 2:
		o[name] = []any{}
	}
}

// uuid is an identifier that is always the same for the same part.
func (s spelling) uuid(part string) string {
	a, b := s.hash(part), s.hash(part+" and more")
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", uint32(a>>32), uint16(a>>16), a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// certificate is proof of an authorization that proves nothing.
func (s spelling) certificate(part string) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%016x%016x", s.hash(part), s.hash(part+" and more")))
}
