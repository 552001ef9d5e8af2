package credential

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// Problem is why a file is refused. Its text has neither the path nor the content.
type Problem string

func (p Problem) Error() string { return string(p) }

// ReadFile returns the content of a file of at most limit bytes that only its owner may read
// or change. Its error is a [Problem] or one of package os.
func ReadFile(path string, limit int) (string, error) {
	info, err := os.Stat(path) // before Open, which waits for a writer if this is a pipe
	if err != nil {
		return "", err
	}
	if err := check(info); err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	return readOpen(file, limit)
}

// readOpen checks the open file, too, since another may have taken the place of the one
// that was checked.
func readOpen(file *os.File, limit int) (string, error) {
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if err := check(info); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
	if err != nil {
		return "", err
	}
	if len(text) > limit {
		return "", Problem(fmt.Sprintf("larger than %d KiB", limit>>10))
	}
	return string(text), nil
}

// check refuses a file of that type and mode.
func check(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return Problem("not a regular file")
	case runtime.GOOS == "windows" || runtime.GOOS == "js": // the mode is made up, or may be
		return nil
	case info.Mode().Perm()&0o077 != 0:
		return Problem(fmt.Sprintf("mode %#o lets others than the owner read or change it; change it to 0600", info.Mode().Perm()))
	default:
		return nil
	}
}

// ErrorText is the text of an error of package os without the path.
func ErrorText(err error) string {
	var file *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &file):
		return file.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	default:
		return "cannot be read or written"
	}
}
