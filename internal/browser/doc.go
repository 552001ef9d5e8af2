// Package browser opens what a user sees in headless Chromium: the address book that package
// export writes as a page, and the page of examples/web that converts. It is a module of its
// own, since nothing else needs a browser:
//
//	go test -C internal/browser -count=1 -table
//
// "make browser" prints what was measured. The tests are left out where Chromium or, for
// those of accessibility, axe-core of npm is not installed. With -update they write the
// pictures of the README to docs/pictures.
package browser
