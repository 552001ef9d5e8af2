package teamsauth

import "github.com/skypecontacts/skypecontacts/internal/credential"

// maxToken limits every token. Those of Microsoft have a few kilobytes.
const maxToken = 64 << 10

// isTokenText reports whether a text may be a token. So neither a document in place of one
// is sent or stored, nor anything that a header or a line of a file cannot hold.
func isTokenText(s string) bool { return len(s) <= maxToken && credential.IsToken(s) }
