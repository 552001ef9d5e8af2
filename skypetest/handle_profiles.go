package skypetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

func (x *exchange) getProfile() *bufferedResponse {
	return jsonResponse(http.StatusOK, flatProfile(x.self, ownMembers))
}

// getContactProfiles takes its names from a form or from JSON.
func (x *exchange) getContactProfiles() *bufferedResponse {
	body := struct {
		Contacts []string `json:"contacts"`
	}{}
	if strings.HasPrefix(strings.TrimSpace(string(x.request.Body)), "{") {
		if !x.decodeJSON(&body) {
			return x.malformedJSON()
		}
	} else if form, err := url.ParseQuery(string(x.request.Body)); err == nil {
		body.Contacts = form["contacts[]"]
	}
	return x.getProfiles(body.Contacts, documentedMembers, func(name string) jsonObject { return jsonObject{"username": name} })
}

// getBatchProfiles takes its names from JSON and puts an error in place of a name
// that does not exist or cannot be one.
func (x *exchange) getBatchProfiles() *bufferedResponse {
	body := struct {
		Usernames []string `json:"usernames"`
	}{}
	if !x.decodeJSON(&body) {
		return x.malformedJSON()
	}
	if x.core.strictBatches && slices.ContainsFunc(body.Usernames, isInvalidName) {
		return jsonResponse(http.StatusBadRequest, jsonObject{"status": jsonObject{"code": 40002, "text": "invalid username"}})
	}
	members := apiBatchMembers
	if x.host == profileHost {
		members = profileBatchMembers
	}
	return x.getProfiles(body.Usernames, members, func(name string) jsonObject {
		status := jsonObject{"code": 40411, "text": fmt.Sprintf("Requested username '%s' not found", name)}
		if isInvalidName(name) {
			status = jsonObject{"code": 40000, "text": "invalid username"}
		}
		return jsonObject{"username": name, "status": status}
	})
}

func isInvalidName(name string) bool { return !isBareName(name) }

// getProfiles responds with the profiles of people, who are known by the name
// without prefix only.
func (x *exchange) getProfiles(
	usernames []string, members profileMembers, missing func(username string) jsonObject,
) *bufferedResponse {
	if len(usernames) == 0 {
		return x.missingParameters()
	}
	list := []jsonObject{}
	for _, username := range usernames {
		if a := x.core.state.accountByKey[mriKey(skypecontacts.MRI("8:"+username))]; a != nil {
			list = append(list, flatProfile(a, members))
		} else {
			list = append(list, missing(username))
		}
	}
	return jsonResponse(http.StatusOK, list)
}
