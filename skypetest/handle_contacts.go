package skypetest

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

func (x *exchange) revokeContact() *bufferedResponse {
	return x.end(http.StatusOK, func(id skypecontacts.MRI) bool { return x.core.state.revoke(x.self, id) })
}

// legacyDeleteContact is revokeContact by the name without prefix. Whether the
// entry went with the authorization is not recorded.
func (x *exchange) legacyDeleteContact() *bufferedResponse { return x.revokeContact() }

func (x *exchange) blockUser() *bufferedResponse {
	body := struct {
		DeleteContact any `json:"delete_contact"` // true, or "true" as other clients write report_abuse
	}{}
	if len(bytes.TrimSpace(x.request.Body)) > 0 && !x.decodeJSON(&body) {
		return x.malformedJSON()
	}
	return x.change(x.params["mri"], http.StatusOK, func(id skypecontacts.MRI) bool {
		blocked := x.self.block(id)
		revoked := fmt.Sprint(body.DeleteContact) == "true" && x.core.state.revoke(x.self, id)
		return blocked || revoked
	})
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
