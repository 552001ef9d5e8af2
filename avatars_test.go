package skypecontacts

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// aPicture is the beginning of a picture, which is all that is looked at.
const aPicture = "\xFF\xD8\xFF\xE0\x00\x10JFIF"

// pictureReply returns a JPEG with an ETag.
func pictureReply(etag string) httpmock.Responder {
	return reply(http.StatusOK, aPicture, "Content-Type", "image/jpeg", "ETag", etag)
}

// The auth_key of an address is all that a request has of it.
func TestAvatarAddresses(t *testing.T) {
	t.Parallel()
	const fixed = "cacheHeaders=true&returnDefaultImage=false"
	for _, test := range []struct {
		id            MRI
		address, want string // below the base URL
	}{
		{"joe.4", "", "/joe.4/public?" + fixed},
		{"8:joe.4", "https://avatar.skype.com/v1/avatars/joe.4/public", "/joe.4/public?" + fixed},
		{"joe.4", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1601633273", "/joe.4?auth_key=1601633273&" + fixed},
		{"joe.4", "http://avatar.skype.com/v1/avatars/joe.4?auth_key=-2078211408", "/joe.4?auth_key=-2078211408&" + fixed},
		{"joe.4", "https://api.skype.com/users/joe.4/profile/avatar?auth_key=5", "/joe.4?auth_key=5&" + fixed},
		{"joe.4", "http://api.skype.com/users/joe.4/profile/avatar?cacheHeaders=1", "/joe.4/public?" + fixed},
		{"joe.4", "https://api.skype.com/users/joe.4/profile/avatar", "/joe.4/public?" + fixed},
		{"joe.4", "https://avatar.skype.com/v1/avatars/joe.4?size=m&auth_key=-1&returnDefaultImage=true", "/joe.4?auth_key=-1&" + fixed},
		{"JOE.4", "https://avatar.skype.com/v1/avatars/Joe.4?auth_key=1", "/JOE.4?auth_key=1&" + fixed},
		{"live:.cid.1f", "https://avatar.skype.com/v1/avatars/live:.cid.1f?auth_key=1", "/live:.cid.1f?auth_key=1&" + fixed},
		{"live:a+b@c.example", "https://avatar.skype.com/v1/avatars/live%3Aa%2Bb%40c.example?auth_key=1", "/live:a%2Bb%40c.example?auth_key=1&" + fixed},
		{"live:a+b@c.example", "https://avatar.skype.com/v1/avatars/live:a%2Bb%40c.example?auth_key=1", "/live:a%2Bb%40c.example?auth_key=1&" + fixed},
		{"live:a+b@c.example", "https://avatar.skype.com/v1/avatars/live%3aa%2bb%40c.example?auth_key=1", "/live:a%2Bb%40c.example?auth_key=1&" + fixed},
		{"joe.4", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1&cacheHeaders=", "/joe.4?auth_key=1&" + fixed},
		{"joe.4", "https://pictures.example/base/avatars/joe.4?auth_key=7", "/joe.4?auth_key=7&" + fixed},
		{"joe.4", "https://api.example:8443/users/joe.4/profile/avatar?auth_key=7", "/joe.4?auth_key=7&" + fixed},
	} {
		w := newWire(pictureReply(""))
		c := newTestClient(t, w, WithEndpoints(Endpoints{Avatar: "https://pictures.example/base/", API: "https://api.example:8443"}))
		_, err := c.GetAvatar(t.Context(), test.id, AvatarOptions{URL: test.address})
		require.NoError(t, err, test.address)
		line, _, _ := strings.Cut(w.requests()[0], "\n")
		assert.Equal(t, "GET https://pictures.example/base/avatars"+test.want, line, test.address)
	}
}

// Any other address is refused before anything is sent, and is in no error.
func TestForeignAvatarAddresses(t *testing.T) {
	t.Parallel()
	const secret = "13371337"
	for _, address := range []string{
		"https://evil.example/v1/avatars/joe.4?auth_key=", "https://avatar.skype.com.evil.example/v1/avatars/joe.4?auth_key=",
		"https://evil.example/https://avatar.skype.com/v1/avatars/joe.4?auth_key=", "https://avatar.skype.com@evil.example/v1/avatars/joe.4?auth_key=",
		"https://user:pass@avatar.skype.com/v1/avatars/joe.4?auth_key=", "https://avatar.skype.com:443/v1/avatars/joe.4?auth_key=",
		"https://avatar.skype.com:8080/v1/avatars/joe.4?auth_key=", "https://avatar.skype.com./v1/avatars/joe.4?auth_key=",
		"ftp://avatar.skype.com/v1/avatars/joe.4?auth_key=", "//avatar.skype.com/v1/avatars/joe.4?auth_key=", "/v1/avatars/joe.4?auth_key=",
		"HTTPS://AVATAR.SKYPE.COM/v1/avatars/joe.4?auth_key=", "https:/avatar.skype.com/v1/avatars/joe.4?auth_key=", " https://avatar.skype.com/v1/avatars/joe.4?auth_key=",
		"https://avatar.skype.com/v2/avatars/joe.4?auth_key=", "https://avatar.skype.com/avatars/joe.4?auth_key=", "https://avatar.skype.com/v1/avatars/?auth_key=",
		"https://avatar.skype.com/v1/avatars/joe.4/?auth_key=", "https://avatar.skype.com/v1/avatars/joe.4/private?auth_key=", "https://avatar.skype.com/v1/avatars/joe.4/public/x?auth_key=",
		"https://avatar.skype.com/v1/avatars/../avatars/joe.4?auth_key=", "https://avatar.skype.com/v1/avatars/./joe.4?auth_key=", "https://avatar.skype.com/v1/avatars//joe.4?auth_key=",
		"https://avatar.skype.com/v1/avatars/%6aoe.4?auth_key=", "https://avatar.skype.com/v1/avatars/joe%2e4?auth_key=", "https://avatar.skype.com/v1/avatars/joe%252e4?auth_key=",
		"https://avatar.skype.com/v1/avatars/anna.7?auth_key=", "https://avatar.skype.com/v1/avatars/8:joe.4?auth_key=", "https://avatar.skype.com/v1/avatars/joe.4%zz?auth_key=",
		"https://avatar.skype.com/users/joe.4/profile/avatar?auth_key=", "https://api.skype.com/v1/avatars/joe.4?auth_key=", "https://api.skype.com/users/joe.4/avatar?auth_key=",
		"https://avatar.skype.com/v1/avatars/joe.4?Auth_Key=", "https://avatar.skype.com/v1/avatars/joe.4?x=1&auth_key=", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1&auth_key=",
		"https://avatar.skype.com/v1/avatars/joe.4?auth_key=1%00", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1&", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1#",
		"https://avatar.skype.com/v1/avatars/joe.4?auth_key=%31", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1;", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=+",
		"https://avatar.skype.com/v1/avatars/joe.4?", "https://avatar.skype.com/v1/avatars/joe.4#auth_key=", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=\r\nX-Evil: ",
	} {
		if !strings.HasSuffix(address, "?") {
			address += secret
		}
		w := newWire(pictureReply(""))
		_, err := newTestClient(t, w).GetAvatar(t.Context(), "joe.4", AvatarOptions{URL: address})
		require.ErrorIs(t, err, ErrInvalid, address)
		require.EqualError(t, err, "skypecontacts: GetAvatar: GET /avatars/{id}/public: invalid argument: AvatarOptions.URL is not an address of this person's picture")
		assert.Empty(t, w.requests(), address)
	}
}

// The address of a person's picture is no other's, whatever the identifier is.
func TestAvatarOfNoPerson(t *testing.T) {
	t.Parallel()
	for _, id := range []MRI{"28:joe.4", "4:+442099887766", "+442099887766", "1:joe.4", "19:joe.4@thread.skype", "8:8:joe.4"} {
		for _, address := range []string{"", "https://avatar.skype.com/v1/avatars/" + id.ID() + "?auth_key=1"} {
			w := newWire(pictureReply(""))
			_, err := newTestClient(t, w).GetAvatar(t.Context(), id, AvatarOptions{URL: address})
			require.ErrorIs(t, err, errNotAPerson, id)
			assert.Empty(t, w.requests(), id)
		}
	}
}

func TestAvatarSizes(t *testing.T) {
	t.Parallel()
	for size, want := range map[AvatarSize]string{"": "", AvatarMedium: "&size=m", AvatarLarge: "&size=l"} {
		w := newWire(pictureReply(""))
		_, err := newTestClient(t, w).GetAvatar(t.Context(), "joe.4", AvatarOptions{Size: size})
		require.NoError(t, err)
		assert.Contains(t, w.requests()[0], "/public?cacheHeaders=true&returnDefaultImage=false"+want+"\n")
	}
	w := newWire(pictureReply(""))
	_, err := newTestClient(t, w).GetAvatar(t.Context(), "joe.4", AvatarOptions{Size: "xl"})
	require.ErrorIs(t, err, ErrInvalid)
	assert.Empty(t, w.requests())
}

// Only a picture is one: the Content-Type and the first bytes say so.
func TestAvatarResponses(t *testing.T) {
	t.Parallel()
	const reported = `{"status":{"code":40300,"text":"Skypetoken Authorization failed"}}`
	for name, test := range map[string]struct {
		response    httpmock.Responder
		media, etag string // of a success
		err         error
		code        int
	}{
		"JPEG":                {reply(200, aPicture, "Content-Type", "image/jpeg", "ETag", `"1"`), "image/jpeg", `"1"`, nil, 0},
		"PNG":                 {reply(200, "\x89PNG\r\n\x1a\n", "Content-Type", "image/png"), "image/png", "", nil, 0},
		"GIF":                 {reply(201, "GIF89a", "Content-Type", "Image/GIF; x=1", "ETag", `W/"1"`), "image/gif", `W/"1"`, nil, 0},
		"WebP":                {reply(200, "RIFF\x00\x00\x00\x00WEBPVP8 ", "Content-Type", "image/webp"), "image/webp", "", nil, 0},
		"bytes":               {reply(200, aPicture, "Content-Type", "application/octet-stream"), "image/jpeg", "", nil, 0},
		"of no type":          {reply(200, aPicture, "Content-Type", ""), "image/jpeg", "", nil, 0},
		"PNG said to be JPEG": {reply(200, "\x89PNG\r\n\x1a\n", "Content-Type", "image/jpeg"), "image/png", "", nil, 0},

		"JSON":                {reply(200, `{}`), "", "", ErrDecode, 0},
		"JSON with a failure": {reply(200, reported), "", "", ErrForbidden, 40300},
		"text with a failure": {reply(200, reported, "Content-Type", "text/plain"), "", "", ErrForbidden, 40300},
		"JSON without a type": {reply(200, reported, "Content-Type", ""), "", "", ErrForbidden, 40300},
		"JSON as a picture":   {reply(200, reported, "Content-Type", "image/jpeg"), "", "", ErrDecode, 0},
		"a list":              {reply(200, `[]`), "", "", ErrDecode, 0},
		"HTML":                {page(200), "", "", ErrDecode, 0},
		"HTML as a picture":   {reply(200, "<html>", "Content-Type", "image/png"), "", "", ErrDecode, 0},
		"SVG":                 {reply(200, `<svg xmlns="http://www.w3.org/2000/svg"/>`, "Content-Type", "image/svg+xml"), "", "", ErrDecode, 0},
		"picture as JSON":     {reply(200, aPicture), "", "", ErrDecode, 0},
		"picture as a video":  {reply(200, aPicture, "Content-Type", "imagevideo/x"), "", "", ErrDecode, 0},
		"spaces before it":    {reply(200, "  "+aPicture, "Content-Type", "image/jpeg"), "", "", ErrDecode, 0},
		"empty":               {reply(200, "", "Content-Type", "image/jpeg"), "", "", ErrDecode, 0},
		"empty, of no type":   {reply(200, "", "Content-Type", ""), "", "", ErrDecode, 0},
		"no content":          {reply(204, "", "Content-Type", "image/jpeg"), "", "", ErrDecode, 0},
		"a part":              {reply(206, aPicture, "Content-Type", "image/jpeg"), "", "", nil, -1},
		"problem+json":        {reply(200, `{"status":404}`, "Content-Type", "application/problem+json"), "", "", ErrNotFound, 404},
		"not found":           {reply(404, reported), "", "", ErrNotFound, 40300},
		"picture of a 404":    {reply(404, aPicture, "Content-Type", "image/jpeg"), "", "", ErrNotFound, 0},
		"not modified":        {reply(304, ""), "", "", ErrDecode, 0},
		"moved":               {reply(302, "", "Location", "https://cdn.example/"), "", "", ErrRedirect, 0},
	} {
		w := newWire(test.response)
		got, err := newTestClient(t, w).GetAvatar(t.Context(), "joe.4", AvatarOptions{})
		require.Len(t, w.requests(), 1, name)
		if test.media != "" {
			require.NoError(t, err, name)
			assert.Equal(t, &Avatar{Data: got.Data, MediaType: test.media, ETag: test.etag}, got, name)
			assert.Equal(t, test.media, http.DetectContentType(got.Data), name)
			continue
		}
		failure, ok := errors.AsType[*Error](err)
		require.True(t, ok, name)
		assert.Nil(t, got, name)
		if test.code >= 0 {
			require.ErrorIs(t, err, test.err, name)
			assert.Equal(t, test.code, failure.Code, name)
		}
	}
}

// A picture that has not changed is the one that was known; nothing is taken for that
// without an ETag.
func TestPreviousAvatar(t *testing.T) {
	t.Parallel()
	known := &Avatar{Data: []byte(aPicture), MediaType: "image/jpeg", ETag: `"1"`}
	for _, address := range []string{"", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=-5"} {
		w := newWire(reply(304, "", "ETag", `"1"`), pictureReply(`"2"`))
		c := newTestClient(t, w)
		got, err := c.GetAvatar(t.Context(), "joe.4", AvatarOptions{URL: address, Previous: known})
		require.NoError(t, err)
		assert.Same(t, known, got)
		got, err = c.GetAvatar(t.Context(), "joe.4", AvatarOptions{URL: address, Previous: known})
		require.NoError(t, err)
		assert.Equal(t, &Avatar{Data: []byte(aPicture), MediaType: "image/jpeg", ETag: `"2"`}, got)
		for _, sent := range w.requests() {
			assert.Contains(t, sent, "\nIf-None-Match: \"1\"\n")
		}
	}
	for _, previous := range []*Avatar{nil, {}, {Data: known.Data}} {
		w := newWire(reply(304, ""))
		_, err := newTestClient(t, w).GetAvatar(t.Context(), "joe.4", AvatarOptions{Previous: previous})
		require.ErrorIs(t, err, ErrDecode)
		assert.NotContains(t, w.requests()[0], "If-None-Match")
	}
	w := newWire(reply(304, ""))
	_, err := newTestClient(t, w).GetAvatar(t.Context(), "joe.4", AvatarOptions{Previous: &Avatar{ETag: "a\r\nX-Evil: 1"}})
	require.ErrorIs(t, err, ErrInvalid)
	assert.Empty(t, w.requests())
}

// A picture has at most 4 MiB, and never more than WithMaxBody.
func TestAvatarLimit(t *testing.T) {
	t.Parallel()
	get := func(size int, opts ...Option) error {
		w := newWire(reply(200, aPicture+strings.Repeat("x", size-len(aPicture)), "Content-Type", "image/jpeg"))
		got, err := newTestClient(t, w, opts...).GetAvatar(t.Context(), "joe.4", AvatarOptions{})
		require.Len(t, w.requests(), 1)
		if err == nil {
			assert.Len(t, got.Data, size)
		}
		return err
	}
	require.NoError(t, get(maxPicture))
	require.ErrorIs(t, get(maxPicture+1), ErrTooLarge)
	require.ErrorIs(t, get(maxPicture+1, WithMaxBody(64<<20)), ErrTooLarge)
	require.NoError(t, get(1000, WithMaxBody(1000)))
	require.ErrorIs(t, get(1001, WithMaxBody(1000)), ErrTooLarge)
}

// Over a connection a picture may be compressed, and one that is cut off is requested
// again.
func TestAvatarOverHTTP(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("Content-Type", "image/jpeg")
		if strings.Contains(r.URL.Path, "joe.4") {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte(aPicture))
			_ = z.Close()
			return
		}
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(aPicture))
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	c := newTestClient(t, http.DefaultTransport.(*http.Transport).Clone(), WithEndpoints(Endpoints{Avatar: server.URL}), WithInsecureLoopback())
	defer c.CloseIdleConnections()
	got, err := c.GetAvatar(t.Context(), "joe.4", AvatarOptions{})
	require.NoError(t, err)
	assert.Equal(t, &Avatar{Data: []byte(aPicture), MediaType: "image/jpeg"}, got)
	got, err = c.GetAvatar(t.Context(), "anna.7", AvatarOptions{})
	require.ErrorIs(t, err, ErrUnavailable)
	assert.Nil(t, got)
	assert.EqualValues(t, 1+3, requests.Load())
}

