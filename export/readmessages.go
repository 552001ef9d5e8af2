package export

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"

	"github.com/skypecontacts/skypecontacts"
)

// ReadOptions says what is read.
type ReadOptions struct {
	// GroupMembers includes the members of group conversations that a messages.json
	// names, besides those with whom there is a conversation of two.
	GroupMembers bool
}

// ReadMessages reads the messages.json of Skype's chat export, and yields the people
// with whom there is a conversation of two, with the name that the conversation has or,
// without one, that their messages have. One string of the file at a time is in memory,
// and the identifiers that were found, so the file may have any size.
//
// Bots, telephone numbers and groups are not yielded. With [ReadOptions].GroupMembers,
// the other members of groups follow at the end, as far as the file names them.
//
// A conversation that cannot be read is yielded as a [skypecontacts.SkippedItem], and
// so is the end of a file that is cut off. Any other error is the last value yielded:
// r returned an error, is not a messages.json, has a string of more than 16 MiB, or has
// nobody in it. The sequence can be used once.
func ReadMessages(r io.Reader, opts ReadOptions) iter.Seq2[*skypecontacts.Contact, error] {
	return readDecoded(r, func(source *bufio.Reader) iter.Seq2[*skypecontacts.Contact, error] { return readMessages(source, opts) })
}

var (
	errNotMessages   = errors.New("export: the file is not a messages.json of Skype's chat export")
	errNobody        = errors.New("export: no conversation in the file is with a person")
	errLoopLeft      = errors.New("export: the loop was left")
	errNoObject      = fmt.Errorf("%w: it is not a conversation", skypecontacts.ErrDecode)
	errNoText        = fmt.Errorf("%w: the conversation has no id", skypecontacts.ErrDecode)
	errMessagesEnded = fmt.Errorf("%w: the file is cut off here", skypecontacts.ErrDecode)
)

