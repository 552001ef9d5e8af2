package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strconv"
	"strings"
	"time"
)

// policy is the Content-Security-Policy of the page, which also has it itself, for hosts
// that send none. The worker is a blob, which has the policy of the page that made it.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
	"worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'"

// headers are those of every response.
var headers = map[string]string{
	"Content-Security-Policy":      policy + "; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-cache", // there may be another one after the ETag is compared
}

// mediaTypes are those of the files by their endings. Those of the system may be others.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".csv": "text/csv; charset=utf-8", ".wasm": "application/wasm",
}

// listen listens on an address of this machine. No other one may be sent a page over HTTP.
func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if !isLoopback(host) {
		return nil, fmt.Errorf("-addr %s is not an address of this machine only, such as 127.0.0.1:8080; -build writes files for a web host", addr)
	}
	return net.Listen("tcp", addr)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// serve serves until the context ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// asset is a file as it is sent.
type asset struct {
	mediaType, etag string
	plain, gzip     []byte
}

// newHandler returns the handler that sends those files, and nothing else.
func newHandler(files map[string][]byte) http.Handler {
	assets := make(map[string]asset)
	for name, content := range files {
		assets["/"+name] = asset{
			mediaType: mediaTypes[path.Ext(name)], etag: fmt.Sprintf(`"%x"`, sha256.Sum256(content)),
			plain: content, gzip: compressed(content),
		}
	}
	assets["/"] = assets["/index.html"]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		file, found := assets[r.URL.Path]
		switch {
		case !isLoopback(hostname(r.Host)): // another name that leads to this machine
			http.Error(w, "the page is at the address that the program has printed", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the page takes nothing", http.StatusMethodNotAllowed)
		case !found:
			http.Error(w, "there is no such file", http.StatusNotFound)
		default:
			file.send(w, r)
		}
	})
}

// hostname returns the host of a Host header without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

func (a asset) send(w http.ResponseWriter, r *http.Request) {
	content, etag := a.plain, a.etag
	w.Header().Set("Content-Type", a.mediaType)
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content, etag = a.gzip, strings.TrimSuffix(etag, `"`)+`-gzip"`
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the client may have gone; net/http sends nothing for HEAD
}

// logRequests prints each request, with the size of its body.
func logRequests(handler http.Handler, out io.Writer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.Copy(io.Discard, io.LimitReader(r.Body, 1<<20))
		fmt.Fprintf(out, "%s %q, %d bytes of content\n", r.Method, r.URL.RequestURI(), body)
		handler.ServeHTTP(w, r)
	})
}
