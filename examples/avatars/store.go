package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// indexName is the file beside the pictures. No picture has that name.
const indexName = "avatars.json"

// store is a directory of pictures, which only their owner can read. Each has the name of
// its account, so that one that has changed takes the place of the older one.
type store struct {
	dir   string // "": nothing is saved
	size  skypecontacts.AvatarSize
	index map[skypecontacts.MRI]indexEntry
}

// indexEntry is what a later run needs to know of a picture.
type indexEntry struct {
	ETag      string                   `json:"etag"`
	MediaType string                   `json:"media_type"`
	Size      skypecontacts.AvatarSize `json:"size"`
}

// openStore reads the index of a directory, which it makes if it is missing.
func openStore(dir string, size skypecontacts.AvatarSize) (*store, error) {
	s := &store{dir: dir, size: size, index: map[skypecontacts.MRI]indexEntry{}}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, indexName))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &s.index); err != nil || s.index == nil {
		return nil, fmt.Errorf("%s is not the index of a directory of pictures; remove it to get them all again", filepath.Join(dir, indexName))
	}
	return s, nil
}

// known returns what [skypecontacts.AvatarOptions] needs of a picture that is in the
// directory, nil if there is none of that size.
func (s *store) known(id skypecontacts.MRI) *skypecontacts.Avatar {
	entry, ok := s.index[key(id)]
	if !ok || entry.ETag == "" || entry.Size != s.size {
		return nil
	}
	if info, err := os.Stat(s.path(id)); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return &skypecontacts.Avatar{MediaType: entry.MediaType, ETag: entry.ETag}
}

// save writes a picture. An older one of another format is removed.
func (s *store) save(id skypecontacts.MRI, avatar *skypecontacts.Avatar) error {
	older := s.path(id)
	before, hasOlder := s.index[key(id)]
	s.index[key(id)] = indexEntry{avatar.ETag, avatar.MediaType, s.size}
	if err := writeFile(s.path(id), avatar.Data); err != nil {
		s.index[key(id)] = before // the older picture is still there
		if !hasOlder {
			delete(s.index, key(id))
		}
		return err
	}
	if hasOlder && older != s.path(id) {
		if err := os.Remove(older); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// saveIndex writes the index.
func (s *store) saveIndex() error {
	if s.dir == "" {
		return nil
	}
	text, err := json.MarshalIndent(s.index, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(s.dir, indexName), append(text, '\n'))
}

// writeFile writes a file, of which there is never only a part.
func writeFile(name string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".avatar-*") // of mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = cmp.Or(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

func (s *store) path(id skypecontacts.MRI) string { return filepath.Join(s.dir, s.fileName(id)) }

// fileName returns the name of the file with an account's picture.
func (s *store) fileName(id skypecontacts.MRI) string {
	return fileName(id) + endings[s.index[key(id)].MediaType]
}

// endings of files, by what GetAvatar returns as media types.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp", "image/x-icon": ".ico",
}

// key is an identifier in one of its spellings: the case of ASCII letters does not count.
func key(id skypecontacts.MRI) skypecontacts.MRI {
	return skypecontacts.MRI(strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, string(id)))
}

// longestName leaves room for the ending within the 255 bytes of every file system.
const longestName = 200

// fileName returns a name that is valid on Windows, macOS and Linux, and another for each
// account also where the case of letters does not count. It begins with the prefix of the
// identifier, so that it is none of the names that Windows reserves.
func fileName(id skypecontacts.MRI) string {
	var name strings.Builder
	for _, c := range []byte(key(id)) {
		if strings.IndexByte("abcdefghijklmnopqrstuvwxyz0123456789.-_", c) >= 0 {
			name.WriteByte(c)
		} else {
			fmt.Fprintf(&name, "=%02x", c)
		}
	}
	if name.Len() > longestName {
		return fmt.Sprintf("%s=-%x", name.String()[:100], sha256.Sum256([]byte(key(id))))
	}
	return name.String()
}
