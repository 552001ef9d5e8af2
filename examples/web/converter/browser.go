//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"github.com/skypecontacts/skypecontacts/examples/web/job"
	"github.com/skypecontacts/skypecontacts/export"
)

// openFile returns the file of a task.
func openFile(task js.Value) *job.Source {
	file := task.Get("file")
	reader := js.Global().Get("FileReaderSync").New()
	return job.NewSource(fileReader{file, reader}, int64(file.Get("size").Float()))
}

// fileReader reads a File of JavaScript, and tells the page how far.
type fileReader struct{ file, reader js.Value }

// ReadAt implements [io.ReaderAt].
func (r fileReader) ReadAt(p []byte, offset int64) (n int, err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			err = errors.New(thrown.Get("message").String())
		default:
			panic(thrown)
		}
	}()
	end := offset + int64(len(p))
	part := r.reader.Call("readAsArrayBuffer", r.file.Call("slice", offset, end))
	n = js.CopyBytesToGo(p, js.Global().Get("Uint8Array").New(part))
	post(object{"read": end})
	return n, nil
}

// blobBytes is how much of a file is held before the browser gets it. The browser may put
// that on disk.
const blobBytes = 1 << 20

// blob is a file that is written.
type blob struct {
	name  string
	parts []any
	buf   []byte
}

func newBlob(name string) *blob { return &blob{name: name} }

// Write implements [io.Writer].
func (b *blob) Write(p []byte) (int, error) {
	b.buf = append(b.buf, p...)
	if len(b.buf) >= blobBytes {
		b.flush()
	}
	return len(p), nil
}

func (b *blob) flush() {
	array := js.Global().Get("Uint8Array").New(len(b.buf))
	js.CopyBytesToJS(array, b.buf)
	b.parts = append(b.parts, js.Global().Get("Blob").New([]any{array}))
	b.buf = b.buf[:0]
}

// close returns the Blob of JavaScript with all that was written.
func (b *blob) close(mediaType string) js.Value {
	b.flush()
	return js.Global().Get("Blob").New(b.parts, object{"type": mediaType})
}

func name(task js.Value) string { return task.Get("file").Get("name").String() }

func readOptions(task js.Value) export.ReadOptions {
	return export.ReadOptions{GroupMembers: task.Get("groupMembers").Bool()}
}

func writeOptions(task js.Value) export.Options {
	return export.Options{
		Suggested: task.Get("suggested").Bool(), Bots: task.Get("bots").Bool(),
		NoBlocked: task.Get("noBlocked").Bool(), Mood: task.Get("mood").Bool(),
	}
}

// list returns texts for JavaScript.
func list(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}
