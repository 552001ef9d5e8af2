package skypetest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// registrationPattern is what clients read of the response to the registration of an
// endpoint.
var registrationPattern = regexp.MustCompile(`^registrationToken=([A-Za-z0-9+/]+=*); expires=(\d{10}); endpointId=(\{[a-z0-9-]{36}\})$`)

func registerEndpoint(t *testing.T, srv *skypetest.Server, header map[string]string) rawResponse {
	t.Helper()
	resp := send(t, http.MethodPost, srv.URL+"/messenger/v1/users/ME/endpoints", `{"endpointFeatures":"Agent"}`, header)
	require.Equal(t, http.StatusCreated, resp.status, resp.body)
	return resp
}

// A client registers as SkPy, skype-http, skype4pidgin and go-skypeapi do, and the
// messenger accepts the token in all forms.
func TestRegisterEndpoint(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := registerEndpoint(t, srv, map[string]string{
		"Authentication": "skypetoken=sample-skype-token-1", "BehaviorOverride": "redirectAs404", "Content-Type": "application/json",
		"LockAndKey": "appId=msmsgs@msnmsgr.com; time=1764000000; lockAndKeyResponse=0a1b",
	})
	assert.Empty(t, resp.body)
	whole := resp.header.Get("Set-RegistrationToken")
	require.Regexp(t, registrationPattern, whole)
	parts := registrationPattern.FindStringSubmatch(whole)
	expires, err := strconv.ParseInt(parts[2], 10, 64)
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(24*time.Hour), time.Unix(expires, 0), time.Minute)
	escaped := strings.NewReplacer("{", "%7B", "}", "%7D").Replace(parts[3])
	assert.Equal(t, srv.URL+"/messenger/v1/users/ME/endpoints/"+escaped, resp.header.Get("Location"))

	for i, header := range []string{"registrationToken=" + parts[1], whole} {
		put := send(t, http.MethodPut, srv.URL+"/messenger/v1/users/ME/contacts/8:daisy.5", "", map[string]string{"RegistrationToken": header})
		assert.Equal(t, http.StatusOK, put.status)
		require.Len(t, srv.Effects(), 1, i)
	}
	// The requests of SkPy that follow, before it uses the token.
	header := map[string]string{"RegistrationToken": "registrationToken=" + parts[1]}
	doc := send(t, http.MethodPut, resp.header.Get("Location")+"/presenceDocs/messagingService", `{"id":"messagingService"}`, header)
	assert.Equal(t, http.StatusOK, doc.status)
	all := send(t, http.MethodGet, srv.URL+"/messenger/v1/users/ME/presenceDocs/messagingService?view=expanded", "", header)
	assert.Equal(t, http.StatusOK, all.status)
	assert.JSONEq(t, `{"endpointPresenceDocs":[]}`, all.body)

	// The SDK takes the value of the header as a token.
	source := skypecontacts.StaticToken(registerEndpoint(t, srv, map[string]string{"X-Skypetoken": "sample-skype-token-1"}).header.Get("Set-RegistrationToken"))
	client := srv.Client(skypecontacts.WithRegistrationToken(source))
	require.NoError(t, client.RemoveContact(t.Context(), "daisy.5"))
	assert.Len(t, srv.Effects(), 2)
}

// Every endpoint has its own token, also one that is registered with such a token.
func TestRegistrationTokens(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	tokens := map[string]bool{}
	header := map[string]string{"Authentication": "skypetoken=sample-skype-token-2"}
	for range 5 {
		token := registrationPattern.FindStringSubmatch(registerEndpoint(t, srv, header).header.Get("Set-RegistrationToken"))[1]
		assert.False(t, tokens[token])
		tokens[token] = true
		header = map[string]string{"RegistrationToken": "registrationToken=" + token}
	}
	for token := range tokens {
		resp := send(t, http.MethodDelete, srv.URL+"/messenger/v1/users/ME/contacts/8:fred.2", "", map[string]string{"RegistrationToken": "registrationToken=" + token})
		assert.Equal(t, http.StatusOK, resp.status)
	}
	for _, r := range srv.Requests() {
		assert.Equal(t, skypecontacts.MRI("8:joe.4"), r.Account)
		assert.True(t, r.Reached)
	}
	assert.Empty(t, srv.Effects(), "a registration changes no list and no profile")
}

