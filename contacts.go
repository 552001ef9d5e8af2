package skypecontacts

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

var (
	listContacts = newRoute(route{op: "ListContacts", service: contactsService, method: http.MethodGet, path: "/users/{id}/contacts", list: true})
	listGroups   = newRoute(route{op: "ListGroups", service: contactsService, method: http.MethodGet, path: "/users/{id}/groups", list: true})

	revokeContact = newRoute(route{op: "RevokeContact", service: contactsService, method: http.MethodDelete, path: "/users/{id}/contacts/{mri}", write: true})
	addContact    = newRoute(route{op: "AddContact", service: messengerService, method: http.MethodPut, path: "/users/ME/contacts/{mri}", write: true})
	removeContact = newRoute(route{op: "RemoveContact", service: messengerService, method: http.MethodDelete, path: "/users/ME/contacts/{mri}", write: true})
)

// Contact is the relation to a person, a bot or a telephone number. Profile is what
// the other side says about itself.
type Contact struct {
	MRI               MRI    `json:"mri"`
	PersonID          string `json:"person_id,omitzero"` // a UUID in older responses, the MRI in newer ones
	DisplayName       string `json:"display_name,omitzero"`
	DisplayNameSource string `json:"display_name_source,omitzero"` // "profile", "user_edits" or "identifier"
	Authorized        bool   `json:"authorized,omitzero"`          // both sides agreed to the contact
	Blocked           bool   `json:"blocked,omitzero"`
	Explicit          bool   `json:"explicit,omitzero"` // added by the user, not by the service
	Favorite          bool   `json:"favorite,omitzero"`
	Suggested         bool   `json:"suggested,omitzero"` // by the service; may be true together with Authorized
	Agent             *Agent `json:"agent,omitzero"`     // of bots only
	// AuthCertificate proves the authorization, in base64. It is empty unless
	// Authorized is true.
	AuthCertificate string               `json:"auth_certificate,omitzero"`
	EmailHashes     []string             `json:"email_hashes,omitzero"` // of suggestions
	PhoneHashes     []string             `json:"phone_hashes,omitzero"` // of suggestions
	CreatedAt       time.Time            `json:"created_at,omitzero"`
	Sources         []RelationshipSource `json:"sources,omitzero"`
	Phones          []Phone              `json:"phones,omitzero"` // numbers that the account itself added to the contact
	Profile         Profile              `json:"profile,omitzero"`
	Extra           Extra                `json:"extra,omitzero"`
}

// FullName returns the best name of a contact: the display name, unless it is blank
// or merely repeats the identifier; else first and last name, nickname, company; at
// last the identifier without its prefix. A display name that the user gave
// ("user_edits") counts whatever it is.
func (c *Contact) FullName() string {
	if name := strings.TrimSpace(c.DisplayName); name != "" && c.DisplayNameSource == "user_edits" {
		return name
	}
	display := c.DisplayName
	if repeatsID(display, c.MRI) {
		display = c.Profile.DisplayName
	}
	return bestName(c.MRI, display, c.Profile.Name)
}

// AllPhones returns the numbers of the profile and then those of Phones, each number
// once. A number in both has the type of the profile and the ID of the one in Phones.
func (c *Contact) AllPhones() []Phone {
	all := make([]Phone, 0, len(c.Profile.Phones)+len(c.Phones))
	known := make(map[string]int, cap(all)) // index in all
	for _, phones := range [][]Phone{c.Profile.Phones, c.Phones} {
		for _, phone := range phones {
			i, seen := known[phone.Number]
			if !seen {
				i = len(all)
				known[phone.Number] = i
				all = append(all, phone)
			}
			all[i].ID = cmp.Or(all[i].ID, phone.ID)
		}
	}
	return all
}

// IsBot reports whether the contact is a bot.
func (c *Contact) IsBot() bool { return c.Agent != nil || c.MRI.IsBot() }

// LogValue returns the kind of the contact's identifier.
func (c Contact) LogValue() slog.Value { return c.MRI.LogValue() }

// Agent is what a contact entry says about a bot.
type Agent struct {
	Capabilities []string `json:"capabilities,omitzero"` // such as "im.send"
	Trust        string   `json:"trust,omitzero"`        // "trusted" or "not-trusted"
	Type         string   `json:"type,omitzero"`         // "participant"
	Trusted      bool     `json:"trusted,omitzero"`
}

