package convert

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
)

const (
	progressEvery = 50_000 // contacts

	// ReportDetails is the number of entries of a kind that a report describes.
	ReportDetails = 2
)

// Reading collects what the report says about a list while it is read.
type Reading struct {
	Unreadable []string // the first entries that cannot be read
	Damaged    []string // the first that are written without something
	Notices    []string // about the whole file, each once

	ctx      context.Context //nolint:containedctx // of the one loop over the contacts
	progress io.Writer
	details  int // entries of a kind that are described
	count    int
}

// NewReading returns a reading that describes that many entries of each kind.
func NewReading(ctx context.Context, progress io.Writer, details int) *Reading {
	return &Reading{ctx: ctx, progress: progress, details: details}
}

// Watch returns contacts as they are. It prints progress, and ends with an error when the
// context does.
func (r *Reading) Watch(contacts Contacts) Contacts {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		for contact, err := range contacts {
			if r.ctx.Err() != nil {
				yield(nil, r.ctx.Err())
				return
			}
			if r.count++; r.count%progressEvery == 0 {
				fmt.Fprintf(r.progress, "%d read\n", r.count)
			}
			r.note(contact, err)
			if !yield(contact, err) {
				return
			}
		}
	}
}

// note keeps what an error says about an entry.
func (r *Reading) note(contact *skypecontacts.Contact, err error) {
	switch {
	case !IsEntryError(err): // no error, or one that ends the reading
	case IsNotice(err):
		row, _ := errors.AsType[*export.RowError](err)
		if !slices.Contains(r.Notices, row.Reason) && len(r.Notices) < r.details {
			r.Notices = append(r.Notices, row.Reason)
		}
	case contact == nil:
		r.Unreadable = r.appendDetail(r.Unreadable, err)
	default:
		r.Damaged = r.appendDetail(r.Damaged, err)
	}
}

// appendDetail appends the text of err, unless there are enough.
func (r *Reading) appendDetail(details []string, err error) []string {
	if len(details) == r.details {
		return details
	}
	return append(details, ErrorText(err))
}

// IsEntryError reports whether err is about one entry of a list, which has more.
func IsEntryError(err error) bool {
	_, isRow := errors.AsType[*export.RowError](err)
	_, isItem := errors.AsType[skypecontacts.SkippedItem](err)
	return isRow || isItem
}

// IsNotice reports whether err is about an entry of which nothing is lost.
func IsNotice(err error) bool {
	row, isRow := errors.AsType[*export.RowError](err)
	return isRow && row.Notice
}

// ErrorText returns the text of an error about an entry or a file without the name of the
// package that it is from.
func ErrorText(err error) string {
	text := strings.TrimPrefix(err.Error(), "export: ")
	return strings.TrimPrefix(text, "skypecontacts: ")
}
