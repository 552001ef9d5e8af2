package skypecontacts

import (
	"fmt"
	"net/http"
	"net/url"
)

// newRequest returns the request of every attempt, without the token.
func (r *route) newRequest(base *url.URL, userAgent string, args callArgs) (out outgoingRequest, err error) {
	out.method, out.permit = r.method, permit{scheme: base.Scheme, host: base.Host}
	if out.path, err = r.requestPath(base, args); err != nil {
		return out, err
	}
	out.pictureKey = args.query.Get("auth_key")
	if out.header, err = r.requestHeader(userAgent, args); err != nil {
		return out, err
	}
	switch {
	case args.json != nil:
		if out.body, err = marshalJSON(args.json); err != nil {
			return out, fmt.Errorf("%w: the body cannot be encoded as JSON, or its text is not valid UTF-8", ErrInvalid)
		}
	case args.form != nil:
		out.body = []byte(encodeForm(args.form))
	default:
		out.body = args.body
	}
	return out, nil
}

// requestHeader returns the header of every attempt, without the token.
func (r *route) requestHeader(userAgent string, args callArgs) (http.Header, error) {
	header := http.Header{"Accept": {"application/json; ver=1.0"}, "User-Agent": {userAgent}}
	for name, values := range args.header {
		for _, value := range values {
			if !isHeaderValue(value) {
				return nil, fmt.Errorf("%w: %s is not a header value", ErrInvalid, name)
			}
		}
		header[name] = values
	}
	switch {
	case args.form != nil:
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	case args.json != nil, r.method == http.MethodPut && args.body == nil:
		// Some hosts respond with 403 to a PUT of another type, also without a body.
		header.Set("Content-Type", "application/json")
	}
	if r.isGateway() {
		header.Set("BehaviorOverride", "redirectAs404")
	}
	return header, nil
}
