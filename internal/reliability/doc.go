// Package reliability holds the tests of what SECURITY.md promises. They use the
// public API only. With -figures they print what they measured.
package reliability
