package skypetest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// entryChanges sends writes about the contact entries of fred.2 and reads the delta
// after each of them.
type entryChanges struct {
	*testing.T
	srv   *skypetest.Server
	delta *deltaClient
}

func newEntryChanges(t *testing.T, opts ...skypetest.Option) *entryChanges {
	c := &entryChanges{t, skypetest.NewServer(opts...), &deltaClient{token: "sample-skype-token-1", etag: "/"}}
	t.Cleanup(c.srv.Close)
	c.delta.refresh(t, c.srv)
	return c
}

// send returns the entry and the groups in the delta after a write, nil without any.
func (c *entryChanges) send(method, path, body string, status int) (entry map[string]any, groups []any) {
	c.Helper()
	header := map[string]string{"X-Skypetoken": "sample-skype-token-1"}
	resp := send(c.T, method, c.srv.URL+"/contacts/v2/users/fred.2/contacts/"+path, body, header)
	require.Equal(c, status, resp.status, resp.body)
	header["If-None-Match"] = c.delta.etag
	delta := send(c.T, http.MethodGet, c.srv.URL+"/contacts/v2/users/self?delta", "", header)
	c.delta.refresh(c.T, c.srv)
	if delta.status == http.StatusNotModified {
		return nil, nil
	}
	var lists struct {
		Contacts []map[string]any
		Groups   []any
	}
	require.NoError(c, json.Unmarshal([]byte(delta.body), &lists))
	require.Len(c, lists.Contacts, 1)
	return lists.Contacts[0], lists.Groups
}

// Favorites are marked in their entry and are in the group of favorites.
func TestFavorites(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	c := newEntryChanges(t, skypetest.WithData(data))
	const id = "000c3765-a8a0-464c-8083-c8383b86a772"
	entry, groups := c.send("DELETE", "favorites/8%3Ajoe.4", "", 200)
	assert.Equal(t, "8:joe.4", entry["mri"])
	assert.NotContains(t, entry, "favorite")
	assert.Equal(t, []any{map[string]any{"id": id, "name": "Favourites", "is_favorite": true}}, groups)
	entry, groups = c.send("DELETE", "favorites/8:joe.4", "", 200)
	assert.Nil(t, entry)
	assert.Nil(t, groups)
	entry, groups = c.send("PUT", "favorites/8:JOE.4", "", 200)
	assert.Equal(t, true, entry["favorite"])
	assert.Equal(t, []any{map[string]any{"id": id, "name": "Favourites", "is_favorite": true, "contacts": []any{"8:joe.4"}}}, groups)
	entry, _ = c.send("PUT", "favorites/8:joe.4", "", 200)
	assert.Nil(t, entry)
	c.send("DELETE", "favorites/8:joe.4", "", 200)
	effect := skypetest.Effect{Operation: "RemoveFavorite", Account: "8:fred.2", Subject: "8:joe.4"}
	added := effect
	added.Operation = "AddFavorite"
	assert.Equal(t, []skypetest.Effect{effect, added, effect}, c.srv.Effects())
	newEntryChanges(t, skypetest.WithStrictEnds()).send("DELETE", "favorites/28:concierge", "", 404)
	assert.Equal(t, skypetest.SampleData(), data)
}

