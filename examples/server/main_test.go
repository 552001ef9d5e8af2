package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs the program until the test ends and returns its first line.
func start(t *testing.T, args ...string) (first map[string]any) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, in) }()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err)
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
	})
	require.NoError(t, json.Unmarshal(line, &first))
	return first
}

func client(t *testing.T, first map[string]any, opts ...skypecontacts.Option) *skypecontacts.Client {
	bases := first["endpoints"].(map[string]any)
	base := func(name string) string { return bases[name].(string) }
	c, err := skypecontacts.New(skypecontacts.StaticToken(first["skypeToken"].(string)), append(opts,
		skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithUserID(first["userId"].(string)),
		skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(first["registrationToken"].(string))),
		skypecontacts.WithEndpoints(skypecontacts.Endpoints{
			Contacts: base("contacts"), ContactsV1: base("contactsV1"), API: base("api"), Profile: base("profile"),
			Directory: base("directory"), Bots: base("bots"), Messenger: base("messenger"),
			People: base("people"),
		}))...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func TestFirstLine(t *testing.T) {
	t.Parallel()
	first := start(t, "-contacts", "30")
	c := client(t, first)
	list, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Contacts, 30)
	assert.NoError(t, c.AddContact(t.Context(), "+442099887766"))
	_, err = c.ListBots(t.Context())
	assert.NoError(t, err)
}

// The style is that of the flag, and without it that of StyleEverything.
func TestStyleFlag(t *testing.T) {
	t.Parallel()
	for style, phoneType := range map[string]string{"": `"type":"home"`, "documented": `"type":0`, "web2018": `"type":"home"`, "teams2025": `"type":"phone"`} {
		args := []string{}
		if style != "" {
			args = append(args, "-style", style)
		}
		first := start(t, args...)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, first["url"].(string)+"/contacts/v2/users/self/contacts", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("X-Skypetoken", first["skypeToken"].(string))
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Contains(t, string(body), `"number":"+442099887766",`+phoneType, style)
	}
	var help strings.Builder
	require.NoError(t, run(t.Context(), []string{"-h"}, &help))
	assert.Contains(t, help.String(), "documented, web2018, teams2025, everything (default \"everything\")")
}

// A client in another language needs nothing but the first line.
func TestHeadersOfTheFirstLine(t *testing.T) {
	t.Parallel()
	first := start(t)
	bases, headers := first["endpoints"].(map[string]any), first["headers"].(map[string]any)
	assert.Equal(t, "this machine only", first["reachableFrom"])
	for service, request := range map[string]string{
		"contacts": "GET /users/self/contacts", "contactsV1": "GET /users/self/contacts", "api": "GET /users/self/profile",
		"profile": "GET /users/self/profile", "directory": "GET /v2.0/search/?searchString=joe", "bots": "GET /agents",
		"messenger": "PUT /users/ME/contacts/8:joe.4", "people": `POST /v2/profiles {"mris":["8:joe.4"]}`, "avatar": "DELETE /avatars/self",
	} {
		method, path, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(path, " ")
		header := http.Header{}
		for name, value := range headers[service].(map[string]any) {
			header.Set(name, value.(string))
		}
		assert.Equal(t, http.StatusOK, send(t, method, bases[service].(string)+path, header, body).StatusCode, service)
		assert.NotEqual(t, http.StatusOK, send(t, method, bases[service].(string)+path, nil, body).StatusCode, service)
	}
	assert.Len(t, headers, len(bases))
	assert.Equal(t, http.StatusOK, status(t, http.MethodGet, first["url"].(string), nil))
}

// The line says how a client gets a token for the messenger. Location begins with the
// URL by which clients reach the server.
func TestRegistrationOfTheFirstLine(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"own address": nil, "other address": {"-url", "http://skype.example:8080/"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := parseFlags(args, io.Discard)
			require.NoError(t, err)
			listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			srv, line := f.startServer(listener)
			defer srv.Close()
			address, request := "http://"+listener.Addr().String(), line.Registration
			require.Equal(t, line.Endpoints.Messenger+"/users/ME/endpoints", request.URL)
			header := http.Header{}
			for name, value := range request.Headers {
				header.Set(name, value)
			}
			resp := send(t, request.Method, strings.Replace(request.URL, line.URL, address, 1), header, request.Body)
			assert.Equal(t, http.StatusCreated, resp.StatusCode)
			assert.True(t, strings.HasPrefix(resp.Header.Get("Location"), request.URL+"/"), resp.Header.Get("Location"))
			token, _, _ := strings.Cut(resp.Header.Get("Set-RegistrationToken"), ";")
			put := address + "/messenger/v1/users/ME/contacts/8:joe.4"
			assert.Equal(t, http.StatusOK, status(t, http.MethodPut, put, http.Header{"Registrationtoken": {token}}))
		})
	}
}

