package export

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

var (
	errArchiveFromPipe = errors.New("export: an archive cannot be read from a pipe; give the name of its file")
	errIsSpreadsheet   = errors.New("export: the file is a spreadsheet: give the contacts.csv as Skype gave it; " +
		"if there is only the spreadsheet, open it and save it as 'CSV UTF-8'")
	errEncryptedArchive = errors.New("export: the archive needs a password; unpack it and give the file that is in it")
	errNoFileInArchive  = errors.New("export: the archive holds neither a contacts.csv nor a messages.json")
)

var errArchiveCutOff = fmt.Errorf("the archive is cut off: %w", io.ErrUnexpectedEOF)

// archiveMember is a file in an archive.
type archiveMember struct {
	path    string
	content io.Reader
}

// seekableFile is a file of which any part can be read.
type seekableFile interface {
	io.ReaderAt
	io.Seeker
}

// openArchive returns the file with contacts in a .tar or .zip, and nil if file is
// no archive. It also returns a reader of the whole file.
func openArchive(file io.Reader) (*archiveMember, io.Reader, error) {
	source := bufio.NewReaderSize(file, headBytes)
	seekable, err := fileFrom(file) // before anything is read
	head, _ := source.Peek(headBytes)
	isZip := bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
	switch {
	case !isZip && !isTar(head):
		return nil, source, nil
	case err != nil:
		return nil, nil, errArchiveFromPipe
	case isZip:
		member, err := openZip(seekable)
		return member, nil, err
	default:
		member, err := openTar(seekable)
		return member, nil, err
	}
}

// fileFrom returns what file has from its present offset on, if it is no pipe.
func fileFrom(file io.Reader) (*io.SectionReader, error) {
	seekable, is := file.(seekableFile)
	if !is {
		return nil, errArchiveFromPipe
	}
	begin, err := seekable.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	end, err := seekable.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if _, err := seekable.Seek(begin, io.SeekStart); err != nil {
		return nil, err
	}
	return io.NewSectionReader(seekable, begin, end-begin), nil
}

// isTar reports whether head is the header of a member of a .tar: the POSIX and GNU
// formats have "ustar" at offset 257.
func isTar(head []byte) bool {
	return len(head) >= tarBlockBytes && bytes.HasPrefix(head[257:], []byte("ustar"))
}

const tarBlockBytes = 512

// memberRank is the rank of a file in an archive: that with the lowest one is read.
// It is 0 if the file has no contacts. A file whose name begins with a point is data
// of macOS about another.
func memberRank(name string) int {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	switch {
	case strings.HasSuffix(name, "/"): // a folder
		return 0
	case base == "contacts.csv":
		return 1
	case strings.HasPrefix(base, "contacts") && strings.HasSuffix(base, ".csv"): // "contacts (1).csv"
		return 2
	case base == "messages.json":
		return 3
	default:
		return 0
	}
}

// isBetterMember reports whether the member of rank is to be read instead of best.
func isBetterMember(rank, best int) bool { return rank > 0 && (best == 0 || rank < best) }

func openTar(file *io.SectionReader) (*archiveMember, error) {
	members := tar.NewReader(file)
	var found *archiveMember
	best := 0
	for {
		header, err := members.Next()
		switch {
		case err == io.EOF && found == nil:
			return nil, errNoFileInArchive
		case err == io.EOF, err != nil && found != nil: // an archive that is cut off behind the file
			return found, nil
		case err != nil:
			return nil, fmt.Errorf("export: the archive cannot be read: %w", err)
		}
		rank := memberRank(header.Name)
		if header.Typeflag != tar.TypeReg || !isBetterMember(rank, best) {
			continue
		}
		begin, _ := file.Seek(0, io.SeekCurrent) // the archive reader does not read ahead
		best, found = rank, &archiveMember{header.Name, &fullReader{io.NewSectionReader(file, begin, header.Size), header.Size}}
	}
}

func openZip(file *io.SectionReader) (*archiveMember, error) {
	members, err := zip.NewReader(file, file.Size())
	if err != nil {
		return nil, fmt.Errorf("export: the archive cannot be read: %w", err)
	}
	var found *zip.File
	best := 0
	for _, member := range members.File {
		switch member.Name {
		case "xl/workbook.xml", "xl/workbook.bin", "content.xml": // .xlsx, .xlsb, .ods
			return nil, errIsSpreadsheet
		}
		if rank := memberRank(member.Name); isBetterMember(rank, best) {
			best, found = rank, member
		}
	}
	if found == nil {
		return nil, errNoFileInArchive
	}
	if found.Flags&1 != 0 {
		return nil, errEncryptedArchive
	}
	content, err := found.Open()
	if err != nil {
		return nil, fmt.Errorf("export: the archive cannot be read: %w", err)
	}
	return &archiveMember{found.Name, content}, nil
}

// fullReader returns an error if a file ends before its size.
type fullReader struct {
	source io.Reader
	left   int64
}

// Read implements [io.Reader].
func (f *fullReader) Read(p []byte) (int, error) {
	n, err := f.source.Read(p)
	if f.left -= int64(n); err == io.EOF && f.left > 0 {
		err = errArchiveCutOff
	}
	return n, err
}
