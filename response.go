package skypecontacts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxExcerpt = 512
	maxHead    = 8 << 10 // more than the excerpt, so that no part of a token is left at its end
)

// response is a response with a success status while its body arrives.
type response struct {
	status int
	header http.Header
	body   *boundedBody // decompressed
	size   int64        // in bytes, -1 if unknown
	isJSON bool         // Content-Type is JSON or absent
	limit  int64        // of the body, in bytes
	memory int64        // taken by what was decoded so far, in bytes

	interrupted func() error // the error of the context, nil while the call lasts
}

// continuationHeader is the token of the next page, in responses and requests.
const continuationHeader = "X-Skype-Continuation-Token"

// maxPages limits a list that is sent in pages.
const maxPages = 1000

// pageTokens are the continuation tokens of a list. It keeps their hashes, since a
// server may send long ones.
type pageTokens map[[sha256.Size]byte]struct{}

// add fails if a page has the token of an earlier one, which would go on for ever.
func (p pageTokens) add(token string) error {
	sum := sha256.Sum256([]byte(token))
	if _, known := p[sum]; known {
		return errRepeatedPages
	}
	p[sum] = struct{}{}
	if len(p) >= maxPages {
		return decodeError("the list has too many pages")
	}
	return nil
}

const errRepeatedPages = decodeError("the pages repeat themselves")

const errUnaskedNotModified = decodeError("304 to a request without an ETag")

// errUnexpectedPage is the error of a list of which the rest is on further pages.
const errUnexpectedPage = decodeError("the response is one of several pages")

// decode decodes a document that was received completely.
func (resp *response) decode(body []byte, read func(*reader)) error {
	return resp.decodeWith(newBodyReader(bytes.TrimPrefix(body, byteOrderMark)), read)
}

// decodeDocument decodes the body, that of a long list while it arrives.
func (resp *response) decodeDocument(isList bool, read func(*reader)) error {
	isShort := 0 <= resp.size && resp.size <= readAhead
	if isList && !isShort && resp.isJSON {
		return resp.decodeStream(read)
	}
	body, err := resp.readDocument()
	if err != nil {
		return err
	}
	return resp.decode(body, read)
}

func (resp *response) decodeStream(read func(*reader)) error {
	window := newWindowReader(resp.body, maxHeldBytes)
	r := newStreamReader(window)
	r.size = min(resp.size, resp.body.left) // a server may name any
	err := resp.decodeWith(r, read)
	if r.broken && window.err != nil {
		return window.err
	}
	return err
}

func (resp *response) decodeWith(r *reader, read func(*reader)) error {
	r.interrupted = resp.interrupted
	limit := max(r.memory, min(resp.limit, math.MaxInt64/memoryFactor)*memoryFactor)
	r.memory = limit - resp.memory
	read(r)
	r.end()
	resp.memory = limit - r.memory
	return r.err
}

// readDocument returns the whole body, nil if it is empty.
func (resp *response) readDocument() ([]byte, error) {
	body, err := resp.body.readAll(resp.size)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(body)) == 0:
		return nil, nil
	case !resp.isJSON:
		return nil, errNotJSON
	}
	return body, nil
}

const errNotJSON = decodeError("the Content-Type of the response is not JSON")

// errProblemJSON is replaced by what the body of such a response says.
const errProblemJSON = decodeError("the response is application/problem+json")

// mediaProblem is what the frameworks of servers send, also for a path without a
// handler.
const mediaProblem = "application/problem+json"

// mediaType returns the Content-Type without parameters, in lower case.
func mediaType(header http.Header) string {
	media, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return lowerASCII(strings.TrimSpace(media))
}

// isJSONType reports whether a media type is JSON or absent. The page of a captive
// portal is neither.
func isJSONType(media string) bool {
	switch media {
	case "", "application/json", "text/json", "text/plain":
		return true
	}
	return strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// boundedBody reads a body up to a limit. It records the beginning of the body and
// the error that ended it. For a stream it limits how long the server may take for
// one entry, or for progressBytes of other content.
type boundedBody struct {
	from  io.Reader
	left  int64
	head  []byte
	err   error // other than io.EOF
	timer *time.Timer

	idleTimeout time.Duration // of a stream; 0: the attempt timeout applies
	waited      time.Duration // since the last progress of a stream, in reads alone
	idleBytes   int           // read since then
}

const progressBytes = 64 << 10

// progress gives the server the whole timeout for the next entry of a stream.
func (b *boundedBody) progress() { b.waited, b.idleBytes = 0, 0 }

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.readLimited(p)
	if room := maxHead - len(b.head); room > 0 {
		b.head = append(b.head, p[:min(n, room)]...)
	}
	return n, err
}

