package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	sampleFiles = []file{{name: "program", data: []byte("code"), executable: true}, {name: "docs/README.txt", data: []byte("text")}}
	sampleTime  = time.Date(2026, time.March, 4, 5, 6, 8, 0, time.UTC)
)

// entry is what an archive says of a file.
type entry struct {
	name, data string
	mode       fs.FileMode
	modified   time.Time
}

var sampleEntries = []entry{
	{"release/program", "code", 0o755, sampleTime},
	{"release/docs/README.txt", "text", 0o644, sampleTime},
}

func TestTarGz(t *testing.T) {
	t.Parallel()
	data, err := archive("release", ".tar.gz", sampleFiles, sampleTime)
	require.NoError(t, err)
	compressed, err := gzip.NewReader(strings.NewReader(string(data)))
	require.NoError(t, err)
	assert.Zero(t, compressed.ModTime)
	var got []entry
	for packed := tar.NewReader(compressed); ; {
		header, err := packed.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(packed)
		require.NoError(t, err)
		got = append(got, entry{header.Name, string(content), header.FileInfo().Mode(), header.ModTime.UTC()})
		assert.Equal(t, [4]any{0, 0, "", ""}, [4]any{header.Uid, header.Gid, header.Uname, header.Gname})
	}
	assert.Equal(t, sampleEntries, got)
}

func TestZip(t *testing.T) {
	t.Parallel()
	data, err := archive("release", ".zip", sampleFiles, sampleTime)
	require.NoError(t, err)
	packed, err := zip.NewReader(strings.NewReader(string(data)), int64(len(data)))
	require.NoError(t, err)
	var got []entry
	for _, f := range packed.File {
		content, err := fs.ReadFile(packed, f.Name)
		require.NoError(t, err)
		got = append(got, entry{f.Name, string(content), f.Mode(), f.Modified.UTC()})
	}
	assert.Equal(t, sampleEntries, got)
}

// untar returns the files of a .tar.gz by name, without the directory that all are in.
func untar(t *testing.T, data, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	compressed, err := gzip.NewReader(strings.NewReader(data))
	require.NoError(t, err)
	for packed := tar.NewReader(compressed); ; {
		header, err := packed.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		require.NoError(t, err)
		content, err := io.ReadAll(packed)
		require.NoError(t, err)
		files[strings.TrimPrefix(header.Name, dir)] = string(content)
	}
}

// unzip does the same for a .zip.
func unzip(t *testing.T, data, dir string) map[string]string {
	t.Helper()
	packed, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	files := make(map[string]string)
	for name, content := range readFiles(t, packed) {
		files[strings.TrimPrefix(name, dir)] = content
	}
	return files
}
