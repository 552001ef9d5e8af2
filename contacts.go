package skypecontacts

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

var (
	listContacts = register(route{op: "ListContacts", service: contactsService, method: http.MethodGet, path: "/users/{id}/contacts", large: true})
	listBlocked  = register(route{op: "ListBlocked", service: contactsService, method: http.MethodGet, path: "/users/{id}/blocklist", large: true})
	listGroups   = register(route{op: "ListGroups", service: contactsService, method: http.MethodGet, path: "/users/{id}/groups", large: true})

	revokeContact = register(route{op: "RevokeContact", service: contactsService, method: http.MethodDelete, path: "/users/{id}/contacts/{mri}", empty: true})
	blockUser     = register(route{op: "BlockUser", service: contactsService, method: http.MethodPut, path: "/users/{id}/contacts/blocklist/{mri}", empty: true})
	unblockUser   = register(route{op: "UnblockUser", service: contactsService, method: http.MethodDelete, path: "/users/{id}/contacts/blocklist/{mri}", empty: true})
	addContact    = register(route{op: "AddContact", service: messengerService, method: http.MethodPut, path: "/users/ME/contacts/{mri}", empty: true})
	removeContact = register(route{op: "RemoveContact", service: messengerService, method: http.MethodDelete, path: "/users/ME/contacts/{mri}", empty: true})
)

// Contact is the relation to a person, a bot or a telephone number, with what
// the other side says of itself in Profile.
type Contact struct {
	MRI               MRI    `json:"mri"`
	PersonID          string `json:"person_id,omitzero"` // a UUID in older answers, the MRI in newer ones
	DisplayName       string `json:"display_name,omitzero"`
	DisplayNameSource string `json:"display_name_source,omitzero"` // "profile", "user_edits" or "identifier"
	Authorized        bool   `json:"authorized,omitzero"`          // both sides agreed to the contact
	Blocked           bool   `json:"blocked,omitzero"`
	Explicit          bool   `json:"explicit,omitzero"` // added by hand rather than by the service
	Favorite          bool   `json:"favorite,omitzero"`
	Suggested         bool   `json:"suggested,omitzero"` // the service's idea; may be true together with Authorized
	Agent             *Agent `json:"agent,omitzero"`     // of bots only
	// AuthCertificate is proof of the authorization, in base64. It is only
	// there when Authorized is true.
	AuthCertificate string               `json:"auth_certificate,omitzero"`
	EmailHashes     []string             `json:"email_hashes,omitzero"` // of suggestions
	PhoneHashes     []string             `json:"phone_hashes,omitzero"` // of suggestions
	CreatedAt       time.Time            `json:"created_at,omitzero"`
	Sources         []RelationshipSource `json:"sources,omitzero"`
	Profile         Profile              `json:"profile,omitzero"`
	Extra           Extra                `json:"extra,omitzero"`
}

// IsBot reports whether the contact is a bot.
func (c *Contact) IsBot() bool { return c.Agent != nil || c.MRI.IsBot() }

// LogValue keeps the contact out of logs but for the kind of its identifier.
func (c Contact) LogValue() slog.Value { return c.MRI.LogValue() }

// Agent is what a contact entry says about a bot.
type Agent struct {
	Capabilities []string `json:"capabilities,omitzero"` // such as "im.send"
	Trust        string   `json:"trust,omitzero"`        // "trusted" or "not-trusted"
	Type         string   `json:"type,omitzero"`         // "participant"
	Trusted      bool     `json:"trusted,omitzero"`
}

// RelationshipSource is one way in which a contact came about.
type RelationshipSource struct {
	Type    string    `json:"type,omitzero"` // such as "add_contact" or "accept_invite"
	Subtype string    `json:"subtype,omitzero"`
	Time    time.Time `json:"time,omitzero"`
}

// ContactList is the answer to [Client.ListContacts].
type ContactList struct {
	Contacts []Contact     `json:"contacts,omitzero"`
	Count    int           `json:"count,omitzero"` // what the service says; it need not be the number of Contacts
	Scope    string        `json:"scope,omitzero"` // "full"
	Skipped  []SkippedItem `json:"skipped,omitzero"`
	Extra    Extra         `json:"extra,omitzero"`
}

