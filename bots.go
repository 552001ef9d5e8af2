package skypecontacts

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
)

var (
	listBots = newRoute(route{op: "ListBots", service: botsService, method: http.MethodGet, path: "/agents", list: true})
	getBot   = newRoute(route{op: "GetBot", service: botsService, method: http.MethodGet, path: "/agents"})
)

// Bot is an entry of the directory of bots.
type Bot struct {
	ID           string   `json:"id,omitzero"`   // a name or a UUID, without prefix
	Type         string   `json:"type,omitzero"` // "Participant"
	DisplayName  string   `json:"display_name,omitzero"`
	Description  string   `json:"description,omitzero"`
	Developer    string   `json:"developer,omitzero"`
	Footer       string   `json:"footer,omitzero"` // HTML, as received
	Website      string   `json:"website,omitzero"`
	TermsURL     string   `json:"terms_url,omitzero"`
	PrivacyURL   string   `json:"privacy_url,omitzero"`
	Trusted      bool     `json:"trusted,omitzero"`
	Rating       float64  `json:"rating,omitzero"` // stars, 0 to 5; 0 if there is no rating
	Locales      []string `json:"locales,omitzero"`
	Capabilities []string `json:"capabilities,omitzero"` // such as "im.send"
	Disclosures  []string `json:"disclosures,omitzero"`  // such as "all.groups.messages", for a bot that reads all messages of a group
	Tiles        BotTiles `json:"tiles,omitzero"`
	Extra        Extra    `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (b Bot) LogValue() slog.Value { return slog.StringValue(redacted) }

// MRI returns the identifier of the bot as a contact.
func (b *Bot) MRI() MRI { return MRI("28:" + b.ID) }

// BotTiles are the URLs of a bot's picture in several sizes.
type BotTiles struct {
	Small      string `json:"small,omitzero"`
	Medium     string `json:"medium,omitzero"`
	Large      string `json:"large,omitzero"`
	ExtraLarge string `json:"extra_large,omitzero"`
	Static     string `json:"static,omitzero"`
}

// BotList is the result of [Client.ListBots].
type BotList struct {
	Bots []Bot `json:"bots,omitzero"`
	// ContinuationToken was seen only as null. A token may mean that there are more
	// bots; the request that returns them is not known.
	ContinuationToken string        `json:"continuation_token,omitzero"`
	Skipped           []SkippedItem `json:"skipped,omitzero"`
	Extra             Extra         `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (b BotList) LogValue() slog.Value { return slog.StringValue(redacted) }

// ListBots returns the directory of bots.
//
// Route: GET api.aps.skype.com/v1/agents.
//
// Source: SkPy's protocol notes and the official web client of 2018. Sure of the
// fields. An empty list means that there are none for this account.
//
// Errors: [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode].
// Repeated after a failure.
func (c *Client) ListBots(ctx context.Context) (*BotList, error) {
	return fetch(ctx, c.core, listBots, callArgs{}, readBotList)
}

// GetBot returns one bot by its name or UUID, with or without "28:" before it.
//
// Route: GET api.aps.skype.com/v1/agents?agentId={id}.
//
// Source: SkPy's protocol notes and the official web client of 2018.
//
// Errors: [ErrInvalid], [ErrNotFound] when the service knows no such bot, for which
// it sends an empty list, [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) GetBot(ctx context.Context, id string) (*Bot, error) {
	mri, err := ParseMRI(id)
	if err != nil {
		return nil, getBot.wrap(err)
	}
	return fetch(ctx, c.core, getBot, callArgs{query: url.Values{"agentId": {mri.ID()}}},
		func(in *reader, b *Bot) { readSingleBot(in, b, mri.ID()) })
}

func readSingleBot(r *reader, b *Bot, id string) {
	var list BotList
	readBotList(r, &list)
	for _, candidate := range list.Bots {
		if lowerASCII(candidate.ID) == lowerASCII(id) {
			*b = candidate
			return
		}
	}
	r.end() // trailing data invalidates the response
	if len(list.Skipped) > 0 {
		r.fail(list.Skipped[0].Err)
	}
	r.fail(ErrNotFound)
}

func readBotList(r *reader, l *BotList) {
	for name := range r.document(&l.Extra) {
		switch string(name) {
		case "agentDescriptions":
			l.Bots = readEntries(r, "agentDescriptions", &l.Skipped, readBot)
		case "continuationToken":
			readString(r, &l.ContinuationToken)
		}
	}
}

func readBot(r *reader, b *Bot) {
	for name := range r.members(&b.Extra) {
		switch string(name) {
		case "agentId":
			readString(r, &b.ID)
		case "agentType":
			readString(r, &b.Type)
		case "displayName":
			readString(r, &b.DisplayName)
		case "description":
			readString(r, &b.Description)
		case "developer":
			readString(r, &b.Developer)
		case "extra":
			readString(r, &b.Footer)
		case "webpage":
			readString(r, &b.Website)
		case "tos":
			readString(r, &b.TermsURL)
		case "privacyStatement":
			readString(r, &b.PrivacyURL)
		case "isTrusted":
			readBool(r, &b.Trusted)
		case "starRating":
			readNumber(r, &b.Rating)
		case "supportedLocales":
			readStrings(r, &b.Locales)
		case "capabilities":
			readStrings(r, &b.Capabilities)
		case "disclosures":
			readStrings(r, &b.Disclosures)
		default:
			readBotTile(r, &b.Tiles, name)
		}
	}
	b.ID = MRI(b.ID).ID()
	if b.ID == "" {
		r.fail(errNoIdentifier)
	}
}

func readBotTile(r *reader, tiles *BotTiles, name []byte) {
	switch string(name) {
	case "userTileSmallUrl":
		readString(r, &tiles.Small)
	case "userTileMediumUrl":
		readString(r, &tiles.Medium)
	case "userTileLargeUrl":
		readString(r, &tiles.Large)
	case "userTileExtraLargeUrl":
		readString(r, &tiles.ExtraLarge)
	case "userTileStaticUrl":
		readString(r, &tiles.Static)
	}
}
