package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/export"
)

// knownPeople are the people of an address book.
type knownPeople struct {
	uids  map[string]bool // keys as of uidKey
	info  os.FileInfo     // of the file, or nil without one
	count int             // contacts left out
}

// readKnownFile reads a vCard file. Without a name nobody is known.
func readKnownFile(name string) (*knownPeople, error) {
	if name == "" {
		return new(knownPeople), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	uids, err := readUIDs(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &knownPeople{uids: uids, info: info}, nil
}

// leaveOut returns contacts without those that are known, and counts these.
func (k *knownPeople) leaveOut(contacts convert.Contacts) convert.Contacts {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		for contact, err := range contacts {
			if contact != nil && k.uids[uidKey(export.UID(contact.MRI))] {
				k.count++
				continue
			}
			if !yield(contact, err) {
				return
			}
		}
	}
}

// readUIDs returns the UIDs in a vCard file of any version, and those that this program
// would write for the Skype names in it: few address books keep a UID.
func readUIDs(r io.Reader) (map[string]bool, error) {
	uids, isVCard := make(map[string]bool), false
	for line, err := range unfoldedLines(bufio.NewReader(r)) {
		if err != nil {
			return nil, err
		}
		head, value := cutProperty(line)
		name, params, _ := strings.Cut(strings.ToUpper(strings.TrimPrefix(head, "\uFEFF")), ";")
		if _, afterGroup, grouped := strings.Cut(name, "."); grouped {
			name = afterGroup
		}
		value = strings.TrimSpace(value)
		switch {
		case name == "BEGIN" && strings.EqualFold(value, "VCARD"):
			isVCard = true
		case name == "UID":
			uids[uidKey(value)] = true
		default:
			if user := skypeName(name, params, value); user != "" {
				uids[uidKey(export.UID(skypecontacts.MRI(user)))] = true
			}
		}
	}
	if !isVCard {
		return nil, errors.New("this is not a vCard file")
	}
	return uids, nil
}

// uidKey returns what is compared of a UID: some address books drop the prefix, and some
// write upper case.
func uidKey(uid string) string { return strings.TrimPrefix(strings.ToLower(uid), "urn:uuid:") }

// cutProperty divides a line at its first colon that is not within quotes.
func cutProperty(line string) (head, value string) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			return line[:i], line[i+1:]
		}
	}
	return line, ""
}

// skypeName returns the Skype name in a property of a vCard, or "". X-SKYPE-USERNAME is
// of Android and the old Skype program, X-SKYPE of Evolution and Google, and
// X-MESSAGING/SKYPE-ALL of KDE; Apple writes IMPP with X-SERVICE-TYPE.
func skypeName(name, params, value string) string {
	switch name {
	case "X-SKYPE", "X-SKYPE-USERNAME", "X-SKYPE-ID", "X-MESSAGING/SKYPE-ALL":
	case "IMPP":
		scheme, user, found := strings.Cut(value, ":")
		switch isSkype := strings.Contains(params, "SERVICE-TYPE=SKYPE") || strings.Contains(params, `SERVICE-TYPE="SKYPE"`); {
		case found && strings.EqualFold(scheme, "skype"), found && isSkype && strings.EqualFold(scheme, "x-apple"):
			value = user
		case !isSkype:
			return ""
		}
		value, _, _ = strings.Cut(value, "?") // skype:joe.4?chat
		if decoded, err := url.PathUnescape(value); err == nil {
			value = decoded
		}
	default:
		return ""
	}
	return strings.NewReplacer(`\:`, ":", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(value)
}

// unfoldedLines yields the lines of a vCard as they were before they were folded.
func unfoldedLines(r *bufio.Reader) func(yield func(string, error) bool) {
	return func(yield func(string, error) bool) {
		var line []byte
		for {
			text, err := r.ReadBytes('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				yield("", err)
				return
			}
			text = []byte(strings.TrimRight(string(text), "\r\n"))
			if len(text) > 0 && (text[0] == ' ' || text[0] == '\t') && len(line) > 0 {
				line = append(line, text[1:]...)
			} else {
				if len(line) > 0 && !yield(string(line), nil) {
					return
				}
				line = append(line[:0], text...)
			}
			if err != nil {
				if len(line) > 0 {
					yield(string(line), nil)
				}
				return
			}
		}
	}
}
