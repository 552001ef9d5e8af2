// Noop is a Go program that does nothing, as WebAssembly.
package main

func main() {}