// readMessages is [ReadMessages] for a file in UTF-8.
func readMessages(source *bufio.Reader, opts ReadOptions) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		if mark, _ := source.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
			_, _ = source.Discard(len(mark))
		}
		f := &messagesFile{
			jsonTokens: newJSONTokens(source), yield: yield, withMembers: opts.GroupMembers,
			yielded: make(map[[16]byte]bool), places: make(map[[16]byte]int),
		}
		err := f.read()
		if errors.Is(err, io.ErrUnexpectedEOF) && f.isMessages {
			err = f.yieldSkipped(errMessagesEnded)
		}
		if err == nil {
			err = f.yieldMembers()
		}
		switch {
		case err == errLoopLeft:
			return
		case err == nil && !f.isMessages, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			err = errNotMessages
		case err == nil && len(f.yielded) == 0:
			err = errNobody
		case errors.Is(err, errStringTooBig):
			err = errStringTooBig
		case isSyntaxError(err): // its text has a part of the file
			err = fmt.Errorf("export: the file is not valid JSON after byte %d", f.decoder.InputOffset())
		case err != nil && err != errNotMessages:
			err = fmt.Errorf("export: after byte %d: %w", f.decoder.InputOffset(), err)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// messagesFile reads a messages.json token by token.
type messagesFile struct {
	*jsonTokens
	yield       func(*skypecontacts.Contact, error) bool
	withMembers bool

	isMessages bool // a list of conversations began
	index      int  // of the conversation
	owner      skypecontacts.MRI
	yielded    map[[16]byte]bool       // by identifierHash
	members    []skypecontacts.Contact // of groups
	places     map[[16]byte]int        // in members, by identifierHash
}

// conversation is what is needed of one.
type conversation struct {
	id, name string
	blocked  bool
	members  []string          // of a group
	senders  map[string]string // their names, by identifier
}

func (f *messagesFile) read() error {
	isObject, err := f.eachMember(func(name string) (err error) {
		switch name {
		case "userId":
			var owner string
			owner, err = f.readString()
			f.owner = skypecontacts.MRI(owner)
			return err
		case "conversations":
			f.isMessages = true
			_, err := f.eachItem(f.readConversation)
			return err
		default:
			return f.skip()
		}
	})
	if err == nil && !isObject {
		return errNotMessages
	}
	return err
}

// readConversation reads the next item of the list and yields the person in it.
func (f *messagesFile) readConversation() error {
	var c conversation
	isObject, err := f.eachMember(func(name string) (err error) {
		switch name {
		case "id":
			c.id, err = f.readString()
		case "displayName":
			c.name, err = f.readString()
		case "properties":
			_, err = f.eachMember(func(name string) (err error) {
				if name != "conversationblocked" {
					return f.skip()
				}
				c.blocked = f.peek() == 't'
				return f.skip()
			})
		case "threadProperties":
			err = f.readThread(&c)
		case "MessageList":
			err = f.readSenders(&c)
		default:
			err = f.skip()
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !isObject:
		err = f.yieldSkipped(errNoObject)
	case c.id == "":
		err = f.yieldSkipped(errNoText)
	default:
		err = f.finish(&c)
	}
	f.index++
	return err
}

// readThread reads the members of a group: a list, or a string that is one in JSON.
func (f *messagesFile) readThread(c *conversation) error {
	_, err := f.eachMember(func(name string) error {
		if name != "members" || !f.withMembers {
			return f.skip()
		}
		if f.peek() == '"' {
			text, err := f.readString()
			_ = json.Unmarshal([]byte(text), &c.members) // what is not a list has no members
			return err
		}
		_, err := f.eachItem(func() error {
			member, err := f.readString()
			c.members = append(c.members, member)
			return err
		})
		return err
	})
	return err
}

// readSenders reads the names of those who wrote messages, if they are needed.
func (f *messagesFile) readSenders(c *conversation) error {
	if isPersonID(c.id) && c.name != "" || skypecontacts.MRI(c.id).Kind() == skypecontacts.KindThread && !f.withMembers {
		return f.skip()
	}
	c.senders = make(map[string]string)
	_, err := f.eachItem(func() error {
		var from, display string
		_, err := f.eachMember(func(name string) (err error) {
			switch name {
			case "from":
				from, err = f.readString()
			case "displayName":
				display, err = f.readString()
			default:
				err = f.skip()
			}
			return err
		})
		from = from[strings.LastIndexByte(from, '/')+1:] // a URL ends with the identifier
		if isPersonID(from) && c.senders[from] == "" {
			c.senders[from] = strings.TrimSpace(display)
		}
		return err
	})
	return err
}

// finish yields the person of a conversation, or saves the members of a group.
func (f *messagesFile) finish(c *conversation) error {
	if isPersonID(c.id) {
		id := skypecontacts.MRI(c.id)
		hash := identifierHash(id)
		if f.yielded[hash] || hash == identifierHash(f.owner) {
			return nil
		}
		f.yielded[hash] = true
		return f.yieldContact(&skypecontacts.Contact{MRI: id, DisplayName: cmp.Or(c.name, c.senders[c.id]), Blocked: c.blocked})
	}
	for _, member := range c.members {
		if !isPersonID(member) {
			continue
		}
		id := skypecontacts.MRI(member)
		hash := identifierHash(id)
		place, known := f.places[hash]
		if !known {
			place = len(f.members)
			f.places[hash] = place
			f.members = append(f.members, skypecontacts.Contact{MRI: id})
		}
		f.members[place].DisplayName = cmp.Or(f.members[place].DisplayName, c.senders[member])
	}
	return nil
}

// yieldMembers yields the members of groups with whom there is no conversation of two.
func (f *messagesFile) yieldMembers() error {
	for _, member := range f.members {
		hash := identifierHash(member.MRI)
		if f.yielded[hash] || hash == identifierHash(f.owner) {
			continue
		}
		f.yielded[hash] = true
		if err := f.yieldContact(&member); err != nil {
			return err
		}
	}
	return nil
}

func (f *messagesFile) yieldContact(c *skypecontacts.Contact) error {
	if !f.yield(c, nil) {
		return errLoopLeft
	}
	return nil
}

func (f *messagesFile) yieldSkipped(reason error) error {
	if !f.yield(nil, skypecontacts.SkippedItem{Index: f.index, Err: reason}) {
		return errLoopLeft
	}
	return nil
}

// isPersonID reports whether id, with its prefix, is that of a person.
func isPersonID(id string) bool {
	name, is := strings.CutPrefix(id, string(skypecontacts.KindSkype)+":")
	return is && name != "" && !strings.ContainsFunc(name, unicode.IsControl)
}
