package skypetest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// spellingSeed chooses one of the forms that a style has for a member. The seed 0
// chooses the first form of every member.
type spellingSeed uint64

// hash returns a number that depends on the seed and the text only.
func (s spellingSeed) hash(text string) uint64 {
	h := uint64(s)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211 // FNV-1a
	}
	return h ^ h>>29 // FNV-1a leaves the low bits of similar strings alike
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

// spelling writes the members about one account or bot in one style.
type spelling struct {
	spellingSeed
	table styleTable
}

// derived is the spelling of a person without account in the list of another. It
// chooses the first forms if that does.
func (s spelling) derived(key string) spelling {
	if s.spellingSeed == 0 {
		return s
	}
	return spelling{spellingSeed(s.hash(key)), s.table}
}

// form returns the form of a member that is the only one of its kind.
func (s spelling) form(kind memberKind) memberForm { return s.formOf(kind, string(kind)) }

// formOf returns the form of one of several members of a kind.
func (s spelling) formOf(kind memberKind, name string) memberForm {
	forms := s.table[kind]
	if s.spellingSeed == 0 || len(forms) == 1 {
		return forms[0].form
	}
	total := uint64(0)
	for _, f := range forms {
		total += f.share
	}
	n := s.hash(name) % total
	for _, f := range forms {
		if n < f.share {
			return f.form
		}
		n -= f.share
	}
	return forms[0].form // not reached: n was less than the sum of the shares
}

// has reports whether a member has its value in this spelling.
func (s spelling) has(kind memberKind) bool { return s.form(kind) == formSet }

// setText sets a member to a string, and an empty one to the form of its kind.
func (s spelling) setText(o *objectMembers, kind memberKind, name, value string) {
	if value != "" {
		o.set(name, value)
	} else {
		s.setEmpty(o, kind, name, nil)
	}
}

// setEmpty sets a member that has no value to null, to empty, or leaves it out.
func (s spelling) setEmpty(o *objectMembers, kind memberKind, name string, empty any) {
	switch s.formOf(kind, name) {
	case formNull:
		o.set(name, nil)
	case formEmpty:
		o.set(name, empty)
	default: // absent
	}
}

// setFlag sets a member to a boolean; false may be absent.
func (s spelling) setFlag(o *objectMembers, name string, value bool) {
	if value || s.formOf(flagMember, name) == formSet {
		o.set(name, value)
	}
}

// setList sets a member to an array, and an empty one to the form of its kind.
func (s spelling) setList(o *objectMembers, kind memberKind, name string, list []any) {
	if len(list) > 0 {
		o.set(name, list)
	} else {
		s.setEmpty(o, kind, name, []any{})
	}
}

// anyList returns the elements as setList takes them.
func anyList(values []string) (list []any) {
	for _, v := range values {
		list = append(list, v)
	}
	return list
}

// letterCase returns a code in upper case, as it is or capitalized.
func (s spelling) letterCase(member, code string) string {
	switch form := s.formOf(letterCaseMember, member); {
	case form == formUpper:
		return strings.ToUpper(code)
	case form == formCapital && code != "":
		return strings.ToUpper(code[:1]) + code[1:]
	default:
		return code
	}
}

// formatTime formats a time in UTC with the digits of the fraction that a kind has.
func (s spelling) formatTime(kind memberKind, member string, t time.Time) string {
	return t.UTC().Format(string(s.formOf(kind, member)))
}
