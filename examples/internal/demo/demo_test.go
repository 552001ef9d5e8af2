package demo

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestClientWithoutToken(t *testing.T) {
	t.Parallel()
	client, closeAll, err := newClient("", "", nil)
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
			client, closeAll, err := newClient(tt.token, tt.user, []skypecontacts.Option{
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
	_, _, err := Live()
	require.EqualError(t, err, "SKYPE_TOKEN is not set")

	t.Setenv("SKYPE_TOKEN", "sample-skype-token-2")
	client, closeAll, err := Live()
	require.NoError(t, err)
	closeAll()
	assert.NotNil(t, client)

	t.Setenv("SKYPE_USER", "a/b")
	_, _, err = Live()
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
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

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{context.Canceled, "Interrupted."},
		{context.DeadlineExceeded, "The service took too long."},
		{skypecontacts.ErrInvalid, "An argument or SKYPE_USER is not valid."},
		{skypecontacts.ErrUnauthorized, "The service refused the token. Either it has expired, or SKYPE_USER is not the Skype name it belongs to."},
		{skypecontacts.ErrForbidden, "The service does not let this account do that."},
		{skypecontacts.ErrNotFound, "The service has nothing of that name, or no longer offers this."},
		{skypecontacts.ErrRateLimited, "The service has received too many requests. Try again in a few minutes."},
		{skypecontacts.ErrUnavailable, "The service cannot be reached. Parts of it were shut down in May 2025."},
		{skypecontacts.ErrRedirect, "The service cannot be reached. Parts of it were shut down in May 2025."},
		{skypecontacts.ErrDecode, "The service sent a response that cannot be decoded."},
		{skypecontacts.ErrTooLarge, "The service sent a response that cannot be decoded."},
		{errors.New("disk full"), "The program failed."},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want+"\n("+tt.err.Error()+")", Explain(tt.err))
		})
	}
}

func TestExplainRetryAfter(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 5 * time.Minute})
	_, err := srv.Client().ListGroups(t.Context())
	text, _, _ := strings.Cut(Explain(err), "\n")
	assert.Equal(t, "The service has received too many requests. Try again in 5m0s.", text)
}

func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, Table(&out, [][]string{
		{"NAME", "PHONES", "FLAGS"},
		{"Žofie Ćosić", "1\n22\n", "bot"},
		{"", "", ""},
		{"a\tb\rc", "\x1b[2J\u202e3", ""},
	}))
	assert.Equal(t, ""+
		"NAME         PHONES  FLAGS\n"+
		"Žofie Ćosić  1       bot\n"+
		"             22\n"+
		"\n"+
		"\n"+
		"a b c        [2J3\n", out.String())
}

func TestFields(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, Fields(&out, [][2]string{{"Name", "Joe"}, {"City", ""}, {"Phones", "1\n2"}}))
	assert.Equal(t, "Name:    Joe\nPhones:  1\n         2\n", out.String())
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	places := []skypecontacts.Location{{Type: "home"}, {CountryName: "Ireland"}, {City: "Rome", Country: "IT"}}
	assert.Equal(t, "Ireland", Country(places))
	assert.Equal(t, "IT", Country(places[2:]))
	assert.Empty(t, Country(places[:1]))
	assert.Equal(t, "Rome", City(places))
	assert.Empty(t, City(nil))
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		contact skypecontacts.Contact
		want    string
	}{
		{skypecontacts.Contact{Authorized: true}, ""},
		{skypecontacts.Contact{}, "pending"},
		{skypecontacts.Contact{Suggested: true, Blocked: true}, "suggested, blocked"},
		{skypecontacts.Contact{MRI: "28:concierge", Authorized: true, Favorite: true}, "favorite, bot"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, Flags(&tt.contact))
		})
	}
}

func TestSkipped(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	Skipped(&out, nil)
	assert.Empty(t, out.String())
	Skipped(&out, []skypecontacts.SkippedItem{{Index: 3, Err: skypecontacts.ErrDecode}})
	assert.Equal(t, "\n1 could not be decoded; the first of them: skypecontacts: entry 3 skipped: undecodable response\n", out.String())
}