func TestSetOwnAvatar(t *testing.T) {
	t.Parallel()
	for picture, media := range map[string]string{aPicture: "image/jpeg", "\x89PNG\r\n\x1a\n": "image/png", "GIF87a": "image/gif"} {
		w := newWire(reply(503, ""), reply(200, ""))
		require.NoError(t, newTestClient(t, w, WithUserID("8:Live:Fred.2")).SetOwnAvatar(t.Context(), []byte(picture)))
		want := "PUT https://avatar.skype.com/v1/avatars/Live:Fred.2\nAccept: application/json; ver=1.0\nContent-Type: " + media + "\n" +
			strings.TrimPrefix(plainHeaders, "Accept: application/json; ver=1.0\n") + picture
		assert.Equal(t, []string{want, want}, w.requests(), "it is repeated")
	}
	whole := aPicture + strings.Repeat("x", maxPicture-len(aPicture))
	require.NoError(t, newTestClient(t, newWire(reply(200, "")), WithUserID("fred.2")).SetOwnAvatar(t.Context(), []byte(whole)))
	for name, picture := range map[string]string{
		"empty": "", "text": "a picture", "HTML": "<html>", "WebP": "RIFF\x00\x00\x00\x00WEBPVP8 ", "bytes": "\x00\x01", "large": whole + "x",
	} {
		w := newWire(reply(200, ""))
		require.ErrorIs(t, newTestClient(t, w, WithUserID("fred.2")).SetOwnAvatar(t.Context(), []byte(picture)), ErrInvalid, name)
		assert.Empty(t, w.requests(), name)
	}
}

