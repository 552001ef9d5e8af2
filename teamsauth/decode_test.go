package teamsauth

import (
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http/httpguts"
)

var decodeTime = time.Date(2026, time.November, 26, 10, 0, 0, 0, time.UTC)

// plainToken has the values of a token in clear text, so that they can be compared.
type plainToken struct {
	value  string
	expiry time.Time
}

func plain(token skypecontacts.Token) plainToken { return plainToken{token.Value(), token.Expiry()} }

// All forms of a response that are read.
func TestDecodeExchange(t *testing.T) {
	t.Parallel()
	day := decodeTime.Add(86397 * time.Second)
	for body, want := range map[string]plainToken{
		goodExchange: {"canary-skype-token", day},
		`{"skypeToken":{"skypetoken":"t","expiresIn":86397}}`:                                       {"t", day},
		`{"skypeToken":{"skypetoken":"t","expiresIn":"86397"}}`:                                     {"t", day},
		`{"skypeToken":{"skypetoken":"t","expiresIn":86397.9}}`:                                     {"t", day},
		`{"skypeToken":{"skypetoken":"t","expiresIn":8.6397e4}}`:                                    {"t", day},
		`{"skypeToken":{"skypetoken":"t","expiresIn":1}}`:                                           {"t", decodeTime.Add(time.Second)},
		`{"skypeToken":{"skypetoken":"t","expiresIn":1e300}}`:                                       {"t", decodeTime.Add(maxLifetime)},
		`{"skypeToken":{"skypetoken":"t","expiresIn":86397000}}`:                                    {"t", decodeTime.Add(maxLifetime)},
		`{"skypeToken":{"skypetoken":"t","expiresIn":null}}`:                                        {"t", time.Time{}},
		`{"skypeToken":{"skypetoken":"t","expiresIn":""}}`:                                          {"t", time.Time{}},
		`{"skypeToken":{"skypetoken":"t"}}`:                                                         {"t", time.Time{}},
		`{"skypeToken":{"skypetoken":"t","isBusinessTenant":null,"more":[1]},"more":{"a":1}}`:       {"t", time.Time{}},
		`{"skypeToken":{"skypetoken":"t"},"error":null,"errorCode":0,"message":"","status":{}}`:     {"t", time.Time{}},
		`{ "regionGtms":{"a":{"b":"c"}},"skypeToken":{"skypetoken":"t","isBusinessTenant":false} }`: {"t", time.Time{}},
	} {
		token, err := decodeExchange([]byte(body), decodeTime)
		require.NoError(t, err, body)
		assert.Equal(t, want, plain(token), body)
	}
}

// Everything else is an error under status 200, too, and has nothing of the response.
func TestDecodeExchangeErrors(t *testing.T) {
	t.Parallel()
	const (
		noJSON     = "the response is not the JSON of a Skype token"
		noToken    = "the response has no Skype token"
		failure    = "the response reports a failure"
		noLifetime = "the response has no valid lifetime of the Skype token"
	)
	for body, want := range map[string]string{
		``:                                 noJSON,
		`canary`:                           noJSON,
		`<html>canary</html>`:              noJSON,
		`{"skypeToken":{"skypetoken":"can`: noJSON,
		goodExchange + `canary`:            noJSON,
		`["canary"]`:                       noJSON,
		`"canary"`:                         noJSON,
		`{"skypeToken":"canary"}`:          noJSON,
		`{"skypeToken":{"skypetoken":1}}`:  noJSON,
		`{"skypeToken":{"skypetoken":"a"},"skypeToken":{"skypetoken":"canary"}}`: noJSON,
		`null`:                                   noToken,
		`{}`:                                     noToken,
		`{"skypeToken":null}`:                    noToken,
		`{"skypeToken":{}}`:                      noToken,
		`{"skypeToken":{"skypetoken":""}}`:       noToken,
		`{"skypetoken":{"skypetoken":"canary"}}`: noToken,
		`{"skypeToken":{"SkypeToken":"canary"}}`: noToken,
		`{"tokens":{"skypeToken":"canary","expiresIn":86397}}`:        noToken, // of the route for work accounts
		`{"skypeToken":{"skypetoken":"canary canary"}}`:               noToken,
		`{"skypeToken":{"skypetoken":"canary\n"}}`:                    noToken,
		`{"skypeToken":{"skypetoken":"{\"canary\":1}"}}`:              noToken,
		`{"skypeToken":{"skypetoken":"canary"},"error":"canary"}`:     failure,
		`{"skypeToken":{"skypetoken":"canary"},"errorCode":"canary"}`: failure,
		`{"skypeToken":{"skypetoken":"canary"},"message":"canary"}`:   failure,
		`{"status":{"code":40120,"text":"canary"}}`:                   failure,
		`{"errorCode":209}`: failure,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":0}}`:                noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":-1}}`:               noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":0.5}}`:              noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":"NaN"}}`:            noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":"Inf"}}`:            noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":"-Inf"}}`:           noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":"canary"}}`:         noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":true}}`:             noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":[86397]}}`:          noLifetime,
		`{"skypeToken":{"skypetoken":"canary","expiresIn":"1 canary"}}`:       noLifetime,
		`{"skypeToken":{"skypetoken":"` + strings.Repeat("t", 70_000) + `"}}`: noToken,
	} {
		token, err := decodeExchange([]byte(body), decodeTime)
		require.EqualError(t, err, want, body[:min(len(body), 80)])
		requireMeaning(t, err, ErrServiceChanged)
		assert.Empty(t, token.Value())
	}
	for _, business := range []string{"true", `"true"`, `"True"`} {
		_, err := decodeExchange([]byte(`{"skypeToken":{"skypetoken":"canary","isBusinessTenant":`+business+`}}`), decodeTime)
		require.Equal(t, ErrNoConsumerAccount, err)
	}
}

func TestDecodeErrorDetails(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		suberror string
		number   int
	}{
		``:                              {},
		`canary`:                        {},
		`{"error_codes":[]}`:            {},
		`{"error_codes":[70008,2]}`:     {"", 70008},
		`{"error_codes":[-5]}`:          {},
		`{"error_codes":[99999999999]}`: {},
		`{"error_codes":"70008"}`:       {},
		`{"suberror":"bad_token","error_codes":[50173],"more":1}`: {"bad_token", 50173},
	} {
		suberror, number := decodeErrorDetails([]byte(body))
		assert.Equal(t, want.suberror, suberror, body)
		assert.Equal(t, want.number, number, body)
	}
}

// What is decoded can be sent in a header, and its lifetime is believable.
func FuzzDecodeExchange(f *testing.F) {
	for _, seed := range []string{goodExchange, `{"skypeToken":{"skypetoken":"t","expiresIn":"86397"}}`, `{"status":{"code":40120}}`, `{"tokens":{"skypeToken":"t"}}`, "", "[]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		token, err := decodeExchange(body, decodeTime)
		if err != nil {
			require.Empty(t, token.Value())
			require.Regexp(t, `^(the response (is not the JSON of a Skype token|reports a failure|has no (Skype token|valid lifetime of the Skype token))|this is no personal account on Teams Free)$`, err.Error())
			return
		}
		require.NotEmpty(t, token.Value())
		require.True(t, httpguts.ValidHeaderFieldValue(token.Value()))
		require.NotContains(t, token.Value(), " ")
		if !token.Expiry().IsZero() {
			require.True(t, token.Expiry().After(decodeTime) && !token.Expiry().After(decodeTime.Add(maxLifetime)))
		}
		_, err = skypecontacts.New(skypecontacts.StaticToken(token.Value()))
		require.NoError(t, err)
	})
}
