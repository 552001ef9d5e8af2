package skypecontacts

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

var (
	getAvatar       = newRoute(route{op: "GetAvatar", service: avatarService, method: http.MethodGet, path: "/avatars/{id}/public", picture: true, conditional: true})
	getAvatarByKey  = newRoute(route{op: "GetAvatar", service: avatarService, method: http.MethodGet, path: "/avatars/{id}", picture: true, conditional: true})
	setOwnAvatar    = newRoute(route{op: "SetOwnAvatar", service: avatarService, method: http.MethodPut, path: "/avatars/{id}", write: true})
	deleteOwnAvatar = newRoute(route{op: "DeleteOwnAvatar", service: avatarService, method: http.MethodDelete, path: "/avatars/{id}", write: true})
)

// Avatar is the picture of an account.
type Avatar struct {
	Data      []byte `json:"data,omitzero"`       // a whole file
	MediaType string `json:"media_type,omitzero"` // of Data, by its first bytes, such as "image/jpeg"
	ETag      string `json:"etag,omitzero"`       // of Data, empty if the service sent none
}

// LogValue returns "[redacted]".
func (a Avatar) LogValue() slog.Value { return slog.StringValue(redacted) }

// AvatarSize is one of the sizes of a picture. How many pixels they have was not
// recorded.
type AvatarSize string

// The sizes that clients ask for.
const (
	AvatarMedium AvatarSize = "m"
	AvatarLarge  AvatarSize = "l"
)

// AvatarOptions are the options of [Client.GetAvatar].
type AvatarOptions struct {
	// URL is the AvatarURL of the account's profile, for a picture that is not public. Its
	// auth_key is a secret: by its name, it gives access to the picture.
	URL  string
	Size AvatarSize // empty: the service decides
	// Previous is the result of an earlier call for the same account and size. If the
	// picture is still the same, it is the result again and no picture is sent.
	Previous *Avatar
}

// LogValue returns "[redacted]".
func (AvatarOptions) LogValue() slog.Value { return slog.StringValue(redacted) }

// GetAvatar returns the picture of a person, of at most 4 MiB, or of the limit of
// [WithMaxBody] if that is less. For a person without a picture [ErrNotFound] is expected:
// the request asks the service not to send its default picture. A picture that is not
// public probably needs [AvatarOptions.URL]. If the picture is still that of
// [AvatarOptions.Previous], the result is that pointer.
//
// No request is sent to [AvatarOptions.URL]. Only its auth_key is used, in a request to
// [Endpoints.Avatar]. It must be an address of this person's picture in a form that
// profiles have: avatar.skype.com/v1/avatars/{id}, with /public or an auth_key, or
// api.skype.com/users/{id}/profile/avatar, with https or http, or the same below
// [Endpoints.Avatar] or [Endpoints.API]. Any other is [ErrInvalid], such as that of a bot.
//
// Route: GET avatar.skype.com/v1/avatars/{id}/public; with the auth_key of a URL GET
// avatar.skype.com/v1/avatars/{id}?auth_key={key}.
//
// Source: undocumented. Both are from the official web client of 2016 to 2018, which made
// them of the addresses in profiles, go-skypeapi of 2020, and addresses in public pages,
// from which the sizes are too. Those clients get pictures without a token; this package
// sends it, as JavaSkype does to api.skype.com. Sure of the addresses. Not recorded are the
// status for a person without a picture or for a wrong auth_key, the header of a response,
// and whether the service sends an ETag.
//
// Errors: [ErrInvalid], also for what is not a person, such as a telephone number or a
// bot; [ErrNotFound], [ErrForbidden], [ErrUnauthorized], [ErrRateLimited],
// [ErrUnavailable], [ErrRedirect], [ErrTooLarge]; [ErrDecode] for what is no picture:
// JPEG, PNG, GIF, WebP, BMP or an icon. Repeated after a failure.
func (c *Client) GetAvatar(ctx context.Context, id MRI, opts AvatarOptions) (*Avatar, error) {
	r, query, err := c.core.avatarQuery(id, opts)
	if err != nil {
		return nil, getAvatar.wrap(err)
	}
	// Browsers, which is how clients get pictures, accept anything else as well.
	args := callArgs{params: []string{string(id)}, query: query, header: http.Header{"Accept": {"image/*,*/*;q=0.8"}}}
	if opts.Previous != nil && opts.Previous.ETag != "" {
		args.header["If-None-Match"] = []string{opts.Previous.ETag}
	}
	return fetchAvatar(ctx, c.core, r, args, opts.Previous)
}

