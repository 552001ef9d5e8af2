package skypetest

import (
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// The requests for favorites and telephone numbers are those of the official web
// client (2016 to 2018), the one for explicit is that of a later fork of skype-http.
// No source has the bodies of the responses, and no client needs one.

func (x *exchange) addFavorite() *bufferedResponse {
	id, _ := x.resolve(x.params["mri"])
	switch {
	case x.self.contacts.get(mriKey(id)) == nil:
		return x.errorResponse(http.StatusNotFound, nothingText)
	case x.self.setFavorite(id, true):
		x.core.addEffect(x.request, id)
	}
	return emptyResponse(http.StatusOK)
}

func (x *exchange) removeFavorite() *bufferedResponse {
	return x.end(http.StatusOK, func(id skypecontacts.MRI) bool { return x.self.setFavorite(id, false) })
}

func (x *exchange) addContactPhone() *bufferedResponse {
	p, refusal := x.phone()
	if refusal != nil {
		return refusal
	}
	return x.changeEntry(http.StatusCreated, func(e *contactEntry) bool {
		e.addPhone(p)
		return true
	})
}

func (x *exchange) setContactPhone() *bufferedResponse {
	p, refusal := x.phone()
	if refusal != nil {
		return refusal
	}
	return x.changePhone(func(e *contactEntry, i int) bool { return e.setPhone(i, p) })
}

func (x *exchange) removeContactPhone() *bufferedResponse {
	return x.changePhone(func(e *contactEntry, i int) bool {
		e.removePhone(i)
		return true
	})
}

// changePhone changes the number of the path parameter phone. It responds 404 if
// the entry has none with that id: ids are not used again.
func (x *exchange) changePhone(makeChange func(e *contactEntry, i int) bool) *bufferedResponse {
	id, _ := x.resolve(x.params["mri"])
	entry := x.self.contacts.get(mriKey(id))
	if entry == nil || entry.phoneIndex(x.params["phone"]) < 0 {
		return x.errorResponse(http.StatusNotFound, nothingText)
	}
	return x.changeEntry(http.StatusOK, func(e *contactEntry) bool { return makeChange(e, e.phoneIndex(x.params["phone"])) })
}

// phone is the number in the body, or the refusal of a body without one.
func (x *exchange) phone() (p Phone, refusal *bufferedResponse) {
	body := struct {
		Number string `json:"number"`
		Type   any    `json:"type"` // a word, or its number in the documentation
	}{}
	if !x.decodeJSON(&body) {
		return p, x.malformedJSON()
	}
	if body.Number == "" || body.Type == nil {
		return p, x.missingParameters()
	}
	word, known := phoneTypeWord(body.Type)
	if !known {
		return p, x.unknownPhoneType()
	}
	return Phone{body.Number, word}, nil
}

func (x *exchange) setExplicit() *bufferedResponse {
	body := struct {
		Value *bool `json:"value"`
	}{}
	switch {
	case !x.decodeJSON(&body):
		return x.malformedJSON()
	case body.Value == nil:
		return x.missingParameters()
	}
	return x.changeEntry(http.StatusOK, func(e *contactEntry) bool { return e.setExplicit(*body.Value) })
}
