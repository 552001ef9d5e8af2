package skypetest

import (
	"bytes"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

func (x *exchange) revokeContact() *bufferedResponse {
	return x.end(http.StatusOK, func(id skypecontacts.MRI) bool { return x.core.state.revoke(x.self, id) })
}

func (x *exchange) blockUser() *bufferedResponse {
	body := struct {
		ReportAbuse any `json:"report_abuse"` // true or "true"
	}{}
	if len(bytes.TrimSpace(x.request.Body)) > 0 && !x.decodeJSON(&body) {
		return x.malformedJSON()
	}
	return x.block(http.StatusOK)
}

func (x *exchange) unblockUser() *bufferedResponse { return x.unblock(http.StatusOK) }

// legacyBlock and legacyUnblock ignore the form in the body: no field of it
// changes the state.
func (x *exchange) legacyBlock() *bufferedResponse   { return x.block(http.StatusCreated) }
func (x *exchange) legacyUnblock() *bufferedResponse { return x.unblock(http.StatusCreated) }

func (x *exchange) block(success int) *bufferedResponse {
	return x.change(x.params["mri"], success, x.self.block)
}

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
