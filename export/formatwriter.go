package export

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/skypecontacts/skypecontacts"
)

// formatWriter writes a file in one format.
type formatWriter interface {
	writeContact(*skypecontacts.Contact) error
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

// newJSONEncoder returns an encoder that writes <, > and & as they are: the output
// is not part of a web page.
func newJSONEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}
