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

	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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
		var endpoints string
		rest, err := Program{Arguments: "[account ...]"}.parse(tt.args, &out, func(flags *flag.FlagSet) { AddEndpointsFlag(flags, &endpoints) })
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
	_, err := Program{}.parse([]string{"joe.4"}, io.Discard, new(Account).AddFlags)
	require.EqualError(t, err, `an argument is not valid: "joe.4"; there are only flags, which -h lists`)
}

func TestHelp(t *testing.T) {
	t.Parallel()
	flags := flag.NewFlagSet("", flag.ExitOnError)
	flags.Int("contacts", 3, "`number` of contacts")
	for _, arg := range []string{"-h", "-help", "--help"} {
		var out strings.Builder
		require.NoError(t, run(&out, func(_ context.Context, out io.Writer) error {
			_, err := Program{Summary: "counts", Arguments: "[account]", Flags: flags}.parse([]string{arg}, out, new(Account).AddFlags)
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
		return display.Table(out, [][]string{{"a"}})
	})
	assert.ErrorIs(t, err, io.ErrShortWrite)
}
