package otel

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// Parts of the tables below.
const (
	listRoute  = "/users/{id}/contacts"
	blockRoute = "/users/{id}/contacts/blocklist/{mri}"
	addRoute   = "/users/ME/contacts/{mri}"
	clientKind = trace.SpanKindClient
	oneRequest = time.Second
)

func failed(text string) sdktrace.Status {
	return sdktrace.Status{Code: codes.Error, Description: text}
}

func list(ctx context.Context, c *skypecontacts.Client) error {
	_, err := c.ListContacts(ctx)
	return err
}

func invite(ctx context.Context, c *skypecontacts.Client) error {
	return c.SendInvite(ctx, "8:joe.4", "Hello")
}

// callAttributes are those of the span of a call, and requestAttributes of a request.
func callAttributes(op, service, route string, more ...attribute.KeyValue) []attribute.KeyValue {
	return append([]attribute.KeyValue{
		attribute.String("skypecontacts.operation", op), attribute.String("skypecontacts.service", service), attribute.String("url.template", route),
	}, more...)
}

func requestAttributes(method, service, route string, more ...attribute.KeyValue) []attribute.KeyValue {
	all := []attribute.KeyValue{
		attribute.String("http.request.method", method), attribute.String("url.template", route), attribute.String("skypecontacts.service", service),
	}
	if service == "Contacts" {
		all = append(all, attribute.String("server.address", "contacts.skype.com"), attribute.Int("server.port", 443))
	}
	return append(all, more...)
}

// Short names of attributes.
var (
	status      = func(n int) attribute.KeyValue { return attribute.Int("http.response.status_code", n) }
	resend      = func(n int) attribute.KeyValue { return attribute.Int("http.request.resend_count", n) }
	attempts    = func(n int) attribute.KeyValue { return attribute.Int("skypecontacts.attempts", n) }
	errorType   = func(s string) attribute.KeyValue { return attribute.String("error.type", s) }
	retryAfter  = func(s float64) attribute.KeyValue { return attribute.Float64("skypecontacts.retry_after", s) }
	requestID   = func(s string) attribute.KeyValue { return attribute.String("skypecontacts.request_id", s) }
	statusKind  = func(s string) attribute.KeyValue { return attribute.String("skypecontacts.status_class", s) }
	applied     = attribute.Bool("skypecontacts.maybe_applied", true)
	contactsKey = attribute.String("skypecontacts.service", "Contacts")
	operation   = func(s string) attribute.KeyValue { return attribute.String("skypecontacts.operation", s) }
)

type observedCase struct {
	responses []httpmock.Responder
	opts      []skypecontacts.Option
	call      func(context.Context, *skypecontacts.Client) error
	canceled  bool
	spans     []wantSpan // of the requests and then of the call, as they end
	metrics   []metricdata.Metrics
}

// Every span and every metric of a call, whatever becomes of it.
func TestObserver(t *testing.T) {
	t.Parallel()
	for name, tt := range observedCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRecorder(sdktrace.AlwaysSample(), testEndpoints)
				c := newTestClient(t, apitest.NewTransport(tt.responses...), append(tt.opts, r.observer(t))...)
				ctx, caller := r.options.TracerProvider.Tracer("caller").Start(t.Context(), "caller")
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				if tt.canceled {
					cancel()
				}
				began := time.Now().Round(0)
				_ = tt.call(ctx, c)
				require.Equal(t, spanContext(1), caller.SpanContext())
				want := make(tracetest.SpanStubs, 0, len(tt.spans))
				for _, span := range tt.spans {
					want = append(want, span.stub(began))
				}
				require.Equal(t, want, withoutMonotonic(r.spans.GetSpans()))
				metricdatatest.AssertEqual(t, wantMetrics(tt.metrics...), r.metrics(t), metricdatatest.IgnoreTimestamp())
			})
		})
	}
}

