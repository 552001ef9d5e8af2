package skypetest

// The fuzz test calls the handler without a connection.
var (
	NewUnservedServer = newServer
	ServeHTTP         = (*Server).serveHTTP
)
