package skypetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	htmlContentType = "text/html; charset=utf-8"
	signInPage      = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in to use this network.</p></body></html>\n"
	malformedBody   = "{\"contacts\": \x00\xff][,"
)

// sendFaulty responds to a request as its fault has it.
func (x *exchange) sendFaulty(w http.ResponseWriter, r *http.Request, f *Fault) {
	var resp *bufferedResponse // the response without the fault, if the request takes effect first
	if f.AfterEffect || f.Kind == FaultStallInside || f.Kind == FaultTruncate {
		resp = x.handle()
	}
	if f.Delay > 0 {
		x.wait(r.Context(), f.Delay)
	}
	switch f.Kind {
	case FaultStall:
		x.wait(r.Context(), math.MaxInt64)
		panic(http.ErrAbortHandler)
	case FaultStallInside, FaultTruncate, FaultReset:
		x.cutConnection(w, f, resp)
		return
	case FaultGzipBomb:
		sendGzipBomb(w, f)
		return
	case FaultExpireToken:
		x.expireToken()
	default: // a complete response
	}
	if replacement := x.faultResponse(f); replacement != nil {
		resp = replacement
	}
	if resp == nil {
		resp = x.handle()
	}
	if f.RetryAfter > 0 {
		resp.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	for name, values := range f.Header {
		resp.header[http.CanonicalHeaderKey(name)] = values
	}
	x.send(w, resp)
}

// faultResponse is the response that a fault puts in place of the usual one, or
// nil if it puts none.
func (x *exchange) faultResponse(f *Fault) *bufferedResponse {
	newResponse := func(status int, contentType, body string) *bufferedResponse {
		if f.Status != 0 {
			status = f.Status
		}
		return &bufferedResponse{status, http.Header{"Content-Type": {contentType}}, []byte(body)}
	}
	switch f.Kind {
	case FaultStatus:
		return newResponse(http.StatusServiceUnavailable, jsonContentType, f.Body)
	case FaultGarbage:
		return newResponse(http.StatusOK, jsonContentType, malformedBody)
	case FaultHTML:
		return newResponse(http.StatusOK, htmlContentType, signInPage)
	case FaultRedirect:
		resp := newResponse(http.StatusFound, htmlContentType, "")
		resp.header.Set("Location", f.Location)
		return resp
	case FaultRateLimit:
		return x.errorResponse(http.StatusTooManyRequests, "API calls quota exceeded!")
	default:
		return nil
	}
}

// wait returns after d. It ends the request if its connection or the server is
// closed before.
func (x *exchange) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		panic(http.ErrAbortHandler)
	case <-x.core.closed.Done():
		panic(http.ErrAbortHandler)
	}
}

// expireToken expires the token of the request. A token that has expired before
// stays so, and the account keeps the one that replaced it.
func (x *exchange) expireToken() {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	state := x.core.state
	switch token := x.host.token(state, x.request.Header); {
	case token == nil || token.expired:
	case x.host == messengerHost:
		replaceToken(state.registrationTokens, &x.self.registrationToken)
	default:
		replaceToken(state.skypeTokens, &x.self.skypeToken)
	}
}

// cutConnection hijacks the connection and resets it, or sends a part of the
// response. Without hijacking net/http would complete the response.
func (x *exchange) cutConnection(w http.ResponseWriter, f *Fault, resp *bufferedResponse) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // as with a ResponseRecorder
	}
	defer conn.Close() //nolint:errcheck // the connection is to break
	if f.Kind == FaultReset {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		return
	}
	x.completeHeader(resp)
	head := new(bytes.Buffer)
	fmt.Fprintf(head, "HTTP/1.1 %d %s\r\n", resp.status, http.StatusText(resp.status))
	_ = resp.header.Write(head)
	head.WriteString("\r\n")
	sent := head.Len() // bytes of head and body
	switch {
	case len(resp.body) == 0:
		sent /= 2
	case f.Kind == FaultTruncate:
		sent += min(f.Bytes, len(resp.body)-1)
	default:
		sent += len(resp.body) / 2
	}
	if _, err := conn.Write(append(head.Bytes(), resp.body...)[:sent]); err != nil || f.Kind == FaultTruncate {
		return
	}
	defer context.AfterFunc(x.core.closed, func() { _ = conn.Close() })()
	_, _ = io.Copy(io.Discard, conn) // returns when the client or the server closes the connection
}

const gzipBombBlock = 1 << 20

// sendGzipBomb sends spaces, which gzip compresses to a thousandth.
func sendGzipBomb(w http.ResponseWriter, f *Fault) {
	size := f.Bytes
	if size == 0 {
		size = 256 << 20
	}
	var compressed bytes.Buffer
	z := gzip.NewWriter(&compressed)
	_, _ = z.Write(bytes.Repeat([]byte(" "), gzipBombBlock))
	_ = z.Close()
	w.Header().Set("Content-Type", jsonContentType)
	w.Header().Set("Content-Encoding", "gzip")
	for range (size + gzipBombBlock - 1) / gzipBombBlock {
		if _, err := w.Write(compressed.Bytes()); err != nil {
			return
		}
	}
}
