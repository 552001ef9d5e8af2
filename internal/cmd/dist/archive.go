package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"time"
)

// file is a file of an archive or of the release.
type file struct {
	name       string // with slashes
	data       []byte
	executable bool
}

// mode returns that of the file in an archive, whatever it is on the disk.
func (f file) mode() fs.FileMode {
	if f.executable {
		return 0o755
	}
	return 0o644
}

// archive returns an archive in which all files are in the directory dir, were modified
// at the given time, and belong to nobody by name.
func archive(dir, ending string, files []file, modified time.Time) ([]byte, error) {
	var packed bytes.Buffer
	var err error
	if ending == ".zip" {
		err = writeZip(&packed, dir, files, modified)
	} else {
		err = writeTarGz(&packed, dir, files, modified)
	}
	return packed.Bytes(), err
}

func writeTarGz(w io.Writer, dir string, files []file, modified time.Time) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	packed := tar.NewWriter(compressed)
	for _, f := range files {
		header := tar.Header{Name: dir + "/" + f.name, Mode: int64(f.mode()), Size: int64(len(f.data)), ModTime: modified, Format: tar.FormatUSTAR}
		if err := packed.WriteHeader(&header); err != nil {
			return err
		}
		if _, err := packed.Write(f.data); err != nil {
			return err
		}
	}
	return errors.Join(packed.Close(), compressed.Close())
}

func writeZip(w io.Writer, dir string, files []file, modified time.Time) error {
	packed := zip.NewWriter(w)
	packed.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, f := range files {
		header := zip.FileHeader{Name: dir + "/" + f.name, Method: zip.Deflate, Modified: modified}
		header.SetMode(f.mode())
		entry, err := packed.CreateHeader(&header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.data); err != nil {
			return err
		}
	}
	return packed.Close()
}
