package export

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// InputKind is what a file with contacts is.
type InputKind string

// The kinds of file that [ReadFile] reads.
const (
	InputCSV       InputKind = "contacts.csv"  // of "Export contacts"; see [ReadCSV]
	InputMessages  InputKind = "messages.json" // of "Export chat history"; see [ReadMessages]
	InputJSONLines InputKind = "JSON Lines"    // of this package; see [ReadJSONLines]
	InputResponse  InputKind = "response"      // of the contacts service; see [skypecontacts.ReadContacts]
)

// Input is a file with contacts.
type Input struct {
	Kind     InputKind
	Path     string // where the file is in its archive, or "" if it is in none
	Contacts iter.Seq2[*skypecontacts.Contact, error]
}

// ReadFile finds out what a file is and returns its contacts, as the reader for its
// [InputKind] yields them. The content decides; name, which may be "", decides only
// where the content may be of more than one kind.
//
// Of an archive (.tar or .zip) it reads the contacts.csv in it, or else the
// messages.json. For that, file has to implement [io.ReaderAt] and [io.Seeker], as
// [os.File] and [bytes.Reader] do, and must not be a pipe; any other file may be one.
// Text in UTF-16 is decoded; the first contact then comes with a [*RowError] that has
// Notice set.
//
// The error says what the file is and what to do, if it is a file that people have
// in place of their contacts: a spreadsheet, endpoints.json, a vCard, a web page.
// ReadFile reads from file when it is called and while the loop over Contacts runs,
// which it can once.
func ReadFile(file io.Reader, name string, opts ReadOptions) (*Input, error) {
	archive, source, err := openArchive(file)
	if err != nil {
		return nil, err
	}
	if archive == nil {
		return readText(source, name, opts)
	}
	input, err := readText(archive.content, archive.path, opts)
	if err != nil {
		return nil, err
	}
	input.Path = archive.path
	return input, nil
}

var (
	errIsEndpoints = errors.New("export: the file is an endpoints.json: it lists devices and has no contacts; " +
		"the contacts.csv and messages.json of Skype have")
	errIsVCard      = errors.New("export: the file is a vCard, which address books import as it is")
	errIsWebPage    = errors.New("export: the file is a web page; give the contacts.csv that Skype gave for download")
	errIsCompressed = errors.New("export: the file is compressed; unpack it and give the file that is in it")
)

// readText returns the contacts of a file that is no archive.
func readText(file io.Reader, name string, opts ReadOptions) (*Input, error) {
	source := bufio.NewReaderSize(file, headBytes)
	decoded := decodeUTF16(source)
	head, _ := decoded.Peek(headBytes) // the reader returns the error again
	kind, err := detectInput(bytes.TrimSpace(bytes.TrimPrefix(head, byteOrderMark)), strings.ToLower(path.Ext(name)))
	if err != nil {
		return nil, err
	}
	read := map[InputKind]contactReader{
		InputCSV:       readCSV,
		InputMessages:  func(source *bufio.Reader) iter.Seq2[*skypecontacts.Contact, error] { return readMessages(source, opts) },
		InputJSONLines: func(source *bufio.Reader) iter.Seq2[*skypecontacts.Contact, error] { return ReadJSONLines(source) },
		InputResponse: func(source *bufio.Reader) iter.Seq2[*skypecontacts.Contact, error] {
			return skypecontacts.ReadContacts(source)
		},
	}[kind]
	return &Input{Kind: kind, Contacts: withUTF16Notice(read(decoded), decoded != source)}, nil
}

// detectInput returns what the file is that begins with head and has a name with the
// extension ext. Head has no byte order mark and begins with a character that is not
// white space, if there is any.
func detectInput(head []byte, ext string) (InputKind, error) {
	lower := bytes.ToLower(head[:min(len(head), 64)])
	switch {
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")): // compound file: .xls
		return "", errIsSpreadsheet
	case bytes.HasPrefix(head, []byte("\x1F\x8B")), bytes.HasPrefix(head, []byte("7z\xBC\xAF")), bytes.HasPrefix(head, []byte("Rar!")):
		return "", errIsCompressed
	case bytes.HasPrefix(lower, []byte("begin:vcard")):
		return "", errIsVCard
	case bytes.HasPrefix(lower, []byte("<!doctype")), bytes.HasPrefix(lower, []byte("<html")):
		return "", errIsWebPage
	case bytes.HasPrefix(head, []byte("{")):
		return detectJSON(head, ext)
	case ext == ".jsonl":
		return InputJSONLines, nil
	case ext == ".json":
		return InputResponse, nil
	default:
		return InputCSV, nil
	}
}

// detectJSON returns what the file is that begins with the object in head, of which
// the end may be missing.
func detectJSON(head []byte, ext string) (kind InputKind, unusable error) {
	tokens := newJSONTokens(bytes.NewReader(head))
	_, _ = tokens.eachMember(func(name string) error {
		switch name {
		case "conversations":
			kind = InputMessages
		case "endpoints":
			unusable = errIsEndpoints
		case "mri":
			kind = InputJSONLines
		case "contacts", "blocklist", "groups", "scope":
			kind = InputResponse
		default:
			return tokens.skip()
		}
		return io.EOF // the rest says no more
	})
	if kind != "" || unusable != nil {
		return kind, unusable
	}
	if ext == ".jsonl" {
		return InputJSONLines, nil
	}
	return InputResponse, nil
}
