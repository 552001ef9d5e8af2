// Package interop runs clients that nobody here wrote against package skypetest. Its tests
// run those that npm has, unmodified, and send the requests of the others as testdata
// describes them: one file for each client, with the members that the client reads from
// the responses and what it accepts there. All calls are made on the sample people and on
// 200 generated ones, and what a write leaves is checked on both. "make interop" prints a
// table of how many calls of each client get a response that it can use, and how many
// entries it can read.
package interop
