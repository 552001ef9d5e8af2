package skypetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

func (x *exchange) getProfile() *bufferedResponse {
	return jsonResponse(http.StatusOK, flatProfile(x.self, ownMembers))
}

// getPublicProfile is the profile that everybody may read (JavaSkype 2016).
func (x *exchange) getPublicProfile() *bufferedResponse {
	name := x.params["user"]
	a := x.core.state.accountByKey[mriKey(skypecontacts.MRI("8:"+name))]
	if x.isSelf(name) {
		a = x.self
	}
	if a == nil {
		return x.errorResponse(http.StatusNotFound, fmt.Sprintf("Requested username '%s' not found", name))
	}
	return jsonResponse(http.StatusOK, flatProfile(a, apiBatchMembers))
}

// getContactProfiles responds to a name that does not exist by the name alone.
func (x *exchange) getContactProfiles() *bufferedResponse {
	names, refusal := x.names("contacts")
	if refusal != nil {
		return refusal
	}
	return x.getProfiles(names, documentedMembers, func(name string) objectMembers { return objectMembers{{"username", name}} })
}

// names is the list of names in a body, which is JSON or a form, whatever its type
// is: clients send JSON with the type of a form, and without any.
func (x *exchange) names(member string) (names []string, refusal *bufferedResponse) {
	body := strings.TrimSpace(string(x.request.Body))
	if !strings.HasPrefix(body, "{") && !strings.HasPrefix(body, "[") {
		names = formList(body, member)
	} else {
		var object map[string]json.RawMessage
		if !x.decodeJSON(&object) || object[member] != nil && json.Unmarshal(object[member], &names) != nil {
			return nil, x.malformedJSON()
		}
	}
	if len(names) == 0 {
		return nil, x.missingParameters()
	}
	return names, nil
}

// getBatchProfiles puts an error in place of a name that does not exist or cannot
// be one.
func (x *exchange) getBatchProfiles() *bufferedResponse {
	names, refusal := x.names("usernames")
	if refusal != nil {
		return refusal
	}
	if x.core.strictBatches && slices.ContainsFunc(names, isInvalidName) {
		return jsonResponse(http.StatusBadRequest, jsonObject{"status": jsonObject{"code": 40002, "text": "invalid username"}})
	}
	members := apiBatchMembers
	if x.host == profileHost {
		members = profileBatchMembers
	}
	return x.getProfiles(names, members, func(name string) objectMembers {
		status := jsonObject{"code": 40411, "text": fmt.Sprintf("Requested username '%s' not found", name)}
		if isInvalidName(name) {
			status = jsonObject{"code": 40000, "text": "invalid username"}
		}
		return objectMembers{{"username", name}, {"status", status}}
	})
}

func isInvalidName(name string) bool { return !isBareName(name) }

// getProfiles responds with the profiles of people, who are known by the name
// without prefix only.
func (x *exchange) getProfiles(names []string, members profileMembers, missing func(name string) objectMembers) *bufferedResponse {
	list := []objectMembers{}
	for _, name := range names {
		if a := x.core.state.accountByKey[mriKey(skypecontacts.MRI("8:"+name))]; a != nil {
			list = append(list, flatProfile(a, members))
		} else {
			list = append(list, missing(name))
		}
	}
	return jsonResponse(http.StatusOK, list)
}
