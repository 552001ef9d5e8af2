package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs the program until the test ends and returns its first line.
func start(t *testing.T, args ...string) (first map[string]any) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, in) }()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err)
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
	})
	require.NoError(t, json.Unmarshal(line, &first))
	return first
}

func client(t *testing.T, first map[string]any, opts ...skypecontacts.Option) *skypecontacts.Client {
	bases := first["endpoints"].(map[string]any)
	base := func(name string) string { return bases[name].(string) }
	c, err := skypecontacts.New(skypecontacts.StaticToken(first["skypeToken"].(string)), append(opts,
		skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithUserID(first["userId"].(string)),
		skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(first["registrationToken"].(string))),
		skypecontacts.WithEndpoints(skypecontacts.Endpoints{
			Contacts: base("contacts"), ContactsV1: base("contactsV1"), API: base("api"), Profile: base("profile"),
			Directory: base("directory"), Bots: base("bots"), Messenger: base("messenger"),
		}))...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func TestFirstLine(t *testing.T) {
	t.Parallel()
	first := start(t, "-contacts", "30")
	c := client(t, first)
	list, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Contacts, 30)
	assert.NoError(t, c.AddContact(t.Context(), "+442099887766"))
	_, err = c.ListBots(t.Context())
	assert.NoError(t, err)
}

func TestFaultFlags(t *testing.T) {
	t.Parallel()
	once := skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1})
	for _, test := range []struct {
		name string
		args []string
		want error
	}{
		{"failures", []string{"-fail-rate", "1"}, skypecontacts.ErrUnavailable},
		{"rate limit", []string{"-limit-rate", "1"}, skypecontacts.ErrRateLimited},
		{"latency", []string{"-latency", "50ms"}, nil},
		{"latency and failures", []string{"-latency", "50ms", "-fail-rate", "1"}, skypecontacts.ErrUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, start(t, test.args...), once)
			for range 2 {
				began := time.Now()
				_, err := c.ListGroups(t.Context())
				require.ErrorIs(t, err, test.want)
				if test.args[0] == "-latency" {
					assert.GreaterOrEqual(t, time.Since(began), 50*time.Millisecond)
				}
			}
		})
	}
}

func TestBadFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-contacts", "-1"}, {"-fail-rate", "2"}, {"-latency", "-1s"}, {"extra"}, {"-addr", "127.0.0.1:http-no"},
	} {
		assert.Error(t, run(t.Context(), args, io.Discard), args)
	}
}
