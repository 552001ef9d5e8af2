package otel

import (
	"context"
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// overheads are the providers that a program may have, with the bound on what each adds to
// the allocations of a call with one request.
func overheads() []overhead {
	sampled := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(discarding{}))
	notSampled := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()), sdkmetric.WithExemplarFilter(exemplar.TraceBasedFilter))
	return []overhead{
		{"none", tracenoop.NewTracerProvider(), metricnoop.NewMeterProvider(), 10},
		{"metrics", tracenoop.NewTracerProvider(), meters, 18},
		{"not sampled", notSampled, meters, 20},
		{"sampled", sampled, meters, 40},
	}
}

type overhead struct {
	name        string
	tracers     trace.TracerProvider
	meters      metric.MeterProvider
	allocations float64
}

func (o overhead) client(t testing.TB) *skypecontacts.Client {
	t.Helper()
	observer, err := Observer(Options{TracerProvider: o.tracers, MeterProvider: o.meters, Endpoints: skypecontacts.DefaultEndpoints()})
	require.NoError(t, err)
	return apitest.NewClient(t, noContent{}, skypecontacts.WithCallObserver(observer))
}

// noContent responds to each request at once.
type noContent struct{}

func (noContent) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// discarding exports nothing.
type discarding struct{}

func (discarding) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (discarding) OnEnd(sdktrace.ReadOnlySpan)                     {}
func (discarding) Shutdown(context.Context) error                  { return nil }
func (discarding) ForceFlush(context.Context) error                { return nil }

// An observer adds at most so many allocations to a call.
func TestOverhead(t *testing.T) { //nolint:paralleltest // counts allocations
	call := func(c *skypecontacts.Client) float64 {
		return testing.AllocsPerRun(200, func() { _ = c.UnblockUser(t.Context(), "8:joe.4") })
	}
	without := call(apitest.NewClient(t, noContent{}))
	for _, o := range overheads() {
		added := call(o.client(t)) - without
		t.Logf("%s: %.0f allocations beside %.0f", o.name, added, without)
		assert.LessOrEqual(t, added, o.allocations, o.name)
	}
}

func BenchmarkCall(b *testing.B) {
	run := func(name string, c *skypecontacts.Client) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = c.UnblockUser(b.Context(), "8:joe.4")
			}
		})
	}
	run("no observer", apitest.NewClient(b, noContent{}))
	for _, o := range overheads() {
		run(o.name, o.client(b))
	}
}
