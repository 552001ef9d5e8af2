package export

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// personName is the name of a person in the parts that address books have.
type personName struct{ given, family, suffix string }

// String returns the parts joined by spaces, without blank ones.
func (n personName) String() string {
	name := strings.TrimSpace(n.given + " " + n.family)
	if n.suffix == "" { // the suffix of most
		return name
	}
	return strings.TrimSpace(name + " " + n.suffix)
}

// contactName returns the name of the profile, or the display name if the profile has
// none. A name that the profile has in two fields is returned as it is; one in a single
// field is split by [parsePersonName]. The name of a bot is not split, nor a nickname or
// number that [skypecontacts.Contact.FullName] returns in place of a name. A company
// has no name of a person.
func contactName(c *skypecontacts.Contact) personName {
	name := c.Profile.Name
	if strings.TrimSpace(name.Last) != "" && !name.Inferred {
		return personName{given: name.First, family: name.Last}
	}
	if whole := name.Full(); whole != "" {
		if c.IsBot() {
			return personName{given: whole}
		}
		return parsePersonName(whole)
	}
	full := c.FullName()
	isDisplayName := full == strings.TrimSpace(c.DisplayName) || full == strings.TrimSpace(c.Profile.DisplayName)
	switch {
	case full == strings.TrimSpace(name.Company):
		return personName{}
	case !isDisplayName, c.IsBot():
		return personName{given: full}
	default:
		return parsePersonName(full)
	}
}

// contactNickname returns the nickname of the profile. Without one it returns the
// display name, if that is not the name of the profile: users rename contacts ("Mum"),
// and iOS, Google Contacts, Evolution and khard list people by N, in which that name is
// not (issue 11, case 08).
func contactNickname(c *skypecontacts.Contact) string {
	if nickname := c.Profile.Name.Nickname; strings.TrimSpace(nickname) != "" {
		return nickname
	}
	own := c.Profile.Name.Full()
	if own == "" {
		return ""
	}
	switch full := c.FullName(); {
	case isSameName(full, own), isSameName(parsePersonName(full).String(), contactName(c).String()): // as "Cooper, Anna"
		return ""
	default:
		return full
	}
}

// isSameName reports whether two names differ in case and white space only.
func isSameName(a, b string) bool {
	return a == b || strings.EqualFold(singleSpaced(a), singleSpaced(b))
}

// singleSpaced returns text with one space for each run of white space, and none at its ends.
func singleSpaced(text string) string {
	wasSpace := true
	for _, r := range text {
		isSpace := unicode.IsSpace(r)
		if isSpace && (wasSpace || r != ' ') {
			return strings.Join(strings.Fields(text), " ")
		}
		wasSpace = isSpace
	}
	return strings.TrimSuffix(text, " ")
}

// splitFullName returns what [parsePersonName] does, if nothing is lost by it: a profile
// has no field for a suffix. Otherwise it is [skypecontacts.SplitName].
func splitFullName(full string) (first, last string) {
	name := parsePersonName(full)
	joined := name.String()
	if name.suffix != "" || joined != full && parsePersonName(joined) != name {
		return skypecontacts.SplitName(full)
	}
	return name.given, name.family
}

