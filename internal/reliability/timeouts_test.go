package reliability_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// silentListener accepts connections and sends nothing.
func silentListener(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				_, _ = io.Copy(io.Discard, conn) // until the client closes it
				_ = conn.Close()
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); open.Wait() })
	return listener.Addr().String()
}

// limiterFunc is a Limiter.
type limiterFunc func(context.Context) error

func (f limiterFunc) Wait(ctx context.Context) error { return f(ctx) }

// stalling is a handler that stalls at the place that the path names.
func stalling(rw http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	switch place := strings.Split(req.URL.Path, "/")[1]; place {
	case "headers":
		<-req.Context().Done()
		panic(http.ErrAbortHandler) // a response could still arrive while the client closes the connection
	case "body", "slow":
		_, _ = io.WriteString(rw, `{"contacts":[{"mri":"8:joe.4"}`)
		for req.Context().Err() == nil {
			if rw.(http.Flusher).Flush(); place == "slow" {
				_, _ = io.WriteString(rw, ` `)
				time.Sleep(time.Millisecond)
			} else {
				<-req.Context().Done()
			}
		}
	case "pause":
		rw.Header().Set("Retry-After", "30")
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
}

// streamContacts reads all contacts as a stream, up to the first error.
func streamContacts(ctx context.Context, c *skypecontacts.Client) error {
	for _, err := range c.AllContacts(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}

// A call returns promptly when its context is canceled, with the cause.
func TestCancelLatency(t *testing.T) { //nolint:tparallel // measures time, apart from other tests
	const after = 5 * time.Millisecond
	runs := 25
	if *printFigures {
		runs = 100
	}
	server := httptest.NewServer(http.HandlerFunc(stalling))
	t.Cleanup(server.Close)
	silent := silentListener(t)
	at := func(mode string) skypecontacts.Endpoints {
		return skypecontacts.Endpoints{Contacts: server.URL + "/" + mode}
	}
	list := func(ctx context.Context, c *skypecontacts.Client) error { _, err := c.ListContacts(ctx); return err }
	dial := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	tests := []struct {
		name string
		opts []skypecontacts.Option
		call func(context.Context, *skypecontacts.Client) error
	}{
		{"dial", []skypecontacts.Option{skypecontacts.WithHTTPClient(&http.Client{Transport: dial})}, list},
		{"TLS handshake", []skypecontacts.Option{skypecontacts.WithEndpoints(skypecontacts.Endpoints{Contacts: "https://" + silent})}, list},
		{"wait for headers", []skypecontacts.Option{skypecontacts.WithEndpoints(at("headers"))}, list},
		{"stalled body", []skypecontacts.Option{skypecontacts.WithEndpoints(at("body"))}, list},
		{"slow body", []skypecontacts.Option{skypecontacts.WithEndpoints(at("slow"))}, list},
		{"stalled stream", []skypecontacts.Option{skypecontacts.WithEndpoints(at("body"))}, streamContacts},
		{"pause", []skypecontacts.Option{skypecontacts.WithEndpoints(at("pause")), skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20})}, list},
		{"limiter", []skypecontacts.Option{skypecontacts.WithLimiter(limiterFunc(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }))}, list},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), append(test.opts, skypecontacts.WithInsecureLoopback())...)
			require.NoError(t, err)
			measureCancel(t, test.name, runs, after, func(ctx context.Context) error { return test.call(ctx, c) })
			c.CloseIdleConnections()
		})
	}
	t.Run("token", func(t *testing.T) {
		t.Parallel()
		// A refresh goes on after its caller has returned, so it gets a context that ends.
		ctx, cancel := context.WithCancel(t.Context())
		c, err := skypecontacts.New(skypecontacts.TokenSourceFunc(func(context.Context) (skypecontacts.Token, error) {
			<-ctx.Done()
			return skypecontacts.Token{}, ctx.Err()
		}))
		require.NoError(t, err)
		measureCancel(t, "token", runs, after, func(ctx context.Context) error { return list(ctx, c) })
		cancel()
	})
}

