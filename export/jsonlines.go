package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/skypecontacts/skypecontacts"
)

var errNotLines = errors.New("export: no line holds a contact as this package writes it")

// maxJSONLine has room for whatever [ReadCSV] reads: a mood is written twice, and
// six bytes may stand for one.
const maxJSONLine = 16 * maxEntry

// ReadJSONLines reads what [Write] writes as [JSONLines]: a contact in the JSON
// of [skypecontacts.Contact] on each line. For an answer of the contacts service
// there is [skypecontacts.ReadContacts].
//
// A line that cannot be read is yielded as a [*RowError], and the reading goes
// on. Any other error is the last thing yielded: r cannot be read, has a line of
// more than 16 MiB, or has no readable line at all. The sequence can be used once.
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
			var contact skypecontacts.Contact
			// The text of the error would show some of the line.
			if err := json.Unmarshal(text, &contact); err != nil || contact.MRI.ID() == "" {
				if !yield(nil, &RowError{number, number, "not a contact as this package writes it"}) {
					return
				}
				continue
			}
			found = true
			if !yield(&contact, nil) {
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
			err = errEmpty
		case !found:
			err = errNotLines
		default:
			return
		}
		yield(nil, err)
	}
}

type jsonLinesWriter struct{ json *json.Encoder }

func (j *jsonLinesWriter) encode(c *skypecontacts.Contact) error { return j.json.Encode(c) }
func (*jsonLinesWriter) end() error                              { return nil }
