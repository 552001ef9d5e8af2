package demo

import (
	"context"
	"encoding/json"
	"flag"
	"io"
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

func TestClientWithoutToken(t *testing.T) {
	t.Parallel()
	client, closeAll, err := newClient("", "", "", nil)
	require.NoError(t, err)
	t.Cleanup(closeAll)
	own, err := client.GetOwnProfile(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Fred Adams", own.FullName())
}

func TestClientWithToken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, token, user, path string
		err                     error
	}{
		{"own name", "sample-skype-token-2", "", "/contacts/v2/users/self/groups", nil},
		{"given name", "sample-skype-token-2", "joe.4", "/contacts/v2/users/joe.4/groups", nil},
		{"wrong token", "stale", "", "/contacts/v2/users/self/groups", skypecontacts.ErrUnauthorized},
		{"bad name", "sample-skype-token-2", "a/b", "", skypecontacts.ErrInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			t.Cleanup(srv.Close)
			client, closeAll, err := newClient("", tt.token, tt.user, []skypecontacts.Option{
				skypecontacts.WithEndpoints(srv.Endpoints()), skypecontacts.WithInsecureLoopback(),
			})
			if err == nil {
				defer closeAll()
				_, err = client.ListGroups(t.Context())
			}
			require.ErrorIs(t, err, tt.err)
			path := ""
			if sent := srv.Requests(); len(sent) > 0 {
				path = sent[0].Path
			}
			assert.Equal(t, tt.path, path)
		})
	}
}

// Not parallel, since all tests share the environment.
func TestLive(t *testing.T) {
	t.Setenv("SKYPE_TOKEN", "")
	_, _, err := Live("")
	require.EqualError(t, err, "SKYPE_TOKEN is not set")

	t.Setenv("SKYPE_TOKEN", "sample-skype-token-2")
	client, closeAll, err := Live("")
	require.NoError(t, err)
	closeAll()
	assert.NotNil(t, client)

	t.Setenv("SKYPE_USER", "a/b")
	_, _, err = Live("")
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)

	// With -endpoints neither the token nor the user of the environment is used.
	t.Setenv("SKYPE_TOKEN", "real-token")
	srv := skypetest.NewServer()
	defer srv.Close()
	client, closeAll, err = Live(serverLine(t, srv))
	require.NoError(t, err)
	defer closeAll()
	own, err := client.GetOwnProfile(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Fred Adams", own.FullName())
	for _, sent := range srv.Requests() {
		assert.Equal(t, "sample-skype-token-1", sent.Header.Get("X-Skypetoken"))
	}
}

// serverLine returns the first line of examples/server for srv.
func serverLine(t *testing.T, srv *skypetest.Server) string {
	t.Helper()
	line, err := json.Marshal(NewServerLine(srv, skypetest.SampleData(), "this machine only"))
	require.NoError(t, err)
	return string(line)
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args      []string
		endpoints string
		rest      []string
		want      string
	}{
		{nil, "", nil, ""},
		{[]string{"joe.4", "anna.7"}, "", []string{"joe.4", "anna.7"}, ""},
		{[]string{"-endpoints", "line.json", "joe.4"}, "line.json", []string{"joe.4"}, ""},
		{[]string{"-what"}, "", nil, "an argument is not valid: flag provided but not defined: -what; -h lists the flags"},
		{[]string{"--what=1", "joe.4"}, "", nil, "an argument is not valid: flag provided but not defined: -what; -h lists the flags"},
		{[]string{"-endpoints"}, "", nil, "an argument is not valid: flag needs an argument: -endpoints; -h lists the flags"},
	} {
		var out strings.Builder
		endpoints, rest, err := Program{Arguments: "[account ...]"}.parse(tt.args, &out)
		assert.Empty(t, out.String())
		if tt.want != "" {
			require.EqualError(t, err, tt.want)
			require.ErrorIs(t, err, ErrUsage)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tt.endpoints, endpoints)
		assert.Equal(t, tt.rest, rest)
	}
	_, _, err := Program{}.parse([]string{"joe.4"}, io.Discard)
	require.EqualError(t, err, `an argument is not valid: "joe.4"; there are only flags, which -h lists`)
}

func TestHelp(t *testing.T) {
	t.Parallel()
	flags := flag.NewFlagSet("", flag.ExitOnError)
	flags.Int("contacts", 3, "`number` of contacts")
	for _, arg := range []string{"-h", "-help", "--help"} {
		var out strings.Builder
		require.NoError(t, run(&out, func(_ context.Context, out io.Writer) error {
			_, _, err := Program{Summary: "counts", Arguments: "[account]", Flags: flags}.parse([]string{arg}, out)
			return err
		}))
		name := filepath.Base(os.Args[0])
		assert.True(t, strings.HasPrefix(out.String(), name+" counts.\n\nUsage: "+name+" [flags] [account]\n  -contacts number\n"), out.String())
		assert.Contains(t, out.String(), "  -endpoints line\n")
		flags = flag.NewFlagSet("", flag.ExitOnError)
		flags.Int("contacts", 3, "`number` of contacts")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestOutputError(t *testing.T) {
	t.Parallel()
	err := run(fullDisk{}, func(_ context.Context, out io.Writer) error {
		return Table(out, [][]string{{"a"}})
	})
	assert.ErrorIs(t, err, io.ErrShortWrite)
}