// A token of an endpoint that has expired is refused, and the others are valid; so
// is a Skype token with which an endpoint is registered.
func TestRegistrationTokenExpires(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	skype := map[string]string{"Authentication": "skypetoken=sample-skype-token-1"}
	first := registrationPattern.FindStringSubmatch(registerEndpoint(t, srv, skype).header.Get("Set-RegistrationToken"))[1]
	second := registrationPattern.FindStringSubmatch(registerEndpoint(t, srv, skype).header.Get("Set-RegistrationToken"))[1]
	put := func(token string) int {
		return send(t, http.MethodPut, srv.URL+"/messenger/v1/users/ME/contacts/8:anna.7", "", map[string]string{"RegistrationToken": "registrationToken=" + token}).status
	}
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Operation: "AddContact"})
	assert.Equal(t, []int{401, 401, 200, 200}, []int{put(first), put(first), put(second), put("sample-registration-token-1==")})
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Operation: "AddContact", Status: http.StatusForbidden})
	assert.Equal(t, []int{401, 200}, []int{put(first), put(second)}, "a token expires once")

	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Operation: "RegisterEndpoint"})
	for range 2 {
		resp := send(t, http.MethodPost, srv.URL+"/messenger/v1/users/ME/endpoints", "{}", skype)
		assert.Equal(t, http.StatusUnauthorized, resp.status)
		assert.Equal(t, "SkypeTokenExpired", resp.header.Get("StatusText"))
	}
	skype["Authentication"] += "+"
	registerEndpoint(t, srv, skype)
	assert.Equal(t, http.StatusOK, put(second))
}

// Location has the host that the client sees, so that it does not go to another, and
// for what stands for a real gateway the path of that.
func TestEndpointLocation(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	for _, test := range []struct{ header, want string }{
		{"Host: fake.test:8080", "http://fake.test:8080/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: client-s.gateway.messenger.live.com", "https://client-s.gateway.messenger.live.com/v1/users/ME/endpoints/%7B"},
		{"Host: DB5-client-s.gateway.messenger.live.com", "https://DB5-client-s.gateway.messenger.live.com/v1/users/ME/endpoints/%7B"},
		{"Host: messenger.live.com.test", "http://messenger.live.com.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: 127.0.0.1\r\nX-Forwarded-Host: client-s.gateway.messenger.live.com, inner\r\nX-Forwarded-Proto: https", "https://client-s.gateway.messenger.live.com/v1/users/ME/endpoints/%7B"},
		{"Host: client-s.gateway.messenger.live.com:443", "https://client-s.gateway.messenger.live.com:443/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Proto: HTTPS", "https://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Proto: javascript", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: evil.test/path", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: user@evil.test", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: evil.test?a#b", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: evil.test:port", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: :80", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: evil test", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: , proxy.test", "http://fake.test/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: fake.test\r\nX-Forwarded-Host: [::1]:8080", "http://[::1]:8080/messenger/v1/users/ME/endpoints/%7B"},
		{"Host: 127.0.0.1\r\nX-Forwarded-Host: proxy.test\r\nX-Forwarded-Proto: https", "https://proxy.test/messenger/v1/users/ME/endpoints/%7B"},
	} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
		require.NoError(t, err)
		_, err = fmt.Fprintf(conn, "POST /messenger/v1/users/ME/endpoints HTTP/1.1\r\n%s\r\nAuthentication: skypetoken=sample-skype-token-1\r\nContent-Length: 2\r\n\r\n{}", test.header)
		require.NoError(t, err)
		var head bytes.Buffer
		resp, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &head)), nil)
		require.NoError(t, err)
		assert.Contains(t, head.String(), "\r\nSet-RegistrationToken: registrationToken=", "skype4pidgin looks for this spelling")
		require.NoError(t, resp.Body.Close())
		assert.True(t, strings.HasPrefix(resp.Header.Get("Location"), test.want), resp.Header.Get("Location"))
		require.NoError(t, conn.Close())
	}
}

