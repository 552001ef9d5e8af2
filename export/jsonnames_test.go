package export

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestMemberChecker(t *testing.T) {
	t.Parallel()
	full, err := json.Marshal(fullContact())
	require.NoError(t, err)
	for text, want := range map[string]error{
		string(full):       nil,
		`{"agent":{}}`:     nil,
		`{"agent":[]}`:     errUnknownMember,
		`{"sources":{}}`:   errUnknownMember,
		`{"profile":1}`:    nil,
		`{"mri":{"a":1}}`:  nil,
		`{"mri":1,"mri":}`: errMemberTwice,
	} {
		require.Equal(t, want, newMemberChecker().check([]byte(text), reflect.TypeFor[skypecontacts.Contact]()), text)
	}
	for _, text := range []string{"", "{", `{"mri"`, `{"mri":`, `{"mri":1`, `{"sources":[`, `{"extra":{"a":[}`} {
		require.Error(t, newMemberChecker().check([]byte(text), reflect.TypeFor[skypecontacts.Contact]()), text)
	}
}

// Every field of a contact, and of what is within it, has a name in JSON: without one
// a member could not be told from an unknown one.
func TestMemberNames(t *testing.T) {
	t.Parallel()
	checker := newMemberChecker()
	for _, typ := range []reflect.Type{
		reflect.TypeFor[skypecontacts.Contact](), reflect.TypeFor[skypecontacts.Profile](), reflect.TypeFor[skypecontacts.Name](), reflect.TypeFor[skypecontacts.Agent](),
		reflect.TypeFor[skypecontacts.Phone](), reflect.TypeFor[skypecontacts.Location](), reflect.TypeFor[skypecontacts.Mood](), reflect.TypeFor[skypecontacts.RelationshipSource](),
	} {
		_, known := checker.memberType(typ, "")
		require.False(t, known, typ)
		require.Len(t, checker.members[typ], typ.NumField())
	}
}
