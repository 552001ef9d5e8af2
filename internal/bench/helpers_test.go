package bench_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/require"
)

// newClient returns a client that accepts lists of 100,000 contacts.
func newClient(t testing.TB, transport http.RoundTripper) *skypecontacts.Client {
	t.Helper()
	return apitest.NewClient(t, transport, skypecontacts.WithMaxBody(256<<20))
}

// response returns a response without a server, so that only the client is measured.
func response(body io.Reader, length int) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(body), ContentLength: int64(length),
		Header: http.Header{"Content-Type": {"application/json"}, "Etag": {`"1"`}},
	}
}

// inMemory responds with body to each request.
func inMemory(body []byte) apitest.RoundTripper {
	return func(*http.Request) (*http.Response, error) { return response(bytes.NewReader(body), len(body)), nil }
}

// contactsFile writes n contacts to a file, which is no part of the heap.
func contactsFile(t *testing.T, n int) (name string, size int) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "contacts.json")
	body := payload.Contacts(n)
	require.NoError(t, os.WriteFile(name, body, 0o600))
	return name, len(body)
}

// inFile responds with n contacts from a file.
func inFile(t *testing.T, n int) apitest.RoundTripper {
	t.Helper()
	name, size := contactsFile(t, n)
	return func(*http.Request) (*http.Response, error) {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		resp := response(nil, size)
		resp.Body = file
		return resp, nil
	}
}

// listing returns a call of ListContacts that must have n contacts.
func listing(t testing.TB, c *skypecontacts.Client, n int) func() {
	t.Helper()
	return func() {
		list, err := c.ListContacts(context.Background())
		require.NoError(t, err)
		require.Len(t, list.Contacts, n)
	}
}

// gettingRoster returns a call of GetRoster that must have n contacts.
func gettingRoster(t testing.TB, c *skypecontacts.Client, n int) func() {
	t.Helper()
	return func() {
		roster, err := c.GetRoster(context.Background())
		require.NoError(t, err)
		require.Len(t, roster.Contacts, n)
	}
}

// streaming returns a call of AllContacts that must yield n contacts, with visit for each.
func streaming(t testing.TB, c *skypecontacts.Client, n int, visit func()) func() {
	t.Helper()
	return func() {
		read := 0
		for _, err := range c.AllContacts(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			read++
			visit()
		}
		require.Equal(t, n, read)
	}
}