// measureCancel asserts how long a call takes to return when it is canceled, in
// comparison to a goroutine that only waits for the same cancellation.
func measureCancel(t *testing.T, name string, runs int, after time.Duration, call func(context.Context) error) {
	t.Helper()
	const limit = 50 * time.Millisecond
	var p99, baseline time.Duration
	prompt := retried(func() bool {
		baseline = cancelLatency(t, runs, after, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		p99 = cancelLatency(t, runs, after, call)
		return p99 < limit
	})
	assert.True(t, prompt || !*printFigures && p99 < limit+20*baseline, "%v, baseline %v", p99, baseline)
	measured.set("canceled in "+name+": p99 ms to return", fmt.Sprintf("%.1f", p99.Seconds()*1e3), "50")
}

// cancelLatency returns the time within which 99 % of the calls return when they
// are canceled.
func cancelLatency(t *testing.T, runs int, after time.Duration, call func(context.Context) error) time.Duration {
	t.Helper()
	latencies := make([]time.Duration, runs)
	for i := range latencies {
		ctx, cancel := context.WithCancel(t.Context())
		var canceled atomic.Int64
		time.AfterFunc(after, func() { canceled.Store(time.Now().UnixNano()); cancel() })
		err := call(ctx)
		latencies[i] = time.Since(time.Unix(0, canceled.Load()))
		require.ErrorIs(t, err, context.Canceled)
		cancel()
	}
	slices.Sort(latencies)
	return latencies[runs*99/100-1]
}

// A call to a slow server ends with its timeout, over HTTP/1 and HTTP/2.
func TestSlowServer(t *testing.T) { //nolint:paralleltest,tparallel // measures time, apart from other tests
	const limit = 200 * time.Millisecond
	for _, h2 := range []bool{false, true} {
		for _, where := range []string{"headers", "body", "slow"} {
			t.Run(fmt.Sprintf("%s h2=%v", where, h2), func(t *testing.T) {
				t.Parallel()
				server := newTLSServer(t, h2, func(rw http.ResponseWriter, req *http.Request) {
					_, _ = io.Copy(io.Discard, req.Body) // otherwise the server does not notice that the connection is closed
					if where != "headers" {
						_, _ = io.WriteString(rw, `{"contacts":[`)
						rw.(http.Flusher).Flush()
					}
					for where == "slow" && req.Context().Err() == nil {
						_, _ = io.WriteString(rw, " ")
						rw.(http.Flusher).Flush()
						time.Sleep(time.Millisecond)
					}
					<-req.Context().Done()
					panic(http.ErrAbortHandler) // a response could still arrive while the client closes the connection
				})
				c := apitest.NewServerClient(t, server, skypecontacts.WithHTTPClient(server.Client()), skypecontacts.WithTimeout(limit))
				late := func(call func() error) (d time.Duration) {
					const bound = 100 * time.Millisecond
					var baseline time.Duration
					prompt := retried(func() bool {
						overslept := make(chan time.Duration, 1)
						go func(began time.Time) { time.Sleep(limit); overslept <- time.Since(began) - limit }(time.Now())
						started := time.Now()
						require.ErrorIs(t, call(), context.DeadlineExceeded)
						d, baseline = time.Since(started)-limit, <-overslept
						return d < bound
					})
					assert.True(t, prompt || !*printFigures && d < bound+20*baseline, "%v, baseline %v", d, baseline)
					return d
				}
				read := late(func() error { _, err := c.ListContacts(t.Context()); return err })
				write := late(func() error { return blockUser(c) })
				measured.set(fmt.Sprintf("ms beyond the timeout, server stalls in %s, HTTP/2 %v", where, h2), max(read, write).Milliseconds(), "100")
			})
		}
	}
}

func newTLSServer(t *testing.T, h2 bool, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handle)
	server.EnableHTTP2 = h2
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // about connections that clients close
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// Requests, decoding and retries are the same over HTTP/2.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	body := apitest.Fixture(t, "contacts/list_contacts.json")
	var requests, overHTTP2 atomic.Int64
	server := newTLSServer(t, true, func(rw http.ResponseWriter, req *http.Request) {
		requests.Add(1)
		if req.ProtoMajor == 2 {
			overHTTP2.Add(1)
		}
		switch {
		case req.Method == http.MethodPost || req.Method == http.MethodDelete:
			_, _ = io.Copy(io.Discard, req.Body)
			panic(http.ErrAbortHandler) // RST_STREAM
		case req.Method == http.MethodPut:
			rw.Header().Set("Location", "https://evil.example/")
			rw.WriteHeader(http.StatusTemporaryRedirect)
		default:
			assert.Equal(t, apitest.Token, req.Header.Get("X-Skypetoken"))
			rw.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(rw, body)
		}
	})
	c := apitest.NewServerClient(t, server, skypecontacts.WithHTTPClient(server.Client()))
	for _, err := range inParallel(50, func() error {
		got, err := c.ListContacts(t.Context())
		if err == nil {
			assert.Len(t, got.Contacts, 4)
		}
		return err
	}) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 50, requests.Load())

	var failure *skypecontacts.Error
	require.ErrorAs(t, c.SendInvite(t.Context(), "8:joe.4", ""), &failure)
	require.ErrorIs(t, failure, skypecontacts.ErrUnavailable)
	require.True(t, failure.MaybeApplied)
	require.EqualValues(t, 51, requests.Load(), "a POST is not sent again")
	require.ErrorAs(t, c.RevokeContact(t.Context(), "8:joe.4"), &failure)
	require.True(t, failure.MaybeApplied)
	require.EqualValues(t, 54, requests.Load(), "a DELETE is, twice")
	require.ErrorIs(t, blockUser(c), skypecontacts.ErrRedirect)
	require.Equal(t, requests.Load(), overHTTP2.Load())
}

