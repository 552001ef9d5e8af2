package interop

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// state returns what the service has of the own account: the members roster, invites,
// profile and messenger, which is a list of identifiers.
func (r *replayer) state() any {
	own := r.data.Accounts[0]
	state := map[string]any{"messenger": r.messengerList()}
	for member, address := range map[string]string{
		"roster": "https://contacts.skype.com/contacts/v2/users/self", "invites": "https://contacts.skype.com/contacts/v2/users/self/invites",
		"profile": "https://profile.skype.com/profile/v1/users/self/profile",
	} {
		req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, fakeURL(r.srv, address), http.NoBody)
		require.NoError(r.t, err)
		req.Header.Set("X-Skypetoken", own.SkypeToken)
		_, _, state[member] = r.send(req)
	}
	return state
}

// messengerList returns the messenger's contact list, which no request reads: that of the
// data after the effects of what was added and removed.
func (r *replayer) messengerList() (list []any) {
	own := r.data.Accounts[0]
	ids := slices.Clone(own.Messenger)
	for _, e := range r.srv.Effects() {
		if e.Account != own.MRI {
			continue
		}
		isSubject := func(id skypecontacts.MRI) bool { return strings.EqualFold(string(id), string(e.Subject)) }
		switch e.Operation {
		case "AddContact":
			ids = append(ids, e.Subject)
		case "RemoveContact":
			ids = slices.DeleteFunc(ids, isSubject)
		}
	}
	for _, id := range ids {
		list = append(list, map[string]any{"mri": string(id)})
	}
	return list
}

// The messenger's list in the state has exactly those whom a removal finds there.
func TestMessengerList(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	client := srv.Client()
	r := &replayer{t: t, srv: srv, data: skypetest.SampleData()}
	require.Equal(t, []any{map[string]any{"mri": "8:joe.4"}}, r.messengerList())
	require.NoError(t, client.AddContact(t.Context(), "8:daisy.5"))
	require.NoError(t, client.AddContact(t.Context(), "8:daisy.5")) // once more, without effect
	require.NoError(t, srv.ClientFor("joe.4").AddContact(t.Context(), "8:anna.7"))
	require.Equal(t, []any{map[string]any{"mri": "8:joe.4"}, map[string]any{"mri": "8:daisy.5"}}, r.messengerList())
	for id, isListed := range map[skypecontacts.MRI]bool{"8:joe.4": true, "8:daisy.5": true, "8:anna.7": false, "28:concierge": false} {
		before := len(srv.Effects())
		require.NoError(t, client.RemoveContact(t.Context(), id))
		require.Equal(t, isListed, len(srv.Effects()) > before, id)
	}
	require.Empty(t, r.messengerList())
}
