package skypecontacts

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxURL          = 8 << 10
	maxSmallBody    = 1 << 20 // of a response that is neither a list nor a picture
	maxPicture      = 4 << 20 // also of one that is sent
	streamAllowance = 64      // times WithMaxBody, for a response that is not held in memory
)

// route is one operation of the service. Every route is a package-level value made
// by newRoute, so that tests can walk all of them.
type route struct {
	op          string // the method of Client
	service     serviceID
	method      string
	path        string // template: {mri} stands for an identifier with its prefix, {id} for one without, {phone} for a Phone.ID
	list        bool   // the response is a list, up to WithMaxBody
	write       bool   // changes the server; its success may be empty
	once        bool   // a second PUT or DELETE may change more
	conditional bool   // 304 is a success
	stream      bool   // the response is decoded as it arrives
	picture     bool   // the response is a picture
}

var allRoutes []*route

func newRoute(r route) *route {
	allRoutes = append(allRoutes, &r)
	return &r
}

// repeatable reports whether the request may be sent again when an earlier one may
// have arrived. A second PUT or DELETE has no further effect, unless the route says so; a
// second POST may, unless it only reads.
func (r *route) repeatable() bool { return !r.write || r.method != http.MethodPost && !r.once }

// isGateway reports whether the route is one of the messenger gateway, which has its own
// token and moves accounts between hosts.
func (r *route) isGateway() bool { return r.service == messengerService }

// limit returns how many bytes a response may have after decompression.
func (r *route) limit(maxBody int64) int64 {
	switch {
	case r.stream:
		return min(maxBody, math.MaxInt64/streamAllowance) * streamAllowance
	case r.list:
		return maxBody
	case r.picture:
		return min(maxBody, maxPicture)
	default:
		return min(maxBody, maxSmallBody)
	}
}

// attemptTimeout limits one attempt, the time to read the response included. A stream is
// as long as it is: once its response has begun, this limits the wait for its next entry.
const attemptTimeout = 30 * time.Second

// attemptTimeout returns the limit for an attempt of a call with a timeout.
func (r *route) attemptTimeout(call time.Duration) time.Duration {
	if r.stream {
		return min(attemptTimeout, call)
	}
	return attemptTimeout
}

// callTimeout returns the limit for a call with a timeout. A stream has none: it lasts as
// long as its list.
func (r *route) callTimeout(timeout time.Duration) time.Duration {
	if r.stream {
		return math.MaxInt64
	}
	return timeout
}

// wrap returns an [*Error] for a failure that is not that of one request.
func (r *route) wrap(err error) error {
	return &Error{Op: r.op, Method: r.method, Route: r.path, err: err}
}

// callArgs are the arguments of one call of a route.
type callArgs struct {
	params []string // for the placeholders of the path, in order
	query  url.Values
	header http.Header
	json   any            // body, or
	form   url.Values     // body, or
	body   []byte         // with its Content-Type in header
	left   *time.Duration // of a timeout that several calls share; nil: the whole timeout
}

// requestPath returns the escaped path and query of a request below a base URL.
func (r *route) requestPath(base *url.URL, args callArgs) (string, error) {
	path, err := expandPath(r.path, args.params)
	if err != nil {
		return "", err
	}
	path = base.EscapedPath() + path
	if len(args.query) > 0 {
		path += "?" + args.query.Encode()
	}
	if len(base.Scheme)+len("://")+len(base.Host)+len(path) > maxURL {
		return "", fmt.Errorf("%w: the arguments make a URL of over %d bytes", ErrInvalid, maxURL)
	}
	return path, nil
}

// expandPath puts the parameters into a path template, each as exactly one segment.
func expandPath(template string, params []string) (string, error) {
	var path strings.Builder
	path.Grow(len(template)) // enough for most
	for part := range strings.SplitSeq(template[1:], "/") {
		path.WriteByte('/')
		if !strings.HasPrefix(part, "{") {
			path.WriteString(part)
			continue
		}
		id, err := ParseMRI(params[0])
		if err != nil {
			return "", err
		}
		switch part {
		case "{mri}":
			path.WriteString(escapeSegment(string(id)))
		case "{id}":
			path.WriteString(escapeSegment(id.ID()))
		case "{phone}":
			path.WriteString(escapeSegment(params[0])) // what ParseMRI accepts is one segment as it is
		}
		params = params[1:]
	}
	return path.String(), nil
}

// escapeSegment escapes an identifier that [ParseMRI] accepted. RFC 3986 does not
// require an escape of the plus sign and the at sign; the official client has one.
func escapeSegment(id string) string { return plusAndAt.Replace(url.PathEscape(id)) }

var plusAndAt = strings.NewReplacer("+", "%2B", "@", "%40")

// isPlainSegment reports whether s is one segment of a path for every server and proxy
// on the way.
func isPlainSegment(s string) bool {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~$"
	return s != "" && strings.Trim(s, plain) == "" && !isDotSegment(s)
}

// encodeForm is url.Values.Encode with the brackets in names unescaped, as every
// known client sends them.
func encodeForm(form url.Values) string {
	return strings.ReplaceAll(form.Encode(), "%5B%5D=", "[]=")
}
