// Package credential has what the SDK and module teamsauth both know of credentials: how they
// are kept out of print, which text may be one, and which files may hold one. That module is
// released apart, so what is exported here cannot change without it.
package credential

import "strings"

// Secret holds a text in a closure, where fmt and other printers that use reflection cannot
// read it. A type with a redacting method would not do: fmt calls no methods on values in
// unexported fields.
type Secret func() string

// NewSecret returns a secret with that text.
func NewSecret(text string) Secret { return func() string { return text } }

// IsToken reports whether a text may be a token: visible ASCII without the signs of JSON
// and HTML, which no known token has. So neither a sentence nor a document in place of a
// token is sent to a service.
func IsToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"<>{}`, r)
	})
}