// Telephone numbers that the account adds are in the root of the entry with ids that
// are never used again.
func TestPhones(t *testing.T) {
	t.Parallel()
	c := newEntryChanges(t)
	phones := func(entry map[string]any, _ []any) (list []string) {
		for _, p := range entry["phones"].([]any) {
			list = append(list, p.(map[string]any)["id"].(string)+" "+p.(map[string]any)["number"].(string))
		}
		return list
	}
	assert.Equal(t, []string{"1 +442079460901"}, phones(c.send("POST", "8:anna.7/phones", `{"number":"+442079460901","type":"home"}`, 201)))
	assert.Equal(t, []string{"1 +442079460901", "2 020 7946 0902"}, phones(c.send("POST", "8%3Aanna.7/phones", `{"number":"020 7946 0902","type":2}`, 201)))
	assert.Equal(t, []string{"1 +442079460903", "2 020 7946 0902"}, phones(c.send("PUT", "8:anna.7/phones/1", `{"number":"+442079460903","type":"office"}`, 200)))
	same, _ := c.send("PUT", "8:anna.7/phones/1", `{"number":"+442079460903","type":1}`, 200)
	assert.Nil(t, same)
	assert.Equal(t, []string{"1 +442079460903"}, phones(c.send("DELETE", "8:anna.7/phones/2", "", 200)))
	c.send("DELETE", "8:anna.7/phones/2", "", 404)
	assert.Equal(t, []string{"1 +442079460903", "3 +442079460904"}, phones(c.send("POST", "8:anna.7/phones", `{"number":"+442079460904","type":"other"}`, 201)))
	c.send("DELETE", "8:anna.7/phones/3", "", 200)
	assert.Empty(t, phones(c.send("DELETE", "8:anna.7/phones/1", "", 200)), "the list is empty, not absent")
	for _, body := range []string{`{"number":"+44","type":"work"}`, `{"number":"+44","type":4}`, `{"number":"+44","type":true}`} {
		c.send("POST", "8:anna.7/phones", body, 400)
	}
	assert.Len(t, c.srv.Effects(), 7)
}

// A telephone contact keeps its own number, which has no id.
func TestPhonesOfPhone(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[0].Contacts = append(data.Accounts[0].Contacts, skypetest.Contact{MRI: "4:+442079460900", Authorized: true})
	c := newEntryChanges(t, skypetest.WithData(data))
	entry, _ := c.send("POST", "4:+442079460900/phones", `{"number":"+442079460901","type":"home"}`, 201)
	phones := entry["phones"].([]any)
	require.Len(t, phones, 2)
	assert.NotContains(t, phones[0], "id")
	assert.Equal(t, "+442079460900", phones[0].(map[string]any)["number"])
	assert.Equal(t, "1", phones[1].(map[string]any)["id"])
}

func TestExplicit(t *testing.T) {
	t.Parallel()
	c := newEntryChanges(t)
	entry, _ := c.send("PUT", "28:concierge/explicit", `{"value":true}`, 200)
	assert.Equal(t, true, entry["explicit"])
	entry, _ = c.send("PUT", "28:concierge/explicit", `{"value":true}`, 200)
	assert.Nil(t, entry)
	entry, _ = c.send("PUT", "28:concierge/explicit", `{"value":false}`, 200)
	assert.Equal(t, false, entry["explicit"])
}

// Blocking with delete_contact ends the authorization as well, on both sides.
func TestBlockDeletesContact(t *testing.T) {
	t.Parallel()
	for body, deleted := range map[string]bool{
		`{"delete_contact":true,"report_abuse":false,"report_context":"profile"}`: true, `{"delete_contact":"true"}`: true, `{"delete_contact":"True"}`: true, `{"delete_contact":"FALSE"}`: false,
		`{"delete_contact":false}`: false, `{}`: false, ``: false,
	} {
		c := newEntryChanges(t)
		entry, _ := c.send("PUT", "blocklist/8%3Ajoe.4", body, 200)
		assert.Equal(t, true, entry["blocked"], body)
		assert.Equal(t, !deleted, entry["authorized"], body)
		list, err := c.srv.ClientFor("joe.4").ListContacts(t.Context())
		require.NoError(t, err)
		assert.Equal(t, !deleted, list.Contacts[0].Authorized, body)
		assert.Len(t, c.srv.Effects(), 1)
	}
	const malformed = `{"message":"The request is not valid JSON","stackTrace":null}`
	cases := []errorCase{}
	for _, body := range []string{
		`{"delete_contact":1}`, `{"delete_contact":"yes"}`, `{"delete_contact":""}`, `{"delete_contact":null}`, `{"delete_contact":{}}`, `{"delete_contact":"true "}`,
		`report_abuse=false`, // no client sends a form here
	} {
		cases = append(cases, errorCase{body, "PUT", "/contacts/v2/users/self/contacts/blocklist/8:joe.4", "sample-skype-token-1", body, 400, malformed})
	}
	checkErrors(t, cases)
}
