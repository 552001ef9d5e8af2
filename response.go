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
}

// document returns the whole body, nil if it is empty.
func (resp *response) document() ([]byte, error) {
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

// isJSONType reports whether a Content-Type is JSON or absent. The page of a
// captive portal is neither.
func isJSONType(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
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

// errorBody is what the body of an error response says.
type errorBody struct {
	code    int
	message string
}

// parseErrorBody parses all known shapes of error body: a status object, an
// errorCode with a message, a message alone, and a JSON document in the message of
// those. Other bodies have no code and no message.
func parseErrorBody(body []byte) (parsed errorBody) {
	for range 3 { // at most 3 levels of JSON inside a message string
		var level errorBody
		_ = decodeBody(body, level.readFrom) // an error body need not be complete
		if level.code != 0 {
			parsed.code = level.code
		}
		if level.message == "" {
			break
		}
		parsed.message, body = level.message, []byte(level.message)
	}
	return parsed
}

func (e *errorBody) readFrom(r *reader) {
	for name := range r.members(new(Extra)) {
		switch string(name) {
		case "errorCode":
			readNumber(r, &e.code)
		case "message":
			if r.kind() == '{' {
				e.message = string(r.value())
			} else {
				readString(r, &e.message)
			}
		case "status":
			status := readReportedFailure(r)
			e.code, e.message = status.code, status.message
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
// of one.
func requestIDOf(header http.Header) string {
	for _, name := range []string{"X-Skype-Request-Id", "X-Stratus-Request-Id"} {
		id := header.Get(name)
		if id != "" && len(id) <= 64 && strings.Trim(strings.ToLower(id), "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
			return id
		}
	}
	return ""
}
