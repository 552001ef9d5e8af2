package skypetest

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

func (x *exchange) revokeContact() *bufferedResponse {
	return x.end(http.StatusOK, func(id skypecontacts.MRI) bool { return x.core.state.revoke(x.self, id) })
}

// blockUser takes JSON only: unlike [exchange.legacyBlock], no client that was read or
// run sends a form here.
func (x *exchange) blockUser() *bufferedResponse {
	body := struct {
		DeleteContact textOrFlag `json:"delete_contact"`
	}{}
	if len(bytes.TrimSpace(x.request.Body)) > 0 && !x.decodeJSON(&body) {
		return x.malformedJSON()
	}
	return x.change(x.params["mri"], http.StatusOK, func(id skypecontacts.MRI) bool {
		blocked := x.self.block(id)
		revoked := bool(body.DeleteContact) && x.core.state.revoke(x.self, id)
		return blocked || revoked
	})
}

// textOrFlag is a boolean or the same as a string: clients send report_abuse in both
// forms.
type textOrFlag bool

func (f *textOrFlag) UnmarshalJSON(data []byte) error {
	switch lowerASCII(string(data)) {
	case "true", `"true"`:
		*f = true
	case "false", `"false"`:
		*f = false
	default:
		return errors.New("no boolean")
	}
	return nil
}

func (x *exchange) unblockUser() *bufferedResponse { return x.unblock(http.StatusOK) }

// legacyBlock and legacyUnblock ignore the form in the body: no field of it
// changes the state.
func (x *exchange) legacyBlock() *bufferedResponse {
	return x.change(x.params["mri"], http.StatusCreated, x.self.block)
}

func (x *exchange) legacyUnblock() *bufferedResponse { return x.unblock(http.StatusCreated) }

func (x *exchange) unblock(success int) *bufferedResponse { return x.end(success, x.self.unblock) }

func (x *exchange) addContact() *bufferedResponse { return x.addToMessenger(x.params["mri"]) }

func (x *exchange) addToMessenger(name string) *bufferedResponse {
	return x.change(name, http.StatusOK, func(id skypecontacts.MRI) bool { return x.self.addToMessenger(id, x.now) })
}

// addContacts adds several at once and ignores those that do not exist.
func (x *exchange) addContacts() *bufferedResponse {
	body := struct {
		Contacts []struct {
			ID string `json:"id"`
		} `json:"contacts"`
	}{}
	if !x.decodeJSON(&body) {
		return x.malformedJSON()
	}
	for _, contact := range body.Contacts {
		x.addToMessenger(contact.ID)
	}
	return emptyResponse(http.StatusOK)
}

func (x *exchange) removeContact() *bufferedResponse {
	return x.end(http.StatusOK, x.self.removeFromMessenger)
}
