package otel

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// instrumented does below the client what otelhttp.NewTransport does: it makes a span with
// the whole URL, and sends its context. (With version 0.72 of otelhttp the attribute is the
// same.)
type instrumented struct {
	tracer trace.Tracer
	next   http.RoundTripper
}

func (i instrumented) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, span := i.tracer.Start(req.Context(), "HTTP "+req.Method, trace.WithAttributes(attribute.String("url.full", req.URL.String())))
	defer span.End()
	req = req.Clone(ctx)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(req.Header))
	return i.next.RoundTrip(req)
}

// Instrumentation of the transport is a child of the call, and names people. This package
// sends no trace by itself.
func TestInstrumentedTransport(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	defer server.Close()
	r := newRecorder(sdktrace.AlwaysSample(), skypecontacts.Endpoints{})
	transport := instrumented{r.options.TracerProvider.Tracer("http"), http.DefaultTransport}

	unblock := func(opts ...skypecontacts.Option) {
		require.NoError(t, server.Client(append(opts, r.observer(t))...).UnblockUser(t.Context(), "8:joe.4"))
	}
	unblock()
	unblock(skypecontacts.WithHTTPClient(&http.Client{Transport: transport}))

	type relation struct{ id, parent trace.SpanID }
	got := map[string][]relation{}
	for _, span := range r.spans.GetSpans() {
		got[span.Name] = append(got[span.Name], relation{span.SpanContext.SpanID(), span.Parent.SpanID()})
		if span.Name == "HTTP DELETE" {
			require.Equal(t, []attribute.KeyValue{attribute.String("url.full", server.Endpoints().Contacts+"/users/self/contacts/blocklist/8:joe.4")}, span.Attributes)
		}
	}
	require.Equal(t, map[string][]relation{
		"UnblockUser " + blockRoute: {{spanID(1), spanID(0)}, {spanID(3), spanID(0)}},
		"DELETE " + blockRoute:      {{spanID(2), spanID(1)}, {spanID(5), spanID(3)}},
		"HTTP DELETE":               {{spanID(4), spanID(3)}},
	}, got)

	requests := server.Requests()
	require.Empty(t, requests[0].Header.Values("Traceparent"))
	require.Equal(t, []string{"00-" + traceID(2).String() + "-" + spanID(4).String() + "-01"}, requests[1].Header.Values("Traceparent"))
}