func observedCases() map[string]observedCase {
	return map[string]observedCase{
		"success": {
			responses: []httpmock.Responder{apitest.Response(200, `{"contacts":[]}`, "X-Skype-Request-Id", "0a1b")},
			call:      list,
			spans: []wantSpan{
				{
					id: 3, parent: 2, name: "GET " + listRoute, kind: clientKind, end: oneRequest,
					attributes: requestAttributes("GET", "Contacts", listRoute, status(200), requestID("0a1b")),
				},
				{
					id: 2, parent: 1, name: "ListContacts " + listRoute, kind: trace.SpanKindInternal, end: oneRequest, children: 1,
					attributes: callAttributes("ListContacts", "Contacts", listRoute, attempts(1)),
				},
			},
			metrics: []metricdata.Metrics{
				requestMetric(point(requestAttributes("GET", "Contacts", listRoute, status(200)), 1)),
				callMetric(point([]attribute.KeyValue{operation("ListContacts"), contactsKey, statusKind("2xx")}, 1)),
			},
		},
		"success after a failure": {
			responses: []httpmock.Responder{apitest.Response(503, "8:anna.7", "Retry-After", "5"), apitest.Response(200, "")},
			call: func(ctx context.Context, c *skypecontacts.Client) error {
				return c.BlockUser(ctx, "8:joe.4", skypecontacts.BlockOptions{})
			},
			spans: []wantSpan{
				{
					id: 3, parent: 2, name: "PUT " + blockRoute, kind: clientKind, end: oneRequest, status: failed(""),
					attributes: requestAttributes("PUT", "Contacts", blockRoute, status(503), retryAfter(5), errorType("503")),
				},
				{
					id: 4, parent: 2, name: "PUT " + blockRoute, kind: clientKind, start: 6 * time.Second, end: 7 * time.Second,
					attributes: requestAttributes("PUT", "Contacts", blockRoute, resend(1), status(200)),
				},
				{
					id: 2, parent: 1, name: "BlockUser " + blockRoute, kind: trace.SpanKindInternal, end: 7 * time.Second, children: 2,
					attributes: callAttributes("BlockUser", "Contacts", blockRoute, attempts(2)),
				},
			},
			metrics: []metricdata.Metrics{
				requestMetric(point(requestAttributes("PUT", "Contacts", blockRoute, status(503), errorType("503")), 1),
					point(requestAttributes("PUT", "Contacts", blockRoute, status(200)), 1)),
				callMetric(point([]attribute.KeyValue{operation("BlockUser"), contactsKey, statusKind("2xx")}, 7)),
				resendMetric(1, operation("BlockUser"), contactsKey),
				restMetric(point([]attribute.KeyValue{contactsKey, status(503)}, 5)),
			},
		},
		"rate limited": {
			responses: []httpmock.Responder{apitest.Response(429, "8:anna.7", "Retry-After", "90")},
			call: func(ctx context.Context, c *skypecontacts.Client) error {
				return errors.Join(list(ctx, c), list(ctx, c))
			},
			spans: []wantSpan{
				{
					id: 3, parent: 2, name: "GET " + listRoute, kind: clientKind, end: oneRequest, status: failed(""),
					attributes: requestAttributes("GET", "Contacts", listRoute, status(429), retryAfter(90), errorType("429")),
				},
				{
					id: 2, parent: 1, name: "ListContacts " + listRoute, kind: trace.SpanKindInternal, end: oneRequest, children: 1, status: failed("rate limited"),
					attributes: callAttributes("ListContacts", "Contacts", listRoute, attempts(1), errorType("rate_limited"), retryAfter(90)),
				},
				{
					id: 4, parent: 1, name: "ListContacts " + listRoute, kind: trace.SpanKindInternal, start: oneRequest, end: oneRequest, status: failed("rate limited"),
					attributes: callAttributes("ListContacts", "Contacts", listRoute, attempts(0), errorType("rate_limited"), retryAfter(90)),
				},
			},
			metrics: []metricdata.Metrics{
				requestMetric(point(requestAttributes("GET", "Contacts", listRoute, status(429), errorType("429")), 1)),
				callMetric(point([]attribute.KeyValue{operation("ListContacts"), contactsKey, statusKind("4xx"), errorType("rate_limited")}, 1),
					point([]attribute.KeyValue{operation("ListContacts"), contactsKey, statusKind("none"), errorType("rate_limited")}, 0)),
				restMetric(point([]attribute.KeyValue{contactsKey, status(429)}, 90)),
			},
		},
		"maybe applied": {
			responses: []httpmock.Responder{httpmock.NewErrorResponder(errors.New("8:joe.4: " + io.EOF.Error()))},
			call:      invite,
			spans: []wantSpan{
				{
					id: 3, parent: 2, name: "POST " + listRoute, kind: clientKind, end: oneRequest, status: failed("service unavailable"),
					attributes: requestAttributes("POST", "Contacts", listRoute, errorType("unavailable")),
				},
				{
					id: 2, parent: 1, name: "SendInvite " + listRoute, kind: trace.SpanKindInternal, end: oneRequest, children: 1, status: failed("service unavailable"),
					attributes: callAttributes("SendInvite", "Contacts", listRoute, attempts(1), errorType("unavailable"), applied),
				},
			},
			metrics: []metricdata.Metrics{
				requestMetric(point(requestAttributes("POST", "Contacts", listRoute, errorType("unavailable")), 1)),
				callMetric(point([]attribute.KeyValue{operation("SendInvite"), contactsKey, statusKind("none"), errorType("unavailable"), applied}, 1)),
			},
		},
		"undecodable, of a service without an endpoint": {
			responses: []httpmock.Responder{apitest.Response(200, "8:joe.4")},
			call: func(ctx context.Context, c *skypecontacts.Client) error {
				return c.AddContact(ctx, "8:joe.4")
			},
			spans: []wantSpan{
				{
					id: 3, parent: 2, name: "PUT " + addRoute, kind: clientKind, end: oneRequest, status: failed("undecodable response"),
					attributes: requestAttributes("PUT", "Messenger", addRoute, status(200), errorType("undecodable")),
				},
				{
					id: 2, parent: 1, name: "AddContact " + addRoute, kind: trace.SpanKindInternal, end: oneRequest, children: 1, status: failed("undecodable response"),
					attributes: callAttributes("AddContact", "Messenger", addRoute, attempts(1), errorType("undecodable"), applied),
				},
			},
			metrics: []metricdata.Metrics{
				requestMetric(point(requestAttributes("PUT", "Messenger", addRoute, status(200), errorType("undecodable")), 1)),
				callMetric(point([]attribute.KeyValue{operation("AddContact"), attribute.String("skypecontacts.service", "Messenger"), statusKind("2xx"), errorType("undecodable"), applied}, 1)),
			},
		},
		"canceled": {
			call:     list,
			canceled: true,
			spans: []wantSpan{
				{
					id: 2, parent: 1, name: "ListContacts " + listRoute, kind: trace.SpanKindInternal, status: failed("context canceled"),
					attributes: callAttributes("ListContacts", "Contacts", listRoute, attempts(0), errorType("canceled")),
				},
			},
			metrics: []metricdata.Metrics{
				callMetric(point([]attribute.KeyValue{operation("ListContacts"), contactsKey, statusKind("none"), errorType("canceled")}, 0)),
			},
		},
		"the limiter refuses": {
			call: list,
			opts: []skypecontacts.Option{skypecontacts.WithLimiter(refusing{})},
			spans: []wantSpan{
				{
					id: 2, parent: 1, name: "ListContacts " + listRoute, kind: trace.SpanKindInternal, status: failed("rate limited"),
					attributes: callAttributes("ListContacts", "Contacts", listRoute, attempts(0), errorType("rate_limited")),
				},
			},
			metrics: []metricdata.Metrics{
				callMetric(point([]attribute.KeyValue{operation("ListContacts"), contactsKey, statusKind("none"), errorType("rate_limited")}, 0)),
			},
		},
	}
}

