package skypetest

import (
	"context"
	"encoding/binary"
	"net"
	"sync"
)

// streamListener makes every connection a [streamConn].
type streamListener struct{ net.Listener }

func (l streamListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &streamConn{Conn: conn}, nil
}

// streamConn is a connection that can refuse a request of HTTP/2. net/http does
// not let a handler do that: it resets the stream of a handler that panics with
// INTERNAL_ERROR. streamConn replaces that frame.
type streamConn struct {
	net.Conn

	mu       sync.Mutex // guards refusals
	refusals []bool     // for each stream that is to be refused: by a GOAWAY

	// The fields below belong to Write, which net/http calls from one goroutine at
	// a time.
	started bool
	http2   bool
	payload int    // bytes of the current frame's payload that are still to pass
	frame   []byte // the beginning of a frame, until its type is known
}

// streamConnKey is the key of the streamConn in the context of its requests.
type streamConnKey struct{}

func withStreamConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, streamConnKey{}, conn)
}

// refuseNext makes the next stream that net/http resets a refused one.
func (c *streamConn) refuseNext(goAway bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusals = append(c.refusals, goAway)
}

func (c *streamConn) takeRefusal() (goAway, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.refusals) == 0 {
		return false, false
	}
	goAway, c.refusals = c.refusals[0], c.refusals[1:]
	return goAway, true
}

// reset makes Close reset the connection.
func (c *streamConn) reset() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// The parts of a frame of HTTP/2, RFC 9113 sections 4.1, 6.4, 6.8 and 7.
const (
	frameHeaderLen   = 9
	resetFrameLen    = frameHeaderLen + 4
	frameTypeReset   = 0x3
	frameTypeGoAway  = 0x7
	errInternal      = 0x2
	errRefusedStream = 0x7
)

// Write passes bytes on, with a refusal in place of a frame that resets a stream
// that is to be refused.
func (c *streamConn) Write(p []byte) (int, error) {
	if !c.started && len(p) > 0 {
		c.started = true
		c.http2 = p[0] == 0 // of the length of SETTINGS; HTTP/1 begins with a letter
	}
	if !c.http2 {
		return c.Conn.Write(p)
	}
	out := make([]byte, 0, len(p)+frameHeaderLen)
	for _, b := range p {
		if c.payload > 0 {
			c.payload--
			out = append(out, b)
			continue
		}
		c.frame = append(c.frame, b)
		if len(c.frame) < frameHeaderLen {
			continue
		}
		length := int(c.frame[0])<<16 | int(c.frame[1])<<8 | int(c.frame[2])
		if c.frame[3] == frameTypeReset && len(c.frame) < resetFrameLen {
			continue
		}
		c.payload = frameHeaderLen + length - len(c.frame)
		out = append(out, c.replaceReset(c.frame)...)
		c.frame = c.frame[:0]
	}
	if _, err := c.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// replaceReset returns a frame, or the refusal in place of one that resets a
// stream.
func (c *streamConn) replaceReset(frame []byte) []byte {
	if frame[3] != frameTypeReset || binary.BigEndian.Uint32(frame[frameHeaderLen:]) != errInternal {
		return frame
	}
	goAway, ok := c.takeRefusal()
	switch {
	case !ok:
		return frame
	case !goAway:
		binary.BigEndian.PutUint32(frame[frameHeaderLen:], errRefusedStream)
		return frame
	default:
		stream := binary.BigEndian.Uint32(frame[5:])
		refusal := []byte{0, 0, 8, frameTypeGoAway, 0, 0, 0, 0, 0}
		refusal = binary.BigEndian.AppendUint32(refusal, stream-1) // the last stream that was processed
		return binary.BigEndian.AppendUint32(refusal, 0)           // NO_ERROR
	}
}
