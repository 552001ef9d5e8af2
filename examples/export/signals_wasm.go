package main

import "os"

// endSignals are the signals that end the program. WebAssembly has no others.
var endSignals = []os.Signal{os.Interrupt}

// ignoreBrokenPipes does nothing, since WebAssembly has no signal for them.
func ignoreBrokenPipes() {}