// Response headers of more than 256 KiB are an error.
func TestHeaderFlood(t *testing.T) {
	t.Parallel()
	for _, size := range []int{100 << 10, 300 << 10, 11 << 20} {
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(rw).Hijack()
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n")
			line := "X-Filler: " + strings.Repeat("x", 1000) + "\r\n"
			for sent := 0; sent < size && err == nil; sent += len(line) {
				_, err = io.WriteString(conn, line)
			}
			_, _ = io.WriteString(conn, "\r\n{}")
		}))
		c := apitest.NewServerClient(t, server, skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}))
		_, err := c.ListContacts(t.Context())
		if size < 256<<10 {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, skypecontacts.ErrUnavailable)
		}
		c.CloseIdleConnections()
		server.Close()
	}
}

// A body that breaks off is an error, however its length was announced.
func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	const body = `{"contacts":[{"mri":"8:joe.4"}]}`
	tests := []struct {
		name, head, body string
		is               error
		sent             int64
	}{
		{"body shorter than Content-Length", "Content-Length: 100\r\n", body, skypecontacts.ErrUnavailable, 3},
		{"chunks that end early", "Transfer-Encoding: chunked\r\n", "20\r\n" + body + "\r\n", skypecontacts.ErrUnavailable, 3},
		{"invalid chunk length", "Transfer-Encoding: chunked\r\n", "zz\r\n" + body, skypecontacts.ErrUnavailable, 3},
		{"gzip that ends early", "Content-Encoding: gzip\r\nConnection: close\r\n", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xaa", skypecontacts.ErrUnavailable, 3},
		{"not gzip", "Content-Encoding: gzip\r\nConnection: close\r\n", body, skypecontacts.ErrUnavailable, 3},
		{"no length, truncated", "Connection: close\r\n", body[:20], skypecontacts.ErrDecode, 1},
		{"no length, complete", "Connection: close\r\n", body, nil, 1},
		{"unknown encoding", "Content-Encoding: br\r\nConnection: close\r\n", "\x1b\x00\x00", skypecontacts.ErrDecode, 1},
		{"two lengths", "Content-Length: 3\r\nContent-Length: 32\r\n", body, skypecontacts.ErrUnavailable, 3},
		{"headers only", "Content-Length: 32\r\n", "", skypecontacts.ErrUnavailable, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				sent.Add(1)
				conn, _, err := http.NewResponseController(rw).Hijack()
				if assert.NoError(t, err) {
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"+test.head+"\r\n"+test.body)
					_ = conn.Close()
				}
			}))
			defer server.Close()
			c := apitest.NewServerClient(t, server)
			defer c.CloseIdleConnections()
			got, err := c.ListContacts(t.Context())
			require.ErrorIs(t, err, test.is)
			require.Equal(t, test.is != nil, got == nil)
			require.Equal(t, test.sent, sent.Load())
			if test.is != nil {
				sent.Store(0)
				var failure *skypecontacts.Error
				require.ErrorAs(t, c.SendInvite(t.Context(), "8:joe.4", ""), &failure)
				require.True(t, failure.MaybeApplied)
				require.EqualValues(t, 1, sent.Load())
			}
		})
	}
}
