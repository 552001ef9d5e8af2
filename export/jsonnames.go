package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

var (
	errMemberTwice   = errors.New("a member appears twice")
	errUnknownMember = errors.New("a member has a name that no contact has")
)

// memberChecker checks the names of members. [json.Unmarshal] accepts a name in other
// letters, even if only Unicode takes them for the same, ignores unknown names, and
// uses the last of two members with one name.
type memberChecker struct {
	members map[reflect.Type]map[string]reflect.Type // of each type of struct so far
}

func newMemberChecker() *memberChecker {
	return &memberChecker{members: make(map[reflect.Type]map[string]reflect.Type)}
}

// check returns an error unless each object in text, which is JSON for a value of type
// t, has only names of the fields for it, each of them once.
func (m *memberChecker) check(text []byte, t reflect.Type) error {
	return m.checkValue(json.NewDecoder(bytes.NewReader(text)), t)
}

// checkValue checks the next value of dec. It does not look into a value that is not
// decoded, as those in Extra.
func (m *memberChecker) checkValue(dec *json.Decoder, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	inner := t.Kind() == reflect.Struct || t.Kind() == reflect.Map || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
	if !inner {
		return dec.Decode(new(json.RawMessage))
	}
	token, err := dec.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		if t.Kind() == reflect.Slice {
			return errUnknownMember
		}
		err = m.checkMembers(dec, t)
	case json.Delim('['):
		if t.Kind() != reflect.Slice {
			return errUnknownMember
		}
		for err == nil && dec.More() {
			err = m.checkValue(dec, t.Elem())
		}
	default:
		return nil
	}
	if err != nil {
		return err
	}
	_, err = dec.Token()
	return err
}

// checkMembers checks the members of an object up to its end.
func (m *memberChecker) checkMembers(dec *json.Decoder, t reflect.Type) error {
	seen := make(map[string]bool)
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if seen[name] {
			return errMemberTwice
		}
		seen[name] = true
		member, known := m.memberType(t, name)
		if !known {
			return errUnknownMember
		}
		if err := m.checkValue(dec, member); err != nil {
			return err
		}
	}
	return nil
}

// memberType returns the type of the member of t with that name.
func (m *memberChecker) memberType(t reflect.Type, name string) (member reflect.Type, known bool) {
	if t.Kind() == reflect.Map {
		return t.Elem(), true
	}
	members, found := m.members[t]
	if !found {
		members = make(map[string]reflect.Type)
		for field := range t.Fields() {
			tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			members[tag] = field.Type
		}
		m.members[t] = members
	}
	member, known = members[name]
	return member, known
}
