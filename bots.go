package skypecontacts

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

var (
	listBots = register(route{op: "ListBots", service: botsService, method: http.MethodGet, path: "/agents", large: true})
	getBot   = register(route{op: "GetBot", service: botsService, method: http.MethodGet, path: "/agents"})
)

// Bot is what the directory of bots says about one of them.
type Bot struct {
	ID           string   `json:"id,omitzero"`   // a name or a UUID, without prefix
	Type         string   `json:"type,omitzero"` // "Participant"
	DisplayName  string   `json:"display_name,omitzero"`
	Description  string   `json:"description,omitzero"`
	Developer    string   `json:"developer,omitzero"`
	Footer       string   `json:"footer,omitzero"` // HTML, as the service sent it
	Website      string   `json:"website,omitzero"`
	TermsURL     string   `json:"terms_url,omitzero"`
	PrivacyURL   string   `json:"privacy_url,omitzero"`
	Trusted      bool     `json:"trusted,omitzero"`
	Rating       float64  `json:"rating,omitzero"` // stars, 0 to 5; 0 if there is none
	Locales      []string `json:"locales,omitzero"`
	Capabilities []string `json:"capabilities,omitzero"` // such as "im.send"
	Tiles        BotTiles `json:"tiles,omitzero"`
	Extra        Extra    `json:"extra,omitzero"`
}

// MRI is the identifier by which the bot is a contact.
func (b *Bot) MRI() MRI { return MRI("28:" + b.ID) }

// BotTiles are the addresses of a bot's picture in several sizes.
type BotTiles struct {
	Small      string `json:"small,omitzero"`
	Medium     string `json:"medium,omitzero"`
	Large      string `json:"large,omitzero"`
	ExtraLarge string `json:"extra_large,omitzero"`
	Static     string `json:"static,omitzero"`
}

// BotList is the answer to [Client.ListBots].
type BotList struct {
	Bots []Bot `json:"bots,omitzero"`
	// ContinuationToken was seen only as null. If there is one, the list may
	// have more; where to send it is not known.
	ContinuationToken string        `json:"continuation_token,omitzero"`
	Skipped           []SkippedItem `json:"skipped,omitzero"`
	Extra             Extra         `json:"extra,omitzero"`
}

// ListBots returns the directory of bots.
//
// Route: GET api.aps.skype.com/v1/agents.
//
// Source: SkPy's protocol notes and the official web client of 2018. Sure of the
// fields. An empty answer means that there are none for this account.
//
// Errors: [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode].
// Repeated after a failure.
func (c *Client) ListBots(ctx context.Context) (*BotList, error) {
	return do(ctx, c, listBots, request{}, readBotList)
}

// GetBot returns one bot by its name or UUID, with or without "28:" before it.
//
// Route: GET api.aps.skype.com/v1/agents?agentId={id}.
//
// Source: SkPy's protocol notes and the official web client of 2018.
//
// Errors: [ErrInvalid], [ErrNotFound] when the service knows no such bot, which it
// says by an empty list, [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) GetBot(ctx context.Context, id string) (*Bot, error) {
	mri, err := ParseMRI(id)
	if err != nil {
		return nil, getBot.failure(err)
	}
	return do(ctx, c, getBot, request{query: url.Values{"agentId": {mri.ID()}}},
		func(in *reader, b *Bot) { readOneBot(in, b, mri.ID()) })
}

func readOneBot(r *reader, b *Bot, id string) {
	var list BotList
	readBotList(r, &list)
	for _, candidate := range list.Bots {
		if strings.EqualFold(candidate.ID, id) {
			*b = candidate
			return
		}
	}
	r.end() // an answer with something behind it says nothing about the bot
	if len(list.Skipped) > 0 {
		r.fail(list.Skipped[0].Err)
	}
	r.fail(ErrNotFound)
}

func readBotList(r *reader, l *BotList) {
	r.answer(&l.Extra, func(name []byte) bool {
		switch string(name) {
		case "agentDescriptions":
			l.Bots = entries(r, "agentDescriptions", &l.Skipped, readBot)
		case "continuationToken":
			text(r, &l.ContinuationToken)
		default:
			return false
		}
		return true
	})
}

func readBot(r *reader, b *Bot) {
	r.owner(&b.Extra, func(name []byte) bool {
		switch string(name) {
		case "agentId":
			text(r, &b.ID)
		case "agentType":
			text(r, &b.Type)
		case "displayName":
			text(r, &b.DisplayName)
		case "description":
			text(r, &b.Description)
		case "developer":
			text(r, &b.Developer)
		case "extra":
			text(r, &b.Footer)
		case "webpage":
			text(r, &b.Website)
		case "tos":
			text(r, &b.TermsURL)
		case "privacyStatement":
			text(r, &b.PrivacyURL)
		case "isTrusted":
			r.boolean(&b.Trusted)
		case "starRating":
			number(r, &b.Rating)
		case "supportedLocales":
			texts(r, &b.Locales)
		case "capabilities":
			texts(r, &b.Capabilities)
		case "userTileSmallUrl":
			text(r, &b.Tiles.Small)
		case "userTileMediumUrl":
			text(r, &b.Tiles.Medium)
		case "userTileLargeUrl":
			text(r, &b.Tiles.Large)
		case "userTileExtraLargeUrl":
			text(r, &b.Tiles.ExtraLarge)
		case "userTileStaticUrl":
			text(r, &b.Tiles.Static)
		default:
			return false
		}
		return true
	})
	b.ID = MRI(b.ID).ID()
	if b.ID == "" {
		r.fail(errNoIdentifier)
	}
}
