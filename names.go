package skypecontacts

import "strings"

// Name is a person's name in parts.
type Name struct {
	First    string `json:"first,omitzero"`
	Last     string `json:"last,omitzero"`
	Nickname string `json:"nickname,omitzero"`
	Company  string `json:"company,omitzero"`
	Title    string `json:"title,omitzero"`
	// Inferred is true when the service sent the whole name in one field and
	// First and Last are a guess by [SplitName].
	Inferred bool `json:"inferred,omitzero"`
}

// SplitName divides a whole name at its last space: "Joe van Bloggs" becomes
// "Joe van" and "Bloggs". Any Unicode white space counts as a space, a run of it
// as one, and a name without any is a first name. Joining the parts with a space
// gives the name back, apart from the white space that was collapsed.
func SplitName(full string) (first, last string) {
	words := strings.Fields(full)
	if len(words) < 2 {
		return strings.Join(words, " "), ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

// inferLast splits a whole name that sits in the first-name field, as it does
// for every account made before Skype asked for two names.
func (n *Name) inferLast() {
	if strings.TrimSpace(n.Last) != "" {
		return
	}
	if first, last := SplitName(n.First); last != "" {
		n.First, n.Last, n.Inferred = first, last, true
	}
}

// full is the first and last name joined.
func (n Name) full() string {
	return strings.TrimSpace(strings.TrimSpace(n.First) + " " + strings.TrimSpace(n.Last))
}

func fullName(id MRI, display string, name Name) string {
	if repeatsID(display, id) {
		display = ""
	}
	for _, candidate := range []string{display, name.full(), name.Nickname, name.Company} {
		if trimmed := strings.TrimSpace(candidate); trimmed != "" {
			return trimmed
		}
	}
	return id.ID()
}

// repeatsID reports whether a display name says nothing that the identifier
// does not: the service fills it in so for people who never gave a name.
func repeatsID(display string, id MRI) bool {
	display = strings.TrimSpace(display)
	return display == "" || strings.EqualFold(display, id.ID()) ||
		prefixLen(display) > 0 && MRI(display).Equal(id) // without a prefix it is in the line above
}
