package skypetest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

func (c *call) ownProfile() *reply { return answer(flatProfile(c.self, true)) }

// publicProfiles is the older way to ask about several accounts, by form.
func (c *call) publicProfiles() *reply {
	body := struct {
		Contacts []string `json:"contacts"`
	}{}
	if strings.HasPrefix(strings.TrimSpace(string(c.Body)), "{") {
		if !c.json(&body) {
			return c.refuse(http.StatusBadRequest, "The request is not valid JSON")
		}
	} else if form, err := url.ParseQuery(string(c.Body)); err == nil {
		body.Contacts = form["contacts[]"]
	}
	return c.profiles(body.Contacts, func(name string) object { return object{"username": name} })
}

// batchProfiles is its successor.
func (c *call) batchProfiles() *reply {
	body := struct {
		Usernames []string `json:"usernames"`
	}{}
	if !c.json(&body) {
		return c.refuse(http.StatusBadRequest, "The request is not valid JSON")
	}
	return c.profiles(body.Usernames, func(name string) object {
		return object{"username": name, "status": object{
			"code": 40411, "text": fmt.Sprintf("Requested username '%s' not found", name),
		}}
	})
}

func (c *call) profiles(names []string, missing func(name string) object) *reply {
	if len(names) == 0 {
		return c.refuse(http.StatusBadRequest, "required parameters are missing")
	}
	list := []object{}
	for _, name := range names {
		if a := c.store.byKey[key(skypecontacts.MRI(name))]; a != nil {
			list = append(list, flatProfile(a, false))
		} else {
			list = append(list, missing(name))
		}
	}
	return answer(list)
}

// maxResults is how many people a search finds at most.
const maxResults = 50

func (c *call) found(query string) (list []*account) {
	for _, a := range c.store.accounts {
		if len(list) < maxResults && a.matches(query) {
			list = append(list, a)
		}
	}
	return list
}

func (c *call) search() *reply {
	query := strings.TrimSpace(c.param("searchstring"))
	if query == "" {
		return c.refuse(http.StatusBadRequest, "required parameters are missing")
	}
	results := []object{}
	for _, a := range c.found(query) {
		results = append(results, directoryEntry(a))
	}
	return answer(object{"requestId": c.param("requestid"), "results": results})
}

func (c *call) legacySearch() *reply {
	query := strings.TrimSpace(c.param("keyWord"))
	if query == "" {
		return c.refuse(http.StatusBadRequest, "required parameters are missing")
	}
	results := []object{}
	for _, a := range c.found(query) {
		results = append(results, legacyEntry(a))
	}
	return answer(results)
}

func (c *call) botList() *reply {
	id := c.param("agentId")
	list := []object{}
	for i := range c.store.bots {
		if b := &c.store.bots[i]; id == "" || strings.EqualFold(b.ID, id) {
			list = append(list, renderBot(b))
		}
	}
	return answer(object{"agentDescriptions": list, "continuationToken": nil})
}

func (c *call) legacyContactList() *reply {
	keep, ok := parseFilter(c.param("$filter"))
	if !ok {
		return c.refuse(http.StatusBadRequest, "The filter is not valid")
	}
	list := []object{}
	for _, r := range c.self.contacts.rows {
		if r.removed {
			continue
		}
		if o := c.store.contactV1(c.self, &r.value); keep(o) {
			list = append(list, o)
		}
	}
	return answer(object{"contacts": list, "count": len(list), "scope": "full"})
}

// parseFilter reads "type eq 'skype' or type eq 'agent'" and the like. Of and
// and or, and binds more closely.
func parseFilter(text string) (keep func(object) bool, ok bool) {
	if text == "" {
		return func(object) bool { return true }, true
	}
	type term struct{ name, value string }
	var alternatives [][]term
	for alternative := range strings.SplitSeq(text, " or ") {
		var terms []term
		for t := range strings.SplitSeq(alternative, " and ") {
			name, value, ok := strings.Cut(strings.TrimSpace(t), " eq ")
			if !ok {
				return nil, false
			}
			terms = append(terms, term{name, strings.Trim(value, "'")})
		}
		alternatives = append(alternatives, terms)
	}
	return func(o object) bool {
		for _, terms := range alternatives {
			all := true
			for _, t := range terms {
				value, known := o[t.name]
				if !known || value == nil {
					value = false
				}
				all = all && strings.EqualFold(fmt.Sprint(value), t.value)
			}
			if all {
				return true
			}
		}
		return false
	}, true
}

func (c *call) authRequestList() *reply {
	list := []object{}
	for _, in := range c.self.invites {
		list = append(list, authRequests(in)...)
	}
	return answer(list)
}

func (c *call) sendAuthRequest() *reply {
	form, err := url.ParseQuery(string(c.Body))
	if err != nil { // the official client does not escape the text
		_, greeting, _ := strings.Cut(string(c.Body), "greeting=")
		form = url.Values{"greeting": {greeting}}
	}
	return c.inviteTo(c.values["mri"], form.Get("greeting"), true)
}

func (c *call) acceptAuthRequest() *reply  { return c.answerInvite(true, http.StatusCreated) }
func (c *call) declineAuthRequest() *reply { return c.answerInvite(false, http.StatusCreated) }