// refusing is a limiter whose error must not be repeated.
type refusing struct{}

func (refusing) Wait(context.Context) error { return errors.New("8:joe.4") }

// Without a sampled span the transport gets the context of the caller's trace, no span is
// exported, and the metrics are the same.
func TestNotSampled(t *testing.T) {
	t.Parallel()
	r := newRecorder(sdktrace.NeverSample(), testEndpoints)
	var seen trace.SpanContext
	c := apitest.NewClient(t, apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
		seen = trace.SpanContextFromContext(req.Context())
		return apitest.Response(200, `{"contacts":[]}`)(req)
	}), r.observer(t))
	require.NoError(t, list(t.Context(), c))
	require.Equal(t, trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID(1), SpanID: spanID(1)}), seen)
	require.Empty(t, r.spans.GetSpans())
	require.Len(t, r.metrics(t).Metrics, 2)
}

// The global providers are used unless there are others. What is set later counts too.
func TestGlobalProviders(t *testing.T) {
	t.Parallel()
	observer, err := Observer(Options{})
	require.NoError(t, err)
	ctx, end := observer(t.Context(), skypecontacts.Operation{Op: "ListContacts", Service: "Contacts", Method: "GET", Route: listRoute})
	require.NotNil(t, ctx)
	end(nil, nil)
}

// failingMeter cannot create one of its instruments.
type failingMeter struct {
	metricnoop.MeterProvider

	fails string
}

var errInstrument = errors.New("no such instrument")

func (m failingMeter) Meter(string, ...metric.MeterOption) metric.Meter {
	return failing{fails: m.fails}
}

type failing struct {
	metricnoop.Meter

	fails string
}

func (m failing) Float64Histogram(name string, opts ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	if name == m.fails {
		return nil, errInstrument
	}
	return m.Meter.Float64Histogram(name, opts...)
}

func (m failing) Int64Counter(name string, opts ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	if name == m.fails {
		return nil, errInstrument
	}
	return m.Meter.Int64Counter(name, opts...)
}

func TestObserverErrors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"http.client.request.duration", "skypecontacts.call.duration", "skypecontacts.call.resends", "skypecontacts.retry_after"} {
		observer, err := Observer(Options{MeterProvider: failingMeter{fails: name}})
		require.ErrorIs(t, err, errInstrument, name)
		require.Nil(t, observer)
	}
	observer, err := Observer(Options{Endpoints: skypecontacts.Endpoints{Bots: "bots"}})
	require.ErrorIs(t, err, skypecontacts.ErrInvalid)
	require.Nil(t, observer)
}
