package main

import (
	"cmp"
	"context"
	"io"
	"net/http"
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
	pictures pictureSource
	close    func()
}

// openSource opens a file, the service or the sample data.
func openSource(ctx context.Context, j *exportJob, stdin io.Reader) (*source, error) {
	switch j.from {
	case "demo":
		srv := skypetest.NewServer()
		client := srv.Client()
		return &source{contacts: client.AllContacts(ctx), text: "these people are sample data", pictures: servicePictures(client), close: srv.Close}, nil
	case "live":
		client, closeClient, err := demo.Live(j.account)
		if err != nil {
			return nil, err
		}
		return &source{contacts: client.AllContacts(ctx), pictures: servicePictures(client), close: closeClient}, nil
	case "-":
		if file, isFile := stdin.(*os.File); isFile {
			return readSource(ctx, j, file)
		}
		input, err := export.ReadFile(stdin, "", j.readOpts)
		if err != nil {
			return nil, err
		}
		return fileSource(input, nil, func() {}), nil
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
	input, err := export.ReadFile(file, j.from, j.readOpts)
	if err != nil {
		stop()
		closeFile()
		return nil, cmp.Or(ctx.Err(), err)
	}
	return fileSource(input, info, func() { stop(); closeFile() }), nil
}

// fileSource returns the contacts of a file, whose pictures are where it says.
func fileSource(input *export.Input, info os.FileInfo, closeFile func()) *source {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	return &source{
		contacts: input.Contacts, text: convert.InputText(input), info: info, pictures: webPictures(transport),
		close: func() { transport.CloseIdleConnections(); closeFile() },
	}
}
