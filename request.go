package skypecontacts

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
)

// newRequest returns what is the same in every attempt.
func (r *route) newRequest(base *url.URL, args callArgs) (out outgoingRequest, err error) {
	out.scheme, out.host = base.Scheme, base.Host
	if out.path, err = r.requestPath(base, args); err != nil {
		return out, err
	}
	out.pictureKey = args.query.Get("auth_key")
	if err := checkHeader(args.header); err != nil {
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

// checkHeader returns an error if a value holds characters that a header must not.
func checkHeader(header http.Header) error {
	for name, values := range header {
		for _, value := range values {
			if !isHeaderValue(value) {
				return fmt.Errorf("%w: %s is not a header value", ErrInvalid, name)
			}
		}
	}
	return nil
}

// newHeader returns the header of one attempt, without the token.
func (r *route) newHeader(userAgent string, args callArgs) http.Header {
	header := http.Header{"Accept": {"application/json; ver=1.0"}, "User-Agent": {userAgent}}
	maps.Copy(header, args.header)
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
	return header
}
