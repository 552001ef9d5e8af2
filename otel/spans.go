package otel

import (
	"context"
	"errors"

	"github.com/skypecontacts/skypecontacts"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// spans makes the span of a call and those of its attempts.
type spans struct {
	tracer  trace.Tracer
	servers servers
}

// start starts the span of a call. It is not of kind CLIENT, since the convention has one
// such span for each request and none around them.
func (s *spans) start(ctx context.Context, op skypecontacts.Operation) (context.Context, trace.Span) {
	return s.tracer.Start(ctx, op.Op+" "+op.Route, trace.WithAttributes(
		operationKey.String(op.Op), serviceKey.String(op.Service), semconv.URLTemplate(op.Route)))
}

// end ends the span of a call. Without a sampled span there is nothing to do.
func (s *spans) end(ctx context.Context, span trace.Span, attempts []skypecontacts.Attempt, err error) {
	if !span.IsRecording() {
		span.End()
		return
	}
	for i := range attempts {
		s.addAttempt(ctx, &attempts[i])
	}
	span.SetAttributes(attemptsKey.Int(sent(attempts)))
	if err != nil {
		errorType, text := kindOf(err)
		span.SetAttributes(errorType)
		span.SetStatus(codes.Error, text)
	}
	if failure, ok := errors.AsType[*skypecontacts.Error](err); ok {
		if failure.RetryAfter > 0 {
			span.SetAttributes(retryAfterKey.Float64(failure.RetryAfter.Seconds()))
		}
		if failure.MaybeApplied {
			span.SetAttributes(maybeAppliedKey.Bool(true))
		}
	}
	span.End()
}

// addAttempt adds the span of an attempt, with the times that it began and ended at, to
// the span in ctx.
func (s *spans) addAttempt(ctx context.Context, a *skypecontacts.Attempt) {
	attributes := append([]attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(a.Method), semconv.URLTemplate(a.Route), serviceKey.String(a.Service),
	}, s.servers[a.Service]...)
	if a.Number > 1 {
		attributes = append(attributes, semconv.HTTPRequestResendCount(a.Number-1))
	}
	if a.Status != 0 {
		attributes = append(attributes, semconv.HTTPResponseStatusCode(a.Status))
	}
	if a.RequestID != "" {
		attributes = append(attributes, requestIDKey.String(a.RequestID))
	}
	if a.RetryAfter > 0 {
		attributes = append(attributes, retryAfterKey.Float64(a.RetryAfter.Seconds()))
	}
	_, span := s.tracer.Start(ctx, a.Method+" "+a.Route, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithTimestamp(a.Start), trace.WithAttributes(attributes...))
	if a.Failure != nil {
		errorType, text := attemptKindOf(a)
		span.SetAttributes(errorType)
		span.SetStatus(codes.Error, text)
	}
	span.End(trace.WithTimestamp(a.Start.Add(a.Duration)))
}
