package reliability_test

import (
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manyClients is the number of accounts that one process may have.
func manyClients() int {
	if raceEnabled {
		return 2_000
	}
	return 10_000
}

// sharedHTTP returns what thousands of clients can share: a transport that keeps as many
// idle connections as there are calls at once.
func sharedHTTP(calls int) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = calls
	return &http.Client{Transport: transport}
}

// countingListener counts the connections that it accepts.
type countingListener struct {
	net.Listener

	accepted atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return conn, err
}

// newCountingServer returns a server with accounts, and what counts its connections.
func newCountingServer(t *testing.T, accounts ...skypetest.Account) (*skypetest.Server, *countingListener) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	counting := &countingListener{Listener: listener}
	server := skypetest.NewServer(skypetest.WithListener(counting), skypetest.WithData(skypetest.Data{Accounts: accounts}))
	t.Cleanup(server.Close)
	return server, counting
}

// A client that shares its http.Client takes less than 4 KiB after a call, with its
// token, and no goroutine.
func TestMemoryOfAClient(t *testing.T) { //nolint:paralleltest // measures memory
	const promised = 4 << 10
	shared := &http.Client{Transport: responding(`{"contacts":[]}`)}
	n := manyClients()
	clients := make([]*skypecontacts.Client, n)
	used := func() (heap uint64, goroutines int) {
		runtime.GC()
		runtime.GC() // what finalizers and pools kept
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	heap, goroutines := used()
	for i := range clients {
		c, err := skypecontacts.New(skypecontacts.StaticToken(fmt.Sprintf("token-of-%d", i)), skypecontacts.WithHTTPClient(shared),
			skypecontacts.WithUserID(fmt.Sprintf("fred.%d", i)))
		require.NoError(t, err)
		_, err = c.ListContacts(t.Context())
		require.NoError(t, err)
		clients[i] = c
	}
	heapAfter, goroutinesAfter := used()
	runtime.KeepAlive(clients)
	size := (heapAfter - heap) / uint64(n)
	require.LessOrEqual(t, goroutinesAfter, goroutines)
	measured.set("memory of a client that shares its http.Client / bytes", size, "4096")
	if !raceEnabled {
		require.Less(t, size, uint64(promised))
	}
}

// All clients of a process can share one http.Client: there are hardly more connections
// than calls at once, and each request has the token of the account in its path. net/http
// closes a connection now and then whose response ends at the same time as its call does,
// so that the bound has one in a hundred requests.
func TestManyClients(t *testing.T) {
	t.Parallel()
	const atOnce = 32
	accounts := make([]skypetest.Account, manyClients())
	token := make(map[string]string, len(accounts)) // by name
	for i := range accounts {
		name := fmt.Sprintf("fred.%d", i)
		token[name] = "token-of-" + name
		accounts[i] = skypetest.Account{MRI: skypecontacts.MRI("8:" + name), SkypeToken: token[name]}
	}
	server, connections := newCountingServer(t, append(accounts, skypetest.Account{MRI: "8:joe.4"})...)
	shared := sharedHTTP(atOnce)
	defer shared.CloseIdleConnections()

	clients := make(chan string)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for name := range clients {
				c, err := skypecontacts.New(skypecontacts.StaticToken(token[name]), skypecontacts.WithHTTPClient(shared),
					skypecontacts.WithUserID(name), skypecontacts.WithEndpoints(server.Endpoints()), skypecontacts.WithInsecureLoopback())
				assert.NoError(t, err)
				_, err = c.ListContacts(t.Context())
				assert.NoError(t, err)
				assert.NoError(t, blockUser(c))
			}
		})
	}
	for name := range token {
		clients <- name
	}
	close(clients)
	workers.Wait()

	requests := map[string]int{}
	for _, request := range server.Requests() {
		name, _, _ := strings.Cut(strings.TrimPrefix(request.Path, "/contacts/v2/users/"), "/")
		requests[name]++
		require.Equal(t, []string{token[name]}, request.Header.Values("X-Skypetoken"), request.Path)
		require.Equal(t, skypecontacts.MRI("8:"+name), request.Account)
	}
	require.Len(t, requests, len(accounts))
	for name, n := range requests {
		require.Equal(t, 2, n, name)
	}
	bound := atOnce + len(server.Requests())/100
	require.LessOrEqual(t, connections.accepted.Load(), int64(bound))
	measured.set(fmt.Sprintf("connections of %d clients with %d calls at once", len(accounts), atOnce), connections.accepted.Load(), strconv.Itoa(bound))
}

// twoClients returns clients of two accounts that share an http.Client.
func twoClients(t *testing.T) (server *skypetest.Server, connections *countingListener, fred, anna *skypecontacts.Client) {
	t.Helper()
	server, connections = newCountingServer(t, skypetest.Account{MRI: "8:fred.2"}, skypetest.Account{MRI: "8:anna.7"}, skypetest.Account{MRI: "8:joe.4"})
	shared := skypecontacts.WithHTTPClient(sharedHTTP(2))
	return server, connections, server.ClientFor("fred.2", shared), server.ClientFor("anna.7", shared)
}

// Closing the idle connections of one client closes those of all, since they are the
// same. Calls that are under way go on, and the next ones open connections.
func TestCloseSharedConnections(t *testing.T) {
	t.Parallel()
	server, connections, fred, anna := twoClients(t)
	require.NoError(t, blockUser(fred))
	require.NoError(t, blockUser(anna))
	require.EqualValues(t, 1, connections.accepted.Load())

	anna.CloseIdleConnections()
	require.NoError(t, blockUser(fred))
	require.EqualValues(t, 2, connections.accepted.Load())

	server.Inject(skypetest.Fault{Kind: skypetest.FaultDelay, Delay: 200 * time.Millisecond})
	result := make(chan error)
	go func() { result <- blockUser(fred) }()
	require.Eventually(t, func() bool { return server.FaultsPending() == 0 }, scaled(10*time.Second), time.Millisecond)
	anna.CloseIdleConnections()
	require.NoError(t, <-result)
	require.EqualValues(t, 2, connections.accepted.Load())
	require.NoError(t, blockUser(anna))
	require.EqualValues(t, 3, connections.accepted.Load()) // net/http does not keep the one that was in use
}

// A cooldown and a refused token are of one client, also of those that share their
// connections.
func TestNothingElseIsShared(t *testing.T) {
	t.Parallel()
	server, _, fred, anna := twoClients(t)
	server.Inject(skypetest.Fault{Kind: skypetest.FaultRateLimit, Account: "8:fred.2", RetryAfter: time.Hour})
	require.ErrorIs(t, blockUser(fred), skypecontacts.ErrRateLimited)
	require.ErrorIs(t, blockUser(fred), skypecontacts.ErrRateLimited)
	require.NoError(t, blockUser(anna))
	require.Len(t, server.Requests(), 2)

	server, _, fred, anna = twoClients(t)
	server.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: http.StatusUnauthorized, Account: "8:fred.2", Count: 2})
	require.ErrorIs(t, blockUser(fred), skypecontacts.ErrUnauthorized)
	require.NoError(t, blockUser(anna))
}
