package skypecontacts_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every method that takes an identifier rejects a bad one before anything is sent.
// The methods are found by reflection; a string that is not an identifier has to
// be named here.
func TestBadIdentifiers(t *testing.T) {
	t.Parallel()
	notIDs := map[string]bool{"SendInvite/2": true, "SearchDirectory/1": true, "LegacySearchDirectory/1": true}
	tested := 0
	client := reflect.TypeFor[*skypecontacts.Client]()
	for method := range client.Methods() {
		for arg := 2; arg < method.Type.NumIn(); arg++ { // after receiver and context
			place := method.Name + "/" + string('0'+rune(arg-1))
			in := method.Type.In(arg)
			isID := in == reflect.TypeFor[skypecontacts.MRI]() || in == reflect.TypeFor[[]skypecontacts.MRI]() || in.Kind() == reflect.String && !notIDs[place]
			if !isID {
				continue
			}
			tested++
			for _, id := range skypecontacts.BadIDs() {
				transport := apitest.NewTransport(apitest.Response(200, "{}"))
				err := callWith(t, apitest.NewClient(t, transport), method, arg, id)
				require.ErrorIs(t, err, skypecontacts.ErrInvalid, "%s with %q", place, id)
				require.Empty(t, transport.Requests(), "%s with %q", place, id)
				var failure *skypecontacts.Error
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
func callWith(t *testing.T, c *skypecontacts.Client, method reflect.Method, bad int, id string) error {
	t.Helper()
	in := []reflect.Value{reflect.ValueOf(c), reflect.ValueOf(t.Context())}
	for i := 2; i < method.Type.NumIn(); i++ {
		value := reflect.New(method.Type.In(i)).Elem()
		switch {
		case i == bad && value.Kind() == reflect.Slice:
			value.Set(reflect.ValueOf([]skypecontacts.MRI{skypecontacts.MRI(id)}))
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
	case iter.Seq[skypecontacts.LookupResult]:
		for result := range last {
			return result.Err
		}
	}
	return errors.New("no error")
}

func TestNoIdentifiers(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(200, "[]"))
	_, err := apitest.NewClient(t, transport).GetPublicProfiles(t.Context())
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	require.Empty(t, transport.Requests())
}

func TestBadText(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(200, "{}"))
	c := apitest.NewClient(t, transport)
	for _, query := range []string{"", "  ", "a\x00", "a\r\nb", "\xff", strings.Repeat("a", 8<<10)} {
		_, err := c.SearchDirectory(t.Context(), query)
		assert.ErrorIs(t, err, skypecontacts.ErrInvalid, "%q", query)
		_, err = c.LegacySearchDirectory(t.Context(), query)
		assert.ErrorIs(t, err, skypecontacts.ErrInvalid, "%q", query)
	}
	assert.ErrorIs(t, c.SendInvite(t.Context(), "joe.4", "\xff"), skypecontacts.ErrInvalid)
	assert.ErrorIs(t, c.BlockUser(t.Context(), "joe.4", skypecontacts.BlockOptions{ReportAbuse: true, Reason: "\xff"}), skypecontacts.ErrInvalid)
	_, err := c.RefreshRoster(t.Context(), &skypecontacts.Roster{ETag: "a\r\nX-Evil: 1"})
	assert.ErrorIs(t, err, skypecontacts.ErrInvalid)
	assert.Empty(t, transport.Requests())
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
		transport := apitest.NewTransport(apitest.Response(200, "{}"))
		require.NoError(t, apitest.NewClient(t, transport).AcceptInvite(t.Context(), skypecontacts.MRI(id)))
		assert.Contains(t, transport.Requests()[0], "/users/self/invites/"+want+"/accept\n")
	}
}

// A client without a registration token sends nothing to the gateway.
func TestNoRegistrationToken(t *testing.T) {
	t.Parallel()
	transport := apitest.NewTransport(apitest.Response(200, "{}"))
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), skypecontacts.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	for _, call := range []func(context.Context, skypecontacts.MRI) error{c.AddContact, c.RemoveContact} {
		require.ErrorIs(t, call(t.Context(), "joe.4"), skypecontacts.ErrNoRegistrationToken)
	}
	require.Empty(t, transport.Requests())
}
