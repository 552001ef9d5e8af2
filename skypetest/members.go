package skypetest

import (
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// objectMembers is a JSON object of which a response has many. Its members are written in
// the order of their names, as those of a [jsonObject] are. A map takes twice the time.
type objectMembers []objectMember

type objectMember struct {
	name  string
	value any
}

// get returns the value of a member, nil if there is none.
func (o objectMembers) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// set adds a member or replaces its value.
func (o *objectMembers) set(name string, value any) {
	for i, m := range *o {
		if m.name == name {
			(*o)[i].value = value
			return
		}
	}
	*o = append(*o, objectMember{name, value})
}

// setNonEmpty sets a member to a string unless that is empty.
func (o *objectMembers) setNonEmpty(name, value string) {
	if value != "" {
		o.set(name, value)
	}
}

// remove removes the members with these names.
func (o *objectMembers) remove(names ...string) {
	*o = slices.DeleteFunc(*o, func(m objectMember) bool { return slices.Contains(names, m.name) })
}

// MarshalJSONTo writes the object.
func (o objectMembers) MarshalJSONTo(enc *jsontext.Encoder) error {
	slices.SortFunc(o, func(a, b objectMember) int { return strings.Compare(a.name, b.name) })
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range o {
		if err := enc.WriteToken(jsontext.String(m.name)); err != nil {
			return err
		}
		if err := writeValue(enc, m.value); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

// writeValue writes what most members are without reflection.
func writeValue(enc *jsontext.Encoder, value any) error {
	switch v := value.(type) {
	case nil:
		return enc.WriteToken(jsontext.Null)
	case string:
		return enc.WriteToken(jsontext.String(v))
	case bool:
		return enc.WriteToken(jsontext.Bool(v))
	case objectMembers:
		return v.MarshalJSONTo(enc)
	case []any:
		return writeArray(enc, v, writeValue)
	default:
		return jsonv2.MarshalEncode(enc, v)
	}
}

// writeArray writes an array with writeElement.
func writeArray[T any](enc *jsontext.Encoder, elements []T, writeElement func(*jsontext.Encoder, T) error) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, e := range elements {
		if err := writeElement(enc, e); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}
