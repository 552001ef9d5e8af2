package teamsauth

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/credential"
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
	if info, err := f.stat(); info == nil || err != nil {
		return "", err
	}
	text, err := credential.ReadFile(string(f), maxToken+len("\r\n"))
	problem, isProblem := errors.AsType[credential.Problem](err)
	switch {
	case isProblem:
		return "", f.newError(problem.Error(), skypecontacts.ErrInvalid)
	case err != nil:
		return "", f.failure(err)
	}
	token := strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	if !isTokenText(token) {
		return "", f.newError("is not a file with a refresh token", skypecontacts.ErrInvalid)
	}
	return token, nil
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
func (f fileStore) failure(err error) error { return f.newError(credential.ErrorText(err), err) }

func (f fileStore) newError(problem string, cause error) error {
	return storeError{store: "file " + strconv.Quote(string(f)), problem: problem, cause: cause}
}