// SetOwnAvatar makes a JPEG, PNG or GIF file of at most 4 MiB the picture of the own
// account. Which size and format the service makes of it was not recorded. It needs
// [WithUserID]: no client names the own account "self" here.
//
// Route: PUT avatar.skype.com/v1/avatars/{id}.
//
// Source: undocumented. From the official web client and SkPy of 2022, with two threads
// (SkPy 106, 189): the service responds with 400 without a Content-Type of a picture, and
// took other formats than JPEG. PUT api.skype.com/users/{id}/profile/avatar, which Miranda
// sends, is not used: one of the threads reports 404 for it.
//
// Errors: [ErrInvalid], also for what is no such picture and without [WithUserID];
// [ErrForbidden], [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode].
// Repeated after a failure.
func (c *Client) SetOwnAvatar(ctx context.Context, picture []byte) error {
	name, err := c.ownName()
	media := pictureType(picture)
	switch {
	case err != nil:
		return setOwnAvatar.wrap(err)
	case len(picture) > maxPicture || !slices.Contains([]string{"image/jpeg", "image/png", "image/gif"}, media):
		return setOwnAvatar.wrap(fmt.Errorf("%w: not a JPEG, PNG or GIF picture of at most %d bytes", ErrInvalid, maxPicture))
	}
	return send(ctx, c.core, setOwnAvatar, callArgs{params: []string{name}, body: picture, header: http.Header{"Content-Type": {media}}})
}

// DeleteOwnAvatar removes the picture of the own account. It needs [WithUserID], as
// [Client.SetOwnAvatar] does.
//
// Route: DELETE avatar.skype.com/v1/avatars/{id}.
//
// Source: undocumented. From the official web client alone. What the service responds if
// there is no picture was not recorded.
//
// Errors: [ErrInvalid], also without [WithUserID]; [ErrNotFound], [ErrForbidden],
// [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Repeated after a
// failure.
func (c *Client) DeleteOwnAvatar(ctx context.Context) error {
	name, err := c.ownName()
	if err != nil {
		return deleteOwnAvatar.wrap(err)
	}
	return send(ctx, c.core, deleteOwnAvatar, callArgs{params: []string{name}})
}

// ownName returns the own account for a route that knows nobody as "self".
func (c *Client) ownName() (string, error) {
	own := MRI(c.self())
	if !isPerson(own) || lowerASCII(own.ID()) == "self" {
		return "", fmt.Errorf("%w: the Skype name of the own account is needed, see WithUserID", ErrInvalid)
	}
	return string(own), nil
}

// avatarQuery returns the route and the query of a request for a picture.
func (c *core) avatarQuery(id MRI, opts AvatarOptions) (*route, url.Values, error) {
	query := url.Values{"returnDefaultImage": {"false"}, "cacheHeaders": {"true"}}
	switch opts.Size {
	case "":
	case AvatarMedium, AvatarLarge:
		query.Set("size", string(opts.Size))
	default:
		return nil, nil, fmt.Errorf("%w: there is no such AvatarSize", ErrInvalid)
	}
	if !isPerson(id) {
		return nil, nil, errNotAPerson
	}
	key, ok := c.avatarKey(opts.URL, id)
	switch {
	case !ok:
		return nil, nil, fmt.Errorf("%w: AvatarOptions.URL is not an address of this person's picture", ErrInvalid)
	case key == "":
		return getAvatar, query, nil
	}
	query.Set("auth_key", key)
	return getAvatarByKey, query, nil
}