// ListContacts returns the whole contact list. The own account, the bots and the
// service's suggestions are part of it. An empty list means that there is nobody.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/contacts.
//
// Source: SkPy's protocol notes; a client maintained in 2026 calls it. Sure of
// the fields. The answer may be up to [WithMaxBody]; [Client.AllContacts] has no
// such limit.
//
// Errors: [ErrUnauthorized], [ErrForbidden], [ErrNotFound] for an account made
// less than about half a minute ago, [ErrRateLimited], [ErrUnavailable],
// [ErrTooLarge], [ErrDecode]. Repeated after a failure.
func (c *Client) ListContacts(ctx context.Context) (*ContactList, error) {
	return do(ctx, c, listContacts, request{params: []string{c.userID()}},
		func(in *reader, l *ContactList) { l.read(in, readContact) })
}

// BlockedUser is an entry of the blocklist.
type BlockedUser struct {
	MRI   MRI   `json:"mri"`
	Extra Extra `json:"extra,omitzero"`
}

// BlockList is the answer to [Client.ListBlocked].
type BlockList struct {
	Users   []BlockedUser `json:"users,omitzero"`
	Count   int           `json:"count,omitzero"`
	Scope   string        `json:"scope,omitzero"`
	Skipped []SkippedItem `json:"skipped,omitzero"`
	Extra   Extra         `json:"extra,omitzero"`
}

// ListBlocked returns the blocklist. An empty list means that nobody is blocked.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/blocklist.
//
// Source: SkPy's protocol notes and one client. Sure of the identifiers, which is
// all that was seen.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) ListBlocked(ctx context.Context) (*BlockList, error) {
	return do(ctx, c, listBlocked, request{params: []string{c.userID()}}, func(in *reader, l *BlockList) {
		in.answer(&l.Extra, func(name []byte) bool {
			if string(name) != "blocklist" {
				return listMember(in, name, &l.Count, &l.Scope)
			}
			l.Users = entries(in, "blocklist", &l.Skipped, present(readBlocked))
			return true
		})
	})
}

// Group is a named set of contacts. Two groups may have the same name.
type Group struct {
	ID         string `json:"id"`
	Name       string `json:"name,omitzero"`
	IsFavorite bool   `json:"is_favorite,omitzero"` // the group of favorites
	Contacts   []MRI  `json:"contacts,omitzero"`
	Extra      Extra  `json:"extra,omitzero"`
}

// GroupList is the answer to [Client.ListGroups].
type GroupList struct {
	Groups  []Group       `json:"groups,omitzero"`
	Count   int           `json:"count,omitzero"`
	Scope   string        `json:"scope,omitzero"`
	Skipped []SkippedItem `json:"skipped,omitzero"`
	Extra   Extra         `json:"extra,omitzero"`
}

// ListGroups returns the groups of contacts, which have nothing to do with group
// chats. An empty list means that there are none.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/groups.
//
// Source: SkPy's protocol notes and recordings of one client. Sure of the fields.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) ListGroups(ctx context.Context) (*GroupList, error) {
	return do(ctx, c, listGroups, request{params: []string{c.userID()}}, func(in *reader, l *GroupList) {
		in.answer(&l.Extra, func(name []byte) bool {
			if string(name) != "groups" {
				return listMember(in, name, &l.Count, &l.Scope)
			}
			l.Groups = entries(in, "groups", &l.Skipped, present(readGroup))
			return true
		})
	})
}

// RevokeContact ends the authorization of a contact. The entry in the messenger's
// contact list is another matter: see [Client.RemoveContact].
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
	return c.send(ctx, revokeContact, request{params: []string{c.userID(), string(id)}})
}

// BlockOptions says more about a block. The zero value just blocks.
type BlockOptions struct {
	ReportAbuse bool   // report the account to the service as well
	Reason      string // of the report; sent only with ReportAbuse
}

// BlockUser puts an account on the blocklist. It stays authorized.
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/contacts/blocklist/{mri},
// as every known client sends it; the documentation lacks "contacts/".
//
// Source: SkPy's protocol notes and code; clients maintained in 2026 call it.
//
// Errors: [ErrInvalid], [ErrNotFound], [ErrUnauthorized], [ErrForbidden],
// [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Repeated after a failure, since
// blocking twice changes nothing more.
func (c *Client) BlockUser(ctx context.Context, id MRI, opts BlockOptions) error {
	body := blockBody{UIVersion: "skype.com", ReportAbuse: opts.ReportAbuse}
	if opts.ReportAbuse {
		body.Reason = opts.Reason
	}
	return c.send(ctx, blockUser, request{params: []string{c.userID(), string(id)}, json: body})
}

