package skypetest

import "net"

// The fuzz test calls the handler without a connection.
var (
	NewUnservedServer = newServer
	ServeHTTP         = (*Server).serveHTTP
)

func NewStreamConn(c net.Conn) *streamConn { return &streamConn{Conn: c} }

func (c *streamConn) RefuseNext(goAway bool) { c.refuseNext(goAway) }
