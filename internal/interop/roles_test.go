package interop

import (
	"cmp"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// peopleRoles has the rule by which the subject of a call is chosen, so that a transcript is
// replayed on any people. It may have the placeholders {role}, which is the identifier of
// the one who is chosen, and those of roleFields, such as {role.name}.
var peopleRoles = map[string]func(roleCandidate) bool{
	"friend":    roleCandidate.isFriend,
	"listed":    func(c roleCandidate) bool { return c.isFriend() && c.inMessenger }, // whom a removal removes from there
	"contact":   roleCandidate.isActive,                                              // a telephone number, bot or address as well
	"favorite":  func(c roleCandidate) bool { return c.isActive() && c.contact.Favorite },
	"unlisted":  func(c roleCandidate) bool { return c.isPerson() && !c.inMessenger },
	"suggested": func(c roleCandidate) bool { return c.isPerson() && c.contact.Suggested && !c.contact.Authorized },
	"blocked":   func(c roleCandidate) bool { return c.isPerson() && c.isBlocked },
	"barred":    func(c roleCandidate) bool { return c.isBlocked }, // a telephone number as well
	"inviter":   func(c roleCandidate) bool { return c.hasInvited },
	"stranger":  func(c roleCandidate) bool { return c.account.MRI != "" && c.contact.MRI == "" },
	"bot":       func(c roleCandidate) bool { return c.bot.Trusted && c.isActive() },
	"newbot":    func(c roleCandidate) bool { return c.bot.ID != "" && !c.contact.Authorized },
	// The directory lists people by their first and last names.
	"named": func(c roleCandidate) bool {
		p := c.account.Profile
		return c.isFriend() && p.FirstName != "" && p.LastName != "" && p.DisplayName == p.FirstName+" "+p.LastName && c.person().City != ""
	},
	"man": func(c roleCandidate) bool {
		return c.isFriend() && c.account.Profile.Gender == "male" && c.person().First != ""
	},
	"mailless": func(c roleCandidate) bool { return c.account.MRI != "" && len(c.account.Profile.Emails) == 0 },
	"lastless": func(c roleCandidate) bool { return c.account.MRI != "" && c.person().Last == "" },
}

// roleCandidate is one who may have a role: a contact of the own account, the sender of an
// invite or a bot of the directory.
type roleCandidate struct {
	mri         skypecontacts.MRI
	contact     skypetest.Contact // zero if the own account has none
	account     skypetest.Account // zero if the service has none
	bot         skypetest.Bot     // zero if it is none
	isBlocked   bool
	hasInvited  bool
	inMessenger bool
}

func (c roleCandidate) isPerson() bool {
	return c.account.MRI != "" && c.contact.MRI != ""
}

// isActive reports whether a write can end the contact's authorization or block it.
func (c roleCandidate) isActive() bool {
	return c.contact.Authorized && !c.isBlocked && !c.contact.Suggested
}

func (c roleCandidate) isFriend() bool { return c.isPerson() && c.isActive() }

func (c roleCandidate) person() knownPerson { return profilePerson(c.account) }

// roleCandidates returns all who may have a role, contacts first.
func roleCandidates(data skypetest.Data) (candidates []roleCandidate) {
	own := data.Accounts[0]
	ids := make([]skypecontacts.MRI, 0, len(own.Contacts)+len(own.Invites)+len(data.Bots))
	contacts := make(map[skypecontacts.MRI]skypetest.Contact)
	for _, c := range own.Contacts {
		ids = append(ids, c.MRI)
		contacts[c.MRI] = c
	}
	for _, in := range own.Invites {
		ids = append(ids, in.From)
	}
	bots := make(map[skypecontacts.MRI]skypetest.Bot)
	for _, b := range data.Bots {
		id := skypecontacts.MRI("28:" + b.ID)
		ids = append(ids, id)
		bots[id] = b
	}
	seen := make(map[skypecontacts.MRI]bool)
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		c := roleCandidate{mri: id, contact: contacts[id], bot: bots[id]}
		if a := accountOf(data, id); a != nil {
			c.account = *a
		}
		c.isBlocked, c.inMessenger = slices.Contains(own.Blocklist, id), slices.Contains(own.Messenger, id)
		c.hasInvited = slices.ContainsFunc(own.Invites, func(in skypetest.Invite) bool { return in.From == id })
		candidates = append(candidates, c)
	}
	return candidates
}

