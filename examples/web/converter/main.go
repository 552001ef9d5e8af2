//go:build js && wasm

// Converter is the part of the page that is compiled to WebAssembly. It runs in a Web Worker.
package main

import (
	"io"
	"slices"
	"syscall/js"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/web/job"
)

// object is a value for JavaScript.
type object = map[string]any

// main gives the worker the functions that page.js calls there, and the formats. Each
// function returns when its work is done, and posts messages to the page meanwhile.
func main() {
	formats := make([]any, len(convert.Formats))
	for i, f := range convert.Formats {
		formats[i] = object{"name": string(f.Format), "ending": f.Ending, "text": f.Text, "use": f.Use}
	}
	js.Global().Set("converter", object{"formats": formats, "preview": js.FuncOf(preview), "convert": js.FuncOf(convertFile)})
	select {}
}

// post sends a message to the page.
func post(message object) { js.Global().Call("postMessage", message) }

// preview looks through the file of a job.
func preview(_ js.Value, args []js.Value) any {
	task := args[0]
	overview, err := job.Preview(openFile(task), name(task), readOptions(task), func(batch string) { post(object{"rows": batch}) })
	if err != nil {
		post(object{"error": convert.ErrorText(err), "report": list(overview.Report)})
		return nil
	}
	post(object{"overview": object{
		"kind": string(overview.Kind), "from": overview.From,
		"people": overview.People, "withNumber": overview.WithNumber, "shown": overview.Shown,
		"suggested": overview.Suggested, "bots": overview.Bots, "blocked": overview.Blocked,
		"unreadableCount": overview.UnreadableCount, "damagedCount": overview.DamagedCount,
		"unreadable": list(overview.Unreadable), "damaged": list(overview.Damaged), "notices": list(overview.Notices),
	}})
	return nil
}

// convertFile writes the file of a job in another format.
func convertFile(_ js.Value, args []js.Value) any {
	task := args[0]
	format := convert.Formats[slices.IndexFunc(convert.Formats, func(f convert.Format) bool { return string(f.Format) == task.Get("format").String() })]
	var files []*blob
	report, err := job.Convert(openFile(task), name(task), readOptions(task), format, writeOptions(task), func(name string) io.Writer {
		files = append(files, newBlob(name))
		return files[len(files)-1]
	})
	if err != nil {
		post(object{"error": convert.ErrorText(err), "report": list(report)})
		return nil
	}
	written := make([]any, len(files))
	for i, file := range files {
		written[i] = object{"name": file.name, "blob": file.close(job.MediaType(format.Ending))}
	}
	post(object{"files": written, "report": list(report)})
	return nil
}
