// Package skypecontacts is a client for the Skype contacts API: contacts,
// blocklist, groups, invites, profiles, pictures, directory, bots, and version 1 of
// the contacts service.
//
// It is unofficial. The consumer service closed in May 2025; parts of the API
// still respond to accounts that moved to Teams Free. This package has not been
// tried on the live service. All its tests run against package skypetest, a fake
// service over real HTTP in the same module, which follows the source code of
// other clients and published notes on the protocol. The documentation of each
// method names its source and how sure it is.
//
// # Quick start
//
//	client, err := skypecontacts.New(skypecontacts.StaticToken(token))
//	if err != nil {
//		return err
//	}
//	list, err := client.ListContacts(ctx)
//	if err != nil {
//		return err
//	}
//	for i := range list.Contacts {
//		fmt.Println(list.Contacts[i].FullName())
//	}
//	for _, skipped := range list.Skipped { // entries that cannot be decoded
//		fmt.Println(skipped)
//	}
//
// # Which list call do I want
//
//	call                returns                      holds in memory            use it for
//	ListContacts        contacts                     the list                   up to about 10,000 contacts
//	GetRoster           contacts, blocklist, groups  the lists                  everything in one request
//	RefreshRoster       the same, up to date         the lists, old and new     repeated synchronization
//	AllContacts         one contact at a time        one contact                lists of any size
//	ReadContacts        one contact at a time        one contact                a saved response, no request
//	LegacyListContacts  contacts by version 1        the list                   nothing new: it is deprecated
//
// The response of [Client.ListContacts], [Client.GetRoster],
// [Client.RefreshRoster] and [Client.LegacyListContacts] is limited by
// [WithMaxBody]. [Client.AllContacts] and [ReadContacts] also remember which
// contacts they have yielded, with 16 bytes and the overhead of a map entry for
// each. [Client.RefreshRoster] requests only what has changed; [Roster.Changes]
// then returns which contacts were added, removed and changed.
// [Client.LookupProfiles] is the call for the profiles of any number of accounts.
//
// # Authentication
//
// Every call needs a Skype token, which is valid for about a day and is returned
// by signing in; signing in is not part of this package. A [TokenSource] supplies
// it: [StaticToken] has one, [TokenFile] reads the file of another client, and
// [TokenCommand] runs a program that prints one. docs/tokens.md says where tokens come
// from, and how sure that is. The client caches a token until five minutes before its expiry and runs one
// refresh for all callers. A panic of the source goes on in the calls that wait for it.
// After a 401 the client refreshes once more and repeats the call once. It then does
// not refresh for half a minute, since the contacts service responds with 401 also
// when the account in the path is not the token's own.
//
// The messenger gateway, which only [Client.AddContact] and [Client.RemoveContact]
// use, has a token of its own: see [WithRegistrationToken]. For accounts of Teams
// Free choose [AuthTeams].
//
// A token is sent only to the host of its service, only over https, and never to
// the target of a redirect. See [WithEndpoints] and [ErrRedirect].
//
// # Errors
//
// A call that fails returns an [*Error] with the operation, the status and code of
// the response, the number of attempts, and whether a change may have been made.
// Test for a kind of failure with [errors.Is]. A loop over [Client.AllContacts]
// also yields a [SkippedItem] for an entry that cannot be decoded, so use
// [errors.As] before reading a field:
//
//	var failure *skypecontacts.Error
//	switch {
//	case err == nil:
//		fmt.Println("done")
//	case errors.Is(err, skypecontacts.ErrNotFound):
//		fmt.Println("there is no such account")
//	case !errors.As(err, &failure):
//		fmt.Println("not the error of a call:", err) // such as a SkippedItem
//	case errors.Is(err, skypecontacts.ErrRateLimited):
//		fmt.Println("try again after", failure.RetryAfter)
//	case failure.MaybeApplied:
//		fmt.Println("the change may have been made: check before you repeat it")
//	default:
//		fmt.Println(err)
//	}
//
// What does not exist is [ErrNotFound], never a nil result without an error. An
// error after a context ended matches [context.Canceled] or
// [context.DeadlineExceeded], and also the error of the last response.
//
// # Retries
//
// A failed request is repeated up to twice ([WithRetry]), after a pause that grows
// from 200 ms and is random so that clients do not repeat at the same time:
//
//   - when no connection was obtained, whatever the method (only an *http.Transport
//     proves that);
//   - when the connection broke, the response was cut off or timed out, or its
//     status is 408, 500, 502, 503 or 504: for GET, PUT and DELETE;
//   - when the status is 429 and Retry-After is at most a minute: likewise.
//
// A POST is never sent again once it may have arrived, nor is what changes a number by its
// ID ([Client.SetContactPhone], [Client.RemoveContactPhone]). The POST of a profile look-up
// changes nothing and is repeated like a GET. Two repeats come on top, each at most
// once in a call, since both responses say that nothing was done: after a 401 (or a
// 403 of the messenger gateway) with a new token, and after a move of the gateway with
// another host.
//
// Retry-After is a number of seconds, or a date that is compared with the Date of the
// response. It is added to the pause and never shortened. If it is longer than a minute
// or than the time left, the call ends at once with [ErrRateLimited] or
// [ErrUnavailable]. A 429 without Retry-After counts as 10 s and ends the call. From
// the arrival of a 429 until its wait is over, other calls to the same service fail
// without being sent; [Client.LookupProfiles] waits instead.
//
// [Retry.Burst] limits the repeats of all calls together, so that an outage does not
// multiply the traffic. All other failures are final. If net/http begins to send a
// request again by itself, as it does when an HTTP/2 server refuses one, the attempt
// ends, so that the rules above decide; [Error.Attempts] counts both.
//
// # Monitoring
//
// [WithObserver] sets a function that gets an [Attempt] after every request, with
// operation, route template, status, duration and kind of failure, for metrics.
// [WithLogger] logs the same at debug level. [WithCallObserver] sets one that is called
// when a call begins and when it has ended, for traces; module otel, beside this package, makes
// OpenTelemetry spans and metrics of it. A [Limiter] with a rate for each
// service learns from [OperationFrom] what it is asked for.
//
// # Unknown data
//
// The services send a person in seven shapes. All are decoded into [Contact] and
// [Profile], with the same values for gender, phone types, countries, languages
// and split names. [Name.Full] joins a name; [Contact.FullName] returns the best
// name there is. [Contact.Phones] has the numbers that the account itself added to
// a contact, [Profile.Phones] those that the person published, and
// [Contact.AllPhones] returns both, each number once.
//
// An undocumented member, or a value of an unexpected type, is kept in [Extra] as
// received and affects nothing else. An entry of a list that cannot be decoded is
// reported as a [SkippedItem] and does not affect other entries. What could hide a
// failure is an error: a web page, an empty response where data is expected, one
// that is cut off or has trailing data, application/problem+json, one with a member
// message, error, errorCode or status that does not say that all is well, and an
// object whose members do not belong to the response. An empty list is one that is
// empty, null, or left out beside count or scope; or an object without members. A roster
// is never replaced by a response without contacts, unless that has "count": 0, and a
// look-up of profiles by a response without them never says that nobody exists.
//
// # Concurrency
//
// A [Client] never changes after [New] and is safe for use by many goroutines.
// Use one client for each account.
//
// # Many accounts
//
// Thousands of clients can share one [http.Client], and with it the connections:
//
//	transport := http.DefaultTransport.(*http.Transport).Clone()
//	transport.MaxIdleConnsPerHost = 64 // calls at once; it is 2 by default
//	transport.IdleConnTimeout = 30 * time.Second
//	shared := &http.Client{Transport: transport}
//	client, err := skypecontacts.New(skypecontacts.StaticToken(token), skypecontacts.WithHTTPClient(shared))
//	if err != nil {
//		return err
//	}
//	fmt.Println(client)
//
// They share nothing else: tokens, cooldowns and the repeats that [Retry.Burst] permits
// are of one client. A limiter or an observer may be given to all of them, to decide what
// a 429 to one account says of the others. A client with its token takes less than 4 KiB
// and no goroutine. Without a shared [http.Client] it also has connections of its own, of
// two goroutines each.
//
// [Client.CloseIdleConnections] closes those of all clients that share them. It harms none:
// calls under way go on, and the next ones connect again. The client of an account that
// leaves needs no closing.
//
// # Privacy
//
// Tokens, identifiers, telephone numbers and names are not part of errors, logs,
// or the printed form of clients, tokens and errors. [WithLogger] and
// [WithObserver] get metadata only. The fields of the types hold what the service
// sent, and a program that prints them prints personal data. log/slog writes no
// content of any type of this package, and of an [MRI] only its kind. It asks a value
// for its redacted form only at the top level: of a slice or map of them it writes
// everything, so log the length instead.
package skypecontacts