func (b *boundedBody) readLimited(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left+1] // one more, to see whether the limit is exceeded
	}
	n, err := b.readInTime(p)
	if int64(n) > b.left {
		n, err = int(b.left), ErrTooLarge
	}
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// readInTime reads once. The timer of a stream runs only in here, not while its
// entries are used.
func (b *boundedBody) readInTime(p []byte) (int, error) {
	if b.idleTimeout == 0 {
		return b.from.Read(p)
	}
	b.timer.Reset(b.idleTimeout - b.waited)
	start := time.Now()
	n, err := b.from.Read(p)
	b.timer.Stop()
	b.waited += time.Since(start)
	if b.idleBytes += n; b.idleBytes >= progressBytes {
		b.progress()
	}
	return n, err
}

// cause returns why a body was not decoded, if err is what its decoder says.
func (b *boundedBody) cause(attempt context.Context, err error) error {
	switch {
	case b.err == ErrTooLarge:
		return b.err
	case b.err != nil:
		return networkCause(attempt, b.err)
	case err != nil && err == attempt.Err(): // the decoder looks at the context too
		return networkCause(attempt, err)
	default:
		return err
	}
}

// readAll reads to the end. The buffer begins with room for size bytes, or some if
// size is negative, and never has much more than the limit.
func (b *boundedBody) readAll(size int64) (body []byte, err error) {
	if size < 0 {
		size = bytes.MinRead
	}
	body = make([]byte, 0, min(size, maxSmallBody)+1) // one more, to see the end
	defer func() { b.head = body[:min(len(body), maxHead)] }()
	for {
		if len(body) == cap(body) {
			body = append(make([]byte, 0, min(2*int64(cap(body))+1, int64(len(body))+min(b.left, math.MaxInt32)+1)), body...)
		}
		n, err := b.readLimited(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return body, err
		}
	}
}

// cutExcerpt returns the beginning of a body as valid UTF-8.
func cutExcerpt(body string) string {
	body = strings.ToValidUTF8(body[:min(len(body), maxExcerpt+utf8.UTFMax)], "\uFFFD")
	if len(body) <= maxExcerpt {
		return body
	}
	end := maxExcerpt
	for !utf8.RuneStart(body[end]) {
		end--
	}
	return body[:end]
}

// withoutToken replaces the token in a text, and what may be its beginning: 8 of its
// characters, or 4 at the end of the text, where it was cut.
func withoutToken(text string, token Token) string {
	value := registrationValue(token.Value())
	if value == "" {
		return text
	}
	var clean strings.Builder
	for text != "" {
		length, matched := matchToken(text, value)
		if matched >= min(8, len(value)) || matched >= 4 && length == len(text) {
			clean.WriteString(redacted)
		} else {
			length = 1
			clean.WriteByte(text[0])
		}
		text = text[length:]
	}
	return clean.String()
}

// matchToken returns how many characters of a token a text begins with, and the length
// of that part of the text. The characters may be escaped as in a JSON string.
func matchToken(text, token string) (length, matched int) {
	for matched < len(token) && length < len(text) {
		c, size := text[length], 1
		switch rest := text[length:]; {
		case len(rest) >= 6 && strings.HasPrefix(rest, `\u00`):
			code, err := strconv.ParseUint(rest[4:6], 16, 8)
			if err != nil {
				return length, matched
			}
			c, size = byte(code), 6
		case len(rest) >= 2 && rest[0] == '\\':
			c, size = rest[1], 2
		}
		if c != token[matched] {
			break
		}
		length, matched = length+size, matched+1
	}
	return length, matched
}

// requestIDOf returns the service's identifier of the request, if it has the form
// of one. A server may send the token or a telephone number there instead.
func requestIDOf(header http.Header, token Token) string {
	const digits = "0123456789-"
	for _, name := range [...]string{"X-Skype-Request-Id", "X-Stratus-Request-Id"} {
		id := header.Get(name)
		if id == "" {
			continue
		}
		value := registrationValue(token.Value())
		switch {
		case len(id) > 64 || strings.Trim(lowerASCII(id), digits+"abcdefghijklmnopqrstuvwxyz") != "":
		case strings.Trim(id, digits) == "" && len(id) >= 7: // as long as a telephone number
		case strings.Contains(value, id) && len(id) >= 7, strings.Contains(id, value): // of the token
		default:
			return id
		}
	}
	return ""
}
