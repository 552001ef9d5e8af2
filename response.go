package skypecontacts

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// parseFailure reads the code and the text of all shapes of error body: a status
// object, an errorCode with a message, a message alone, and of that a JSON
// document inside the message. Any other body has neither.
func parseFailure(body []byte) (code int, message string) {
	for range 3 { // a document in a document in a document is none of theirs
		var found failure
		_ = decodeBody(body, found.read) // an error body need not be whole
		if found.code != 0 {
			code = found.code
		}
		if found.message == "" {
			break
		}
		message, body = found.message, []byte(found.message)
	}
	return code, message
}

type failure struct {
	code    int
	message string
}

func (f *failure) read(r *reader) {
	r.owner(new(Extra), func(name []byte) bool {
		switch string(name) {
		case "errorCode":
			number(r, &f.code)
		case "message":
			if r.kind() == '{' {
				f.message = string(r.value())
			} else {
				text(r, &f.message)
			}
		case "status":
			s := r.status()
			f.code, f.message = s.code, s.text
		default:
			return false
		}
		return true
	})
}

const maxErrorBody = 64 << 10

const maxExcerpt = 512

const maxHead = 8 << 10 // more than the excerpt, so that no part of a token is left at its end

// answer is a success as it arrives.
type answer struct {
	status int
	header http.Header
	body   *boundedBody // decompressed
	size   int64        // in bytes, -1 if unknown
	json   bool         // it is declared to be JSON, or nothing at all
}

// document is the whole answer, nil if it is empty.
func (a *answer) document() ([]byte, error) {
	text, err := a.body.all(a.size)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(text)) == 0:
		return nil, nil
	case !a.json:
		return nil, decodeError("the answer is not declared to be JSON")
	}
	return text, nil
}

// isJSON reports whether a content type is that of JSON or says nothing. A page
// of a captive portal is neither.
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	switch media {
	case "", "application/json", "text/json", "text/plain":
		return true
	}
	return strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// boundedBody reads an answer up to a limit, remembers how it begins and why it
// ended, and for a stream lets each wait take its time.
type boundedBody struct {
	from     io.Reader
	left     int64
	head     []byte
	err      error // other than io.EOF
	watch    *time.Timer
	patience time.Duration // of a stream; zero if the time for the whole runs on
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.read(p)
	if room := maxHead - len(b.head); room > 0 {
		b.head = append(b.head, p[:min(n, room)]...)
	}
	return n, err
}

func (b *boundedBody) read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left+1] // one more, to see whether the limit is passed
	}
	if b.patience > 0 {
		b.watch.Reset(b.patience)
	}
	n, err := b.from.Read(p)
	if b.patience > 0 {
		b.watch.Stop()
	}
	if int64(n) > b.left {
		n, err = int(b.left), ErrTooLarge
	}
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// all reads to the end, in memory that begins with room for the given number of
// bytes, or some if it is negative, and never has much more than the limit.
func (b *boundedBody) all(room int64) (text []byte, err error) {
	if room < 0 {
		room = bytes.MinRead
	}
	text = make([]byte, 0, min(room, maxSmallBody)+1) // one more, to see the end
	defer func() { b.head = text[:min(len(text), maxHead)] }()
	for {
		if len(text) == cap(text) {
			text = append(make([]byte, 0, min(2*int64(cap(text))+1, int64(len(text))+b.left+1)), text...)
		}
		n, err := b.read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
	}
}

// excerpt is the beginning of a text as valid UTF-8.
func excerpt(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxExcerpt+utf8.UTFMax)], "\uFFFD")
	if len(text) <= maxExcerpt {
		return text
	}
	end := maxExcerpt
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// requestID is the service's name for an exchange, if it looks like one.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Skype-Request-Id", "X-Stratus-Request-Id"} {
		id := header.Get(name)
		if id != "" && len(id) <= 64 && strings.Trim(strings.ToLower(id), "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
			return id
		}
	}
	return ""
}

// roster reads a whole view over what was known before.
func (a *answer) roster(prev *Roster) (*Roster, error) {
	body, err := a.document()
	if err != nil {
		return nil, err
	}
	// The scope may stand behind the lists, and they cannot be read without it.
	update := Roster{ETag: a.header.Get("ETag")}
	err = decodeBody(body, func(r *reader) {
		r.answer(&update.Extra, func(name []byte) bool {
			switch string(name) {
			case "contacts", "blocklist", "groups", "count":
				r.skip()
			case "scope":
				text(r, &update.Scope)
			default:
				return false
			}
			return true
		})
	})
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(update.Scope, "full") {
		prev = &Roster{}
	}
	update.ETag = cmp.Or(update.ETag, prev.ETag)
	if known := maps.Clone(prev.Extra); known != nil {
		maps.Copy(known, update.Extra)
		update.Extra = known
	}
	contacts := newMerger(prev.Contacts, func(c *Contact) string { return c.MRI.key() })
	blocked := newMerger(prev.Blocked, func(b *BlockedUser) string { return b.MRI.key() })
	groups := newMerger(prev.Groups, func(g *Group) string { return strings.ToLower(g.ID) })
	update.Skipped = slices.Clone(prev.Skipped)
	err = decodeBody(body, func(r *reader) {
		r.answer(new(Extra), func(name []byte) bool {
			switch string(name) {
			case "contacts":
				merge(r, "contacts", contacts, &update.Skipped, readContact, (*Contact).forUpdate)
			case "blocklist":
				merge(r, "blocklist", blocked, &update.Skipped, readBlocked, (*BlockedUser).forUpdate)
			case "groups":
				merge(r, "groups", groups, &update.Skipped, readGroup, (*Group).forUpdate)
			default:
				r.skip()
			}
			return true
		})
	})
	if err != nil {
		return nil, err
	}
	update.Contacts, update.Blocked, update.Groups = contacts.list(), blocked.list(), groups.list()
	return &update, nil
}
