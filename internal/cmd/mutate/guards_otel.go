package main

// otelGuards are the guards of the spans and metrics.
var otelGuards = []mutation{
	{"otel: the text of an error is not exported", "otel", "semconv.ErrorTypeKey.String(kind.name), kind.err.Error()", "semconv.ErrorTypeKey.String(kind.name), err.Error()"},
	{"otel: nor that of an error of no kind", "otel", "return semconv.ErrorTypeOther, \"\"", "return semconv.ErrorTypeOther, err.Error()"},
	{"otel: a request has the times at which it was sent", "otel", "trace.WithTimestamp(a.Start), trace.WithAttributes", "trace.WithAttributes"},
	{"otel: no work for a span that is not sampled", "otel", "if !span.IsRecording() {", "if false {"},
	{"otel: a base URL has a host", "otel", "err != nil || u.Hostname() == \"\"", "err != nil"},
}
