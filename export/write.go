package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/skypecontacts/skypecontacts"
)

// Options says what is written. The zero value leaves out suggestions and bots.
type Options struct {
	// Suggested includes contacts that only the service suggests. A suggestion
	// that is also authorized is a contact and always included.
	Suggested bool
	// Bots includes bots.
	Bots bool
	// NoBlocked leaves out contacts that are blocked.
	NoBlocked bool
	// Avatars writes the URLs of pictures into vCard, Google CSV and JSContact. [JSONLines]
	// always has them; [HTML] never does, and has Picture instead. The service may have
	// deleted the pictures, and a URL may contain a key that opens the picture.
	Avatars bool
	// Mood writes the mood: behind the text about the person in NOTE of a vCard, the
	// notes of the CSV formats and notes of JSContact, and into a line of its own in
	// [HTML]. [JSONLines] always has it.
	Mood bool
	// Picture returns the picture of a contact, or nil if there is none. [HTML] puts it into
	// the page if it is a JPEG, PNG, GIF or WebP of at most 256 KiB; no other format calls
	// it. An error costs the picture only, unless it matches [context.Canceled], which ends
	// the writing. Contacts without the picture that they have are in Report.NotHeld, as
	// "profile.avatar_url".
	Picture func(*skypecontacts.Contact) (*skypecontacts.Avatar, error)
	// NoFold does not fold the lines of a vCard, for the few programs that cannot
	// unfold them.
	NoFold bool
}

// Write writes contacts to w and returns what became of each.
//
// An error in the sequence that is a [skypecontacts.SkippedItem] or a [*RowError] is
// about one entry, which is unreadable, or damaged if there is a contact with the
// error. Such entries are counted, and one contact never ends the writing: a time
// outside the years 1 to 9999, which not every format can hold, is written as text in
// Extra. Any other error ends the writing and is returned,
// as is an error of w. The output is then incomplete: when replacing a file, write to
// another one and rename it afterwards.
func Write(w io.Writer, format Format, contacts iter.Seq2[*skypecontacts.Contact, error], opts Options) (Report, error) {
	report := Report{NotHeld: make(map[string]int)}
	spec, known := formatTable[format]
	if !known {
		return report, fmt.Errorf("export: %w: there is no format %q", skypecontacts.ErrInvalid, format)
	}
	out := &formatOutput{
		file: bufio.NewWriterSize(w, 1<<16), avatars: opts.Avatars, mood: opts.Mood, noFold: opts.NoFold,
		picture: opts.Picture, report: &report,
	}
	writer := spec.newWriter(out)
	lost := spec.lostFields(opts.Avatars, opts.Mood)
	written := make(map[[16]byte]struct{})
	for contact, err := range contacts {
		if err != nil && !isEntryError(err) {
			return report, err
		}
		report.Read++
		if count := report.leftOut(contact, opts); count != nil {
			*count++
			if count == &report.Unreadable {
				out.unreadable = appendReason(out.unreadable, err)
			}
			continue
		}
		id := identifierHash(contact.MRI)
		if _, repeated := written[id]; repeated {
			report.Repeated++
			continue
		}
		written[id] = struct{}{}
		contact = withWritableTimes(contact)
		switch err := writer.writeContact(contact, id); {
		case isEncodingError(err):
			report.Unreadable++
			continue
		case err != nil:
			return report, fmt.Errorf("export: %w", err)
		}
		report.Written++
		if err != nil && !isNotice(err) {
			report.Damaged++
			out.damaged = appendReason(out.damaged, err)
		}
		report.countLost(contact, lost, spec.holdsAll)
	}
	if err := writer.finish(); err != nil {
		return report, fmt.Errorf("export: %w", err)
	}
	if err := out.file.Flush(); err != nil {
		return report, fmt.Errorf("export: %w", err)
	}
	return report, nil
}

// leftOut returns the counter for a contact that cannot be written or that the
// options leave out, and nil for any other.
func (r *Report) leftOut(contact *skypecontacts.Contact, opts Options) *int {
	switch {
	case contact == nil || contact.MRI.ID() == "":
		return &r.Unreadable
	case contact.Suggested && !contact.Authorized && !opts.Suggested:
		return &r.Suggested
	case contact.IsBot() && !opts.Bots:
		return &r.Bots
	case contact.Blocked && opts.NoBlocked:
		return &r.Blocked
	default:
		return nil
	}
}

// countLost counts the fields of a contact that a format does not hold.
func (r *Report) countLost(contact *skypecontacts.Contact, lost []lossyField, holdsExtra bool) {
	for _, field := range lost {
		if field.isSet(contact) {
			r.NotHeld[field.name]++
		}
	}
	if !holdsExtra {
		r.countExtra("extra", contact.Extra)
		r.countExtra("profile.extra", contact.Profile.Extra)
	}
}

func (r *Report) countExtra(prefix string, extra skypecontacts.Extra) {
	others := false
	for name := range extra {
		key := prefix + "." + name
		if _, counted := r.NotHeld[key]; counted || len(r.NotHeld) < maxNotHeld && isFieldName(name) {
			r.NotHeld[key]++
		} else {
			others = true
		}
	}
	if others {
		r.NotHeld[prefix]++
	}
}

// isEntryError reports whether err is about one entry of a list.
func isEntryError(err error) bool {
	_, skipped := errors.AsType[skypecontacts.SkippedItem](err)
	return skipped || isRowError(err)
}
