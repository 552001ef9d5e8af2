package skypecontacts

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Call describes a call of a route for which [Client] has no method.
type Call struct {
	Service string // the field of [Endpoints], such as "Messenger"
	Method  string // GET, POST, PUT or DELETE
	// Path is the path below the base URL of the service, such as
	// "/users/SELF/contacts/{mri}". In place of {mri} goes an identifier with its prefix,
	// in place of {id} one without. Path is in errors and logs, so that identifiers
	// belong into IDs. All else in it is letters, digits, and the signs - . _ ~ $.
	Path  string
	IDs   []MRI // for the placeholders, in that order
	Query url.Values

	JSON any        // body, encoded as by encoding/json/v2; nil: none
	Form url.Values // body, in place of JSON

	// ReadOnly says of a POST that it changes nothing, so that it is repeated after a
	// failure.
	ReadOnly bool
}

// LogValue returns "[redacted]".
func (Call) LogValue() slog.Value { return slog.StringValue(redacted) }

// Do calls a route for which the client has no method, with the same guard, retries,
// limits, errors and logs as every method. The token goes to the service's host only,
// below its base URL; what would lead elsewhere is [ErrInvalid] and not sent.
//
// The JSON document of the response is decoded into the value to which into points, as
// by encoding/json/v2: the names of members match exactly, and a member that occurs
// twice is an error. If the call fails, the value may be changed in part. If into is
// nil, the response must not report a failure, and nothing else of it is used. The
// response to a change may be empty, which leaves the value as it is.
//
// A response under 200 is a failure if its members error or errorCode report one, or a
// code in status or message; or a text in status or message, if there is no other
// member.
//
// Errors: [ErrInvalid], [ErrNoRegistrationToken] for the messenger gateway,
// [ErrUnauthorized], [ErrForbidden], [ErrNotFound], [ErrConflict], [ErrRedirect],
// [ErrRateLimited], [ErrUnavailable], [ErrTooLarge], [ErrDecode]. Repeated after a
// failure, unless it is a POST without ReadOnly that may have arrived.
func (c *Client) Do(ctx context.Context, call Call, into any) error {
	r, err := call.route(into != nil)
	if err != nil {
		return r.wrap(err)
	}
	if v := reflect.ValueOf(into); into != nil && (v.Kind() != reflect.Pointer || v.IsNil()) {
		return r.wrap(fmt.Errorf("%w: into is not a pointer to a value", ErrInvalid))
	}
	params := make([]string, len(call.IDs))
	for i, id := range call.IDs {
		params[i] = string(id)
	}
	args := callArgs{params: params, query: call.Query, json: call.JSON, form: call.Form}
	if into == nil {
		return send(ctx, c.core, r, args)
	}
	return c.core.execute(ctx, r, args, func(resp *response) error { return resp.decodeInto(into, r.write) })
}

// route returns the route of the call. It is not nil if there is an error.
func (call Call) route(list bool) (*route, error) {
	r := &route{
		op: "Do", method: call.Method, path: call.Path, list: list,
		write: call.Method != http.MethodGet && !(call.Method == http.MethodPost && call.ReadOnly),
	}
	services := Endpoints{}.byService()
	at := slices.IndexFunc(services[:], func(e namedEndpoint) bool { return e.name == call.Service })
	r.service = serviceID(at)
	invalid := func(problem string) (*route, error) {
		r.method, r.path = "", "" // may be anything
		return r, fmt.Errorf("%w: %s", ErrInvalid, problem)
	}
	placeholders, ok := countPlaceholders(call.Path)
	switch {
	case at < 0:
		return invalid("Service is no field of Endpoints")
	case !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}, call.Method):
		return invalid("Method is not GET, POST, PUT or DELETE")
	case !ok:
		return invalid("Path is not a template of a path")
	case placeholders != len(call.IDs):
		return invalid("Path and IDs have different numbers of identifiers")
	case call.JSON != nil && call.Form != nil:
		return invalid("JSON and Form are both set")
	case call.Method == http.MethodGet && (call.JSON != nil || call.Form != nil):
		return invalid("GET has a body")
	case call.ReadOnly && call.Method != http.MethodPost:
		return invalid("ReadOnly is for POST")
	}
	return r, nil
}

// countPlaceholders returns how many placeholders a path template has. It reports
// false for what is no template: a segment must be a placeholder or a plain name. Only
// the last may be empty.
func countPlaceholders(template string) (count int, ok bool) {
	path, ok := strings.CutPrefix(template, "/")
	if !ok {
		return 0, false
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		switch {
		case segment == "{mri}" || segment == "{id}":
			count++
		case segment == "" && i == len(segments)-1:
		case !isPlainSegment(segment):
			return 0, false
		}
	}
	return count, true
}

// decodeInto decodes the response of [Client.Do].
func (resp *response) decodeInto(into any, mayBeEmpty bool) error {
	body, err := resp.readDocument()
	switch {
	case err != nil:
		return err
	case body == nil && mayBeEmpty:
		return nil
	case resp.header.Get(continuationHeader) != "":
		return errUnexpectedPage
	}
	if err := resp.decode(body, checkResponse); err != nil {
		return err
	}
	if nestingDepth(body) > maxDepth {
		return decodeError(fmt.Sprintf("nested deeper than %d", maxDepth))
	}
	return unmarshalJSON(body, into)
}

// checkResponse fails if a response of unknown members reports a failure.
func checkResponse(r *reader) {
	if r.kind() != '{' {
		r.skip()
		return
	}
	var codes, words failureReport
	other := false
	for name := range r.members(new(Extra)) {
		switch lowerASCII(string(name)) {
		case "error", "errorcode":
			codes.readMember(r, name)
		case "message", "status":
			words.readMember(r, name)
		default:
			other = other || r.kind() != 'n'
			r.skip()
		}
	}
	switch {
	case r.err != nil:
	case codes.isFailure():
		codes.setText(rankMessage, words.message)
		r.err = codes.asError()
	case words.isFailure() && (words.code != 0 || !other):
		r.err = words.asError()
	}
}
