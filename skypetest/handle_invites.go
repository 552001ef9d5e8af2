package skypetest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

func (x *exchange) listInvites() *bufferedResponse {
	list := []objectMembers{}
	for _, in := range x.self.invites {
		list = append(list, inviteV2(in))
	}
	return jsonResponse(http.StatusOK, jsonObject{"invite_list": list})
}

func (x *exchange) sendInvite() *bufferedResponse {
	body := struct {
		MRI        string `json:"mri"`
		Greeting   string `json:"greeting"`
		SendInvite bool   `json:"send_invite"`
		Phones     []struct {
			Number string `json:"number"`
			Type   any    `json:"type"`
		} `json:"phones"`
	}{SendInvite: true}
	if !x.decodeJSON(&body) {
		return x.malformedJSON()
	}
	if body.MRI == "" {
		return x.errorResponse(http.StatusBadRequest, "The request names no mri")
	}
	number, isPhone := strings.CutPrefix(body.MRI, "4:")
	if !isPhone {
		return x.inviteTo(body.MRI, body.Greeting, body.SendInvite)
	}
	if body.SendInvite || len(body.Phones) != 1 || body.Phones[0].Number != number {
		return x.errorResponse(http.StatusBadRequest, "A telephone number takes no invite and is one of phones")
	}
	word, known := phoneTypeWord(body.Phones[0].Type)
	if !known && body.Phones[0].Type != nil {
		return x.unknownPhoneType()
	}
	return x.change(body.MRI, http.StatusCreated, func(id skypecontacts.MRI) bool {
		added := x.core.state.sendInvite(x.self, id, "", false, x.now)
		if added {
			x.self.contacts.get(mriKey(id)).numberType = word
		}
		return added
	})
}

func (x *exchange) inviteTo(name, greeting string, notify bool) *bufferedResponse {
	return x.change(name, http.StatusCreated, func(id skypecontacts.MRI) bool {
		return x.core.state.sendInvite(x.self, id, greeting, notify, x.now)
	})
}

func (x *exchange) acceptInvite() *bufferedResponse  { return x.closeInvite(true, http.StatusOK) }
func (x *exchange) declineInvite() *bufferedResponse { return x.closeInvite(false, http.StatusOK) }

// closeInvite ends an invite. Who is a contact already may be accepted again, but
// nobody who has sent no invite.
func (x *exchange) closeInvite(accept bool, success int) *bufferedResponse {
	id, _ := x.resolve(x.params["mri"])
	if accept && !x.self.isAuthorized(id) && !x.core.state.isInvited(x.self, id) {
		return x.errorResponse(http.StatusNotFound, nothingText)
	}
	return x.end(success, func(id skypecontacts.MRI) bool {
		return x.core.state.closeInvite(x.self, id, accept, x.now)
	})
}

// listAuthRequests and the handlers below are the invites of the first version.
func (x *exchange) listAuthRequests() *bufferedResponse {
	list := []objectMembers{}
	for _, in := range x.self.invites {
		list = append(list, authRequestsV1(in)...)
	}
	return jsonResponse(http.StatusOK, list)
}

func (x *exchange) sendAuthRequest() *bufferedResponse {
	form, err := url.ParseQuery(string(x.request.Body))
	if err != nil { // the official client does not escape the greeting
		_, greeting, _ := strings.Cut(string(x.request.Body), "greeting=")
		form = url.Values{"greeting": {greeting}}
	}
	return x.inviteTo(x.params["mri"], form.Get("greeting"), true)
}

func (x *exchange) acceptAuthRequest() *bufferedResponse {
	return x.closeInvite(true, http.StatusCreated)
}

func (x *exchange) declineAuthRequest() *bufferedResponse {
	return x.closeInvite(false, http.StatusCreated)
}
