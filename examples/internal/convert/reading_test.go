package convert

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The first entries of each kind are described, and notices are there once.
func TestWatch(t *testing.T) {
	t.Parallel()
	notice := &export.RowError{Line: 1, Reason: "in UTF-16", Notice: true}
	entries := []struct {
		contact *skypecontacts.Contact
		err     error
	}{
		{&skypecontacts.Contact{MRI: "8:joe.4"}, notice},
		{&skypecontacts.Contact{MRI: "8:anna.7"}, notice},
		{nil, &export.RowError{Line: 3, Reason: "no id"}},
		{nil, &export.RowError{Line: 4, EndLine: 6, Reason: "no id"}},
		{nil, skypecontacts.SkippedItem{}},
		{&skypecontacts.Contact{MRI: "8:daisy.5"}, &export.RowError{Line: 8, Reason: "rounded"}},
		{&skypecontacts.Contact{MRI: "8:fred.2"}, nil},
	}
	var contacts Contacts = func(yield func(*skypecontacts.Contact, error) bool) {
		for _, e := range entries {
			if !yield(e.contact, e.err) {
				return
			}
		}
	}
	reading := NewReading(t.Context(), io.Discard, 2)
	i := 0
	for contact, err := range reading.Watch(contacts) {
		assert.Same(t, entries[i].contact, contact)
		assert.Equal(t, entries[i].err, err)
		i++
	}
	assert.Equal(t, len(entries), i)
	assert.Equal(t, []string{"line 3: no id", "lines 4 to 6: no id"}, reading.Unreadable)
	assert.Equal(t, []string{"line 8: rounded"}, reading.Damaged)
	assert.Equal(t, []string{"in UTF-16"}, reading.Notices)

	for range reading.Watch(contacts) {
		break
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var progress strings.Builder
	reading := NewReading(t.Context(), &progress, ReportDetails)
	text := "id\n" + strings.Repeat("joe.4\n", 100_001)
	for _, err := range reading.Watch(export.ReadCSV(strings.NewReader(text))) {
		require.NoError(t, err)
	}
	assert.Equal(t, "50000 read\n100000 read\n", progress.String())
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reading := NewReading(ctx, io.Discard, ReportDetails)
	var errs []error
	for _, err := range reading.Watch(export.ReadCSV(strings.NewReader("id\njoe.4\nanna.7\ndaisy.5\n"))) {
		errs = append(errs, err)
		cancel()
	}
	assert.Equal(t, []error{nil, context.Canceled}, errs)
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "no row holds a contact", ErrorText(errors.New("export: no row holds a contact")))
	assert.Equal(t, "a", ErrorText(fmt.Errorf("skypecontacts: %w", errors.New("a"))))
	assert.Equal(t, "a", ErrorText(errors.New("a")))
}
