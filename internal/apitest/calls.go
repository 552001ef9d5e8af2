// Package apitest holds what the tests of several packages share: a table of every
// call that the client can make, the values that the fixtures decode to, and a
// fake transport. Only tests import it.
package apitest

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/skypecontacts/skypecontacts"
)

// Call is one row of the table: a method of the client with its arguments, the
// request that it sends and the value that its fixture decodes to.
type Call struct {
	Op       string // name of the method of Client
	Method   string // of HTTP
	Service  string // field of Endpoints
	Route    string // template of the path
	Writes   bool   // changes the server, and returns only an error
	Once     bool   // a PUT or DELETE that is not sent again once it may have arrived
	Fixture  string // response body, below testdata and without ".json"
	Picture  bool   // the response is a picture: Fixture is without ".png"
	Variants []Variant
	Dialect  skypecontacts.Dialect
	Options  []skypecontacts.Option // that Request depends on, besides the dialect

	IDs       []skypecontacts.MRI // identifiers passed to the method
	SampleIDs []skypecontacts.MRI // identifiers for which the call succeeds on skypetest.SampleData; nil: IDs
	Request   string              // as Transport.Requests returns it
	Want      any                 // pointer to the value decoded from Fixture; nil if Writes

	do func(context.Context, *skypecontacts.Client, []skypecontacts.MRI) (any, error)
}

// Variant is another response body for the same call. What it decodes to is in
// testdata/decoded, in the file of the same name.
type Variant struct {
	Fixture string
	IDs     []skypecontacts.MRI // nil: those of the call
}

// Repeatable reports whether the request may be sent again when it may have arrived.
func (call Call) Repeatable() bool {
	return !call.Writes || call.Method != http.MethodPost && !call.Once
}

// Name is unique for each route: "Op: METHOD Service /route".
func (call Call) Name() string {
	return call.Op + ": " + call.Method + " " + call.Service + " " + call.Route
}

// Body returns the response body that the call decodes to Want.
func (call Call) Body(t testing.TB) string {
	t.Helper()
	if call.Picture {
		return Fixture(t, call.Fixture+".png")
	}
	return Fixture(t, call.Fixture+".json")
}

// Success returns a response with Body.
func (call Call) Success(t testing.TB) httpmock.Responder {
	t.Helper()
	if call.Picture {
		return Response(http.StatusOK, call.Body(t), "Content-Type", "image/png", "ETag", `"png"`)
	}
	return Response(http.StatusOK, call.Body(t))
}

// Do calls the method with IDs.
func (call Call) Do(ctx context.Context, c *skypecontacts.Client) (any, error) {
	return call.do(ctx, c, call.IDs)
}

// With returns the call with other identifiers.
func (call Call) With(ids ...skypecontacts.MRI) Call {
	call.IDs = ids
	return call
}

// OnSampleData returns the call with arguments for which it succeeds on
// skypetest.SampleData, and has an effect if it writes.
func (call Call) OnSampleData() Call {
	if call.SampleIDs != nil {
		call.IDs = call.SampleIDs
	}
	call.Options = []skypecontacts.Option{skypecontacts.WithUserID("fred.2")}
	return call
}

// ClientOptions returns the options that the call needs, the dialect included.
func (call Call) ClientOptions() []skypecontacts.Option {
	return append(slices.Clone(call.Options), skypecontacts.WithDialect(call.Dialect))
}

// ByRoute returns the first call of every route, by its name.
func ByRoute() map[string]Call {
	calls := map[string]Call{}
	for _, call := range Calls() {
		if _, known := calls[call.Name()]; !known {
			calls[call.Name()] = call
		}
	}
	return calls
}

// Calls returns the whole table, in the order of the documentation.
func Calls() []Call {
	return slices.Concat(contactReads(), rosterReads(), contactWrites(), entryCalls(), doCalls(), messengerCalls(), profileCalls(), profileUpdateCalls(), avatarCalls(), directoryCalls(), botCalls(), legacyCalls())
}

// doFunc is the call of a row.
type doFunc = func(context.Context, *skypecontacts.Client, []skypecontacts.MRI) (any, error)

func getting[T any](method func(*skypecontacts.Client, context.Context) (*T, error)) doFunc {
	return func(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
		return method(c, ctx)
	}
}

func gettingOne[T any](method func(*skypecontacts.Client, context.Context, skypecontacts.MRI) (*T, error)) doFunc {
	return func(ctx context.Context, c *skypecontacts.Client, ids []skypecontacts.MRI) (any, error) {
		return method(c, ctx, ids[0])
	}
}

func writing(method func(*skypecontacts.Client, context.Context, skypecontacts.MRI) error) doFunc {
	return func(ctx context.Context, c *skypecontacts.Client, ids []skypecontacts.MRI) (any, error) {
		return nil, method(c, ctx, ids[0])
	}
}

func searching(method func(*skypecontacts.Client, context.Context, string) (*skypecontacts.DirectoryResults, error), query string) doFunc {
	return func(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
		return method(c, ctx, query)
	}
}

func ids(list ...skypecontacts.MRI) []skypecontacts.MRI { return list }

// variants are those that need no identifiers of their own.
func variants(fixtures ...string) (list []Variant) {
	for _, fixture := range fixtures {
		list = append(list, Variant{Fixture: fixture})
	}
	return list
}
