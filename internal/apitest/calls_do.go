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
		Op: "Do", Method: http.MethodPut, Service: "Contacts", Route: "/users/{id}/contacts/{mri}/explicit", Writes: true,
		Fixture: "contacts/set_explicit", IDs: ids("8:anna.7"),
		do: func(ctx context.Context, c *skypecontacts.Client, list []skypecontacts.MRI) (any, error) {
			return nil, c.Do(ctx, skypecontacts.Call{
				Service: "Contacts", Method: http.MethodPut, Path: "/users/{id}/contacts/{mri}/explicit", IDs: append(ids("self"), list...),
				JSON: map[string]bool{"value": true},
			}, nil)
		},
		Request: "PUT " + contactsURL + "/contacts/8:anna.7/explicit\n" + jsonHeaders + `{"value":true}`,
	}}
}
