package skypetest

// What the fuzzer needs to reach the handler without a connection.
var (
	NewUnserved = newServer
	Serve       = (*Server).serve
)
