//go:build !wasm

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// endSignals are the signals that end the program.
var endSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// ignoreBrokenPipes makes a write to a closed stdout or stderr an error. Without it such
// a write ends the program.
func ignoreBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }
