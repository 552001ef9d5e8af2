package otel

import (
	"context"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// scope is the name of the tracer and the meter.
const scope = "github.com/skypecontacts/skypecontacts/otel"

// Options says where spans and metrics go. The zero value is for the global providers.
type Options struct {
	TracerProvider trace.TracerProvider // nil: the global one
	MeterProvider  metric.MeterProvider // nil: the global one

	// Endpoints are the base URLs that the client has, of which server.address and
	// server.port are made: [skypecontacts.DefaultEndpoints] or those of
	// [skypecontacts.WithEndpoints]. Without that of a service its requests have neither.
	// The host of the messenger gateway is the one given here, also after a move.
	Endpoints skypecontacts.Endpoints
}

// Observer returns an observer for [skypecontacts.WithCallObserver], which makes spans and
// metrics of each call and its requests. All clients of a process can share one. The error
// is that of an instrument that cannot be created, or [skypecontacts.ErrInvalid] for a base
// URL without a host.
func Observer(o Options) (skypecontacts.CallObserver, error) {
	if o.TracerProvider == nil {
		o.TracerProvider = otel.GetTracerProvider()
	}
	if o.MeterProvider == nil {
		o.MeterProvider = otel.GetMeterProvider()
	}
	servers, err := newServers(o.Endpoints)
	if err != nil {
		return nil, err
	}
	metrics, err := newMetrics(o.MeterProvider.Meter(scope,
		metric.WithInstrumentationVersion(skypecontacts.Version), metric.WithSchemaURL(semconv.SchemaURL)), servers)
	if err != nil {
		return nil, err
	}
	spans := spans{servers: servers, tracer: o.TracerProvider.Tracer(scope,
		trace.WithInstrumentationVersion(skypecontacts.Version), trace.WithSchemaURL(semconv.SchemaURL))}
	return func(ctx context.Context, op skypecontacts.Operation) (context.Context, skypecontacts.CallEnd) {
		start := time.Now()
		ctx, span := spans.start(ctx, op)
		return ctx, func(attempts []skypecontacts.Attempt, err error) {
			metrics.record(ctx, op, time.Since(start), attempts, err)
			spans.end(ctx, span, attempts, err)
		}
	}, nil
}
