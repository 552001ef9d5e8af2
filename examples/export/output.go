package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
)

// output is where contacts are written: one stream, or files that get their names when
// all of them are complete.
type output struct {
	io.Writer // of package export

	name    string
	replace bool
	inputs  []os.FileInfo // files that must not be replaced
	parts   []*pendingFile
	close   func() error // of a stream
}

// newOutput opens the output of a job. An output that is one of the inputs is refused.
func newOutput(j *exportJob, stdout io.Writer, inputs ...os.FileInfo) (*output, error) {
	o := &output{name: j.out, replace: j.replace, close: func() error { return nil }}
	o.inputs = slices.DeleteFunc(inputs, func(info os.FileInfo) bool { return info == nil || !info.Mode().IsRegular() })
	switch {
	case j.dryRun:
		o.Writer = io.Discard
		return o, nil
	case j.out == "-":
		return o, o.openStdout(stdout)
	}
	if info, err := os.Lstat(j.out); err == nil && info.Mode()&(os.ModeDevice|os.ModeNamedPipe) != 0 { // such as /dev/null
		file, err := os.OpenFile(j.out, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		o.Writer, o.close = file, file.Close
		return o, nil
	}
	file, err := o.newPart()
	if err != nil {
		return nil, err
	}
	o.Writer = convert.DivideFiles(j.format, file, o.newPart)
	return o, nil
}

// openStdout writes to stdout, which the shell may have opened as the input, and which
// may be a terminal.
func (o *output) openStdout(stdout io.Writer) error {
	o.Writer = stdout
	file, isFile := stdout.(*os.File)
	if !isFile {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if o.isInput(info) {
		return errSameFile
	}
	if info.Mode()&os.ModeCharDevice != 0 {
		terminal := newTerminalWriter(stdout)
		o.Writer, o.close = terminal, terminal.Close
	}
	return nil
}

var errSameFile = errors.New("the input and the output are the same file; give the output another name")

// isInput reports whether a file is one of the inputs, by whatever path or link.
func (o *output) isInput(info os.FileInfo) bool {
	return slices.ContainsFunc(o.inputs, func(input os.FileInfo) bool { return os.SameFile(input, info) })
}

// newPart creates the next file, named by [convert.PartName].
func (o *output) newPart() (io.Writer, error) {
	name := convert.PartName(o.name, len(o.parts)+1)
	if info, err := os.Stat(name); err == nil && o.isInput(info) {
		return nil, errSameFile
	}
	part, err := createPending(name, o.replace)
	if err != nil {
		return nil, err
	}
	o.parts = append(o.parts, part)
	return part.file, nil
}

// names returns the names of the files without their directory.
func (o *output) names() []string {
	names := make([]string, len(o.parts))
	for i, part := range o.parts {
		names[i] = filepath.Base(part.name)
	}
	return names
}

// discard removes what was written.
func (o *output) discard() {
	_ = o.close()
	for _, part := range o.parts {
		part.discard()
	}
}

// commit puts the files in place: all of them, unless a file cannot be renamed that
// could be created.
func (o *output) commit() error {
	if err := o.close(); err != nil {
		return err
	}
	for _, part := range o.parts {
		if err := part.prepare(); err != nil {
			o.discard()
			return err
		}
	}
	for i, part := range o.parts {
		if err := part.rename(); err != nil {
			o.discard()
			if i > 0 {
				err = fmt.Errorf("%w; only %s is complete", err, strings.Join(o.names()[:i], ", "))
			}
			return err
		}
	}
	return nil
}

// newFileMode is the mode of a file that did not exist: contacts are for their owner.
const newFileMode = 0o600

// pendingFile is written under another name, so that its own name never has a part of the
// output.
type pendingFile struct {
	file            *os.File
	name, temporary string
	replace         bool
	mode            os.FileMode // that the file gets
	reserved        bool        // whether an empty file has the name
	done            bool        // whether the file has its name, or was removed
}

// createPending creates a file that [pendingFile.rename] gives its name. The mode of a
// file that is replaced stays; its owner may change.
func createPending(name string, replace bool) (*pendingFile, error) {
	p := &pendingFile{name: name, replace: replace, mode: newFileMode}
	switch info, err := os.Lstat(name); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", name)
	case !replace:
		return nil, errExists(name)
	default:
		p.mode = info.Mode().Perm()
	}
	p.temporary = filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s-%d", filepath.Base(name), os.Getpid()))
	var err error
	p.file, err = os.OpenFile(p.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, newFileMode)
	return p, p.withName(err)
}

func errExists(name string) error { return fmt.Errorf("%s exists; -f replaces it", name) }

// withName returns err with the name of the file in place of the temporary one.
func (p *pendingFile) withName(err error) error {
	if path, is := errors.AsType[*os.PathError](err); is && path.Path == p.temporary {
		path.Path = p.name
	}
	return err
}

// prepare closes the file. Without replace it creates an empty file of that name, which
// fails if somebody else has done so since; a hard link would do the same, but not every
// file system has them.
func (p *pendingFile) prepare() error {
	var err error
	if p.mode != newFileMode {
		err = p.file.Chmod(p.mode)
	}
	if err := cmp.Or(err, p.file.Close()); err != nil {
		return p.withName(err)
	}
	if p.replace {
		return nil
	}
	file, err := os.OpenFile(p.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, newFileMode)
	if errors.Is(err, os.ErrExist) {
		return errExists(p.name)
	} else if err != nil {
		return err
	}
	p.reserved = true
	return file.Close()
}

// rename gives the file its name.
func (p *pendingFile) rename() error {
	if err := os.Rename(p.temporary, p.name); err != nil {
		return fmt.Errorf("%s: %w", p.name, errors.Unwrap(err))
	}
	p.done = true
	return nil
}

// discard removes the file, unless it has its name.
func (p *pendingFile) discard() {
	if p.done {
		return
	}
	p.done = true
	_ = p.file.Close()
	_ = os.Remove(p.temporary)
	if p.reserved {
		_ = os.Remove(p.name)
	}
}
