package export

import (
	"bufio"
	"errors"
	"strings"

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
	avatars bool        // Options.Avatars
	mood    bool        // Options.Mood
	noFold  bool        // Options.NoFold
	picture pictureFunc // Options.Picture
	report  *Report     // complete when finish is called, but for what the format itself counts in NotHeld

	unreadable, damaged []string // reasons of the first entries that Report.Unreadable and Report.Damaged count
}

// pictureFunc is the type of Options.Picture.
type pictureFunc = func(*skypecontacts.Contact) (*skypecontacts.Avatar, error)

// maxReasons is the number of entries of a kind of which a [formatOutput] has the reason.
const maxReasons = 10

// appendReason appends the text of an error about an entry, without the name of the package
// and up to maxReasons of them. Err may be nil.
func appendReason(reasons []string, err error) []string {
	if err == nil || len(reasons) == maxReasons {
		return reasons
	}
	return append(reasons, strings.TrimPrefix(strings.TrimPrefix(err.Error(), "export: "), "skypecontacts: "))
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