// avatarKey returns the auth_key in the address of an account's picture, "" if it has
// none. It reports false for any other address.
func (c *core) avatarKey(address string, id MRI) (key string, ok bool) {
	if address == "" {
		return "", true
	}
	location, query, hasQuery := strings.Cut(address, "?")
	if !c.isAvatarOf(location, id) {
		return "", false
	}
	if !hasQuery {
		return "", true
	}
	for parameter := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		switch {
		case name == "cacheHeaders" || name == "returnDefaultImage" || name == "size":
		case name == "auth_key" && key == "" && isPlainSegment(value):
			key = value
		default:
			return "", false
		}
	}
	return key, true
}

// avatarForms are the forms of the address of a picture, below the base URL of a service.
var avatarForms = []struct {
	service       serviceID
	before, after string // the name of the account
}{
	{avatarService, "/avatars/", ""},
	{avatarService, "/avatars/", "/public"},
	{apiService, "/users/", "/profile/avatar"},
}

// isAvatarOf reports whether an address without its query is one of an account's picture.
// The official client took http for https.
func (c *core) isAvatarOf(location string, id MRI) bool {
	defaults := DefaultEndpoints().byService()
	for _, form := range avatarForms {
		recorded := defaults[form.service].address
		for _, base := range []string{recorded, strings.Replace(recorded, "https:", "http:", 1), c.base[form.service].String()} {
			rest, below := strings.CutPrefix(location, base+form.before)
			name, whole := strings.CutSuffix(rest, form.after)
			if below && whole && isNameOf(name, id) {
				return true
			}
		}
	}
	return false
}

// isNameOf reports whether a segment of a path is the name of a person, as it is or in a
// form in which clients escape it.
func isNameOf(segment string, id MRI) bool {
	name, err := url.PathUnescape(segment)
	return err == nil && MRI("8:"+name).Equal(id) && slices.ContainsFunc([]string{name, escapeSegment(name), url.QueryEscape(name)},
		func(form string) bool { return lowerASCII(form) == lowerASCII(segment) }) // hexadecimal digits may be in either case
}

// fetchAvatar makes a call whose response is a picture.
func fetchAvatar(ctx context.Context, c *core, r *route, args callArgs, previous *Avatar) (*Avatar, error) {
	var avatar *Avatar
	err := c.execute(ctx, r, args, func(resp *response) (err error) {
		switch {
		case resp.status != http.StatusNotModified:
			avatar, err = resp.readAvatar()
		case args.header.Get("If-None-Match") != "":
			avatar = previous
		default:
			err = errUnaskedNotModified
		}
		return err
	})
	if err != nil {
		return nil, err // also if the context ended after the last byte
	}
	return avatar, nil
}

const errNoPicture = decodeError("the response is not a picture")

// readAvatar reads a picture. JSON in its place may say why there is none.
func (resp *response) readAvatar() (*Avatar, error) {
	data, err := resp.body.readAll(resp.size)
	if err != nil {
		return nil, err
	}
	media, declared := pictureType(data), mediaType(resp.header)
	switch {
	case media != "" && (declared == "" || declared == "application/octet-stream" || strings.HasPrefix(declared, "image/")):
		return &Avatar{Data: data, MediaType: media, ETag: resp.header.Get("ETag")}, nil
	case resp.isJSON && len(bytes.TrimSpace(data)) > 0:
		return nil, cmp.Or(resp.decode(data, readReport), error(errNoPicture))
	default:
		return nil, errNoPicture
	}
}

// readReport reads a response of which no member but a report of failure belongs to it.
func readReport(r *reader) {
	for range r.document(new(Extra)) { // reads no member
	}
}

// pictureType returns the media type of a picture by its first bytes, "" for anything
// else.
func pictureType(data []byte) string {
	if media := http.DetectContentType(data); strings.HasPrefix(media, "image/") {
		return media
	}
	return ""
}
