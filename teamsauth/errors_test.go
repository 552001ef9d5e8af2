package teamsauth

import (
	"fmt"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  *Error
		want string
	}{
		{&Error{Op: opExchange, Status: 403, err: ErrNoConsumerAccount}, "teamsauth: ExchangeToken: 403 Forbidden: this is no personal account on Teams Free"},
		{&Error{Op: opAccessToken, Status: 400, Code: "invalid_grant", Number: 70008, err: ErrSignInRequired}, "teamsauth: GetAccessToken: 400 Bad Request (invalid_grant, AADSTS70008): signing in is required"},
		{&Error{Op: opAccessToken, Status: 599, err: skypecontacts.ErrUnavailable}, "teamsauth: GetAccessToken: 599: service unavailable"},
		{&Error{Op: opLoad, err: ErrSignInRequired}, "teamsauth: LoadRefreshToken: signing in is required"},
		{&Error{Op: "Other"}, "teamsauth: Other: failed"},
	} {
		assert.Equal(t, test.want, test.err.Error())
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			assert.Equal(t, test.want, fmt.Sprintf(verb, test.err))
			assert.Equal(t, test.want, fmt.Sprintf(verb, *test.err))
		}
	}
	assert.NotErrorIs(t, &Error{Op: "Other"}, ErrConsent)
	assert.NotErrorIs(t, &Error{Op: opLoad, err: cause{text: "x"}}, nil)
}
