package reliability_test

import (
	"context"
	"net/http"
	"sync"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
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
