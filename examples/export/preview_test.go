package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A dry run prints the first people that would be written, and writes no file.
func TestDryRun(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "type,id,display_name,profile.phones[0].number,profile.phones[0].type,profile.locations[0].city,profile.locations[0].country\n" +
		"SkypeSuggested,daisy.5,Daisy,,,,\n" +
		"Skype,joe.4,Joe Bloggs,442079460001,mobile,Leeds,gb\n" +
		"Skype,JOE.4,Joe again,,,,\n" +
		",,nobody,,,,\n" +
		"Skype,live:anna.7,\x1b[2J日本 花子 \u202e🎈,,,,us\n" +
		"Skype,fred.2,A name that is much longer than a cell of the table,,,Rome,\n"})
	before := folderContent(t, dir)
	stdout, stderr, err := runExport(t.Context(), filepath.Join(dir, "contacts.csv"), "-dry-run", "-o", filepath.Join(dir, "contacts.vcf"))
	require.NoError(t, err)
	assert.Equal(t, `NAME                              SKYPE NAME   PHONES                  PLACE
Joe Bloggs                        joe.4        +442079460001 (mobile)  Leeds, GB
[2J日本 花子 🎈                   live:anna.7                          US
A name that is much longer than…  fred.2                               Rome
`, stdout)
	assert.Contains(t, stderr, "6 read, 3 would be written\n")
	assert.Equal(t, before, folderContent(t, dir))
}

func TestDryRunLength(t *testing.T) {
	t.Parallel()
	dir := newFolder(t, map[string]string{"contacts.csv": "id\na\nb\nc\nd\ne\nf\ng\n"})
	stdout, stderr, err := runExport(t.Context(), filepath.Join(dir, "contacts.csv"), "-dry-run")
	require.NoError(t, err)
	assert.Equal(t, "NAME  SKYPE NAME  PHONES  PLACE\na     a\nb     b\nc     c\nd     d\ne     e\n", stdout)
	assert.Equal(t, "7 read, 7 would be written\n", stderr)
}
