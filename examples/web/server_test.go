package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// request returns the response of a handler with a few files.
func request(method, path, host string, header http.Header) *http.Response {
	handler := newHandler(map[string][]byte{
		"index.html": []byte("<!doctype html>"), "page.css": []byte("p {}"), "page.js": []byte("f()"), "sample.csv": []byte("id\n"),
		"converter.wasm": bytes.Repeat([]byte("\x00asm"), 1000),
	})
	r := httptest.NewRequest(method, "http://"+host+path, http.NoBody)
	if header != nil {
		r.Header = header
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(text)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][2]string{
		"/": {"text/html; charset=utf-8", "<!doctype html>"}, "/index.html": {"text/html; charset=utf-8", "<!doctype html>"},
		"/page.css": {"text/css; charset=utf-8", "p {}"}, "/page.js": {"text/javascript; charset=utf-8", "f()"},
		"/sample.csv": {"text/csv; charset=utf-8", "id\n"}, "/converter.wasm": {"application/wasm", strings.Repeat("\x00asm", 1000)},
	} {
		response := request(http.MethodGet, path, "127.0.0.1:8080", nil)
		assert.Equal(t, http.StatusOK, response.StatusCode, path)
		assert.Equal(t, want, [2]string{response.Header.Get("Content-Type"), body(t, response)})
	}
	for _, path := range []string{"/none", "/../main.go", "/page/index.html", "//", "/favicon.ico"} {
		assert.Equal(t, http.StatusNotFound, request(http.MethodGet, path, "127.0.0.1", nil).StatusCode, path)
	}
}

// Every response has the headers, also one that is an error.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, response := range []*http.Response{
		request(http.MethodGet, "/", "localhost:1", nil), request(http.MethodGet, "/none", "[::1]:80", nil),
		request(http.MethodGet, "/", "page.example", nil), request(http.MethodPost, "/", "127.0.0.1", nil),
	} {
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
				"worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache",
		} {
			assert.Equal(t, want, response.Header.Get(name), name)
		}
	}
}

// The page has the policy, too, for hosts that send none.
func TestPolicyOfThePage(t *testing.T) {
	t.Parallel()
	assert.Contains(t, string(builtFiles(t)["index.html"]), `<meta http-equiv="Content-Security-Policy" content="`+policy+`">`)
}

func TestMethods(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "LOOK"} {
		response := request(method, "/page.js", "127.0.0.1:1", nil)
		assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode, method)
		assert.Equal(t, "GET, HEAD", response.Header.Get("Allow"))
	}
	response := request(http.MethodHead, "/page.js", "127.0.0.1:1", nil)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, "3", response.Header.Get("Content-Length"))
}

// A page elsewhere whose name leads to this machine reads nothing.
func TestHosts(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:9": 200, "localhost:9": 200, "[::1]:9": 200, "[::1]": 200,
		"page.example": 421, "page.example:9": 421, "127.0.0.1.page.example:9": 421, "localhost.page.example": 421, "192.0.2.1:9": 421, "0.0.0.0:9": 421,
	} {
		assert.Equal(t, want, request(http.MethodGet, "/", host, nil).StatusCode, host)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	response := request(http.MethodGet, "/converter.wasm", "127.0.0.1", http.Header{"Accept-Encoding": {"br, gzip"}})
	assert.Equal(t, "gzip", response.Header.Get("Content-Encoding"))
	assert.Equal(t, "Accept-Encoding", response.Header.Get("Vary"))
	assert.Equal(t, "application/wasm", response.Header.Get("Content-Type"))
	plain, err := gzip.NewReader(response.Body)
	require.NoError(t, err)
	content, err := io.ReadAll(plain)
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("\x00asm", 1000), string(content))
}

// A file that the browser has is not sent again.
func TestETags(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"", "gzip"} {
		first := request(http.MethodGet, "/page.js", "127.0.0.1", http.Header{"Accept-Encoding": {encoding}})
		etag := first.Header.Get("ETag")
		require.Regexp(t, `^"[0-9a-f]{64}(-gzip)?"$`, etag)
		again := request(http.MethodGet, "/page.js", "127.0.0.1", http.Header{"Accept-Encoding": {encoding}, "If-None-Match": {etag}})
		assert.Equal(t, http.StatusNotModified, again.StatusCode)
		assert.Empty(t, body(t, again))
		other := request(http.MethodGet, "/page.js", "127.0.0.1", http.Header{"Accept-Encoding": {encoding}, "If-None-Match": {`"x"`}})
		assert.Equal(t, http.StatusOK, other.StatusCode)
	}
}
