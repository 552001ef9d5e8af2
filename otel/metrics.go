package otel

import (
	"context"
	"errors"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
)

// metrics has the instruments.
type metrics struct {
	servers servers

	requests httpconv.ClientRequestDuration
	calls    metric.Float64Histogram
	resends  metric.Int64Counter
	rests    metric.Float64Histogram
}

func newMetrics(meter metric.Meter, servers servers) (*metrics, error) {
	requests, requestsErr := httpconv.NewClientRequestDuration(meter)
	calls, callsErr := meter.Float64Histogram("skypecontacts.call.duration",
		metric.WithUnit("s"), metric.WithDescription("Duration of calls, with all their requests and pauses."),
		// A call has a minute by default, that of a long list no limit.
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300))
	resends, resendsErr := meter.Int64Counter("skypecontacts.call.resends",
		metric.WithUnit("{request}"), metric.WithDescription("Requests of a call after its first one."))
	rests, restsErr := meter.Float64Histogram("skypecontacts.retry_after",
		metric.WithUnit("s"), metric.WithDescription("Waits that the service asked for by Retry-After."),
		metric.WithExplicitBucketBoundaries(1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600))
	if err := errors.Join(requestsErr, callsErr, resendsErr, restsErr); err != nil {
		return nil, err
	}
	return &metrics{servers: servers, requests: requests, calls: calls, resends: resends, rests: rests}, nil
}

// record records a call that has ended.
func (m *metrics) record(ctx context.Context, op skypecontacts.Operation, took time.Duration, attempts []skypecontacts.Attempt, err error) {
	for i := range attempts {
		m.recordAttempt(ctx, &attempts[i])
	}
	if repeats := sent(attempts) - 1; repeats > 0 && m.resends.Enabled(ctx) {
		m.resends.Add(ctx, int64(repeats), metric.WithAttributeSet(attribute.NewSet(operationKey.String(op.Op), serviceKey.String(op.Service))))
	}
	if !m.calls.Enabled(ctx) {
		return
	}
	attributes := []attribute.KeyValue{
		operationKey.String(op.Op), serviceKey.String(op.Service), statusClassKey.String(statusClass(attempts)),
	}
	if err != nil {
		errorType, _ := kindOf(err)
		attributes = append(attributes, errorType)
	}
	if failure, ok := errors.AsType[*skypecontacts.Error](err); ok && failure.MaybeApplied {
		attributes = append(attributes, maybeAppliedKey.Bool(true))
	}
	m.calls.Record(ctx, took.Seconds(), metric.WithAttributeSet(attribute.NewSet(attributes...)))
}

func (m *metrics) recordAttempt(ctx context.Context, a *skypecontacts.Attempt) {
	if m.requests.Enabled(ctx) {
		attributes := append([]attribute.KeyValue{
			semconv.HTTPRequestMethodKey.String(a.Method), semconv.URLTemplate(a.Route), serviceKey.String(a.Service),
		}, m.servers[a.Service]...)
		if a.Status != 0 {
			attributes = append(attributes, semconv.HTTPResponseStatusCode(a.Status))
		}
		if a.Failure != nil {
			errorType, _ := attemptKindOf(a)
			attributes = append(attributes, errorType)
		}
		m.requests.RecordSet(ctx, a.Duration.Seconds(), attribute.NewSet(attributes...))
	}
	if a.RetryAfter > 0 && m.rests.Enabled(ctx) {
		m.rests.Record(ctx, a.RetryAfter.Seconds(), metric.WithAttributeSet(attribute.NewSet(
			serviceKey.String(a.Service), semconv.HTTPResponseStatusCode(a.Status))))
	}
}
