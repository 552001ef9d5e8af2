package skypetest

import (
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// listBots lists all bots, or the one that the parameter agentId names.
func (x *exchange) listBots() *bufferedResponse {
	id := x.queryValue("agentId")
	list := []objectMembers{}
	for i := range x.core.state.bots {
		if b := &x.core.state.bots[i]; id == "" || equalFoldASCII(b.ID, id) {
			list = append(list, x.core.state.botDescription(b))
		}
	}
	return jsonResponse(http.StatusOK, jsonObject{"agentDescriptions": list, "continuationToken": nil})
}

// addBot adds a bot to the contacts (official client 2018). Bots authorize at once. The
// response is the one that the official client's agentsWebService takes for a success.
func (x *exchange) addBot() *bufferedResponse {
	b := x.core.state.botByKey[mriKey(skypecontacts.MRI("28:"+x.params["bot"]))]
	if b == nil {
		return x.errorResponse(http.StatusNotFound, "There is no such bot")
	}
	if id := skypecontacts.MRI("28:" + b.ID); x.core.state.sendInvite(x.self, id, "", true, x.now) {
		x.core.addEffect(x.request, id)
	}
	return emptyResponse(http.StatusNoContent)
}
