package reliability_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// cost runs f and returns how long it took and how much it allocated.
func cost(f func()) (took time.Duration, allocated uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := time.Now()
	f()
	took = time.Since(started)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

// gzipBomb returns 256 MiB of a repeated text, compressed a thousand to one.
func gzipBomb(t *testing.T, filler string) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.WriteString(z, strings.Repeat(filler, 1<<20/len(filler)))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return bytes.Repeat(packed.Bytes(), 256)
}

// A body that unpacks to 256 MiB costs little memory, however it is read.
func TestGzipBomb(t *testing.T) { //nolint:paralleltest // measures memory
	for _, status := range []int{200, 404, 500} {
		for _, filler := range []string{" ", "[", "x", `{"contacts":[],`} {
			packed := gzipBomb(t, filler)
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Encoding", "gzip")
				rw.Header().Set("Content-Type", "application/json")
				rw.WriteHeader(status)
				_, _ = rw.Write(packed)
			}))
			c := apitest.NewServerClient(t, server, skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}))
			for name, call := range map[string]func() error{
				"list":   func() error { _, err := c.ListContacts(t.Context()); return err },
				"roster": func() error { _, err := c.GetRoster(t.Context()); return err },
				"picture": func() error {
					_, err := c.GetAvatar(t.Context(), "joe.4", skypecontacts.AvatarOptions{})
					return err
				},
				"profile": func() error { _, err := c.GetOwnProfile(t.Context()); return err },
				"write":   func() error { return blockUser(c) },
				"stream": func() error {
					for _, err := range c.AllContacts(t.Context()) {
						return err
					}
					return nil
				},
			} {
				var err error
				took, allocated := cost(func() { err = call() })
				require.Error(t, err, name)
				if status == 200 {
					require.True(t, errors.Is(err, skypecontacts.ErrTooLarge) || errors.Is(err, skypecontacts.ErrDecode), "%s: %v", name, err)
				}
				require.Less(t, allocated, uint64(40<<20), name)
				if name == "list" && status == 200 && filler == " " {
					require.ErrorIs(t, err, skypecontacts.ErrTooLarge)
					measured.set("gzip bomb of 256 MiB: MiB allocated", allocated>>20, "40")
					measured.set("gzip bomb of 256 MiB: milliseconds", took.Milliseconds(), "100")
				}
			}
			c.CloseIdleConnections()
			server.Close()
		}
	}
}
