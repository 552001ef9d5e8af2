package skypecontacts

import (
	"log/slog"
	"strings"
)

// Name holds the parts of a person's name.
type Name struct {
	First    string `json:"first,omitzero"`
	Last     string `json:"last,omitzero"`
	Nickname string `json:"nickname,omitzero"`
	Company  string `json:"company,omitzero"`
	Title    string `json:"title,omitzero"`
	// Inferred is true when the service sent the whole name in one field, so that
	// First and Last are the result of [SplitName].
	Inferred bool `json:"inferred,omitzero"`
}

// LogValue returns "[redacted]".
func (n Name) LogValue() slog.Value { return slog.StringValue(redacted) }

// SplitName splits a whole name at its last space: "Joe van Bloggs" becomes
// "Joe van" and "Bloggs". Any Unicode white space counts as a space, a run of it
// as one, and a name without any is a first name. The parts joined with a space are
// the name again, apart from the white space that was collapsed.
func SplitName(full string) (first, last string) {
	words := strings.Fields(full)
	if len(words) < 2 {
		return strings.Join(words, " "), ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

// inferLast splits a whole name in the first-name field, as every account has it
// that was made before Skype asked for two names.
func (n *Name) inferLast() {
	if strings.TrimSpace(n.Last) != "" {
		return
	}
	if first, last := SplitName(n.First); last != "" {
		n.First, n.Last, n.Inferred = first, last, true
	}
}

// Full returns the first and last name joined by a space, empty if there is neither.
func (n Name) Full() string {
	return strings.TrimSpace(strings.TrimSpace(n.First) + " " + strings.TrimSpace(n.Last))
}

// bestName returns the first that is not blank of: a display name that does not
// repeat the identifier, first and last name, nickname, company, and the identifier
// without its prefix.
func bestName(id MRI, display string, name Name) string {
	if repeatsID(display, id) {
		display = ""
	}
	for _, candidate := range []string{display, name.Full(), name.Nickname, name.Company} {
		if trimmed := strings.TrimSpace(candidate); trimmed != "" {
			return trimmed
		}
	}
	return id.ID()
}

// repeatsID reports whether a display name is blank or merely the identifier, as
// the service sends it for people without a name.
func repeatsID(display string, id MRI) bool {
	display = strings.TrimSpace(display)
	name := id.ID()
	return display == "" || len(display) == len(name) && lowerASCII(display) == lowerASCII(name) ||
		prefixLen(display) > 0 && MRI(display).Equal(id) // without a prefix it is in the line above
}
