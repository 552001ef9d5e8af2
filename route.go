package skypecontacts

import (
	"math"
	"net/http"
	"net/url"
	"strings"
)

const maxSmallBody = 1 << 20

const maxURL = 8 << 10

const streamAllowance = 64 // times WithMaxBody, for an answer that is not kept

// route is one operation of the service. All of them are package-level values
// made with register, so that tests can walk them.
type route struct {
	op      string // the method of Client
	service service
	method  string
	path    string // template: {mri} stands for an identifier with its prefix, {id} for one without
	large   bool   // the answer is a list
	empty   bool   // a success need not say anything
	cached  bool   // 304 is a success: nothing has changed
	stream  bool   // the answer is read as it arrives
}

var routes []*route

func register(r route) *route {
	routes = append(routes, &r)
	return &r
}

// writes reports whether the operation changes anything on the server.
func (r *route) writes() bool { return r.empty }

// repeatable reports whether the operation may be sent again when an earlier
// request may have arrived. A second PUT or DELETE finds its work done; of a
// second POST nobody knows what it does.
func (r *route) repeatable() bool { return r.method != http.MethodPost }

func (r *route) limit(c *Client) int64 {
	switch {
	case r.stream:
		return min(c.maxBody, math.MaxInt64/streamAllowance) * streamAllowance
	case r.large:
		return c.maxBody
	default:
		return min(c.maxBody, maxSmallBody)
	}
}

// request is what one call puts into its route.
type request struct {
	params []string // for the placeholders of the path, in order
	query  url.Values
	header http.Header
	json   any        // body, or
	form   url.Values // body
}

// failure is the error of a call that fails for a reason other than one request.
func (r *route) failure(err error) error {
	return &Error{Op: r.op, Method: r.method, Route: r.path, err: err}
}

// expand puts the parameters into a path template, each as exactly one segment.
func expand(template string, params []string) (string, error) {
	var path strings.Builder
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
			path.WriteString(segment(string(id)))
		case "{id}":
			path.WriteString(segment(id.ID()))
		}
		params = params[1:]
	}
	return path.String(), nil
}

// segment escapes an identifier that [ParseMRI] let pass. The plus sign and the
// at sign need no escape by the standard, but the service's own client has one.
func segment(id string) string {
	return strings.NewReplacer("+", "%2B", "@", "%40").Replace(url.PathEscape(id))
}

// encodeForm is url.Values.Encode but for the brackets in names, which every
// client sends as they are.
func encodeForm(form url.Values) string {
	return strings.ReplaceAll(form.Encode(), "%5B%5D=", "[]=")
}