// roleHolders returns, for each role, the first who can have it of every form of identifier:
// names with and without "live:", telephone numbers and so on.
func roleHolders(data skypetest.Data) map[string][]roleCandidate {
	holders := make(map[string][]roleCandidate)
	for name, hasRole := range peopleRoles {
		forms := make(map[string]bool)
		for _, c := range roleCandidates(data) {
			if form := identifierForm(c.mri); hasRole(c) && !forms[form] {
				forms[form] = true
				holders[name] = append(holders[name], c)
			}
		}
	}
	return holders
}

var numberInIdentifier = regexp.MustCompile(`[0-9a-f-]*\d[0-9a-f-]*`)

// identifierForm returns an identifier without what makes it unique in generated data.
func identifierForm(id skypecontacts.MRI) string {
	prefix, name, _ := strings.Cut(string(id), ":")
	return prefix + ":" + numberInIdentifier.ReplaceAllString(name, "#")
}

// roleFields has what the placeholders of a role stand for, beside the identifier alone.
func roleFields(c roleCandidate) map[string]string {
	_, name, _ := strings.Cut(string(c.mri), ":")
	p := c.person()
	fields := map[string]string{
		"name": name, "escaped": escapeComponent(string(c.mri)), "token": c.account.SkypeToken,
		"first": p.First, "city": p.City, "display": cmp.Or(p.Display, c.bot.DisplayName, name),
	}
	fields["search"] = escapeComponent(fields["display"])
	if len(c.account.Profile.Locations) > 0 {
		fields["country"] = c.account.Profile.Locations[0].Country
	}
	return fields
}

// escapeComponent escapes a text as encodeURIComponent does.
func escapeComponent(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

var rolePlaceholder = regexp.MustCompile(`\{([a-z]+)(?:\.([a-z]+))?\}`)

// rolesIn returns the roles that the placeholders of a text have, sorted.
func rolesIn(text string) []string {
	roles := make(map[string]bool)
	for _, match := range rolePlaceholder.FindAllStringSubmatch(text, -1) {
		if peopleRoles[match[1]] != nil {
			roles[match[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(roles))
}

// Every role is held in both sets of people, in the generated one by identifiers of several forms.
func TestRoleHolders(t *testing.T) {
	t.Parallel()
	sample := make(map[string]string)
	for role, holders := range roleHolders(skypetest.SampleData()) {
		for _, c := range holders {
			sample[role] = strings.TrimSpace(sample[role] + " " + string(c.mri))
		}
	}
	require.Equal(t, map[string]string{
		"friend": "8:joe.4", "listed": "8:joe.4", "contact": "8:joe.4 28:concierge", "favorite": "8:joe.4", "named": "8:joe.4", "man": "8:joe.4",
		"suggested": "8:anna.7", "unlisted": "8:anna.7", "blocked": "8:anna.7", "barred": "8:anna.7", "mailless": "8:anna.7 8:daisy.5", "lastless": "8:daisy.5",
		"inviter": "8:daisy.5", "stranger": "8:daisy.5", "bot": "28:concierge", "newbot": "28:7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908",
	}, sample)

	forms := make(map[string]int)
	for role, holders := range roleHolders(generatedData()) {
		forms[role] = len(holders)
	}
	require.Equal(t, map[string]int{
		"friend": 5, "listed": 5, "contact": 9, "favorite": 6, "named": 5, "man": 5, "suggested": 5, "blocked": 3, "barred": 4,
		"mailless": 5, "lastless": 5, "inviter": 4, "stranger": 4, "unlisted": 5, "bot": 2, "newbot": 1,
	}, forms)
}

func TestIdentifierForm(t *testing.T) {
	t.Parallel()
	for id, want := range map[skypecontacts.MRI]string{
		"8:live:.cid.1a2b3c4d0000000a": "8:live:.cid.#", "8:person.24": "8:person.#", "4:+442000000016": "4:+#",
		"28:88529982-979f-417b-8bf7-469efd2f5af4": "28:#", "2:person68@corp.example": "2:person#@corp.example",
	} {
		require.Equal(t, want, identifierForm(id))
	}
}

func TestRolesIn(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"bot", "friend"}, rolesIn(`{friend} {self} {friend.name} {bot.display} {{1}} {name}`))
}
