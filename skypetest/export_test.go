package skypetest

import "net"

// The fuzz test calls the handler without a connection.
var ServeHTTP = (*Server).serveHTTP

func NewUnservedServer(data Data) *Server { return newServer(data, StyleEverything) }

func NewStreamConn(c net.Conn) *streamConn { return &streamConn{Conn: c} }

func (c *streamConn) RefuseNext(goAway bool) { c.refuseNext(goAway) }
