package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// File returns a store that is a file with the refresh token in its only line. Nothing
// encrypts it: the file has mode 0600, and one that others than its owner can read or
// change is refused. On Windows, where a mode does not say that, and in JavaScript the mode
// is not checked. The directory must exist, and a symbolic link in place of the file is
// refused: it would be replaced itself, or removed, and leave the token where it leads.
//
// A file is never written in part: the new one takes the place of the old one when it is
// complete. Errors name the path and the mode.
func File(path string) Store { return fileStore(path) }

// fileStore is the path of the file.
type fileStore string

func (f fileStore) Load(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	info, err := f.stat() // before Open, which waits for a writer if this is a pipe
	if info == nil || err != nil {
		return "", err
	}
	if problem := fileProblem(info); problem != "" {
		return "", f.newError(problem, skypecontacts.ErrInvalid)
	}
	file, err := os.Open(string(f))
	if err != nil {
		return "", f.failure(err)
	}
	defer func() { _ = file.Close() }()
	info, err = file.Stat() // of what is read, since the file may have been replaced
	if err != nil {
		return "", f.failure(err)
	}
	if problem := fileProblem(info); problem != "" {
		return "", f.newError(problem, skypecontacts.ErrInvalid)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxToken+2))
	if err != nil {
		return "", f.failure(err)
	}
	token := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if !isTokenText(token) {
		return "", f.newError("is not a file with a refresh token", skypecontacts.ErrInvalid)
	}
	return token, nil
}

// fileProblem returns why a file of that type and mode is refused, "" if it is not.
func fileProblem(info fs.FileInfo) string {
	switch {
	case !info.Mode().IsRegular():
		return "not a regular file"
	case runtime.GOOS == "windows" || runtime.GOOS == "js": // the mode is made up, or may be
		return ""
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Sprintf("mode %#o lets others than the owner read or change it; change it to 0600", info.Mode().Perm())
	default:
		return ""
	}
}

// stat returns what the file is, nil if there is none, and an error if it is something else
// than a file.
func (f fileStore) stat() (fs.FileInfo, error) {
	if f == "" {
		return nil, f.newError("the path is empty", skypecontacts.ErrInvalid)
	}
	info, err := os.Lstat(string(f))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // that there is none is no error
	case err != nil:
		return nil, f.failure(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, f.newError("is a symbolic link; name the file that it leads to", skypecontacts.ErrInvalid)
	case !info.Mode().IsRegular():
		return nil, f.newError("not a regular file", skypecontacts.ErrInvalid)
	}
	return info, nil
}

// create makes an empty file of mode 0600 beside the file.
func (f fileStore) create() (*os.File, error) {
	if _, err := f.stat(); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(string(f)), "."+filepath.Base(string(f))+"-*")
	if err != nil {
		return nil, f.failure(err)
	}
	return file, nil
}

// Check returns why the file cannot be written, see [Store].
func (f fileStore) Check(context.Context) error {
	file, err := f.create()
	if err != nil {
		return err
	}
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return f.failure(err)
	}
	return nil
}

func (f fileStore) Save(ctx context.Context, refreshToken string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := f.create()
	if err != nil {
		return err
	}
	_, err = file.WriteString(refreshToken + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), string(f))
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return f.failure(err)
	}
	return nil
}

func (f fileStore) Delete(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := f.stat(); err != nil {
		return err
	}
	if err := os.Remove(string(f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.failure(err)
	}
	return nil
}

// failure returns an error of package os without its text for the path.
func (f fileStore) failure(err error) error {
	text := "cannot be read or written"
	var file *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &file):
		text = file.Err.Error()
	case errors.As(err, &link):
		text = link.Err.Error()
	}
	return f.newError(text, err)
}

func (f fileStore) newError(problem string, cause error) error {
	return storeError{store: "file " + strconv.Quote(string(f)), problem: problem, cause: cause}
}
