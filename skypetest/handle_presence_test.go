package skypetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

const presencePath = "/messenger/v1/users/ME/contacts/ALL/presenceDocs/messagingService"

// Presence is that of the data, in the order of the request. Who has none is offline, and
// nobody has a status alone.
func TestPresence(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[3].Presence = "Busy"
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	header := map[string]string{"RegistrationToken": "registrationToken=sample-registration-token-1=="}
	resp := send(t, http.MethodGet, srv.URL+presencePath+"?cMri=8%3AANNA.7&cMri=8:joe.4&cMri=8:nobody&cMri=8:daisy.5&cMri=28:concierge&cMri=8:fred.2&cMri=joe.4", "", header)
	assert.Equal(t, http.StatusOK, resp.status)
	known := func(id, presence string) string {
		return fmt.Sprintf(`{"Status":200,"Contact":%q,"Payload":{"id":"messagingService","type":"UserPresenceDoc",
			"selfLink":"%s/messenger/v1/users/%[1]s/presenceDocs/messagingService","availability":%[3]q,"status":%[3]q,"capabilities":"","endpointPresenceDocLinks":[]}}`,
			id, srv.URL, presence)
	}
	assert.JSONEq(t, `{"Responses":[`+strings.Join([]string{
		known("8:anna.7", "Away"), known("8:joe.4", "Online"), `{"Status":404,"Contact":"8:nobody"}`, known("8:daisy.5", "Busy"),
		known("28:concierge", "Offline"), known("8:fred.2", "Offline"), `{"Status":404,"Contact":"joe.4"}`,
	}, ",")+`]}`, resp.body)
	assert.Empty(t, srv.Effects())
}

// Up to ten are told at once.
func TestPresenceOfMany(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	header := map[string]string{"RegistrationToken": "registrationToken=sample-registration-token-1=="}
	ten := send(t, http.MethodGet, srv.URL+presencePath+"?cmri="+strings.Repeat("8:joe.4&cMri=", 9)+"8:anna.7", "", header)
	assert.Equal(t, http.StatusOK, ten.status)
	assert.Equal(t, 10, strings.Count(ten.body, `"Status":200`))
	checkErrors(t, []errorCase{
		{"eleven", "GET", presencePath + "?cMri=" + strings.Repeat("8:joe.4&cMri=", 10) + "8:anna.7", "registration", "", 400, `{"errorCode":400,"message":"There are too many identifiers"}`},
		{"none", "GET", presencePath, "registration", "", 400, `{"errorCode":400,"message":"required parameters are missing"}`},
		{"without a registration token", "GET", presencePath + "?cMri=8:joe.4", "sample-skype-token-1", "", 401, `{"errorCode":401,"message":"Authentication failed"}`},
	})
}