type blockBody struct {
	UIVersion   string `json:"ui_version"`
	ReportAbuse bool   `json:"report_abuse"`
	Reason      string `json:"reason,omitempty"`
}

// UnblockUser takes an account off the blocklist. It does not authorize it.
//
// Route: DELETE contacts.skype.com/contacts/v2/users/{id}/contacts/blocklist/{mri}.
//
// Source: as for [Client.BlockUser].
//
// Errors: as for [Client.BlockUser]; [ErrNotFound] when the account is not blocked.
// Repeated after a failure; a repeat that finds nothing left to unblock is a
// success.
func (c *Client) UnblockUser(ctx context.Context, id MRI) error {
	return c.send(ctx, unblockUser, request{params: []string{c.userID(), string(id)}})
}

// AddContact puts an account into the messenger's contact list, from which
// presence comes. It needs [WithRegistrationToken] and has nothing to do with
// authorization; for that see [Client.SendInvite].
//
// Route: PUT client-s.gateway.messenger.live.com/v1/users/ME/contacts/{mri}. An
// account lives on the gateway of its region. When the answer names another host
// under gateway.messenger.live.com, the call is sent there once.
//
// Source: SkPy's protocol notes and code. The answer of a success was not
// recorded.
//
// Errors: [ErrInvalid], [ErrNoRegistrationToken], [ErrUnauthorized],
// [ErrForbidden], [ErrNotFound], [ErrRedirect], [ErrRateLimited],
// [ErrUnavailable], [ErrDecode]. Repeated after a failure, since adding twice
// changes nothing more.
func (c *Client) AddContact(ctx context.Context, id MRI) error {
	return c.send(ctx, addContact, request{params: []string{string(id)}})
}

// RemoveContact takes an account off the messenger's contact list. It does not
// end the authorization; for that see [Client.RevokeContact].
//
// Route: DELETE client-s.gateway.messenger.live.com/v1/users/ME/contacts/{mri}.
//
// Source: as for [Client.AddContact].
//
// Errors: as for [Client.AddContact]. Repeated after a failure; a repeat that
// finds nothing left to remove is a success.
func (c *Client) RemoveContact(ctx context.Context, id MRI) error {
	return c.send(ctx, removeContact, request{params: []string{string(id)}})
}

// listMember reads what all lists of version 2 say beside their entries.
func listMember(r *reader, name []byte, count *int, scope *string) bool {
	switch string(name) {
	case "count":
		number(r, count)
	case "scope":
		text(r, scope)
	default:
		return false
	}
	return true
}

// present leaves out the entries that are marked as removed.
func present[T any](decode func(*reader, *T) (removed bool)) func(*reader, *T) {
	return func(r *reader, item *T) {
		if decode(r, item) {
			r.fail(errRemoved)
		}
	}
}

func (l *ContactList) read(r *reader, decode func(*reader, *Contact) bool) {
	r.answer(&l.Extra, func(name []byte) bool {
		if string(name) != "contacts" {
			return listMember(r, name, &l.Count, &l.Scope)
		}
		l.Contacts = entries(r, "contacts", &l.Skipped, present(decode))
		return true
	})
}

// readContact reads an entry of version 2, over what is known of the contact.
func readContact(r *reader, c *Contact) (removed bool) {
	var relation contactReader
	r.owner(&c.Extra, func(name []byte) bool {
		switch string(name) {
		case "mri":
			text(r, &c.MRI)
		case "profile":
			r.owner(&c.Profile.Extra, func(name []byte) bool { return profileMember(r, &c.Profile, name) })
		case "phones":
			readPhones(r, &relation.phones)
		default:
			return relation.member(r, c, name)
		}
		return true
	})
	return relation.finish(r, c)
}

// contactReader reads what entries of both versions have in common.
type contactReader struct {
	phones    []Phone // that the user added to the contact
	certified bool    // there is a certificate in this entry
	removed   bool
}

