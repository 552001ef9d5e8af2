package skypecontacts

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badIDs could be taken for something else than one path segment, or for nothing.
func badIDs() []string {
	return []string{
		"", "8:", "28:", ".", "..", "8:.", "8:..", "...", "8:../../v1/x", "joe/../..", "%2e%2e", "8:%2e%2e", "a%2Fb", "a/b", "/", "a\\b",
		"a?b", "a#b", "a{b}", "joe\r\nX-Evil: 1", "a\nb", "a\x00b", "a\x7fb", "a b", " a", "a\u00a0b", "a\u200bb", "a\u202eb", "\ufeffa",
		"\xff", "joe\xc3", strings.Repeat("a", 300), "8:" + strings.Repeat("a", 255),
	}
}

// Every method that takes an identifier refuses a bad one before anything is
// sent. The methods are found by reflection, so that one added later is tested
// without anybody thinking of it; text that is no identifier has to be named.
func TestBadIdentifiers(t *testing.T) {
	t.Parallel()
	freeText := map[string]bool{"SendInvite/2": true, "SearchDirectory/1": true, "LegacySearchDirectory/1": true}
	tested := 0
	client := reflect.TypeFor[*Client]()
	for method := range client.Methods() {
		for arg := 2; arg < method.Type.NumIn(); arg++ { // after receiver and context
			place := method.Name + "/" + string('0'+rune(arg-1))
			in := method.Type.In(arg)
			isID := in == reflect.TypeFor[MRI]() || in == reflect.TypeFor[[]MRI]() || in.Kind() == reflect.String && !freeText[place]
			if !isID {
				continue
			}
			tested++
			for _, id := range badIDs() {
				w := newWire(reply(200, "{}"))
				err := callWith(t, newTestClient(t, w), method, arg, id)
				require.ErrorIs(t, err, ErrInvalid, "%s with %q", place, id)
				require.Empty(t, w.requests(), "%s with %q", place, id)
				var failure *Error
				require.ErrorAs(t, err, &failure)
				require.Zero(t, failure.Attempts)
				if len(id) > 3 {
					require.NotContains(t, err.Error(), id)
				}
			}
		}
	}
	require.GreaterOrEqual(t, tested, 14, "methods were found")
}

// callWith calls a method with one bad identifier and plain values for the rest.
func callWith(t *testing.T, c *Client, method reflect.Method, bad int, id string) error {
	t.Helper()
	in := []reflect.Value{reflect.ValueOf(c), reflect.ValueOf(t.Context())}
	for i := 2; i < method.Type.NumIn(); i++ {
		value := reflect.New(method.Type.In(i)).Elem()
		switch {
		case i == bad && value.Kind() == reflect.Slice:
			value.Set(reflect.ValueOf([]MRI{MRI(id)}))
		case i == bad:
			value.SetString(id)
		case value.Kind() == reflect.String:
			value.SetString("joe.4")
		}
		in = append(in, value)
	}
	var out []reflect.Value
	if method.Type.IsVariadic() {
		out = method.Func.CallSlice(in)
	} else {
		out = method.Func.Call(in)
	}
	switch last := out[len(out)-1].Interface().(type) {
	case error:
		return last
	case iter.Seq[LookupResult]:
		for result := range last {
			return result.Err
		}
	}
	return errors.New("no error")
}

func TestNoIdentifiers(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, "[]"))
	_, err := newTestClient(t, w).GetPublicProfiles(t.Context())
	require.ErrorIs(t, err, ErrInvalid)
	require.Empty(t, w.requests())
}

func TestBadText(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, "{}"))
	c := newTestClient(t, w)
	for _, query := range []string{"", "  ", "a\x00", "a\r\nb", "\xff", strings.Repeat("a", maxURL)} {
		_, err := c.SearchDirectory(t.Context(), query)
		assert.ErrorIs(t, err, ErrInvalid, "%q", query)
		_, err = c.LegacySearchDirectory(t.Context(), query)
		assert.ErrorIs(t, err, ErrInvalid, "%q", query)
	}
	assert.ErrorIs(t, c.SendInvite(t.Context(), "joe.4", "\xff"), ErrInvalid)
	assert.ErrorIs(t, c.BlockUser(t.Context(), "joe.4", BlockOptions{ReportAbuse: true, Reason: "\xff"}), ErrInvalid)
	_, err := c.RefreshRoster(t.Context(), &Roster{ETag: "a\r\nX-Evil: 1"})
	assert.ErrorIs(t, err, ErrInvalid)
	assert.Empty(t, w.requests())
}

func TestSegments(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"joe.4":                  "8:joe.4",
		"8:echo123":              "8:echo123",
		"live:.cid.1f":           "8:live:.cid.1f",
		"2:a@corp.example":       "2:a%40corp.example",
		"+442099887766":          "4:%2B442099887766",
		"19:abc@thread.skype":    "19:abc%40thread.skype",
		"8:josé":                 "8:jos%C3%A9",
		"8:日本":                   "8:%E6%97%A5%E6%9C%AC",
		"8:a;b,c":                "8:a%3Bb%2Cc",
		`8:a"b`:                  "8:a%22b",
		strings.Repeat("a", 254): "8:" + strings.Repeat("a", 254),
	} {
		path, err := expandPath("/x/{mri}/y", []string{id})
		require.NoError(t, err)
		assert.Equal(t, "/x/"+want+"/y", path)
	}
}

// A client without the gateway's token says so and sends nothing.
func TestNoRegistrationToken(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, "{}"))
	c := newTestClient(t, w)
	c.core.registration = nil
	for _, call := range []func(context.Context, MRI) error{c.AddContact, c.RemoveContact} {
		require.ErrorIs(t, call(t.Context(), "joe.4"), ErrNoRegistrationToken)
	}
	require.Empty(t, w.requests())
}
