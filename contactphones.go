package skypecontacts

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	addContactPhone    = newRoute(route{op: "AddContactPhone", service: contactsService, method: http.MethodPost, path: "/users/{id}/contacts/{mri}/phones", write: true})
	setContactPhone    = newRoute(route{op: "SetContactPhone", service: contactsService, method: http.MethodPut, path: "/users/{id}/contacts/{mri}/phones/{phone}", write: true, once: true})
	removeContactPhone = newRoute(route{op: "RemoveContactPhone", service: contactsService, method: http.MethodDelete, path: "/users/{id}/contacts/{mri}/phones/{phone}", write: true, once: true})
)

// AddContactPhone adds a telephone number to [Contact.Phones], the numbers that the
// account notes down for a contact. The person is not told, and [Profile.Phones] stays
// as it is. [Phone.ID] is ignored: the service gives the number an ID, which the next
// list of contacts may have. A phone without type is [PhoneOther].
//
// Route: POST contacts.skype.com/contacts/v2/users/{id}/contacts/{mri}/phones.
//
// Source: not documented. The official web client of 2016 to 2018 called it; no
// response was recorded. Which numbers the service takes is not known: this package
// refuses only what is blank, has characters that are not visible, or more than 256
// bytes.
//
// Errors: [ErrInvalid], also for a type that is not one of the constants,
// [ErrNotFound] when there is no such contact, [ErrUnauthorized], [ErrForbidden],
// [ErrConflict], [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Never sent again
// once it may have arrived: when [Error.MaybeApplied] is true, check before repeating
// the call.
func (c *Client) AddContactPhone(ctx context.Context, id MRI, phone Phone) error {
	body, err := newPhoneBody(phone)
	if err != nil {
		return addContactPhone.wrap(err)
	}
	return send(ctx, c.core, addContactPhone, callArgs{params: []string{c.self(), string(id)}, json: body})
}

// SetContactPhone replaces number and type of the one of [Contact.Phones] that has the
// [Phone.ID] of phone. A phone without type is [PhoneOther].
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/contacts/{mri}/phones/{phone}.
//
// Source: as for [Client.AddContactPhone]. The official client names the number by an
// ID. No recording shows that a list of contacts has it: this package takes it from the
// member id of a number, and knows no other way to name one. If it is a position in the
// list, it names another number after a removal.
//
// Errors: as for [Client.AddContactPhone]; [ErrInvalid] also for a phone without ID.
// Never sent again once it may have arrived, since a position may name another number
// then: when [Error.MaybeApplied] is true, get the list again before repeating the call.
func (c *Client) SetContactPhone(ctx context.Context, id MRI, phone Phone) error {
	body, err := newPhoneBody(phone)
	if err == nil && phone.ID == "" {
		err = errNoPhoneID
	}
	if err != nil {
		return setContactPhone.wrap(err)
	}
	return send(ctx, c.core, setContactPhone, callArgs{params: []string{c.self(), string(id), phone.ID}, json: body})
}

// RemoveContactPhone removes the one of [Contact.Phones] that has the given [Phone.ID].
//
// Route: DELETE contacts.skype.com/contacts/v2/users/{id}/contacts/{mri}/phones/{phone}.
//
// Source: as for [Client.SetContactPhone].
//
// Errors: [ErrInvalid], [ErrNotFound] when there is no such contact or number,
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Never sent again once it may have arrived, as with
// [Client.SetContactPhone].
func (c *Client) RemoveContactPhone(ctx context.Context, id MRI, phoneID string) error {
	if phoneID == "" {
		return removeContactPhone.wrap(errNoPhoneID)
	}
	return send(ctx, c.core, removeContactPhone, callArgs{params: []string{c.self(), string(id), phoneID}})
}

var errNoPhoneID = fmt.Errorf("%w: the number has no ID; one in the list of contacts may have it", ErrInvalid)

type phoneBody struct {
	Number string `json:"number"`
	Type   string `json:"type"`
}

// phoneTypeWords has the words of the service for the types.
var phoneTypeWords = map[PhoneType]string{
	PhoneHome: "home", PhoneWork: "office", PhoneMobile: "mobile", PhoneOther: "other", "": "other",
}

// newPhoneBody returns the body for a number, or an error if it cannot be one.
func newPhoneBody(phone Phone) (phoneBody, error) {
	body := phoneBody{phone.Number, phoneTypeWords[phone.Type]}
	notVisible := func(r rune) bool { return !unicode.IsGraphic(r) }
	switch {
	case strings.TrimSpace(phone.Number) == "":
		return body, fmt.Errorf("%w: the telephone number is empty", ErrInvalid)
	case len(phone.Number) > maxIDBytes:
		return body, fmt.Errorf("%w: the telephone number is longer than %d bytes", ErrInvalid, maxIDBytes)
	case !utf8.ValidString(phone.Number):
		return body, fmt.Errorf("%w: the telephone number is not valid UTF-8", ErrInvalid)
	case strings.ContainsFunc(phone.Number, notVisible):
		return body, fmt.Errorf("%w: the telephone number has a character that is not visible", ErrInvalid)
	case body.Type == "":
		return body, fmt.Errorf("%w: the type of the telephone number is none of the constants", ErrInvalid)
	}
	return body, nil
}
