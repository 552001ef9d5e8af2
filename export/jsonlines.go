package export

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/skypecontacts/skypecontacts"
)

var errNoJSONLines = errors.New("export: no line holds a contact as this package writes it")

// maxJSONLine is the maximum size of a line. Every contact that [ReadCSV] returns is
// shorter: a mood is written twice, and JSON escapes a byte with up to six.
const maxJSONLine = 16 * maxEntryBytes

// ReadJSONLines reads what [Write] writes as [JSONLines]: a contact in the JSON
// of [skypecontacts.Contact] on each line. [skypecontacts.ReadContacts] reads a
// response of the contacts service.
//
// A line that cannot be read is yielded as a [*RowError], and the lines after it are
// read. That includes a line with a member that this package does not write, or with
// two of one name: it may mean another person than the one that a program sees which
// reads the first of them. Any other error is the last value yielded: r returned an error, has a line of
// more than 16 MiB, or has no line with a contact. The sequence can be used once.
func ReadJSONLines(r io.Reader) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, 1<<16), maxJSONLine)
		number, found := 0, false
		for lines.Scan() {
			number++
			text := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), byteOrderMark))
			if len(text) == 0 {
				continue
			}
			contact, reason := parseJSONLine(text)
			if reason != "" {
				if !yield(nil, &RowError{Line: number, EndLine: number, Reason: reason}) {
					return
				}
				continue
			}
			found = true
			if !yield(contact, nil) {
				return
			}
		}
		err := lines.Err()
		switch {
		case err == bufio.ErrTooLong:
			err = fmt.Errorf("export: line %d: it is longer than %d bytes", number+1, maxJSONLine)
		case err != nil:
			err = fmt.Errorf("export: after line %d: %w", number, err)
		case number == 0:
			err = errEmptyFile
		case !found:
			err = errNoJSONLines
		default:
			return
		}
		yield(nil, err)
	}
}

// jsonLineOptions accept two members of one name. The decoder finds those faster than
// [hasMemberTwice], but also in Extra.
var jsonLineOptions = jsonv2.JoinOptions(jsonTextOptions, jsonv2.RejectUnknownMembers(true))

// parseJSONLine returns the contact of a line, or the reason why there is none. The
// reason has no text of the line, as the errors of the decoder have.
func parseJSONLine(line []byte) (contact *skypecontacts.Contact, reason string) {
	const other = "not a contact as this package writes it"
	contact = new(skypecontacts.Contact)
	err := jsonv2.Unmarshal(line, contact, jsonLineOptions, jsontext.AllowDuplicateNames(false))
	twice := errors.Is(err, jsontext.ErrDuplicateName)
	if twice { // maybe only in Extra
		contact = new(skypecontacts.Contact)
		err = jsonv2.Unmarshal(line, contact, jsonLineOptions)
	}
	switch {
	case errors.Is(err, jsonv2.ErrUnknownName):
		return nil, other + ": a member has a name that no contact has"
	case err != nil, contact.MRI.ID() == "":
		return nil, other
	case twice && hasMemberTwice(jsontext.NewDecoder(bytes.NewReader(line), jsonTextOptions), false):
		return nil, other + ": a member appears twice"
	}
	return withWritableTimes(contact), ""
}

// hasMemberTwice reports whether an object within the next value has two members of one
// name. It does not look into the values of Extra, which are as the service sent them.
func hasMemberTwice(dec *jsontext.Decoder, isExtra bool) bool {
	switch dec.PeekKind() {
	case '{':
		_, _ = dec.ReadToken()
		names := make(map[string]bool)
		for dec.PeekKind() == '"' {
			token, _ := dec.ReadToken()
			name := token.String()
			if names[name] {
				return true
			}
			names[name] = true
			if isExtra {
				_ = dec.SkipValue()
			} else if hasMemberTwice(dec, name == "extra") {
				return true
			}
		}
		_, _ = dec.ReadToken()
	case '[':
		_, _ = dec.ReadToken()
		for dec.PeekKind() != ']' {
			if hasMemberTwice(dec, false) {
				return true
			}
		}
		_, _ = dec.ReadToken()
	default:
		_ = dec.SkipValue()
	}
	return false
}

// jsonLinesWriter is the [formatWriter] of JSON Lines.
type jsonLinesWriter struct {
	out  *formatOutput
	line bytes.Buffer // of writeContact
}

func newJSONLinesWriter(out *formatOutput) formatWriter { return &jsonLinesWriter{out: out} }

func (j *jsonLinesWriter) writeContact(c *skypecontacts.Contact, _ [16]byte) error {
	j.line.Reset()
	if err := jsonv2.MarshalWrite(&j.line, withReadableBirthday(c), jsonTextOptions, jsonv2.Deterministic(true)); err != nil {
		return err
	}
	j.line.WriteByte('\n')
	_, err := j.line.WriteTo(j.out.file)
	return err
}

func (*jsonLinesWriter) finish() error { return nil }
