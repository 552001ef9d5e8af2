package export

import (
	"bufio"
	"errors"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/skypecontacts/skypecontacts"
)

// formatWriter writes a file in one format.
type formatWriter interface {
	// writeContact gets the [identifierHash] of the contact too, which takes long.
	writeContact(c *skypecontacts.Contact, id [16]byte) error
	finish() error // writes what follows the last contact
}

// formatOutput is what a [formatWriter] writes to, and the options for it.
type formatOutput struct {
	file    *bufio.Writer
	avatars bool           // Options.Avatars
	mood    bool           // Options.Mood
	noFold  bool           // Options.NoFold
	notHeld map[string]int // Report.NotHeld, for fields of which the format holds some values
}

// jsonTextOptions are for JSON that may have any text of a contact: the service cuts texts
// in the middle of a character, and what is in Extra is as it was received. U+2028 and
// U+2029 are escaped, which some programs take for the end of a line.
var jsonTextOptions = jsonv2.JoinOptions(
	jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true), jsontext.PreserveRawStrings(true), jsontext.EscapeForJS(true),
)

// isEncodingError reports whether err is about a contact that cannot be written, and of
// which nothing is written. Only a contact that no reader returns is one.
func isEncodingError(err error) bool {
	_, is := errors.AsType[*jsonv2.SemanticError](err)
	return is
}
