package skypetest

import "net/http"

// listBots lists all bots, or the one that the parameter agentId names.
func (x *exchange) listBots() *bufferedResponse {
	id := x.queryValue("agentId")
	list := []jsonObject{}
	for i := range x.core.state.bots {
		if b := &x.core.state.bots[i]; id == "" || equalFoldASCII(b.ID, id) {
			list = append(list, x.core.state.botDescription(b))
		}
	}
	return jsonResponse(http.StatusOK, jsonObject{"agentDescriptions": list, "continuationToken": nil})
}
