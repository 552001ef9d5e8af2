package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const onePixel = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// pictureServer is a TLS server in place of all hosts.
type pictureServer struct {
	transport *http.Transport
	mu        sync.Mutex
	requests  []string
}

// paths returns the requests until now.
func (s *pictureServer) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func newPictureServer(t *testing.T, respond http.HandlerFunc) *pictureServer {
	t.Helper()
	s := new(pictureServer)
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Host+r.URL.RequestURI())
		s.mu.Unlock()
		for name := range r.Header {
			assert.Contains(t, []string{"Accept", "Accept-Encoding", "User-Agent"}, name)
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b", Secure: true, HttpOnly: true})
		respond(w, r)
	}))
	s.transport = srv.Client().Transport.(*http.Transport).Clone()
	s.transport.TLSClientConfig = &tls.Config{RootCAs: s.transport.TLSClientConfig.RootCAs, ServerName: "example.com", MinVersion: tls.VersionTLS12}
	s.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
	}
	t.Cleanup(srv.Close)
	t.Cleanup(s.transport.CloseIdleConnections)
	return s
}

// personWithPicture returns a contact with an address of a picture.
func personWithPicture(address string) *skypecontacts.Contact {
	return &skypecontacts.Contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{AvatarURL: address}}
}

// Only addresses of Skype are requested.
func TestWebPictures(t *testing.T) {
	t.Parallel()
	srv := newPictureServer(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, onePixel) })
	get := webPictures(srv.transport)
	for _, address := range []string{
		"https://avatar.skype.com/v1/avatars/joe.4/public", "https://avatar.skype.com/v1/avatars/joe.4?auth_key=1", "https://api.skype.com/users/joe.4/profile/avatar",
	} {
		avatar, err := get(t.Context(), personWithPicture(address))
		require.NoError(t, err)
		require.Equal(t, onePixel, string(avatar.Data))
	}
	for _, address := range []string{
		"", "http://avatar.skype.com/a", "https://evil.example/a", "https://avatar.skype.com.evil.example/a", "https://avatar.skype.com@evil.example/a",
		"https://me@avatar.skype.com/a", "https://avatar.skype.com:8443/a", "https://10.0.0.1/a", "file:///etc/passwd", "https://avatar.skype.com\x00/",
	} {
		avatar, err := get(t.Context(), personWithPicture(address))
		require.NoError(t, err)
		require.Nil(t, avatar, address)
	}
	require.Equal(t, []string{
		"avatar.skype.com/v1/avatars/joe.4/public", "avatar.skype.com/v1/avatars/joe.4?auth_key=1", "api.skype.com/users/joe.4/profile/avatar",
	}, srv.paths())
}

// An address that failed is one failure, however many people have it, and people without a
// picture do not end a row of failures.
func TestWebPicturesOfOneAddress(t *testing.T) {
	t.Parallel()
	srv := newPictureServer(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	faces := pictures{ctx: t.Context(), get: webPictures(srv.transport)}
	var want []string
	for i := range maxPictureFailures {
		require.Empty(t, faces.note())
		want = append(want, fmt.Sprintf("avatar.skype.com/%d", i))
		_, err := faces.picture(personWithPicture("https://" + want[i]))
		require.ErrorIs(t, err, skypecontacts.ErrUnavailable)
		for _, address := range []string{"https://" + want[i], "https://" + want[i], ""} {
			avatar, err := faces.picture(personWithPicture(address))
			require.NoError(t, err)
			require.Nil(t, avatar)
		}
	}
	require.Equal(t, want, srv.paths())
	require.NotEmpty(t, faces.note())
}

func TestWebPictureErrors(t *testing.T) {
	t.Parallel()
	srv := newPictureServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "https://evil.example/a", http.StatusFound)
		case "/none":
			http.NotFound(w, r)
		case "/private":
			w.WriteHeader(http.StatusForbidden)
		case "/down":
			w.WriteHeader(http.StatusBadGateway)
		case "/large":
			fmt.Fprint(w, strings.Repeat("x", maxPictureBytes+1))
		case "/largest":
			fmt.Fprint(w, strings.Repeat("x", maxPictureBytes))
		case "/short":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, onePixel)
		}
	})
	get := webPictures(srv.transport)
	for path, want := range map[string]error{
		"redirect": skypecontacts.ErrRedirect, "none": skypecontacts.ErrNotFound, "private": skypecontacts.ErrForbidden, "down": skypecontacts.ErrUnavailable,
		"large": skypecontacts.ErrTooLarge, "largest": nil,
	} {
		_, err := get(t.Context(), personWithPicture("https://avatar.skype.com/"+path))
		require.ErrorIs(t, err, want, path)
	}
	_, err := get(t.Context(), personWithPicture("https://avatar.skype.com/short?auth_key=secret"))
	require.EqualError(t, err, "the response ends early: unexpected EOF")
	srv.transport.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no network") }
	srv.transport.CloseIdleConnections()
	_, err = get(t.Context(), personWithPicture("https://avatar.skype.com/new?auth_key=secret"))
	require.EqualError(t, err, "no response: no network")
}