// The line has the URLs for signing in, and the page on which a user confirms it is that of
// the server.
func TestSignInOfTheFirstLine(t *testing.T) {
	t.Parallel()
	first := start(t)
	urls := first["signIn"].(map[string]any)
	post := func(target string, form url.Values, header http.Header) (body map[string]any) {
		if header == nil {
			header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
		require.NoError(t, err)
		req.Header = header
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, http.StatusOK, resp.StatusCode)
		_ = json.NewDecoder(resp.Body).Decode(&body) // the page is HTML
		return body
	}
	begun := post(urls["deviceCode"].(string), url.Values{
		"client_id": {"client"}, "scope": {"service::api.fl.spaces.skype.com::MBI_SSL offline_access"},
	}, nil)
	assert.Equal(t, first["url"].(string)+"/login/device", begun["verification_uri"])
	post(begun["verification_uri"].(string), url.Values{"user_code": {begun["user_code"].(string)}}, nil)
	tokens := post(urls["token"].(string), url.Values{
		"client_id": {"client"}, "device_code": {begun["device_code"].(string)}, "grant_type": {"urn:ietf:params:oauth:grant-type:device_code"},
	}, nil)
	exchanged := post(urls["exchange"].(string), nil, http.Header{"Authorization": {"Bearer " + tokens["access_token"].(string)}})
	first["skypeToken"] = exchanged["skypeToken"].(map[string]any)["skypetoken"]
	_, err := client(t, first).ListContacts(t.Context())
	assert.NoError(t, err)
}

// On all interfaces the address is not that of the interface "all".
func TestAddressOfAllInterfaces(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0"} {
		first := start(t, "-addr", addr)
		u, err := url.Parse(first["url"].(string))
		require.NoError(t, err)
		ip := net.ParseIP(u.Hostname())
		assert.False(t, ip.IsUnspecified())
		assert.Equal(t, ip.IsLoopback(), first["reachableFrom"] == "this machine only")
		assert.Equal(t, first["url"].(string)+"/contacts/v2", first["endpoints"].(map[string]any)["contacts"])
		assert.Equal(t, http.StatusOK, status(t, http.MethodGet, first["url"].(string)+"/healthz", nil))
	}
}

// A client outside of a container reaches the server by the address of its host.
func TestAddressForClients(t *testing.T) {
	t.Parallel()
	first := start(t, "-url", "http://skype.example:8080/")
	assert.Equal(t, "http://skype.example:8080", first["url"])
	assert.Equal(t, "http://skype.example:8080/api", first["endpoints"].(map[string]any)["api"])
}

func TestReachableHost(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string][2]string{
		"127.0.0.1": {"127.0.0.1:80", "this machine only"},
		"::1":       {"[::1]:80", "this machine only"},
		"192.0.2.7": {"192.0.2.7:80", "other machines"},
	} {
		host, from := reachableHost(&net.TCPAddr{IP: net.ParseIP(ip), Port: 80})
		assert.Equal(t, want, [2]string{host, from})
	}
}

// status sends a request without the SDK and returns the status of its response.
func status(t *testing.T, method, target string, header http.Header) int {
	t.Helper()
	return send(t, method, target, header, "").StatusCode
}

// send sends a request without the SDK and returns the response without its body.
func send(t *testing.T, method, target string, header http.Header, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	require.NoError(t, err)
	if header != nil {
		req.Header = header
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp
}

func TestFaultFlags(t *testing.T) {
	t.Parallel()
	once := skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1})
	for _, test := range []struct {
		name string
		args []string
		want error
	}{
		{"failures", []string{"-fail-rate", "1"}, skypecontacts.ErrUnavailable},
		{"rate limit", []string{"-limit-rate", "1"}, skypecontacts.ErrRateLimited},
		{"latency", []string{"-latency", "50ms"}, nil},
		{"latency and failures", []string{"-latency", "50ms", "-fail-rate", "1"}, skypecontacts.ErrUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, start(t, test.args...), once)
			for range 2 {
				began := time.Now()
				_, err := c.ListGroups(t.Context())
				require.ErrorIs(t, err, test.want)
				if test.args[0] == "-latency" {
					assert.GreaterOrEqual(t, time.Since(began), 50*time.Millisecond)
				}
			}
		})
	}
}

func TestBadFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-style", "web2019"}, {"-style", ""}, {"-contacts", "-1"}, {"-fail-rate", "2"}, {"-latency", "-1s"}, {"extra"}, {"-addr", "127.0.0.1:http-no"},
	} {
		assert.Error(t, run(t.Context(), args, io.Discard), args)
	}
}
