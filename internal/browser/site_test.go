package browser

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// site is a server on this machine that records the requests it gets.
type site struct {
	url string

	mu       sync.Mutex
	requests []string // method and path
}

// newSite serves with a handler.
func newSite(t *testing.T, handler http.Handler) *site {
	t.Helper()
	s := &site{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
		s.mu.Unlock()
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// newDocument serves a page of HTML at any path but that of an icon, for which Chromium asks
// on its own.
func newDocument(t *testing.T, html []byte) *site {
	t.Helper()
	return newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(html)
	}))
}

// requested returns the requests until now.
func (s *site) requested() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// httpFolder serves the files of a folder below a path, as a plain file server does.
func httpFolder(path, folder string) http.Handler {
	return http.StripPrefix(path, http.FileServer(http.Dir(folder)))
}
