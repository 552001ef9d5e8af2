package otel_test

import (
	"context"
	"fmt"

	"github.com/skypecontacts/skypecontacts"
	skypeotel "github.com/skypecontacts/skypecontacts/otel"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// The spans of a call whose first request fails. A program has an exporter that sends
// them, and a provider of metrics beside that of traces.
func Example() {
	server := skypetest.NewServer()
	defer server.Close()
	server.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: 503})

	exporter := tracetest.NewInMemoryExporter()
	otel.SetTracerProvider(trace.NewTracerProvider(trace.WithSyncer(exporter)))

	observer, err := skypeotel.Observer(skypeotel.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	client := server.Client(skypecontacts.WithCallObserver(observer)) // skypecontacts.New has the same options
	if err := client.BlockUser(context.Background(), "8:joe.4", skypecontacts.BlockOptions{}); err != nil {
		fmt.Println(err)
		return
	}
	for _, span := range exporter.GetSpans() {
		fmt.Printf("%s, %v: %v\n", span.Name, span.SpanKind, span.Status.Code)
	}
	// Output:
	// PUT /users/{id}/contacts/blocklist/{mri}, client: Error
	// PUT /users/{id}/contacts/blocklist/{mri}, client: Unset
	// BlockUser /users/{id}/contacts/blocklist/{mri}, internal: Unset
}
