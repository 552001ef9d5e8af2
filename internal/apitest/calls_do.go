package apitest

import (
	"context"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// doCalls are calls of routes without a method of Client: a change by [Client.Do]
// behaves as every other. What it reads is tested beside it.
func doCalls() []Call {
	return []Call{{
		Op: "Do", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/contacts/favorites/{mri}", Writes: true,
		Fixture: "contacts/add_favorite", IDs: ids("8:anna.7"), SampleIDs: ids("28:concierge"),
		do: func(ctx context.Context, c *skypecontacts.Client, list []skypecontacts.MRI) (any, error) {
			return nil, c.Do(ctx, skypecontacts.Call{
				Service: "Contacts", Method: http.MethodPut, Path: "/users/{id}/contacts/favorites/{mri}", IDs: append(ids("self"), list...),
			}, nil)
		},
		Request: "PUT " + contactsURL + "/contacts/favorites/8:anna.7\n" + jsonHeaders,
	}}
}
