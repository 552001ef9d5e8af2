package skypetest

import (
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// getPeopleProfiles takes identifiers with their prefix and leaves out those of
// nobody.
func (x *exchange) getPeopleProfiles() *bufferedResponse {
	body := struct {
		MRIs []string `json:"mris"`
	}{}
	switch {
	case !x.decodeJSON(&body):
		return x.malformedJSON()
	case len(body.MRIs) == 0:
		return x.missingParameters()
	}
	profiles := jsonObject{}
	for _, id := range body.MRIs {
		if !hasPrefix(id) {
			continue
		}
		key := mriKey(skypecontacts.MRI(id))
		if a := x.core.state.accountByKey[key]; a != nil {
			profiles[id] = jsonObject{"profile": peopleProfile(a)}
		} else if b := x.core.state.botByKey[key]; b != nil {
			profiles[id] = jsonObject{"profile": jsonObject{"displayName": b.DisplayName, "avatarUrl": b.TileURL}}
		}
	}
	return jsonResponse(http.StatusOK, jsonObject{"profiles": profiles})
}
