package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// workerProcess is a worker in a process of its own.
type workerProcess struct {
	name    string
	command *exec.Cmd
	input   io.WriteCloser
	stopped bool
}

// workerArgument makes this program a worker.
const workerArgument = "worker"

// startWorker starts this program once more, as a worker.
func startWorker(config workerConfig, log io.Writer) (*workerProcess, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w := &workerProcess{name: config.Name, command: exec.Command(program, workerArgument)} //nolint:noctx,gosec // stop and kill end it; it is this program
	w.command.Stdout, w.command.Stderr = log, log
	if w.input, err = w.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := w.command.Start(); err != nil {
		return nil, err
	}
	return w, json.NewEncoder(w.input).Encode(config)
}

// stop lets the worker complete its jobs and end.
func (w *workerProcess) stop() error {
	if w.stopped {
		return nil
	}
	w.stopped = true
	_ = w.input.Close()
	return w.command.Wait()
}

// kill ends the worker at once, as a lack of memory or of power does.
func (w *workerProcess) kill() {
	if w.stopped {
		return
	}
	w.stopped = true
	_ = w.command.Process.Kill()
	_ = w.command.Wait() // says that it was killed
	_ = w.input.Close()
}

// processorTime is what the worker has used, once it has ended.
func (w *workerProcess) processorTime() time.Duration {
	if w.command.ProcessState == nil {
		return 0
	}
	return w.command.ProcessState.UserTime() + w.command.ProcessState.SystemTime()
}

// lockedBuffer is what several processes write.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
