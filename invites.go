package skypecontacts

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

var (
	listInvites   = newRoute(route{op: "ListInvites", service: contactsService, method: http.MethodGet, path: "/users/{id}/invites", list: true})
	sendInvite    = newRoute(route{op: "SendInvite", service: contactsService, method: http.MethodPost, path: "/users/{id}/contacts", write: true})
	acceptInvite  = newRoute(route{op: "AcceptInvite", service: contactsService, method: http.MethodPut, path: "/users/{id}/invites/{mri}/accept", write: true})
	declineInvite = newRoute(route{op: "DeclineInvite", service: contactsService, method: http.MethodPut, path: "/users/{id}/invites/{mri}/decline", write: true})
)

// InviteList is the result of [Client.ListInvites].
type InviteList struct {
	Invites []Invite      `json:"invites,omitzero"`
	Skipped []SkippedItem `json:"skipped,omitzero"`
	Extra   Extra         `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (i InviteList) LogValue() slog.Value { return slog.StringValue(redacted) }

// Invite is a pending contact request.
type Invite struct {
	From        MRI    `json:"from,omitzero"`
	DisplayName string `json:"display_name,omitzero"`
	AvatarURL   string `json:"avatar_url,omitzero"`
	// Greeting is the text of the invite, or else the text of the latest of
	// Messages that has one.
	Greeting string          `json:"greeting,omitzero"`
	Messages []InviteMessage `json:"messages,omitzero"` // in the order of the response, which is not chronological
	Extra    Extra           `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (i Invite) LogValue() slog.Value { return slog.StringValue(redacted) }

// InviteMessage is one message of an invite that was sent several times.
type InviteMessage struct {
	Text string    `json:"text,omitzero"`
	Time time.Time `json:"time,omitzero"`
}

// LogValue returns "[redacted]".
func (i InviteMessage) LogValue() slog.Value { return slog.StringValue(redacted) }

// ListInvites returns the invites that were neither accepted nor declined. An empty
// list means that there are none. The service has no list of sent invites.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/invites.
//
// Source: SkPy's protocol notes and recordings of several clients. Sure of the
// fields.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure. The official
// client polled once a minute; polling more often than every two minutes was seen to
// exceed the rate limit.
func (c *Client) ListInvites(ctx context.Context) (*InviteList, error) {
	return fetch(ctx, c.core, listInvites, callArgs{params: []string{c.self()}}, readInviteList)
}

// SendInvite asks an account to become a contact, with a greeting that may be
// empty. Bots and telephone numbers are authorized at once; a telephone number is
// added without greeting. An e-mail address is no Skype name: find the account with
// [Client.SearchDirectory]. A second invite to an
// account that has not accepted yet sends a second message.
//
// Route: POST contacts.skype.com/contacts/v2/users/{id}/contacts.
//
// Source: SkPy's protocol notes; clients maintained in 2026 call it. The status
// of a success was not recorded; 200, 201, 202, 204 and 207 are accepted. The body
// for telephone numbers is that of the official web client.
//
// Errors: [ErrInvalid], also for an e-mail address, [ErrNotFound] when there is no such account,
// [ErrUnauthorized], [ErrForbidden], [ErrConflict], [ErrRateLimited],
// [ErrUnavailable], [ErrDecode]. Never sent again once it may have arrived: when
// [Error.MaybeApplied] is true, check before repeating the call.
func (c *Client) SendInvite(ctx context.Context, to MRI, greeting string) error {
	to, err := ParseMRI(string(to))
	if err == nil && to.Kind() == KindSkype && strings.Contains(to.ID(), "@") {
		err = errMailAddress
	}
	if err != nil {
		return sendInvite.wrap(err)
	}
	args := callArgs{params: []string{c.self()}, json: inviteBody{to, greeting}}
	if to.Kind() == KindPhone {
		args.json = phoneInviteBody{MRI: to, Phones: []invitePhone{{Type: PhoneOther, Number: to.ID()}}}
	}
	return send(ctx, c.core, sendInvite, args)
}

var errMailAddress = fmt.Errorf("%w: an e-mail address is no Skype name; find the account with SearchDirectory", ErrInvalid)

type inviteBody struct {
	MRI      MRI    `json:"mri"`
	Greeting string `json:"greeting"`
}

type phoneInviteBody struct {
	MRI        MRI           `json:"mri"`
	Phones     []invitePhone `json:"phones"`
	SendInvite bool          `json:"send_invite"` // always false
}

type invitePhone struct {
	Type   PhoneType `json:"type"`
	Number string    `json:"number"`
}

// AcceptInvite accepts an invite: both sides are then authorized, and
// [Client.ListInvites] no longer has an invite of that account.
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/invites/{mri}/accept.
//
// Source: SkPy's protocol notes; a client maintained in 2026 calls it. Responses
// of 403 without any effect were reported from 2018 to 2024.
//
// Errors: [ErrInvalid], [ErrNotFound] when there is no such invite, [ErrForbidden],
// [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Repeated
// after a failure, since accepting twice changes nothing more; [ErrNotFound] with
// [Error.MaybeApplied] probably means that an earlier attempt succeeded.
func (c *Client) AcceptInvite(ctx context.Context, from MRI) error {
	return send(ctx, c.core, acceptInvite, callArgs{params: []string{c.self(), string(from)}})
}

// DeclineInvite declines an invite. The sender is not notified.
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/invites/{mri}/decline.
//
// Source: as for [Client.AcceptInvite].
//
// Errors: as for [Client.AcceptInvite], and repeated like it.
func (c *Client) DeclineInvite(ctx context.Context, from MRI) error {
	return send(ctx, c.core, declineInvite, callArgs{params: []string{c.self(), string(from)}})
}

func readInviteList(r *reader, l *InviteList) {
	for name := range r.document(&l.Extra) {
		if string(name) == "invite_list" {
			l.Invites = readEntries(r, "invite_list", &l.Skipped, readInvite)
		}
	}
}

func readInvite(r *reader, i *Invite) {
	for name := range r.members(&i.Extra) {
		switch string(name) {
		case "mri":
			readString(r, &i.From)
		case "displayname":
			readString(r, &i.DisplayName)
		case "avatar_url":
			readString(r, &i.AvatarURL)
		case "greeting":
			readString(r, &i.Greeting)
		case "invites":
			readInviteMessages(r, &i.Messages)
		}
	}
	if i.Greeting == "" {
		i.Greeting = latestText(i.Messages)
	}
	if i.From = qualifyMRI(string(i.From)); i.From == "" {
		r.fail(errNoIdentifier)
	}
}

func readInviteMessages(r *reader, messages *[]InviteMessage) {
	for m := range readObjects(r, messages, new(sharedLists[InviteMessage]), InviteMessage{}) {
		for name := range r.members(nil) {
			switch string(name) {
			case "message":
				readString(r, &m.Text)
			case "time":
				readTime(r, &m.Time)
			}
		}
	}
}

// latestText returns the text of the latest message that has one.
func latestText(messages []InviteMessage) (text string) {
	var latest time.Time
	for _, m := range messages {
		if m.Text != "" && (text == "" || m.Time.After(latest)) {
			text, latest = m.Text, m.Time
		}
	}
	return text
}
