package interop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// realHosts has the base URLs that clients have hard-coded, and the mount of the same host
// on a skypetest server. The first one that a URL begins with is its host.
var realHosts = []struct{ base, mount string }{
	{"https://contacts.skype.com/contacts/v2", "/contacts/v2"},
	{"https://edge.skype.com/pcs/contacts/v2", "/contacts/v2"},
	{"https://contacts.skype.com/contacts/v1", "/contacts/v1"},
	{"https://api.skype.com", "/api"},
	{"https://profile.skype.com/profile/v1", "/profile/v1"},
	{"https://edge.skype.com/profile/v1", "/profile/v1"},
	{"https://people.skype.com", "/people"},
	{"https://avatar.skype.com/v1", "/avatar/v1"},
	{"https://skypegraph.skype.com", "/directory"},
	{"https://api.aps.skype.com/v1", "/bots/v1"},
	{"https://client-s.gateway.messenger.live.com/v1", "/messenger/v1"},
}

// fakeURL returns the URL on a server of what a client requests, or the empty string if it
// is on no known host.
func fakeURL(srv *skypetest.Server, real string) string {
	for _, host := range realHosts {
		if rest, ok := strings.CutPrefix(real, host.base); ok {
			return srv.URL + host.mount + rest
		}
	}
	return ""
}

// realURL is the inverse of fakeURL, for Location headers. It returns other URLs as they are.
func realURL(fake string) string {
	u, err := url.Parse(fake)
	if err != nil {
		return fake
	}
	for _, host := range realHosts {
		if rest, ok := strings.CutPrefix(u.RequestURI(), host.mount+"/"); ok {
			return host.base + "/" + rest
		}
	}
	return fake
}

// realHostsProxy stands for all hosts of the service, by HTTPS with a certificate of its own
// authority, and forwards to a server.
type realHostsProxy struct {
	target      atomic.Pointer[skypetest.Server]
	route       atomic.Int32 // a routeKind
	port        string       // on the loopback interface
	certificate string       // file with the certificate of the authority
}

func newRealHostsProxy(t *testing.T) *realHostsProxy {
	t.Helper()
	p := new(realHostsProxy)
	certificate, authority := throwAwayCertificate(t)
	proxy := httptest.NewUnstartedServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			srv := p.target.Load()
			target, err := url.Parse(fakeURL(srv, "https://"+r.In.Host+r.In.URL.RequestURI()))
			if err != nil || target.Host == "" || routeKind(p.route.Load()) != routeServed {
				target = &url.URL{Scheme: "http", Host: strings.TrimPrefix(srv.URL, "http://"), Path: "/no-such-host"}
			}
			r.Out.URL = target
		},
		ModifyResponse: func(r *http.Response) error {
			if routeKind(p.route.Load()) == routeWithoutEffect {
				_ = r.Body.Close()
				r.StatusCode, r.ContentLength, r.Header = http.StatusOK, 2, http.Header{"Content-Type": {"application/json"}}
				r.Body = io.NopCloser(strings.NewReader("{}"))
				return nil
			}
			if location := r.Header.Get("Location"); location != "" {
				r.Header.Set("Location", realURL(location))
			}
			return nil
		},
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	})
	proxy.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	proxy.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	p.certificate = filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(p.certificate, authority, 0o600))
	_, p.port, _ = net.SplitHostPort(proxy.Listener.Addr().String())
	return p
}

// throwAwayCertificate returns a certificate for the names of all real hosts, which is its
// own authority, and the same as PEM.
func throwAwayCertificate(t *testing.T) (certificate tls.Certificate, authority []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "skypetest"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
	}
	for _, host := range realHosts {
		u, err := url.Parse(host.base)
		require.NoError(t, err)
		template.DNSNames = append(template.DNSNames, u.Host)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestFakeURL(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	for real, want := range map[string]string{
		"https://contacts.skype.com/contacts/v2/users/self":            "/contacts/v2/users/self",
		"https://edge.skype.com/pcs/contacts/v2/users/SELF/contacts":   "/contacts/v2/users/SELF/contacts",
		"https://client-s.gateway.messenger.live.com/v1/users/ME/a%2F": "/messenger/v1/users/ME/a%2F",
	} {
		require.Equal(t, srv.URL+want, fakeURL(srv, real))
	}
	require.Empty(t, fakeURL(srv, "https://login.skype.com/login"))
	require.Equal(t, "https://client-s.gateway.messenger.live.com/v1/users/ME/endpoints/%7B1%7D",
		realURL(srv.URL+"/messenger/v1/users/ME/endpoints/%7B1%7D"))
	require.Equal(t, "https://a.example/x", realURL("https://a.example/x"))
}

func TestRealHostsProxy(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	proxy := newRealHostsProxy(t)
	proxy.target.Store(srv)
	authorities := x509.NewCertPool()
	authority, err := os.ReadFile(proxy.certificate)
	require.NoError(t, err)
	require.True(t, authorities.AppendCertsFromPEM(authority))
	tests := []struct {
		host  string
		route routeKind
		want  int
	}{
		{"api.skype.com", routeServed, http.StatusUnauthorized},
		{"api.skype.com", routeWithdrawn, http.StatusNotFound},
		{"api.skype.com", routeWithoutEffect, http.StatusOK},
		{"api.aps.skype.com", routeServed, http.StatusNotFound},
	}
	for _, test := range tests {
		proxy.route.Store(int32(test.route))
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, ServerName: test.host, MinVersion: tls.VersionTLS12}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://127.0.0.1:"+proxy.port+"/users/self/profile", http.NoBody)
		require.NoError(t, err)
		req.Host = test.host
		res, err := transport.RoundTrip(req)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		transport.CloseIdleConnections()
		require.Equal(t, test.want, res.StatusCode, "%s", body)
	}
}