func TestPictures(t *testing.T) {
	t.Parallel()
	var results []error // of the next requests
	requests := 0
	var progress strings.Builder
	faces := pictures{ctx: t.Context(), progress: &progress, get: func(context.Context, *skypecontacts.Contact) (*skypecontacts.Avatar, error) {
		requests++
		if len(results) == 0 {
			return &skypecontacts.Avatar{}, nil
		}
		err := results[0]
		results = results[1:]
		return nil, err
	}}
	down := fmt.Errorf("%w: %w", skypecontacts.ErrUnavailable, context.DeadlineExceeded)
	results = []error{skypecontacts.ErrNotFound, skypecontacts.ErrForbidden, down, down, down, down, skypecontacts.ErrNotFound, down, down, down, down, skypecontacts.ErrTooLarge}
	for range 12 {
		_, err := faces.picture(nil)
		require.NotErrorIs(t, err, skypecontacts.ErrNotFound, "nobody's picture is missing")
	}
	for range pictureProgressEvery {
		avatar, err := faces.picture(nil)
		require.NoError(t, err)
		require.NotNil(t, avatar)
	}
	require.Equal(t, "100 pictures\n", progress.String())
	require.Empty(t, faces.note())

	requests, results = 0, []error{down, down, down, down, errors.New("the last one"), nil}
	for range 10 {
		avatar, _ := faces.picture(nil)
		require.Nil(t, avatar)
	}
	require.Equal(t, maxPictureFailures, requests)
	require.Equal(t, "after 5 failures in a row no more pictures were requested; the last: the last one", faces.note())
}

func TestPicturesEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	faces := pictures{ctx: ctx, get: func(context.Context, *skypecontacts.Contact) (*skypecontacts.Avatar, error) {
		cancel()
		return nil, skypecontacts.ErrUnavailable
	}}
	contacts := func(yield func(*skypecontacts.Contact, error) bool) {
		yield(&skypecontacts.Contact{MRI: "8:joe.4"}, nil)
	}
	_, err := export.Write(new(strings.Builder), export.HTML, contacts, export.Options{Picture: faces.picture})
	require.ErrorIs(t, err, context.Canceled)
}

// A page of the service has the pictures of the people who have one, if they are asked for.
func TestPageWithPictures(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "contacts.html")
	_, stderr, err := runExport(t.Context(), "-from", "demo", "-o", out, "-avatars", "-suggested")
	require.NoError(t, err)
	page := folderContent(t, filepath.Dir(out))["contacts.html"]
	assert.Contains(t, page, `src="data:image/`)
	assert.NotContains(t, stderr, "picture")
	for _, args := range [][]string{{"-from", "demo", "-to", "html"}, {"-from", "demo", "-to", "html", "-avatars", "-dry-run"}} {
		stdout, _, err := runExport(t.Context(), args...)
		require.NoError(t, err)
		assert.NotContains(t, stdout, "data:image/")
	}
	page, _, err = runExport(t.Context(), "-from", sampleFile, "-to", "html", "-avatars") // whose addresses are not Skype's
	require.NoError(t, err)
	assert.NotContains(t, page, "data:image/")
	assert.NotContains(t, page, "avatar.example")
}
