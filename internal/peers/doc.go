// Package peers compares the decoding of a contact list with that of other JSON libraries
// for Go. It is a module of its own, since the SDK depends on none of them but one:
//
//	go test -C internal/peers -count=1 -table
package peers
