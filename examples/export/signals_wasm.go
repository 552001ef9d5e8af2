package main

import "os"

// endSignals are the signals that end the program. WebAssembly has no others.
var endSignals = []os.Signal{os.Interrupt}
