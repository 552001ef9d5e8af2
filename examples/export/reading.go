package main

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
	maxDetails    = 2      // entries of a kind that the report describes
)

// reading collects what the report says about a list while it is read.
type reading struct {
	ctx      context.Context //nolint:containedctx // of the one call of run
	progress io.Writer
	count    int

	unreadable []string // the first entries that cannot be read
	damaged    []string // the first that are written without something
	notices    []string // about the whole file, each once
}

func newReading(ctx context.Context, progress io.Writer) *reading {
	return &reading{ctx: ctx, progress: progress}
}

// watch returns contacts as they are. It prints progress, and ends with an error when the
// context does.
func (r *reading) watch(contacts contactSeq) contactSeq {
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
func (r *reading) note(contact *skypecontacts.Contact, err error) {
	row, isRow := errors.AsType[*export.RowError](err)
	_, isItem := errors.AsType[skypecontacts.SkippedItem](err)
	switch {
	case !isRow && !isItem: // no error, or one that ends the reading
	case isRow && row.Notice:
		if !slices.Contains(r.notices, row.Reason) && len(r.notices) < maxDetails {
			r.notices = append(r.notices, row.Reason)
		}
	case contact == nil:
		r.unreadable = appendDetail(r.unreadable, err)
	default:
		r.damaged = appendDetail(r.damaged, err)
	}
}

// appendDetail appends the text of err, up to maxDetails.
func appendDetail(details []string, err error) []string {
	if len(details) == maxDetails {
		return details
	}
	text := strings.TrimPrefix(err.Error(), "export: ")
	return append(details, strings.TrimPrefix(text, "skypecontacts: "))
}
