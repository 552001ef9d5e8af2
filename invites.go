package skypecontacts

import (
	"context"
	"net/http"
	"time"
)

var listInvites = register(route{op: "ListInvites", service: contactsService, method: http.MethodGet, path: "/users/{id}/invites", large: true})

var sendInvite = register(route{op: "SendInvite", service: contactsService, method: http.MethodPost, path: "/users/{id}/contacts", empty: true})

var acceptInvite = register(route{op: "AcceptInvite", service: contactsService, method: http.MethodPut, path: "/users/{id}/invites/{mri}/accept", empty: true})

var declineInvite = register(route{op: "DeclineInvite", service: contactsService, method: http.MethodPut, path: "/users/{id}/invites/{mri}/decline", empty: true})

// InviteList is the answer to [Client.ListInvites].
type InviteList struct {
	Invites []Invite      `json:"invites,omitzero"`
	Skipped []SkippedItem `json:"skipped,omitzero"`
	Extra   Extra         `json:"extra,omitzero"`
}

// Invite is somebody's wish to be a contact.
type Invite struct {
	From        MRI    `json:"from,omitzero"`
	DisplayName string `json:"display_name,omitzero"`
	AvatarURL   string `json:"avatar_url,omitzero"`
	// Greeting is the text of the invite: its own, or else that of the latest
	// of Messages that has one.
	Greeting string          `json:"greeting,omitzero"`
	Messages []InviteMessage `json:"messages,omitzero"` // in the service's order, which is not that of time
	Extra    Extra           `json:"extra,omitzero"`
}

// InviteMessage is one of the times somebody asked.
type InviteMessage struct {
	Text string    `json:"text,omitzero"`
	Time time.Time `json:"time,omitzero"`
}

// ListInvites returns the invites that wait for an answer. None waiting is an
// empty list. There is no list of the invites one has sent.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}/invites.
//
// Source: SkPy's protocol notes and recordings of several clients. Sure of the
// fields.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure. The official
// client asked once a minute; asking more than every two minutes was seen to run
// into the rate limit.
func (c *Client) ListInvites(ctx context.Context) (*InviteList, error) {
	return do(ctx, c, listInvites, request{params: []string{c.userID()}}, func(in *reader, l *InviteList) {
		in.answer(&l.Extra, func(name []byte) bool {
			if string(name) != "invite_list" {
				return false
			}
			l.Invites = entries(in, "invite_list", &l.Skipped, readInvite)
			return true
		})
	})
}

// SendInvite asks an account to become a contact, with a greeting that may be
// empty. Bots and telephone numbers are authorized at once. Sending again to
// somebody who has not answered yet sends a second message.
//
// Route: POST contacts.skype.com/contacts/v2/users/{id}/contacts.
//
// Source: SkPy's protocol notes; clients maintained in 2026 call it. The status
// of a success was not recorded; any of 200, 201, 202, 204 and 207 is taken.
//
// Errors: [ErrInvalid], [ErrNotFound] when there is no such account,
// [ErrUnauthorized], [ErrForbidden], [ErrConflict], [ErrRateLimited],
// [ErrUnavailable], [ErrDecode]. Never sent again once it may have arrived: when
// [Error.MaybeApplied] is true, look before you repeat it.
func (c *Client) SendInvite(ctx context.Context, to MRI, greeting string) error {
	to, err := ParseMRI(string(to))
	if err != nil {
		return sendInvite.failure(err)
	}
	return c.send(ctx, sendInvite, request{params: []string{c.userID()}, json: inviteBody{to, greeting}})
}

type inviteBody struct {
	MRI      MRI    `json:"mri"`
	Greeting string `json:"greeting"`
}

// AcceptInvite accepts an invite: both sides are then authorized, and what waits
// in [Client.ListInvites] from that account is settled.
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/invites/{mri}/accept.
//
// Source: SkPy's protocol notes; a client maintained in 2026 calls it. Answers of
// 403 without any effect were reported from 2018 to 2024.
//
// Errors: [ErrInvalid], [ErrNotFound] when no such invite waits, [ErrForbidden],
// [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Repeated
// after a failure, since accepting twice changes nothing more; an [ErrNotFound]
// with [Error.MaybeApplied] probably means that an earlier attempt was heard.
func (c *Client) AcceptInvite(ctx context.Context, from MRI) error {
	return c.send(ctx, acceptInvite, request{params: []string{c.userID(), string(from)}})
}

// DeclineInvite declines an invite. The other side is not told.
//
// Route: PUT contacts.skype.com/contacts/v2/users/{id}/invites/{mri}/decline.
//
// Source: as for [Client.AcceptInvite].
//
// Errors: as for [Client.AcceptInvite], and repeated like it.
func (c *Client) DeclineInvite(ctx context.Context, from MRI) error {
	return c.send(ctx, declineInvite, request{params: []string{c.userID(), string(from)}})
}

func readInvite(r *reader, i *Invite) {
	r.owner(&i.Extra, func(name []byte) bool {
		switch string(name) {
		case "mri":
			text(r, &i.From)
		case "displayname":
			text(r, &i.DisplayName)
		case "avatar_url":
			text(r, &i.AvatarURL)
		case "greeting":
			text(r, &i.Greeting)
		case "invites":
			objects(r, &i.Messages, InviteMessage{}, func(m *InviteMessage, name []byte) bool {
				switch string(name) {
				case "message":
					text(r, &m.Text)
				case "time":
					r.time(&m.Time)
				default:
					return false
				}
				return true
			})
		default:
			return false
		}
		return true
	})
	if i.Greeting == "" {
		var latest time.Time
		for _, m := range i.Messages {
			if m.Text != "" && (i.Greeting == "" || m.Time.After(latest)) {
				i.Greeting, latest = m.Text, m.Time
			}
		}
	}
	if i.From = qualify(string(i.From)); i.From == "" {
		r.fail(errNoIdentifier)
	}
}
