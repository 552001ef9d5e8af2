package skypecontacts

import (
	"context"
	"net/http"
)

var (
	addFavorite    = newRoute(route{op: "AddFavorite", service: contactsService, method: http.MethodPut, path: "/users/{id}/contacts/favorites/{mri}", write: true})
	removeFavorite = newRoute(route{op: "RemoveFavorite", service: contactsService, method: http.MethodDelete, path: "/users/{id}/contacts/favorites/{mri}", write: true})
)

// AddFavorite marks a contact as favorite: [Contact.Favorite] is then true, and the
// group with [Group.IsFavorite] may have the contact.
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/contacts/favorites/{mri},
// without body.
//
// Source: not documented. The official web client of 2016 to 2018 called it; no
// response was recorded.
//
// Errors: [ErrInvalid], [ErrNotFound] when there is no such contact,
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure, since marking twice changes nothing more.
func (c *Client) AddFavorite(ctx context.Context, id MRI) error {
	return send(ctx, c.core, addFavorite, callArgs{params: []string{c.self(), string(id)}})
}

// RemoveFavorite removes the mark of [Client.AddFavorite]. The contact stays.
//
// Route: DELETE contacts.skype.com/contacts/v2/users/{id}/contacts/favorites/{mri}.
//
// Source: as for [Client.AddFavorite].
//
// Errors: as for [Client.AddFavorite]; whether a contact that is no favorite is
// [ErrNotFound] is not known. Repeated after a failure; a repeat that finds nothing
// left to remove is a success.
func (c *Client) RemoveFavorite(ctx context.Context, id MRI) error {
	return send(ctx, c.core, removeFavorite, callArgs{params: []string{c.self(), string(id)}})
}
