package otel

import (
	"context"
	"encoding/binary"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// recorder has both providers and what they were given.
type recorder struct {
	spans   *tracetest.InMemoryExporter
	reader  *sdkmetric.ManualReader
	options Options
}

// newRecorder returns a recorder whose identifiers are counted from 1.
func newRecorder(sampler sdktrace.Sampler, endpoints skypecontacts.Endpoints) *recorder {
	r := &recorder{spans: tracetest.NewInMemoryExporter(), reader: sdkmetric.NewManualReader()}
	r.options = Options{
		TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSyncer(r.spans), sdktrace.WithSampler(sampler),
			sdktrace.WithIDGenerator(&counting{}), sdktrace.WithResource(resource.Empty())),
		MeterProvider: sdkmetric.NewMeterProvider(sdkmetric.WithReader(r.reader), sdkmetric.WithResource(resource.Empty()),
			sdkmetric.WithExemplarFilter(exemplar.AlwaysOffFilter)),
		Endpoints: endpoints,
	}
	return r
}

// observer returns the option of a client.
func (r *recorder) observer(t testing.TB) skypecontacts.Option {
	t.Helper()
	observer, err := Observer(r.options)
	require.NoError(t, err)
	return skypecontacts.WithCallObserver(observer)
}

// metrics returns what was recorded so far. It is empty if nothing was.
func (r *recorder) metrics(t testing.TB) metricdata.ScopeMetrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, r.reader.Collect(context.Background(), &all))
	if len(all.ScopeMetrics) == 0 {
		return metricdata.ScopeMetrics{}
	}
	require.Len(t, all.ScopeMetrics, 1)
	return all.ScopeMetrics[0]
}

// counting gives a span the number of those before it.
type counting struct{ spans, traces uint64 }

func (c *counting) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	c.traces++
	return traceID(c.traces), c.NewSpanID(ctx, trace.TraceID{})
}

func (c *counting) NewSpanID(context.Context, trace.TraceID) trace.SpanID {
	c.spans++
	return spanID(c.spans)
}

func traceID(n uint64) (id trace.TraceID) {
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}

func spanID(n uint64) (id trace.SpanID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

// spanContext is that of the span with a number, zero for none.
func spanContext(n uint64) trace.SpanContext {
	if n == 0 {
		return trace.SpanContext{}
	}
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID(1), SpanID: spanID(n), TraceFlags: trace.FlagsSampled})
}

// wantSpan is what the tests compare of a span. All else is the same in each.
type wantSpan struct {
	id, parent uint64 // the parent of a call is 1, the caller's
	name       string
	kind       trace.SpanKind
	start, end time.Duration // since the test began
	attributes []attribute.KeyValue
	status     sdktrace.Status
	children   int
}

func (w wantSpan) stub(began time.Time) tracetest.SpanStub {
	scope := instrumentation.Scope{Name: scope, Version: skypecontacts.Version, SchemaURL: "https://opentelemetry.io/schemas/1.43.0"}
	return tracetest.SpanStubFromReadOnlySpan(tracetest.SpanStub{ // which sets a deprecated field too
		Name: w.name, SpanContext: spanContext(w.id), Parent: spanContext(w.parent), SpanKind: w.kind,
		StartTime: began.Add(w.start), EndTime: began.Add(w.end), Attributes: w.attributes, Status: w.status,
		ChildSpanCount: w.children, Resource: resource.Empty(), InstrumentationScope: scope,
	}.Snapshot())
}

// withoutMonotonic returns the spans with times that can be compared.
func withoutMonotonic(stubs tracetest.SpanStubs) tracetest.SpanStubs {
	stubs = slices.Clone(stubs)
	for i := range stubs {
		stubs[i].StartTime, stubs[i].EndTime = stubs[i].StartTime.Round(0), stubs[i].EndTime.Round(0)
	}
	return stubs
}

// newTestClient returns a client whose requests take a second each, and its pauses none.
func newTestClient(t testing.TB, transport http.RoundTripper, opts ...skypecontacts.Option) *skypecontacts.Client {
	t.Helper()
	slow := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
		time.Sleep(time.Second)
		return transport.RoundTrip(req)
	})
	retry := skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: 1, MaxDelay: 1})
	return apitest.NewClient(t, slow, append([]skypecontacts.Option{retry}, opts...)...)
}

var testEndpoints = skypecontacts.Endpoints{Contacts: "https://contacts.skype.com/contacts/v2"}
