package otel

import (
	"fmt"
	"slices"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// observation is what a histogram has of one set of attributes.
type observation struct {
	attributes []attribute.KeyValue
	value      float64
}

func point(attributes []attribute.KeyValue, value float64) observation {
	return observation{attributes, value}
}

func wantMetrics(all ...metricdata.Metrics) metricdata.ScopeMetrics {
	return metricdata.ScopeMetrics{
		Scope:   instrumentation.Scope{Name: scope, Version: skypecontacts.Version, SchemaURL: "https://opentelemetry.io/schemas/1.43.0"},
		Metrics: all,
	}
}

func histogram(name, description string, bounds []float64, points []observation) metricdata.Metrics {
	data := metricdata.Histogram[float64]{Temporality: metricdata.CumulativeTemporality}
	for _, p := range points {
		counts := make([]uint64, len(bounds)+1)
		at, _ := slices.BinarySearch(bounds, p.value)
		counts[at] = 1
		data.DataPoints = append(data.DataPoints, metricdata.HistogramDataPoint[float64]{
			Attributes: attribute.NewSet(p.attributes...), Count: 1, Bounds: bounds, BucketCounts: counts,
			Min: metricdata.NewExtrema(p.value), Max: metricdata.NewExtrema(p.value), Sum: p.value,
		})
	}
	return metricdata.Metrics{Name: name, Description: description, Unit: "s", Data: data}
}

func requestMetric(points ...observation) metricdata.Metrics {
	return histogram("http.client.request.duration", "Duration of HTTP client requests.",
		[]float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}, points)
}

func callMetric(points ...observation) metricdata.Metrics {
	return histogram("skypecontacts.call.duration", "Duration of calls, with all their requests and pauses.",
		[]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300}, points)
}

func restMetric(points ...observation) metricdata.Metrics {
	return histogram("skypecontacts.retry_after", "Waits that the service asked for by Retry-After.",
		[]float64{1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600}, points)
}

func resendMetric(n int64, attributes ...attribute.KeyValue) metricdata.Metrics {
	return metricdata.Metrics{
		Name: "skypecontacts.call.resends", Description: "Requests of a call after its first one.", Unit: "{request}",
		Data: metricdata.Sum[int64]{
			Temporality: metricdata.CumulativeTemporality, IsMonotonic: true,
			DataPoints: []metricdata.DataPoint[int64]{{Attributes: attribute.NewSet(attributes...), Value: n}},
		},
	}
}

// A thousand accounts make no more time series than one: nothing of a metric depends on
// who a call is about.
func TestCardinality(t *testing.T) {
	t.Parallel()
	r := newRecorder(sdktrace.NeverSample(), testEndpoints)
	observer := r.observer(t)
	series := func() (n int) {
		for _, m := range r.metrics(t).Metrics {
			switch data := m.Data.(type) {
			case metricdata.Histogram[float64]:
				n += len(data.DataPoints)
			case metricdata.Sum[int64]:
				n += len(data.DataPoints)
			default:
				require.Fail(t, m.Name)
			}
		}
		return n
	}
	for i := range 1000 {
		account := fmt.Sprintf("fred.%d", i)
		c := apitest.NewClient(t, apitest.NewTransport(apitest.Response(200, "")), observer, skypecontacts.WithUserID(account))
		require.NoError(t, c.UnblockUser(t.Context(), skypecontacts.MRI(account)))
		require.NoError(t, c.DeclineInvite(t.Context(), skypecontacts.MRI(account)))
		if i == 0 {
			require.Equal(t, 4, series())
		}
	}
	require.Equal(t, 4, series())
}
