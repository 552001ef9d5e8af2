package export

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// maxStringBytes is the maximum size of a string in JSON. No message is that long, and
// a list of members is a string.
const maxStringBytes = 16 * maxEntryBytes

var errStringTooBig = fmt.Errorf("export: a string of the file is longer than %d bytes", maxStringBytes)

// limitedReader ends with an error when more than left bytes are read.
type limitedReader struct {
	source io.Reader
	left   int
}

// Read implements [io.Reader].
func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errStringTooBig
	}
	n, err := l.source.Read(p)
	l.left -= n
	return n, err
}

// jsonTokens reads JSON of any size, token by token.
type jsonTokens struct {
	decoder *jsontext.Decoder
	source  *limitedReader
}

func newJSONTokens(source io.Reader) *jsonTokens {
	limited := &limitedReader{source: source}
	return &jsonTokens{jsontext.NewDecoder(limited, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)), limited}
}

func (t *jsonTokens) next() (jsontext.Token, error) {
	t.source.left = maxStringBytes
	return t.decoder.ReadToken()
}

// peek returns the kind of the next token. If there is none, next returns the error.
func (t *jsonTokens) peek() jsontext.Kind {
	t.source.left = maxStringBytes
	return t.decoder.PeekKind()
}

// isSyntaxError reports whether err is about what is not JSON.
func isSyntaxError(err error) bool {
	_, is := errors.AsType[*jsontext.SyntacticError](err)
	return is
}

// skip reads the next value.
func (t *jsonTokens) skip() error {
	for depth := t.decoder.StackDepth(); ; {
		if _, err := t.next(); err != nil || t.decoder.StackDepth() <= depth {
			return err
		}
	}
}

// readString reads the next value, and returns "" if it is not a string.
func (t *jsonTokens) readString() (string, error) {
	if t.peek() != '"' {
		return "", t.skip()
	}
	token, err := t.next()
	if err != nil {
		return "", err
	}
	return token.String(), nil
}

// eachMember calls member with the name of each member of the next value. It has to
// read the value of the member. eachMember returns false if the value is no object.
func (t *jsonTokens) eachMember(member func(name string) error) (isObject bool, err error) {
	return t.each('{', func() error {
		name, err := t.next()
		if err != nil {
			return err
		}
		return member(name.String())
	})
}

// eachItem calls item for each item of the next value, which it has to read.
// eachItem returns false if the value is no array.
func (t *jsonTokens) eachItem(item func() error) (isArray bool, err error) { return t.each('[', item) }

func (t *jsonTokens) each(begin jsontext.Kind, item func() error) (is bool, err error) {
	if t.peek() != begin {
		return false, t.skip()
	}
	_, err = t.next()
	for err == nil {
		if kind := t.peek(); kind == '}' || kind == ']' {
			_, err = t.next()
			return true, err
		}
		err = item()
	}
	return true, err
}