// The service knows the own account by its name only.
func TestOwnAvatarNeedsName(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]Option{nil, {WithUserID("SELF")}, {WithUserID("8:self")}, {WithUserID("28:fred.2")}, {WithUserID("+442099887766")}} {
		w := newWire(reply(200, ""))
		c := newTestClient(t, w, opts...)
		for _, err := range []error{c.SetOwnAvatar(t.Context(), []byte(aPicture)), c.DeleteOwnAvatar(t.Context())} {
			require.ErrorIs(t, err, ErrInvalid)
			assert.Contains(t, err.Error(), "see WithUserID")
		}
		assert.Empty(t, w.requests())
	}
}

// The auth_key is in no error, log, observed attempt or printed form of them.
func TestAuthKeyIsNotPrinted(t *testing.T) {
	t.Parallel()
	const key = "13371337"
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options := AvatarOptions{URL: "https://avatar.skype.com/v1/avatars/canary-person?auth_key=" + key}
	for _, response := range []httpmock.Responder{
		pictureReply(""), reply(404, key), page(200), reply(503, `{"message":"`+key+`"}`), reply(302, "", "Location", "https://avatar.skype.com/?auth_key="+key),
		fails(&url.Error{Op: "Get", URL: options.URL, Err: fmt.Errorf("connection to %s failed", options.URL)}),
	} {
		observer, attempts := observed()
		c := newTestClient(t, newWire(response), observer, WithLogger(logger))
		got, err := c.GetAvatar(t.Context(), "canary-person", options)
		logger.Info("done", "err", err, "options", options, "avatar", got)
		text := log.String() + printed(attempts())
		if failure, ok := errors.AsType[*Error](err); ok {
			text += printed(err) + failure.Message + failure.Excerpt
		}
		assert.NotContains(t, text, key)
		assert.NotContains(t, text, "canary-person")
		assert.Contains(t, log.String(), `"route":"/avatars/{id}"`)
	}
}

