// Package stair is a package whose files are checked in a test.
package stair

// Low uses High, which is declared in a later step.
func Low() int { return High(1) }

// Thing has a method.
type Thing struct{ Field int }
