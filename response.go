package skypecontacts

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxErrorBody = 64 << 10
	maxExcerpt   = 512
	maxHead      = 8 << 10 // more than the excerpt, so that no part of a token is left at its end
)

// response is a response with a success status while its body arrives.
type response struct {
	status int
	header http.Header
	body   *boundedBody // decompressed
	size   int64        // in bytes, -1 if unknown
	isJSON bool         // Content-Type is JSON or absent

	interrupted func() error // the error of the context, nil while the call lasts
}

// continuationHeader is the token of the next page, in responses and requests.
const continuationHeader = "X-Skype-Continuation-Token"

// errUnexpectedPage is the error of a list of which the rest is on further pages.
const errUnexpectedPage = decodeError("the response is one of several pages")

// decode decodes a document that was received completely.
func (resp *response) decode(body []byte, read func(*reader)) error {
	r := newBodyReader(bytes.TrimPrefix(body, byteOrderMark))
	r.interrupted = resp.interrupted
	read(r)
	r.end()
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
// the error that ended it. For a stream it restarts the timer for each read.
type boundedBody struct {
	from        io.Reader
	left        int64
	head        []byte
	err         error // other than io.EOF
	timer       *time.Timer
	idleTimeout time.Duration // between reads of a stream; 0: the attempt timeout applies
}

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
	if b.idleTimeout > 0 {
		b.timer.Reset(b.idleTimeout)
	}
	n, err := b.from.Read(p)
	if b.idleTimeout > 0 {
		b.timer.Stop()
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
			body = append(make([]byte, 0, min(2*int64(cap(body))+1, int64(len(body))+b.left+1)), body...)
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

// requestIDOf returns the service's identifier of the request, if it has the form
// of one. A server may send the token or a telephone number there instead.
func requestIDOf(header http.Header, token Token) string {
	const digits = "0123456789-"
	value := registrationValue(token.Value())
	for _, name := range []string{"X-Skype-Request-Id", "X-Stratus-Request-Id"} {
		id := header.Get(name)
		switch {
		case id == "" || len(id) > 64 || strings.Trim(lowerASCII(id), digits+"abcdefghijklmnopqrstuvwxyz") != "":
		case strings.Trim(id, digits) == "" && len(id) >= 7: // as long as a telephone number
		case strings.Contains(value, id) && len(id) >= 7, strings.Contains(id, value): // of the token
		default:
			return id
		}
	}
	return ""
}
