package main

import (
	"cmp"
	"context"
	"io"
	"os"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// source is where contacts come from.
type source struct {
	contacts convert.Contacts
	text     string      // what the user may not expect of it, or ""
	info     os.FileInfo // of a file, or nil
	close    func()
}

// openSource opens a file, the service or the sample data.
func openSource(ctx context.Context, j *exportJob, stdin io.Reader) (*source, error) {
	switch j.from {
	case "demo":
		srv := skypetest.NewServer()
		return &source{contacts: srv.Client().AllContacts(ctx), text: "these people are sample data", close: srv.Close}, nil
	case "live":
		client, closeClient, err := demo.Live(j.account)
		if err != nil {
			return nil, err
		}
		return &source{contacts: client.AllContacts(ctx), close: closeClient}, nil
	case "-":
		if file, isFile := stdin.(*os.File); isFile {
			return readSource(ctx, j, file)
		}
		input, err := export.ReadFile(stdin, "", j.readOpts)
		if err != nil {
			return nil, err
		}
		return &source{contacts: input.Contacts, text: convert.InputText(input), close: func() {}}, nil
	}
	file, err := os.Open(j.from)
	if err != nil {
		return nil, err
	}
	return readSource(ctx, j, file)
}

// readSource finds out what a file is. The end of ctx closes it, which ends a read that
// waits for a pipe.
func readSource(ctx context.Context, j *exportJob, file *os.File) (*source, error) {
	closeFile := func() { _ = file.Close() }
	info, err := file.Stat() // before the end of ctx may close the file
	if err != nil {
		closeFile()
		return nil, err
	}
	stop := context.AfterFunc(ctx, closeFile)
	from := &source{info: info, close: func() { stop(); closeFile() }}
	input, err := export.ReadFile(file, j.from, j.readOpts)
	if err != nil {
		from.close()
		return nil, cmp.Or(ctx.Err(), err)
	}
	from.contacts, from.text = input.Contacts, convert.InputText(input)
	return from, nil
}
