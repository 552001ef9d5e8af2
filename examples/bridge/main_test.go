package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain is also the worker: the tests start their own binary as one.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == workerArgument {
		exit(runWorker(os.Stdin, os.Stderr))
		return
	}
	flag.Parse()
	code := m.Run()
	shared.stop()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// sharedServers are the servers of the tests that need no others.
type sharedServers struct {
	once      sync.Once
	dir       string
	servers   *servers
	err       error
	databases atomic.Int32
}

var shared sharedServers

func (s *sharedServers) start() {
	s.once.Do(func() {
		if s.dir, s.err = os.MkdirTemp("", "bridge-test-"); s.err != nil {
			return
		}
		if s.err = os.Chmod(s.dir, 0o711); s.err == nil {
			s.servers, s.err = startServers(context.Background(), s.dir)
		}
	})
}

func (s *sharedServers) stop() {
	s.servers.stop()
	_ = os.RemoveAll(s.dir)
}

// needServers skips a test where the servers are not installed.
func needServers(t *testing.T) *servers {
	t.Helper()
	shared.start()
	if errors.Is(shared.err, errNotInstalled) {
		t.Skip(shared.err)
	}
	require.NoError(t, shared.err)
	return shared.servers
}

// newStore returns a database of its own with accounts.
func newStore(t *testing.T, accounts ...newAccount) *store {
	t.Helper()
	s := needServers(t)
	name := fmt.Sprintf("test%d", shared.databases.Add(1))
	conn, err := pgx.Connect(t.Context(), s.databaseURL)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "create database "+name)
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	opened, err := openStore(t.Context(), strings.TrimSuffix(s.databaseURL, "/postgres")+"/"+name, 10, newSealer(t))
	require.NoError(t, err)
	t.Cleanup(opened.pool.Close)
	require.NoError(t, opened.migrate(t.Context()))
	require.NoError(t, opened.addAccounts(t.Context(), accounts))
	return opened
}

func newSealer(t *testing.T) *sealer {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, writeKey(key))
	s, err := readSealer(key)
	require.NoError(t, err)
	return s
}

// fred is the account of most tests. The first account of a database has the key 1.
var fred = newAccount{mri: "8:fred.2", secret: "secret-of-fred"}

const fredID = 1

func TestFlags(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	_, _, err := parseFlags([]string{"-h"}, &help)
	require.ErrorIs(t, err, flag.ErrHelp)
	assert.Contains(t, help.String(), "-accounts")
	for _, args := range [][]string{{"-accounts", "0"}, {"-workers", "0"}, {"-rate", "0"}, {"-invites", "9", "-accounts", "8"}, {"x"}, {"-what"}} {
		_, _, err := parseFlags(args, new(strings.Builder))
		assert.Error(t, err, args)
	}
	o, breakIt, err := parseFlags([]string{"-workers", "2", "-slots", "5", "-break"}, new(strings.Builder))
	require.NoError(t, err)
	assert.True(t, breakIt)
	assert.Equal(t, 10, o.allSlots())
}

// The program without its flags for breaking things: it prints a table of rounds.
func TestProgram(t *testing.T) {
	t.Parallel()
	needServers(t)
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-accounts", "12", "-contacts", "3", "-invites", "6", "-workers", "2", "-latency", "1ms"}, &out))
	assert.Regexp(t, `(?s)12 accounts with 3 contacts each.*all contacts +2 +\d+ .*changes only +2 .*changes only +1 `, out.String())
}

// An interrupt ends the program with all it has started.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	needServers(t)
	ctx, interrupt := context.WithCancel(t.Context())
	b, err := startBridge(ctx, options{accounts: 3, workers: 1, slots: 2, rate: 50, burst: 5}, new(lockedBuffer))
	require.NoError(t, err)
	require.NoError(t, b.setWorkers(1))
	interrupt()
	require.ErrorIs(t, b.planRounds(ctx, 1), context.Canceled)
	require.NoError(t, b.stop())
	assert.NoDirExists(t, b.dir)
	assert.Nil(t, b.servers.postgres.running)
	assert.Nil(t, b.servers.redis.running)
}
