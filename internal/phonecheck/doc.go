// Package phonecheck compares the calling codes of package export with the data of
// Google's libphonenumber. It is a module of its own, since that data is too large a
// dependency for the SDK:
//
//	go test -C internal/phonecheck
package phonecheck