// parsePersonName splits a whole name. What users write into the one field for a name is
// often more than a name (issue 11, case 07), so it does not take for a family name:
//   - a last word without letters: "Joe Bloggs 🎈"
//   - what begins at a bracket: "Anna Cooper (work)"
//   - a suffix: "Fred Two, Jr." has it apart
//
// A company, a dash between spaces and several words before a comma leave the whole name
// in given: "Bloggs Ltd.", "Daisy Five - Leeds", "Joe Bloggs, Leeds". In "Bloggs, Joe" the
// family name is the first. Any other name is split at the last space, as
// [skypecontacts.SplitName] does. Names in Chinese, Japanese, Korean or Hungarian order
// are not recognized: with a space in them, given and family have changed places.
func parsePersonName(full string) personName {
	words := strings.Fields(full)
	full = strings.Join(words, " ")
	whole := personName{given: full}
	head := nameHead(full)
	if head == "" || hasDash(words) || slices.ContainsFunc(words, isCompanyForm) {
		return whole
	}
	label := full[len(head):] // written behind the last part of the name
	parts := strings.Split(head, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	end := len(parts)
	for end > 1 && isSuffix(parts[end-1]) {
		end--
	}
	parts, suffix := parts[:end], strings.Join(parts[end:], " ")
	switch {
	case len(parts) == 1:
		return splitNameWords(strings.Split(parts[0], " "), label, suffix)
	case len(parts) == 2 && isFamilyName(parts[0]) && isGivenName(parts[1]):
		return personName{given: parts[1] + label, family: parts[0], suffix: suffix}
	default:
		return whole
	}
}

// nameHead returns full up to the first bracket and without last words that have no letter.
func nameHead(full string) string {
	head := full
	if at := strings.IndexFunc(full, isOpeningBracket); at >= 0 {
		head = strings.TrimRight(full[:at], " ")
	}
	for head != "" {
		last := head[strings.LastIndexByte(head, ' ')+1:]
		if hasLetter(last) {
			break
		}
		head = strings.TrimRight(head[:len(head)-len(last)], " ")
	}
	return head
}

func isOpeningBracket(r rune) bool {
	switch r {
	case '(', '[', '{', '<', '（', '［', '【', '「', '『', '《', '〈':
		return true
	default:
		return false
	}
}

// splitNameWords splits the words of a name at the last one that is no suffix.
func splitNameWords(words []string, label, suffix string) personName {
	end := len(words)
	for end > 1 && isSuffix(words[end-1]) {
		end--
	}
	if peeled := words[end:]; len(peeled) > 0 {
		suffix = strings.TrimSpace(strings.Join(peeled, " ") + " " + suffix)
	}
	last := words[end-1] + label
	if end == 1 {
		return personName{given: last, suffix: suffix}
	}
	return personName{given: strings.Join(words[:end-1], " "), family: last, suffix: suffix}
}

func hasLetter(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// hasDash reports whether the words of a name are separated by a dash or a like sign.
func hasDash(words []string) bool {
	return len(words) > 2 && slices.ContainsFunc(words[1:len(words)-1], func(word string) bool {
		return strings.Trim(word, "-‐‑‒–—―−|/•·") == ""
	})
}

// isFamilyName reports whether text, which is before a comma, may be a family name: one
// word that begins and ends with a letter, which in "Parents-, teachers- and pupils' line"
// it does not.
func isFamilyName(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsLetter(first) && (unicode.IsLetter(last) || unicode.IsMark(last)) && !strings.Contains(text, " ")
}

// isGivenName reports whether text, which is behind a comma, may be a given name: one
// word, or several of which none begins with a small letter, as in "Joe, Anna and Fred".
func isGivenName(text string) bool {
	words := strings.Split(text, " ")
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(first) && (len(words) == 1 || !slices.ContainsFunc(words, func(word string) bool {
		first, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLower(first)
	}))
}

// isSuffix reports whether each word of text is a suffix of a name.
func isSuffix(text string) bool {
	for word := range strings.SplitSeq(text, " ") {
		if !isGeneration(word) && !isCredential(word) {
			return false
		}
	}
	return true
}

// isGeneration reports whether word tells people of one name apart, as in "Joe Bloggs Jr.".
func isGeneration(word string) bool {
	word = strings.ReplaceAll(word, ".", "")
	return containsFold(word, "jr", "sr", "jnr", "snr") ||
		word == "II" || word == "III" || word == "IV" // "Iv" is a name
}

// isCredential reports whether word is a title that is written behind a name.
func isCredential(word string) bool {
	word = strings.ReplaceAll(word, ".", "")
	switch word {
	case "MD", "DDS", "DVM", "RN", "CPA", "OBE", "MBE", "CBE", "JD": // "Md" is a name
		return true
	}
	return containsFold(word, "phd", "esq", "mba", "msc", "bsc")
}

// isCompanyForm reports whether word is the legal form of a company, also in brackets.
func isCompanyForm(word string) bool {
	if word == "Co." {
		return true
	}
	word = strings.ReplaceAll(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }), ".", "")
	switch word {
	case "AG", "KG", "SA", "SAS", "SpA", "BV", "NV", "AB", "AS", "ASA", "Oy", "OY": // "As" and "Sa" are names
		return true
	}
	return containsFold(
		word, "ltd", "limited", "inc", "llc", "llp", "plc", "corp", "pty", "gmbh", "mbh", "ohg", "kgaa", "sarl", "srl",
		"sro", "doo", "kft", "zrt", "nyrt", "oyj", "株式会社", "有限会社", "有限公司", "ооо", "зао", "оао",
	)
}

// containsFold reports whether one of list is word in any case.
func containsFold(word string, list ...string) bool {
	return slices.ContainsFunc(list, func(item string) bool { return len(item) == len(word) && strings.EqualFold(item, word) })
}
