package skypetest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"
)

const (
	captivePortalPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in to use this network.</p></body></html>\n"
	malformedBody     = "{\"contacts\": \x00\xff][,"

	noHandlerBody = `{"status":{"code":40499,"text":"` + noHandlerText + `"}}`

	problemContentType = "application/problem+json"
	problemBody        = `{"type":"about:blank","title":"Forbidden","status":403,"detail":"The request was refused"}`

	defaultDripInterval = 20 * time.Millisecond
)

// sendFaulty responds to a request as its fault has it.
func (x *exchange) sendFaulty(w http.ResponseWriter, r *http.Request, f *Fault) {
	var resp *bufferedResponse // the response without the fault, if the request takes effect first
	if f.afterEffect() {
		resp = x.handle()
	}
	if f.Delay > 0 && f.Kind != FaultDrip && f.Kind != FaultDripAfter {
		x.wait(r.Context(), f.Delay)
	}
	switch f.Kind {
	case FaultStall:
		x.wait(r.Context(), math.MaxInt64)
		panic(http.ErrAbortHandler)
	case FaultTruncatePage:
		resp = x.faultResponse(f)
		x.cutConnection(w, f, resp)
		return
	case FaultStallInside, FaultTruncate, FaultReset, FaultExtraResponse:
		x.cutConnection(w, f, resp)
		return
	case FaultRefusedStream, FaultGoAway:
		x.refuseStream(w, r, f)
		return
	case FaultDrip, FaultDripAfter:
		x.sendDripping(w, r, f, resp)
		return
	case FaultGzipBomb:
		sendGzipBomb(w, f)
		return
	case FaultExpireToken:
		x.expireToken(f.Status)
	case FaultOmit:
		omitMember(resp, f.Member)
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
		return newResponse(http.StatusOK, htmlContentType, captivePortalPage)
	case FaultTruncatePage:
		return newResponse(http.StatusBadGateway, htmlContentType, captivePortalPage)
	case FaultNoHandler:
		return newResponse(http.StatusNotFound, jsonContentType, noHandlerBody)
	case FaultProblem:
		return newResponse(http.StatusForbidden, problemContentType, problemBody)
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

// omitMember removes a member of a response that is a JSON object.
func omitMember(resp *bufferedResponse, name string) {
	var object jsonObject
	if json.Unmarshal(resp.body, &object) != nil {
		return
	}
	delete(object, name)
	resp.body = jsonResponse(resp.status, object).body
}

// expireToken expires the token of the request. A token that has expired before
// stays so, and the account keeps the one that replaced it. A status other than 0
// is that of the responses to the expired token.
func (x *exchange) expireToken(status int) {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	if token := x.token(); token != nil && !token.expired {
		x.core.state.expire(token, status)
	}
}

// refuseStream refuses the request in the way of HTTP/2: the client may take it
// for certain that the request was not processed.
func (x *exchange) refuseStream(w http.ResponseWriter, r *http.Request, f *Fault) {
	conn, ok := r.Context().Value(streamConnKey{}).(*streamConn)
	if !ok || r.ProtoMajor != 2 {
		x.cutConnection(w, &Fault{Kind: FaultReset}, nil)
		return
	}
	conn.refuseNext(f.Kind == FaultGoAway)
	panic(http.ErrAbortHandler) // makes net/http reset the stream, which conn turns into the refusal
}

// sendDripping sends spaces before or after the response, without a Content-Length. A
// picture has pauses there instead. Without a response it never ends.
func (x *exchange) sendDripping(w http.ResponseWriter, r *http.Request, f *Fault, resp *bufferedResponse) {
	if resp == nil {
		resp = x.errorResponse(cmp.Or(f.Status, http.StatusOK), "The request failed")
	}
	x.completeHeader(resp)
	resp.header.Del("Content-Length")
	maps.Copy(w.Header(), resp.header)
	status := cmp.Or(f.Status, resp.status)
	if status == http.StatusNoContent || status == http.StatusNotModified {
		status = http.StatusOK // the others have no body
	}
	w.WriteHeader(status)
	out := http.NewResponseController(w)
	if f.Kind == FaultDripAfter {
		_, _ = w.Write(resp.body)
	}
	for n := 0; f.Bytes == 0 || n < f.Bytes; n++ {
		if resp.header.Get("Content-Type") == jsonContentType || len(resp.body) == 0 {
			_, _ = w.Write([]byte(" "))
		}
		_ = out.Flush()
		x.wait(r.Context(), cmp.Or(f.Delay, defaultDripInterval)) // ends once the client has closed the connection
	}
	if f.Kind == FaultDrip {
		_, _ = w.Write(resp.body)
	}
}

// cutConnection hijacks the connection and resets it, or sends a part of the
// response or more than that. Without hijacking net/http would complete the
// response.
func (x *exchange) cutConnection(w http.ResponseWriter, f *Fault, resp *bufferedResponse) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // as with HTTP/2 and with a ResponseRecorder
	}
	defer conn.Close() //nolint:errcheck // the connection is to break
	if f.Kind == FaultReset {
		if c, ok := conn.(*streamConn); ok {
			c.reset()
		}
		return
	}
	x.completeHeader(resp)
	head := new(bytes.Buffer)
	fmt.Fprintf(head, "HTTP/1.1 %d %s\r\n", resp.status, http.StatusText(resp.status))
	_ = resp.header.Write(head)
	head.WriteString("\r\n")
	sent := head.Len() // bytes of head and body
	complete := append(head.Bytes(), resp.body...)
	switch {
	case f.Kind == FaultExtraResponse:
		complete = append(complete, complete...)
		sent = len(complete)
	case len(resp.body) == 0:
		sent /= 2
	case f.Kind == FaultStallInside:
		sent += len(resp.body) / 2
	default:
		sent += min(f.Bytes, len(resp.body)-1)
	}
	if _, err := conn.Write(complete[:sent]); err != nil || f.Kind == FaultTruncate || f.Kind == FaultTruncatePage {
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
