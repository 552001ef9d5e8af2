// Package importers reads what package export writes with the readers of other projects and
// compares that with what went in. "make importers" prints how many people each of them
// reads as they are. The sources have the contacts and a reader with Android's rule, which
// the tests of package export use too; the tests have the readers, and testdata has a
// program for each one that is not written in Go.
package importers