// checkAvatarURL is a fuzz target: whatever the address is, the request goes to the
// service's host and path, and has nothing of it but the key; or there is none.
func checkAvatarURL(tb testing.TB, input []byte) {
	tb.Helper()
	id, address, _ := strings.Cut(string(input), "|")
	w := newWire(pictureReply(""))
	c := newTestClient(tb, w, WithEndpoints(Endpoints{Avatar: "https://pictures.example/base", API: "https://api.example/api"}))
	_, err := c.GetAvatar(context.Background(), MRI(id), AvatarOptions{URL: address})
	if err != nil {
		require.ErrorIs(tb, err, ErrInvalid)
		require.Empty(tb, w.requests())
		return
	}
	line, header, _ := strings.Cut(w.requests()[0], "\n")
	sent, err := url.Parse(strings.TrimPrefix(line, "GET "))
	require.NoError(tb, err)
	require.Equal(tb, "https://pictures.example", sent.Scheme+"://"+sent.Host)
	name := MRI(id).ID()
	query := sent.Query()
	key := query.Get("auth_key")
	path := "/base/avatars/" + escapeSegment(name)
	if key == "" {
		path += "/public"
	}
	require.Equal(tb, path, sent.EscapedPath())
	query.Del("auth_key")
	require.Equal(tb, url.Values{"cacheHeaders": {"true"}, "returnDefaultImage": {"false"}}, query)
	require.Equal(tb, 1, strings.Count(header, testToken))
	if address == "" {
		return
	}
	given, err := url.Parse(address)
	require.NoError(tb, err)
	require.Contains(tb, []string{"avatar.skype.com", "api.skype.com", "pictures.example", "api.example"}, given.Host)
	require.Nil(tb, given.User)
	require.Empty(tb, given.Fragment)
	require.Equal(tb, key, given.Query().Get("auth_key"))
	segments := strings.Split(given.Path, "/")
	require.True(tb, slices.ContainsFunc(segments, func(s string) bool { return MRI("8:" + s).Equal(MRI(id)) }), address)
}

func FuzzAvatarURL(f *testing.F) { fuzzTargets(f)["AvatarURL"].Fuzz(f) }
