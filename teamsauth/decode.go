package teamsauth

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/skypecontacts/skypecontacts"
)

// maxLifetime is the longest lifetime of a Skype token that is believed. Those that were
// seen are a day and eight hours.
const maxLifetime = 7 * 24 * time.Hour

// exchangeResponse is the response to the exchange of an access token.
type exchangeResponse struct {
	SkypeToken struct {
		Value            string         `json:"skypetoken"`
		ExpiresIn        jsontext.Value `json:"expiresIn"`
		IsBusinessTenant jsontext.Value `json:"isBusinessTenant"`
	} `json:"skypeToken"`

	// The members by which services of Skype and Teams report a failure.
	Error     jsontext.Value `json:"error"`
	ErrorCode jsontext.Value `json:"errorCode"`
	Message   jsontext.Value `json:"message"`
	Status    jsontext.Value `json:"status"`
}

// decodeExchange returns the Skype token in a response with status 200. now is when it was
// requested.
func decodeExchange(body []byte, now time.Time) (skypecontacts.Token, error) {
	var response exchangeResponse
	if json.Unmarshal(body, &response) != nil { // its error may have a part of the body
		return skypecontacts.Token{}, unexpected("the response is not the JSON of a Skype token")
	}
	token := response.SkypeToken
	for _, failure := range []jsontext.Value{response.Error, response.ErrorCode, response.Message, response.Status} {
		if !isEmpty(failure) {
			return skypecontacts.Token{}, unexpected("the response reports a failure")
		}
	}
	if strings.EqualFold(unquoted(token.IsBusinessTenant), "true") {
		return skypecontacts.Token{}, ErrNoConsumerAccount
	}
	if !isTokenText(token.Value) {
		return skypecontacts.Token{}, unexpected("the response has no Skype token")
	}
	lifetime, ok := decodeLifetime(token.ExpiresIn)
	switch {
	case !ok:
		return skypecontacts.Token{}, unexpected("the response has no valid lifetime of the Skype token")
	case lifetime == 0:
		return skypecontacts.NewToken(token.Value, time.Time{}), nil
	default:
		return skypecontacts.NewToken(token.Value, now.Add(lifetime).UTC()), nil
	}
}

// decodeLifetime returns a lifetime in seconds, which may be a number or a text with one,
// at most maxLifetime. 0 means that it is not known. It reports false for anything else.
func decodeLifetime(value jsontext.Value) (lifetime time.Duration, ok bool) {
	text := unquoted(value)
	if text == "" || text == "null" {
		return 0, true
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(seconds, 0) || !(seconds >= 1) { // NaN is not
		return 0, false
	}
	return time.Duration(min(seconds, maxLifetime.Seconds()) * float64(time.Second)).Truncate(time.Second), true
}

// unquoted returns a string without quotes, any other value as it is.
func unquoted(value jsontext.Value) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// isEmpty reports whether a member is absent or has a value that says nothing.
func isEmpty(value jsontext.Value) bool {
	switch string(value) {
	case "", "null", `""`, "0", "false", "{}", "[]":
		return true
	default:
		return false
	}
}

// decodeErrorCode returns the code of an error of OAuth, "" if the body has none.
func decodeErrorCode(body []byte) string {
	var failure struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &failure) // what was decoded until then is used
	return failure.Error
}

// decodeErrorDetails returns what Microsoft adds to an error of OAuth: the suberror, and
// the first number, as far as the body has them.
func decodeErrorDetails(body []byte) (suberror string, number int) {
	var details struct {
		Suberror   string  `json:"suberror"`
		ErrorCodes []int32 `json:"error_codes"`
	}
	_ = json.Unmarshal(body, &details) // what was decoded until then is used
	if len(details.ErrorCodes) > 0 {
		number = max(0, int(details.ErrorCodes[0]))
	}
	return details.Suberror, number
}
