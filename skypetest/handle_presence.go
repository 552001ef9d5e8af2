package skypetest

import (
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// maxPresenceMRIs is from skype4pidgin. What the service responds to more is not recorded.
const maxPresenceMRIs = 10

// getPresence responds with the presence of the accounts in cMri. The members are those
// that go-skypeapi reads; its types for Responses and Status hold neither several accounts
// nor a status of HTTP, and are not followed. Miranda requests the presence of all contacts
// without cMri; nobody recorded that response, and here it is an error.
//
// No source says whose presence an account may see: here everybody's.
func (x *exchange) getPresence() *bufferedResponse {
	var ids []string
	for name, values := range x.query {
		if equalFoldASCII(name, "cMri") {
			ids = append(ids, values...)
		}
	}
	switch {
	case len(ids) == 0:
		return x.missingParameters()
	case len(ids) > maxPresenceMRIs:
		return x.errorResponse(http.StatusBadRequest, "There are too many identifiers")
	}
	responses := []jsonObject{}
	for _, id := range ids {
		responses = append(responses, x.presenceOf(id))
	}
	return jsonResponse(http.StatusOK, jsonObject{"Responses": responses})
}

// presenceOf is the presence of one account. An identifier of nobody has a status alone.
func (x *exchange) presenceOf(name string) jsonObject {
	id, exists := x.resolve(name)
	if !exists {
		return jsonObject{"Status": http.StatusNotFound, "Contact": name}
	}
	presence := offline
	if a := x.core.state.accountByKey[mriKey(id)]; a != nil {
		presence = a.presence
	}
	return jsonObject{"Status": http.StatusOK, "Contact": id, "Payload": presenceDoc(messengerURL(x.base), id, presence)}
}

// presenceDoc has the same word in both members: no source says how they differ.
func presenceDoc(messenger string, id skypecontacts.MRI, presence string) jsonObject {
	return jsonObject{
		"id": "messagingService", "type": "UserPresenceDoc", "selfLink": messenger + "/users/" + string(id) + "/presenceDocs/messagingService",
		"availability": presence, "status": presence, "capabilities": "", "endpointPresenceDocLinks": []string{},
	}
}