// A server with another URL is at that for all clients but those for which it stands for
// a real gateway.
func TestEndpointLocationAtURL(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := skypetest.NewServer(skypetest.WithListener(listener), skypetest.WithURL("https://skype.example:8443/fake/"))
	defer srv.Close()
	require.Equal(t, "https://skype.example:8443/fake", srv.URL)
	target := "http://" + listener.Addr().String()
	for forwarded, want := range map[string]string{
		"":                                    srv.URL + "/messenger/v1/users/ME/endpoints/%7B",
		"proxy.test":                          srv.URL + "/messenger/v1/users/ME/endpoints/%7B",
		"client-s.gateway.messenger.live.com": "https://client-s.gateway.messenger.live.com/v1/users/ME/endpoints/%7B",
	} {
		header := map[string]string{"Authentication": "skypetoken=sample-skype-token-1", "X-Forwarded-Host": forwarded}
		resp := send(t, http.MethodPost, target+"/messenger/v1/users/ME/endpoints", "{}", header)
		require.Equal(t, http.StatusCreated, resp.status)
		assert.True(t, strings.HasPrefix(resp.header.Get("Location"), want), resp.header.Get("Location"))
	}
}

// What is not contacts is not here: 404 would make SkPy register without end.
func TestNotContacts(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no token", "GET", "/messenger/v1/users/ME/properties", "", "", 401, `{"errorCode":401,"message":"Authentication failed"}`},
		{"other account", "GET", "/messenger/v1/users/8:joe.4/properties", "registration", "", 403, `{"errorCode":403,"message":"User 'fred.2' is not authorized to request resource of user '8:joe.4'"}`},
		{"no messages", "GET", "/messenger/v1/users/ME", "registration", "", 404, `{"errorCode":404,"message":"No handler found for resource"}`},
		{"method for contacts", "PATCH", "/messenger/v1/users/ME/contacts/8:joe.4", "registration", "", 405, `{"errorCode":405,"message":"The method is not allowed here"}`},
		{"other host", "GET", "/api/users/self/properties", "sample-skype-token-1", "", 404, `{"status":{"code":40499,"text":"No handler found for resource"}}`},
	})
	const notHere = `{"errorCode":501,"message":"Only contacts, their presence and the registration of endpoints are here"}`
	cases := []errorCase{}
	for _, request := range []string{
		"GET /users/ME/properties", "GET /users/me/properties", "PUT /users/fred.2/properties?name=x",
		"POST /users/ME/endpoints/SELF/subscriptions", "PUT /users/ME/endpoints/%7Ba%7D/subscriptions/0?name=interestedResources",
		"POST /users/ME/endpoints/SELF/subscriptions/0/poll", "POST /users/ME/endpoints/%7Ba%7D/active", "DELETE /users/ME/endpoints/%7Ba%7D",
		"GET /users/ME/endpoints", "PUT /users/ME/presenceDocs/messagingService",
		"PUT /users/ME/contacts/ALL/presenceDocs/messagingService?cMri=8:joe.4", "GET /users/ME/contacts/ALL/properties",
		"GET /users/ME/conversations?view=msnp24Equivalent", "POST /users/ME/conversations/8:joe.4/messages", "GET /threads/19:a@thread.skype", "POST /threads",
	} {
		method, path, _ := strings.Cut(request, " ")
		cases = append(cases, errorCase{request, method, "/messenger/v1" + path, "registration", "{}", 501, notHere})
	}
	checkErrors(t, cases)
}