func (k *contactReader) member(r *reader, c *Contact, name []byte) bool {
	switch string(name) {
	case "person_id":
		text(r, &c.PersonID)
	case "display_name":
		text(r, &c.DisplayName)
	case "display_name_source":
		text(r, &c.DisplayNameSource)
	case "authorized":
		r.boolean(&c.Authorized)
	case "auth_certificate", "auth-certificate":
		k.certified = r.kind() != 'n'
		text(r, &c.AuthCertificate)
	case "blocked":
		r.boolean(&c.Blocked)
	case "explicit":
		r.boolean(&c.Explicit)
	case "favorite":
		r.boolean(&c.Favorite)
	case "suggested":
		r.boolean(&c.Suggested)
	case "creation_time":
		r.time(&c.CreatedAt)
	case "relationship_history":
		readSources(r, &c.Sources)
	case "email_hashes":
		texts(r, &c.EmailHashes)
	case "phone_hashes":
		texts(r, &c.PhoneHashes)
	case "agent":
		readAgent(r, &c.Agent)
	case "deleted":
		r.boolean(&k.removed)
	default:
		return false
	}
	return true
}

func (k *contactReader) finish(r *reader, c *Contact) (removed bool) {
	if c.MRI == "" && prefixLen(c.PersonID) > 0 {
		c.MRI = MRI(c.PersonID)
	}
	if c.MRI = qualify(string(c.MRI)); c.MRI == "" {
		r.fail(errNoIdentifier)
	}
	if !c.Authorized && !k.certified {
		c.AuthCertificate = "" // what was known of it is void
	}
	c.addPhones(k.phones)
	return k.removed
}

// addPhones adds the numbers that the profile lacks, in a list of its own.
func (c *Contact) addPhones(phones []Phone) {
	if len(phones) == 0 {
		return
	}
	known := make(map[string]bool, len(c.Profile.Phones))
	for _, phone := range c.Profile.Phones {
		known[phone.Number] = true
	}
	all := slices.Clip(c.Profile.Phones)
	for _, phone := range phones {
		if !known[phone.Number] {
			known[phone.Number] = true
			all = append(all, phone)
		}
	}
	c.Profile.Phones = all
}

func readSources(r *reader, sources *[]RelationshipSource) {
	r.object(func(name []byte) bool {
		if string(name) != "sources" {
			return false
		}
		objects(r, sources, RelationshipSource{}, func(s *RelationshipSource, name []byte) bool {
			switch string(name) {
			case "type":
				text(r, &s.Type)
			case "subtype":
				text(r, &s.Subtype)
			case "time":
				r.time(&s.Time)
			default:
				return false
			}
			return true
		})
		return true
	})
}

func readAgent(r *reader, agent **Agent) {
	if r.kind() != '{' {
		r.keepUnlessNull(r.value())
		return
	}
	var a Agent
	r.object(func(name []byte) bool {
		switch string(name) {
		case "capabilities":
			texts(r, &a.Capabilities)
		case "trust":
			text(r, &a.Trust)
		case "type":
			text(r, &a.Type)
		case "info":
			r.object(func(name []byte) bool {
				switch string(name) {
				case "trusted":
					r.boolean(&a.Trusted)
				case "capabilities":
					if a.Capabilities == nil {
						texts(r, &a.Capabilities)
						return true
					}
					return false
				default:
					return false
				}
				return true
			})
		default:
			return false
		}
		return true
	})
	*agent = &a
}

func readBlocked(r *reader, b *BlockedUser) (removed bool) {
	r.owner(&b.Extra, func(name []byte) bool {
		switch string(name) {
		case "mri":
			text(r, &b.MRI)
		case "deleted":
			r.boolean(&removed)
		default:
			return false
		}
		return true
	})
	if b.MRI = qualify(string(b.MRI)); b.MRI == "" {
		r.fail(errNoIdentifier)
	}
	return removed
}

func readGroup(r *reader, g *Group) (removed bool) {
	r.owner(&g.Extra, func(name []byte) bool {
		switch string(name) {
		case "id":
			text(r, &g.ID)
		case "name":
			text(r, &g.Name)
		case "is_favorite":
			r.boolean(&g.IsFavorite)
		case "contacts":
			texts(r, &g.Contacts)
		case "deleted":
			r.boolean(&removed)
		default:
			return false
		}
		return true
	})
	for i, member := range g.Contacts {
		g.Contacts[i] = qualify(string(member))
	}
	if g.ID == "" {
		r.fail(errNoIdentifier)
	}
	return removed
}

// FullName is the best name there is for a contact: the display name unless it
// is blank or merely repeats the identifier, else first and last name, nickname,
// company, and at last the identifier without its prefix.
func (c *Contact) FullName() string {
	display := c.DisplayName
	if repeatsID(display, c.MRI) {
		display = c.Profile.DisplayName
	}
	return fullName(c.MRI, display, c.Profile.Name)
}