// ContactList is the result of [Client.ListContacts].
type ContactList struct {
	Contacts []Contact     `json:"contacts,omitzero"`
	Count    int           `json:"count,omitzero"` // as received; it may differ from the number of Contacts
	Scope    string        `json:"scope,omitzero"` // "full"
	Skipped  []SkippedItem `json:"skipped,omitzero"`
	Extra    Extra         `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (c ContactList) LogValue() slog.Value { return slog.StringValue(redacted) }

// ListContacts returns the whole contact list. It includes the own account, bots and
// suggestions of the service. An empty list means that there are no contacts.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/contacts.
//
// Source: SkPy's protocol notes; a client maintained in 2026 calls it. Sure of
// the fields. The response is limited by [WithMaxBody]; for longer lists see
// [Client.AllContacts].
//
// Errors: [ErrUnauthorized], [ErrForbidden], [ErrNotFound] for an account made
// less than about half a minute ago, [ErrRateLimited], [ErrUnavailable],
// [ErrTooLarge], [ErrDecode]. Repeated after a failure.
func (c *Client) ListContacts(ctx context.Context) (*ContactList, error) {
	return fetch(ctx, c.core, listContacts, callArgs{params: []string{c.self()}}, readContactList(readContact))
}

// Group is a named group of contacts. Two groups may have the same name.
type Group struct {
	ID         string `json:"id"`
	Name       string `json:"name,omitzero"`
	IsFavorite bool   `json:"is_favorite,omitzero"` // the group of favorites
	Contacts   []MRI  `json:"contacts,omitzero"`
	Extra      Extra  `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (g Group) LogValue() slog.Value { return slog.StringValue(redacted) }

// GroupList is the result of [Client.ListGroups].
type GroupList struct {
	Groups  []Group       `json:"groups,omitzero"`
	Count   int           `json:"count,omitzero"`
	Scope   string        `json:"scope,omitzero"`
	Skipped []SkippedItem `json:"skipped,omitzero"`
	Extra   Extra         `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (g GroupList) LogValue() slog.Value { return slog.StringValue(redacted) }

// ListGroups returns the groups of contacts, which are not group chats. An empty
// list means that there are none.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/groups.
//
// Source: SkPy's protocol notes and recordings of one client. Sure of the fields.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) ListGroups(ctx context.Context) (*GroupList, error) {
	return fetch(ctx, c.core, listGroups, callArgs{params: []string{c.self()}}, readGroupList)
}

// RevokeContact ends the authorization of a contact. It does not remove the entry in
// the messenger's contact list; for that see [Client.RemoveContact].
//
// Route: DELETE contacts.skype.com/contacts/v2/users/{id}/contacts/{mri}.
//
// Source: SkPy's protocol notes; clients maintained in 2026 call it.
//
// Errors: [ErrInvalid], [ErrNotFound] when there is no such contact,
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure; a repeat that finds nothing left to
// revoke is a success.
func (c *Client) RevokeContact(ctx context.Context, id MRI) error {
	return send(ctx, c.core, revokeContact, callArgs{params: []string{c.self(), string(id)}})
}

// AddContact adds an account to the messenger's contact list, whose members send
// their presence. It needs [WithRegistrationToken]. It does not ask for
// authorization; for that see [Client.SendInvite].
//
// Route: PUT client-s.gateway.messenger.live.com/v1/users/ME/contacts/{mri}. An
// account belongs to the gateway of its region. When the response names another host
// under gateway.messenger.live.com, the request is sent there once.
//
// Source: SkPy's protocol notes and code. The response to a success was not
// recorded.
//
// Errors: [ErrInvalid], [ErrNoRegistrationToken], [ErrUnauthorized],
// [ErrForbidden], [ErrNotFound], [ErrRedirect], [ErrRateLimited],
// [ErrUnavailable], [ErrDecode]. Repeated after a failure, since adding twice
// changes nothing more.
func (c *Client) AddContact(ctx context.Context, id MRI) error {
	return send(ctx, c.core, addContact, callArgs{params: []string{string(id)}})
}

// RemoveContact removes an account from the messenger's contact list. It does not
// end the authorization; for that see [Client.RevokeContact].
//
// Route: DELETE client-s.gateway.messenger.live.com/v1/users/ME/contacts/{mri}.
//
// Source: as for [Client.AddContact].
//
// Errors: as for [Client.AddContact]. Repeated after a failure; a repeat that
// finds nothing left to remove is a success.
func (c *Client) RemoveContact(ctx context.Context, id MRI) error {
	return send(ctx, c.core, removeContact, callArgs{params: []string{string(id)}})
}

// readContactList returns the decoder of a list whose entries have the given one.
func readContactList(entry func(*reader, *Contact) (removed bool)) func(*reader, *ContactList) {
	return func(r *reader, l *ContactList) {
		for name := range r.document(&l.Extra) {
			if string(name) == "contacts" {
				l.Contacts = readEntries(r, "contacts", &l.Skipped, skipRemoved(entry))
			} else {
				readListMember(r, name, &l.Count, &l.Scope)
			}
		}
	}
}

// readContact reads an entry of version 2 over what is known of the contact. SkPy's
// fixtures have one whose identifier is in id and whose name is that of version 1.
func readContact(r *reader, c *Contact) (removed bool) {
	id, relation := readContactMembers(r, c)
	if c.MRI == "" && prefixLen(c.PersonID) == 0 {
		c.MRI = MRI(id)
	}
	removed = relation.finish(r, c)
	if id != "" && !c.MRI.Equal(MRI(id)) {
		addExtra(&c.Extra, "id", id)
	}
	return removed
}

// readContactWithMRI is [readContact] without the identifier in id, which in a saved
// list means that the entry is of version 1.
func readContactWithMRI(r *reader, c *Contact) (removed bool) {
	id, relation := readContactMembers(r, c)
	if id != "" {
		addExtra(&c.Extra, "id", id)
	}
	return relation.finish(r, c)
}

func readContactMembers(r *reader, c *Contact) (id string, relation relationReader) {
	for name := range r.members(&c.Extra) {
		switch string(name) {
		case "mri":
			readString(r, &c.MRI)
		case "id":
			readString(r, &id)
		case "profile":
			readNestedProfile(r, &c.Profile)
		case "name":
			readName(r, &c.Profile.Name)
		case "phones":
			readAddedPhones(r, &c.Phones)
		default:
			relation.readMember(r, c, name)
		}
	}
	return id, relation
}

// relationReader reads the members that entries of both versions have.
type relationReader struct {
	hasCertificate bool // in this entry
	removed        bool
}

func (e *relationReader) readMember(r *reader, c *Contact, name []byte) {
	switch string(name) {
	case "person_id":
		readString(r, &c.PersonID)
	case "display_name":
		readString(r, &c.DisplayName)
	case "display_name_source":
		readString(r, &c.DisplayNameSource)
	case "authorized":
		readBool(r, &c.Authorized)
	case "auth_certificate", "auth-certificate":
		e.hasCertificate = r.kind() != 'n'
		readString(r, &c.AuthCertificate)
	case "blocked":
		readBool(r, &c.Blocked)
	case "explicit":
		readBool(r, &c.Explicit)
	case "favorite":
		readBool(r, &c.Favorite)
	case "suggested":
		readBool(r, &c.Suggested)
	case "creation_time":
		readTime(r, &c.CreatedAt)
	case "relationship_history":
		readHistory(r, &c.Sources)
	case "email_hashes":
		readStrings(r, &c.EmailHashes)
	case "phone_hashes":
		readStrings(r, &c.PhoneHashes)
	case "agent":
		readAgent(r, &c.Agent)
	case "deleted":
		readBool(r, &e.removed)
	}
}

func (e *relationReader) finish(r *reader, c *Contact) (removed bool) {
	if c.MRI == "" && prefixLen(c.PersonID) > 0 {
		c.MRI = MRI(c.PersonID)
	}
	if c.MRI = qualifyMRI(string(c.MRI)); c.MRI == "" {
		r.fail(errNoIdentifier)
	}
	if !c.Authorized && !e.hasCertificate {
		c.AuthCertificate = "" // a certificate is valid only while authorized
	}
	return e.removed
}

func readHistory(r *reader, sources *[]RelationshipSource) {
	for name := range r.members(nil) {
		if string(name) == "sources" {
			readSources(r, sources)
		}
	}
}

func readSources(r *reader, sources *[]RelationshipSource) {
	for s := range readObjects(r, sources, &r.shared.contactLists().sources, RelationshipSource{}) {
		for name := range r.members(nil) {
			switch string(name) {
			case "type":
				readString(r, &s.Type)
			case "subtype":
				readString(r, &s.Subtype)
			case "time":
				readTime(r, &s.Time)
			}
		}
	}
}

func readAgent(r *reader, agent **Agent) {
	if r.kind() != '{' {
		r.saveUnlessNull(r.value())
		return
	}
	a := new(Agent)
	for name := range r.members(nil) {
		switch string(name) {
		case "capabilities":
			readStrings(r, &a.Capabilities)
		case "trust":
			readString(r, &a.Trust)
		case "type":
			readString(r, &a.Type)
		case "info":
			readAgentInfo(r, a)
		}
	}
	*agent = a
}

// readAgentInfo reads the object of an agent that newer responses have.
func readAgentInfo(r *reader, a *Agent) {
	for name := range r.members(nil) {
		switch string(name) {
		case "trusted":
			readBool(r, &a.Trusted)
		case "capabilities":
			if a.Capabilities == nil {
				readStrings(r, &a.Capabilities)
			}
		}
	}
}

func readGroupList(r *reader, l *GroupList) {
	for name := range r.document(&l.Extra) {
		if string(name) == "groups" {
			l.Groups = readEntries(r, "groups", &l.Skipped, skipRemoved(readGroup))
		} else {
			readListMember(r, name, &l.Count, &l.Scope)
		}
	}
}

func readGroup(r *reader, g *Group) (removed bool) {
	for name := range r.members(&g.Extra) {
		switch string(name) {
		case "id":
			readString(r, &g.ID)
		case "name":
			readString(r, &g.Name)
		case "is_favorite":
			readBool(r, &g.IsFavorite)
		case "contacts":
			readTexts(r, &g.Contacts, new(sharedLists[MRI]))
		case "deleted":
			readBool(r, &removed)
		}
	}
	for i, member := range g.Contacts {
		g.Contacts[i] = qualifyMRI(string(member))
	}
	if g.ID == "" {
		r.fail(errNoIdentifier)
	}
	return removed
}
