// Package otel makes OpenTelemetry spans and metrics of the calls of package
// skypecontacts. A program that imports go.opentelemetry.io/otel too gives one of both
// another name; the example shows it as a whole.
//
//	observer, err := otel.Observer(otel.Options{Endpoints: skypecontacts.DefaultEndpoints()})
//	if err != nil {
//		return err
//	}
//	client, err := skypecontacts.New(tokens, skypecontacts.WithCallObserver(observer))
//
// It observes calls and not attempts ([skypecontacts.WithObserver]), since a span has to
// exist before the first request of its call is sent.
//
// # Spans
//
// A call is a span of kind INTERNAL under the span of the caller's context. Its name is
// the method of the client with the route template, such as
// "BlockUser /users/{id}/contacts/blocklist/{mri}". Each request of it is a child of kind
// CLIENT, such as "PUT /users/{id}/contacts/blocklist/{mri}", from when it was sent until
// its response was decoded. The semantic conventions (1.43) want one HTTP client span for
// each request, repeats included, and none around them. A call that sent nothing has no
// child.
//
//	attribute                    span           value
//	skypecontacts.operation      call           method of Client
//	skypecontacts.service        both           field of Endpoints
//	url.template                 both           route template
//	skypecontacts.attempts       call           requests that were sent
//	skypecontacts.maybe_applied  call           true if a failed call may have made its change
//	skypecontacts.retry_after    both           seconds that the service asked for
//	error.type                   both           kind of failure, or the status of a request
//	http.request.method          request
//	http.request.resend_count    request        from the second request on
//	http.response.status_code    request        if there was a response
//	server.address, server.port  request        of [Options.Endpoints]
//	skypecontacts.request_id     request        the service's name for it, if it sent one
//
// A failure has the status Error, described by the text of the variable that stands for
// it, such as that of [skypecontacts.ErrNotFound], or not at all. If the span of a call is
// not sampled, no span of a request is made.
//
// # Metrics
//
//	metric                        unit       by
//	http.client.request.duration  s          method, template, service, status, error.type, server
//	skypecontacts.call.duration   s          operation, service, status class, error.type, maybe_applied
//	skypecontacts.call.resends    {request}  operation, service
//	skypecontacts.retry_after     s          service, status
//
// The first is a histogram of each request, the second of each call with its pauses; their
// counts are the numbers of requests and calls. skypecontacts.status_class is that of the
// last response, such as "2xx", and "none" without one. A call that was not sent because
// the service is in its cooldown has "none" and the error.type "rate_limited".
// The duration of a call of AllContacts has the time that the program takes for the contacts.
//
// # Privacy
//
// No span and no metric has a URL, an identifier, a token, or a text that the service
// sent but its request id. Of an error only its kind is used. The path of
// [skypecontacts.Client.Do] is a template: identifiers in it would be exported, and each
// would be a time series.
//
// # Other instrumentation of HTTP
//
// otelhttp.NewTransport below [skypecontacts.WithHTTPClient] makes spans too, under that
// of the call. Their attribute url.full is the whole URL, which ends in
// "/contacts/blocklist/8:joe.4": each names a person. Use this package instead.
//
// It sends no traceparent: the service is another company's. Where a proxy of your own
// continues the trace, a transport adds the header:
//
//	func (t propagating) RoundTrip(req *http.Request) (*http.Response, error) {
//		req = req.Clone(req.Context())
//		propagation.TraceContext{}.Inject(req.Context(), propagation.HeaderCarrier(req.Header))
//		return t.next.RoundTrip(req)
//	}
//
// The parent that the proxy sees is the call. Only an *http.Transport proves that no
// connection was obtained, so that below any other, otelhttp's too, a POST that was not
// sent is not repeated.
package otel
