package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Without a directory nothing is saved.
func TestOutput(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	var out strings.Builder
	require.NoError(t, run(t.Context(), srv.Client(), &out, "", ""))
	assert.Regexp(t, golden, out.String())
}

const golden = `^NAME         ID        PICTURE
Joe Bloggs   8:joe\.4   image/png, \d+ bytes
Anna Cooper  8:anna\.7  image/png, \d+ bytes

1 left out: only people have pictures\.
$`

// gif and jpeg are pictures of other formats than those that the fake service makes up.
var gif, jpeg = []byte("GIF89a"), []byte("\xFF\xD8\xFF\xE0 and more")

// newDirectory returns a server with contacts whose pictures differ, and a directory that
// does not exist yet.
func newDirectory(t *testing.T) (srv *skypetest.Server, dir string) {
	t.Helper()
	data := skypetest.SampleData()
	accounts, own := data.Accounts, &data.Accounts[0]
	accounts[1].Profile.Avatar, accounts[1].Profile.AvatarURL, accounts[1].Profile.AvatarPrivate = gif, "", true
	accounts[2].Profile.AvatarURL = "https://cdn.example/anna.png" // of another form
	accounts[3].Profile.AvatarURL = ""
	own.Contacts = append(own.Contacts, skypetest.Contact{MRI: "8:daisy.5", Authorized: true}, skypetest.Contact{MRI: "4:+442099887766"})
	srv = skypetest.NewServer(skypetest.WithData(data))
	t.Cleanup(srv.Close)
	return srv, filepath.Join(t.TempDir(), "new", "pictures")
}

// pictureColumn returns the last column of each person.
func pictureColumn(t *testing.T, srv *skypetest.Server, dir string, size skypecontacts.AvatarSize) map[string]string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, run(t.Context(), srv.Client(), &out, dir, size))
	assert.True(t, strings.HasSuffix(out.String(), "\n2 left out: only people have pictures.\n\nThe pictures are in "+dir+".\n"))
	column := map[string]string{}
	table, _, _ := strings.Cut(out.String(), "\n\n")
	for _, line := range strings.Split(table, "\n")[1:] {
		_, rest, _ := strings.Cut(line, "8:")
		id, text, _ := strings.Cut(rest, " ")
		column[id] = strings.TrimSpace(text)
	}
	return column
}

// filesOf returns the pictures in a directory by their names.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	files := map[string]string{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		if entry.Name() != indexName {
			files[entry.Name()] = string(content)
		}
	}
	return files
}

// received returns how many requests for a picture named an ETag, and how many did not.
func received(srv *skypetest.Server) (withETag, withoutETag int) {
	for _, r := range srv.Requests() {
		switch {
		case r.Operation != "GetAvatar":
		case r.Header.Get("If-None-Match") != "":
			withETag++
		default:
			withoutETag++
		}
	}
	return withETag, withoutETag
}

// Only a picture that has changed is sent and written again, in the place of the older one.
func TestSecondRun(t *testing.T) {
	t.Parallel()
	srv, dir := newDirectory(t)
	column := pictureColumn(t, srv, dir, "")
	assert.Equal(t, "8=3ajoe.4.gif, image/gif, 6 bytes", column["joe.4"])
	assert.Regexp(t, `^8=3aanna\.7\.png, image/png, \d+ bytes$`, column["anna.7"])
	assert.Equal(t, "none", column["daisy.5"])
	first := filesOf(t, dir)
	assert.Len(t, first, 2)
	assert.Equal(t, string(gif), first["8=3ajoe.4.gif"])
	withETag, withoutETag := received(srv)
	assert.Equal(t, []int{0, 3}, []int{withETag, withoutETag})

	column = pictureColumn(t, srv, dir, "")
	assert.Equal(t, map[string]string{"joe.4": "8=3ajoe.4.gif, unchanged", "anna.7": "8=3aanna.7.png, unchanged", "daisy.5": "none"}, column)
	assert.Equal(t, first, filesOf(t, dir))

	joe := srv.ClientFor("joe.4", skypecontacts.WithUserID("joe.4"))
	require.NoError(t, joe.SetOwnAvatar(t.Context(), jpeg))
	anna := srv.ClientFor("anna.7", skypecontacts.WithUserID("anna.7"))
	require.NoError(t, anna.DeleteOwnAvatar(t.Context()))
	column = pictureColumn(t, srv, dir, "")
	assert.Equal(t, map[string]string{
		"joe.4": "8=3ajoe.4.jpg, image/jpeg, 13 bytes", "anna.7": "none; 8=3aanna.7.png is an older one", "daisy.5": "none",
	}, column)
	assert.Equal(t, map[string]string{"8=3ajoe.4.jpg": string(jpeg), "8=3aanna.7.png": first["8=3aanna.7.png"]}, filesOf(t, dir))

	// A file that is gone, and another size, are requested anew.
	require.NoError(t, os.Remove(filepath.Join(dir, "8=3ajoe.4.jpg")))
	assert.Equal(t, "8=3ajoe.4.jpg, image/jpeg, 13 bytes", pictureColumn(t, srv, dir, "")["joe.4"])
	assert.Equal(t, "8=3ajoe.4.jpg, image/jpeg, 13 bytes", pictureColumn(t, srv, dir, "l")["joe.4"])
	assert.Equal(t, "8=3ajoe.4.jpg, unchanged", pictureColumn(t, srv, dir, "l")["joe.4"])
}

// What concerns one picture does not end the run. What ends it leaves the index of what was
// saved.
func TestFailures(t *testing.T) {
	t.Parallel()
	for text, fault := range map[string]skypetest.Fault{
		"not for this account": {Kind: skypetest.FaultStatus, Status: http.StatusForbidden},
		"not readable":         {Kind: skypetest.FaultHTML},
		"too large":            {Kind: skypetest.FaultGzipBomb, Bytes: 8 << 20},
	} {
		srv, dir := newDirectory(t)
		fault.Operation, fault.Count = "GetAvatar", 1
		srv.Inject(fault)
		column := pictureColumn(t, srv, dir, "")
		assert.Equal(t, text, column["joe.4"])
		assert.Len(t, filesOf(t, dir), 1)
	}

	srv, dir := newDirectory(t)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: http.StatusConflict, Operation: "GetAvatar", Account: "8:fred.2", Count: 1})
	var out strings.Builder
	require.ErrorIs(t, run(t.Context(), srv.Client(), &out, dir, ""), skypecontacts.ErrConflict)
	assert.Equal(t, "NAME  ID  PICTURE\n", out.String())
	assert.Empty(t, filesOf(t, dir))
	_, err := os.Stat(filepath.Join(dir, indexName))
	require.NoError(t, err)

	require.NoError(t, os.WriteFile(filepath.Join(dir, indexName), []byte("[]"), 0o600))
	require.ErrorContains(t, run(t.Context(), srv.Client(), &out, dir, ""), "is not the index")
	require.Error(t, run(t.Context(), srv.Client(), &out, filepath.Join(dir, indexName), ""), "a file in place of the directory")
}
