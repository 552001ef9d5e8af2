package otel

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// leaks are what must not be exported: who the sample people are, their tokens, and
// what the responses to faults say.
var leaks = regexp.MustCompile(`(?i)canary|joe|anna|daisy|fred|concierge|heidi|8:|28:|token-of|skype_?token|127\.0\.0\.1|localhost|http://|https://(?:[^o]|o[^p])|\+\d{6}`)

// faults are all that can go wrong with a request, with something private in each
// response that the fault lets be chosen.
func faults() (all []skypetest.Fault) {
	const private = "canary 8:joe.4 +442079460000"
	header := http.Header{"X-Skype-Request-Id": {"8:joe.4"}, "X-Stratus-Request-Id": {"+442079460000"}}
	for _, status := range []int{400, 401, 403, 404, 409, 429, 500, 503} {
		for _, body := range []string{private, `{"message":"` + private + `"}`, `{"errorCode":1,"message":"` + private + `"}`} {
			all = append(all, skypetest.Fault{Kind: skypetest.FaultStatus, Status: status, Body: body, Header: header})
		}
	}
	for _, kind := range skypetest.FaultKinds() {
		f := skypetest.Fault{Kind: kind, Header: header}
		switch kind {
		case skypetest.FaultStatus, skypetest.FaultStall, skypetest.FaultStallInside, skypetest.FaultDrip, skypetest.FaultDripAfter:
			continue // above, or without an end
		case skypetest.FaultRedirect:
			f.Location = "https://canary.example/8:joe.4"
		case skypetest.FaultOmit:
			f.Member = "contacts"
		case skypetest.FaultGzipBomb:
			f.Bytes = 2 << 20
		default: // as it is
		}
		all = append(all, f)
	}
	return all
}

// Every call, without and with each fault, exports nothing private: whatever the values
// are, and because each of them is one of those that are known beforehand.
func TestNothingPrivateIsExported(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	defer server.Close()
	r := newRecorder(sdktrace.AlwaysSample(), skypecontacts.Endpoints{})
	observer := r.observer(t)
	tokens := map[string]bool{}
	for _, request := range allCalls(t, server, observer) {
		for _, name := range []string{"X-Skypetoken", "Registrationtoken", "Authorization"} {
			for _, value := range request.Header.Values(name) {
				tokens[strings.TrimPrefix(strings.TrimPrefix(value, "registrationToken="), "skype_token ")] = true
			}
		}
	}
	require.GreaterOrEqual(t, len(tokens), 2)

	values := exported(t, r)
	text := strings.Join(values, "\n")
	assert.Empty(t, leaks.FindAllString(text, -1))
	for token := range tokens {
		require.Greater(t, len(token), 8)
		assert.NotContains(t, text, token)
	}
	known := knownTexts()
	for _, value := range values {
		assert.True(t, known[value] || numberOrRequestID.MatchString(value), value)
	}
}

// allCalls makes each call with each fault and returns the requests.
func allCalls(t *testing.T, server *skypetest.Server, observer skypecontacts.Option) []skypetest.Request {
	t.Helper()
	calls := apitest.Calls()
	// What follows a response would otherwise meet an idle connection, and net/http logs it.
	hc := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, fault := range append(faults(), skypetest.Fault{}) {
		for _, call := range calls {
			call = call.OnSampleData()
			opts := append(call.ClientOptions(), observer, skypecontacts.WithHTTPClient(hc), skypecontacts.WithMaxBody(64<<10),
				skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20}))
			if fault.Kind != "" {
				server.Inject(fault)
			}
			_, _ = call.Do(t.Context(), server.Client(opts...))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = list(ctx, server.Client(observer))
	return server.Requests()
}

// exported returns each text of the spans and metrics once.
func exported(t *testing.T, r *recorder) (texts []string) {
	t.Helper()
	add := func(attributes ...attribute.KeyValue) {
		for _, a := range attributes {
			texts = append(texts, string(a.Key), a.Value.String())
		}
	}
	spans := r.spans.GetSpans()
	require.Greater(t, len(spans), 3000)
	for _, span := range spans {
		require.Empty(t, span.Events)
		require.Empty(t, span.Links)
		require.Zero(t, span.SpanContext.TraceState().Len())
		texts = append(texts, span.Name, span.Status.Description)
		add(span.Attributes...)
	}
	for _, m := range r.metrics(t).Metrics {
		texts = append(texts, m.Name)
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			for _, p := range data.DataPoints {
				require.Empty(t, p.Exemplars)
				add(p.Attributes.ToSlice()...)
			}
		case metricdata.Sum[int64]:
			for _, p := range data.DataPoints {
				require.Empty(t, p.Exemplars)
				add(p.Attributes.ToSlice()...)
			}
		default:
			require.Fail(t, m.Name)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

var numberOrRequestID = regexp.MustCompile(`^[0-9.]+$|^[0-9a-f-]{8,64}$`)

// knownTexts are the texts that routes, conventions and this package have.
func knownTexts() map[string]bool {
	texts := []string{
		"", "true", "2xx", "3xx", "4xx", "5xx", "none", "_OTHER", "http.request.method", "http.request.resend_count",
		"http.response.status_code", "url.template", "error.type", "http.client.request.duration", "skypecontacts.call.duration",
		"skypecontacts.call.resends", "skypecontacts.retry_after", string(operationKey), string(serviceKey), string(requestIDKey),
		string(attemptsKey), string(maybeAppliedKey), string(statusClassKey),
	}
	for _, kind := range kinds {
		texts = append(texts, kind.name, kind.err.Error())
	}
	for _, call := range apitest.Calls() {
		texts = append(texts, call.Op, call.Service, call.Method, call.Route, call.Op+" "+call.Route, call.Method+" "+call.Route)
	}
	known := map[string]bool{}
	for _, text := range texts {
		known[text] = true
	}
	return known
}
