package reliability_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// blockUser is a PUT, which is retried.
func blockUser(c *skypecontacts.Client) error {
	return c.BlockUser(context.Background(), "8:joe.4", skypecontacts.BlockOptions{})
}

// inParallel makes n calls at the same time and returns their errors.
func inParallel(n int, call func() error) []error {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { errs[i] = call() })
	}
	group.Wait()
	return errs
}

// responding returns a transport with the same body for every request.
func responding(body string) apitest.RoundTripper {
	return func(req *http.Request) (*http.Response, error) { return apitest.Response(http.StatusOK, body)(req) }
}

// respondWithProfiles responds to a look-up of the documented dialect with a profile
// for each name.
func respondWithProfiles(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	profiles := []map[string]string{}
	for _, name := range form["contacts[]"] {
		profiles = append(profiles, map[string]string{"username": name, "firstname": "Joe"})
	}
	encoded, err := json.Marshal(profiles)
	if err != nil {
		return nil, err
	}
	return apitest.Response(http.StatusOK, string(encoded))(req)
}

// fixtureCalls returns every response body with each call that can decode it. A delta
// belongs to the roster that RefreshRoster was given; to GetRoster it is an error.
func fixtureCalls(t *testing.T) (all []apitest.FixtureCall) {
	t.Helper()
	for _, f := range apitest.FixtureCalls(t) {
		if !isDeltaOfNothing(f) {
			all = append(all, f)
		}
	}
	return all
}

func isDeltaOfNothing(f apitest.FixtureCall) bool {
	return f.Op == "GetRoster" && strings.Contains(f.Body, `"scope": "delta"`)
}

func TestDeltaOfNothing(t *testing.T) {
	t.Parallel()
	names := map[string][]string{}
	for _, f := range apitest.FixtureCalls(t) {
		names[f.Name] = append(names[f.Name], f.Op)
		if isDeltaOfNothing(f) {
			got, err := f.Do(t.Context(), apitest.NewClient(t, responding(f.Body)))
			require.ErrorIs(t, err, skypecontacts.ErrDecode, f.Name)
			require.Zero(t, got, f.Name)
		}
	}
	for _, name := range []string{"get_roster_delta", "get_roster_delta_empty", "get_roster_page_2"} {
		require.Contains(t, names["contacts/"+name], "RefreshRoster", "which decodes it over a roster with an ETag")
	}
}
