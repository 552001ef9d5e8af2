package skypetest

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// maxSearchResults is the number of accounts that a search returns at most.
const maxSearchResults = 50

func (x *exchange) searchDirectory() *bufferedResponse {
	query := strings.TrimSpace(x.queryValue("searchstring"))
	if query == "" {
		return x.missingParameters()
	}
	results, minimum := []objectMembers{}, x.minimumFriends()
	for _, a := range x.searchAccounts(query) {
		entry := directoryEntry(a)
		if n := x.mutualContacts(a); minimum > 0 && n >= minimum {
			entry.set("nodeAnnotation", jsonObject{"mutualFriendsCount": n}) // the name is a guess: nobody recorded it
		}
		results = append(results, entry)
	}
	return jsonResponse(http.StatusOK, jsonObject{"requestId": x.queryValue("requestid"), "results": results})
}

// minimumFriends is from how many mutual contacts on the client asks for their number, 0
// if it does not ask.
func (x *exchange) minimumFriends() int {
	var settings struct {
		Enabled string `json:"minimumFriendsForAnnotationsEnabled"`
		Minimum int    `json:"minimumFriendsForAnnotations"`
	}
	header := x.request.Header.Get("X-Skypegraphservicesettings")
	if json.Unmarshal([]byte(header), &settings) != nil || settings.Enabled != "true" {
		return 0
	}
	return settings.Minimum
}

// mutualContacts is the number of people whom both the own and another account have
// authorized.
func (x *exchange) mutualContacts(other *accountState) (n int) {
	for _, row := range x.self.contacts.rows {
		id := row.value.MRI
		if prefix, _ := splitMRI(id); prefix == "8" && other != x.self && x.self.isAuthorized(id) && other.isAuthorized(id) {
			n++
		}
	}
	return n
}

func (x *exchange) legacySearchDirectory() *bufferedResponse {
	query := strings.TrimSpace(x.queryValue("keyWord"))
	if query == "" {
		return x.missingParameters()
	}
	results := []objectMembers{}
	for _, a := range x.searchAccounts(query) {
		results = append(results, legacyDirectoryEntry(a))
	}
	return jsonResponse(http.StatusOK, results)
}

// legacyFindUsers finds the account with exactly that name (official client 2018).
func (x *exchange) legacyFindUsers() *bufferedResponse {
	name := strings.TrimSpace(x.queryValue("skypename"))
	if name == "" {
		return x.missingParameters()
	}
	found := []objectMembers{}
	if a := x.core.state.accountByKey[mriKey(skypecontacts.MRI("8:"+name))]; a != nil {
		found = append(found, foundUser(a))
	}
	return jsonResponse(http.StatusOK, jsonObject{"data": found})
}

func (x *exchange) searchAccounts(query string) (found []*accountState) {
	for _, a := range x.core.state.accounts {
		if len(found) < maxSearchResults && matchesSearch(a, query) {
			found = append(found, a)
		}
	}
	return found
}

// matchesSearch reports whether the query is part of an account's name or Skype
// name, or one of its e-mail addresses.
func matchesSearch(a *accountState, query string) bool {
	query = strings.ToLower(query)
	if strings.Contains(strings.ToLower(directoryName(&a.profile)), query) ||
		strings.Contains(strings.ToLower(a.profile.DisplayName), query) ||
		strings.Contains(strings.ToLower(mriName(a.mri)), query) {
		return true
	}
	for _, e := range a.profile.Emails {
		if equalFoldASCII(e, query) {
			return true
		}
	}
	return false
}
