package skypecontacts_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// phoneWrites are the two methods that send a number.
var phoneWrites = map[string]func(*skypecontacts.Client, context.Context, skypecontacts.MRI, skypecontacts.Phone) error{
	"AddContactPhone": (*skypecontacts.Client).AddContactPhone, "SetContactPhone": (*skypecontacts.Client).SetContactPhone,
}

// sentOnce returns the URL and the body of the only request.
func sentOnce(t *testing.T, transport *apitest.Transport) (url, body string) {
	t.Helper()
	require.Len(t, transport.Requests(), 1)
	line, rest, _ := strings.Cut(transport.Requests()[0], "\n")
	_, body, _ = strings.Cut(rest, "\n\n")
	_, url, _ = strings.Cut(line, " ")
	return url, body
}

// A number is sent as it is, with the word of the service for its type.
func TestContactPhoneBodies(t *testing.T) {
	t.Parallel()
	for want, phone := range map[string]skypecontacts.Phone{
		`{"number":"+442079460999","type":"home"}`:                     {Number: "+442079460999", Type: skypecontacts.PhoneHome},
		`{"number":"+442079460999","type":"office"}`:                   {Number: "+442079460999", Type: skypecontacts.PhoneWork},
		`{"number":"020 7946\u00a00999 ext. 7","type":"mobile"}`:       {Number: "020 7946\u00a00999 ext. 7", Type: skypecontacts.PhoneMobile},
		`{"number":" (020) 79460999 ","type":"other"}`:                 {Number: " (020) 79460999 ", Type: skypecontacts.PhoneOther},
		`{"number":"0","type":"other"}`:                                {Number: "0"},
		`{"number":"` + strings.Repeat("1", 256) + `","type":"other"}`: {Number: strings.Repeat("1", 256)},
		`{"number":"<b>&\"\\","type":"other"}`:                         {Number: `<b>&"\`},
	} {
		for name, write := range phoneWrites {
			phone.ID = "1"
			transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
			require.NoError(t, write(apitest.NewClient(t, transport), t.Context(), "8:joe.4", phone), name)
			_, body := sentOnce(t, transport)
			assert.Equal(t, strings.ReplaceAll(want, `\u00a0`, "\u00a0"), body, name)
		}
	}
}

// What cannot be a number or a type is not sent, and is not in the error.
func TestInvalidContactPhones(t *testing.T) {
	t.Parallel()
	const number = "+442079460999"
	for name, phone := range map[string]skypecontacts.Phone{
		"no number": {}, "blank": {Number: " \u00a0"}, "line": {Number: number + "\r\nX"}, "zero byte": {Number: number + "\x00"}, "tab": {Number: "\t" + number},
		"not UTF-8": {Number: number + "\xff"}, "mark of direction": {Number: "\u202a" + number + "\u202c"}, "surrogate": {Number: number + "\xed\xa0\x80"},
		"long": {Number: strings.Repeat("1", 257)}, "unknown type": {Number: number, Type: "fax"}, "word of the service": {Number: number, Type: "office"},
		"code of the service": {Number: number, Type: "1"},
	} {
		for method, write := range phoneWrites {
			phone.ID = "1"
			transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
			err := write(apitest.NewClient(t, transport), t.Context(), "8:joe.4", phone)
			require.ErrorIs(t, err, skypecontacts.ErrInvalid, name)
			require.Empty(t, transport.Requests(), name)
			var failure *skypecontacts.Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, method, failure.Op)
			require.NotContains(t, err.Error(), number[1:])
			require.NotContains(t, err.Error(), "1111")
		}
	}
}

// The ID of a number is one segment of the path, or is not sent.
func TestContactPhoneIDs(t *testing.T) {
	t.Parallel()
	calls := map[string]func(*skypecontacts.Client, string) error{
		"SetContactPhone": func(c *skypecontacts.Client, id string) error {
			return c.SetContactPhone(t.Context(), "8:joe.4", skypecontacts.Phone{Number: "+442079460999", ID: id})
		},
		"RemoveContactPhone": func(c *skypecontacts.Client, id string) error {
			return c.RemoveContactPhone(t.Context(), "8:joe.4", id)
		},
	}
	for method, call := range calls {
		for _, id := range skypecontacts.BadIDs() {
			transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
			require.ErrorIs(t, call(apitest.NewClient(t, transport), id), skypecontacts.ErrInvalid, "%s %q", method, id)
			require.Empty(t, transport.Requests(), "%s %q", method, id)
		}
		for id, segment := range map[string]string{
			"1": "1", "0012": "0012", "+442079460999": "%2B442079460999", "4:+44": "4:%2B44", "a@b": "a%40b", "é": "%C3%A9", "7e3f0a52-9c1d": "7e3f0a52-9c1d", "A=": "A=", ".1": ".1",
		} {
			transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
			require.NoError(t, call(apitest.NewClient(t, transport), id), method)
			url, _ := sentOnce(t, transport)
			require.Equal(t, "https://contacts.skype.com/contacts/v2/users/self/contacts/8:joe.4/phones/"+segment, url)
		}
		transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
		require.ErrorContains(t, call(apitest.NewClient(t, transport), ""), "the number has no ID", method)
	}
}

// Numbers are added, changed by the ID that the list has for them, and removed; those of
// the profile stay. A refreshed roster has the same.
func TestContactPhones(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	defer server.Close()
	client := server.Client()
	roster, err := client.GetRoster(t.Context())
	require.NoError(t, err)
	joe := func() *skypecontacts.Contact {
		list, err := client.ListContacts(t.Context())
		require.NoError(t, err)
		roster, err = client.RefreshRoster(t.Context(), roster)
		require.NoError(t, err)
		require.Equal(t, list.Contacts[0].AllPhones(), roster.Contacts[0].AllPhones())
		return &list.Contacts[0]
	}
	before := joe()
	office := skypecontacts.Phone{Number: "+442079460958", Type: skypecontacts.PhoneWork, ID: "1"}
	require.Equal(t, []skypecontacts.Phone{office}, before.Phones)
	require.Nil(t, before.Extra)

	require.NoError(t, client.AddContactPhone(t.Context(), "joe.4", skypecontacts.Phone{Number: "020 7946 0999", ID: "1"}))
	other := skypecontacts.Phone{Number: "020 7946 0999", Type: skypecontacts.PhoneOther, ID: "2"}
	require.Equal(t, []skypecontacts.Phone{office, other}, joe().Phones)

	other.Number, other.Type = "+442079460999", skypecontacts.PhoneHome
	require.NoError(t, client.SetContactPhone(t.Context(), "joe.4", other))
	require.Equal(t, []skypecontacts.Phone{office, other}, joe().Phones)

	require.NoError(t, client.RemoveContactPhone(t.Context(), "joe.4", office.ID))
	after := joe()
	require.Equal(t, []skypecontacts.Phone{other}, after.Phones)
	before.Phones = after.Phones
	require.Equal(t, before, after)

	require.ErrorIs(t, client.RemoveContactPhone(t.Context(), "joe.4", office.ID), skypecontacts.ErrNotFound)
	require.ErrorIs(t, client.SetContactPhone(t.Context(), "joe.4", office), skypecontacts.ErrNotFound)
	require.ErrorIs(t, client.AddContactPhone(t.Context(), "8:nobody", other), skypecontacts.ErrNotFound)
}
