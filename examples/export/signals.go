//go:build !wasm

package main

import (
	"os"
	"syscall"
)

// endSignals are the signals that end the program.
var endSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
