package export

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/skypecontacts/skypecontacts"
)

// Format is a kind of file.
type Format string

// The formats that [Write] writes, all of them in UTF-8.
const (
	VCard3     Format = "vcard"     // vCard 3.0, which every address book reads
	VCard4     Format = "vcard4"    // vCard 4.0 with the Skype name as in RFC 9554
	GoogleCSV  Format = "google"    // CSV with the columns of Google Contacts
	OutlookCSV Format = "outlook"   // CSV with the columns of Outlook
	JSContact  Format = "jscontact" // an array of JSContact 1.0 cards, RFC 9553
	JSONLines  Format = "jsonl"     // the JSON of skypecontacts.Contact, one a line; loses nothing
)

// Options says what is written. The zero value leaves out suggestions and bots.
type Options struct {
	// Suggested includes contacts that only the service suggests. Somebody
	// suggested who is authorized as well is a contact and always included.
	Suggested bool
	// Bots includes bots.
	Bots bool
	// NoBlocked leaves out contacts that are blocked.
	NoBlocked bool
	// Avatars writes the addresses of pictures. The service may no longer have
	// them, and an address may carry a key that opens the picture.
	Avatars bool
	// NoFold leaves the lines of a vCard as long as they are, for the few
	// programs that cannot put them together again.
	NoFold bool
}

// Report says what became of the entries of a list.
type Report struct {
	Read       int // entries, the unreadable ones included
	Written    int
	Suggested  int // left out because suggested
	Bots       int // left out because a bot
	Blocked    int // left out because blocked
	Repeated   int // left out because an entry before has the same identifier
	Unreadable int
	Damaged    int // written, but with text that was not UTF-8 and is lost
	// NotHeld counts, by the name of the field in JSON, the contacts written
	// whose field the format has no place for or the options leave out. What is
	// in Extra counts by its name, as in "extra.shoe".
	NotHeld map[string]int
}

// Write writes contacts to w and says what became of each.
//
// An error in the sequence that is a [skypecontacts.SkippedItem] or a [*RowError]
// stands for one entry that cannot be read, or that is damaged if there is a contact
// with it. Such entries are counted. Any other error ends
// the writing and is returned, as is one from w. What was written by then is of no
// use, so write to a file that replaces an older one only afterwards.
func Write(w io.Writer, format Format, contacts iter.Seq2[*skypecontacts.Contact, error], opts Options) (Report, error) {
	report := Report{NotHeld: make(map[string]int)}
	out := bufio.NewWriterSize(w, 1<<16)
	enc, err := newEncoder(out, format, opts, report.NotHeld)
	if err != nil {
		return report, err
	}
	notHeld := slices.DeleteFunc(slices.Clone(fields), func(f field) bool {
		return format == JSONLines || slices.Contains(f.heldBy, format) && (f.name != "profile.avatar_url" || opts.Avatars)
	})
	seen := make(map[[16]byte]struct{})
	for contact, err := range contacts {
		if err != nil && !isEntry(err) {
			return report, err
		}
		report.Read++
		switch {
		case contact == nil || contact.MRI.ID() == "":
			report.Unreadable++
			continue
		case contact.Suggested && !contact.Authorized && !opts.Suggested:
			report.Suggested++
			continue
		case contact.IsBot() && !opts.Bots:
			report.Bots++
			continue
		case contact.Blocked && opts.NoBlocked:
			report.Blocked++
			continue
		}
		id := fingerprint(contact.MRI)
		if _, repeated := seen[id]; repeated {
			report.Repeated++
			continue
		}
		seen[id] = struct{}{}
		if err := enc.encode(contact); err != nil {
			return report, fmt.Errorf("export: %w", err)
		}
		report.Written++
		if err != nil {
			report.Damaged++
		}
		for _, f := range notHeld {
			if f.set(contact) {
				report.NotHeld[f.name]++
			}
		}
		if format != JSONLines {
			report.countExtra("extra.", contact.Extra)
			report.countExtra("profile.extra.", contact.Profile.Extra)
		}
	}
	if err := enc.end(); err != nil {
		return report, fmt.Errorf("export: %w", err)
	}
	if err := out.Flush(); err != nil {
		return report, fmt.Errorf("export: %w", err)
	}
	return report, nil
}

func (r *Report) countExtra(prefix string, extra skypecontacts.Extra) {
	for name := range extra {
		r.NotHeld[prefix+name]++
	}
}

// isEntry reports whether an error is about one entry of a list alone.
func isEntry(err error) bool {
	_, skipped := errors.AsType[skypecontacts.SkippedItem](err)
	return skipped || isRowError(err)
}

// encoder writes a file in one of the formats.
type encoder interface {
	encode(*skypecontacts.Contact) error
	end() error
}

func newEncoder(out *bufio.Writer, format Format, opts Options, notHeld map[string]int) (encoder, error) {
	switch format {
	case VCard3, VCard4:
		return &vcardWriter{out: out, v4: format == VCard4, noFold: opts.NoFold, avatars: opts.Avatars}, nil
	case GoogleCSV:
		return newSheet(out, googleHeader, fillGoogle, opts, notHeld)
	case OutlookCSV:
		_, _ = out.Write(byteOrderMark) // without it Outlook takes the file for ANSI
		return newSheet(out, outlookHeader, fillOutlook, opts, notHeld)
	case JSContact:
		return &jsContactWriter{out: out, avatars: opts.Avatars}, nil
	case JSONLines:
		return &jsonLinesWriter{newJSONEncoder(out)}, nil
	default:
		return nil, fmt.Errorf("export: %w: there is no format %q", skypecontacts.ErrInvalid, format)
	}
}

// newJSONEncoder writes text as it is: nothing here goes into a web page.
func newJSONEncoder(out io.Writer) *json.Encoder {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc
}
