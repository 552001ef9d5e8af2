// Package skypecontacts is a client for the Skype contacts API: contacts,
// blocklist, groups, invites, profiles, directory, bots, and the first version of
// the same.
//
// It is unofficial. The consumer service closed in May 2025; parts of the API
// still answer for accounts that moved to Teams Free. This package has not been
// tried on the live service. All its tests run against package skypetest, a fake
// of the service over real HTTP that ships with it, built from what other clients
// and the published notes on the protocol show. The documentation of each method
// says where its knowledge comes from and how sure it is.
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
//
// # Authentication
//
// Every call needs a Skype token, which lives about a day and comes from signing
// in; signing in is not part of this package. A [TokenSource] supplies it. The
// client keeps a token until five minutes before its expiry, lets one refresh run
// for all callers, and after a 401 asks the source once more and repeats the call
// once. It does not ask again for half a minute, since a 401 from the contacts
// service also means that the account in the path is not the token's own.
//
// The messenger gateway, which only [Client.AddContact] and [Client.RemoveContact]
// use, has a token of its own: see [WithRegistrationToken]. For accounts of Teams
// Free choose [AuthTeams].
//
// A token is sent to exactly the host it is meant for, by https, and is never
// sent on by a redirect. See [WithEndpoints] and [ErrRedirect].
//
// # Errors
//
// A call that fails returns an [*Error], which says what was called, what the
// service answered, how often it was tried, and whether a change may have been
// made all the same. Test for a kind of failure with [errors.Is]:
//
//	var failure *skypecontacts.Error
//	switch errors.As(err, &failure); {
//	case err == nil:
//	case errors.Is(err, skypecontacts.ErrNotFound):
//		fmt.Println("there is no such account")
//	case errors.Is(err, skypecontacts.ErrRateLimited):
//		fmt.Println("wait for", failure.RetryAfter)
//	case failure.MaybeApplied:
//		fmt.Println("the change may have been made: look before you repeat it")
//	}
//
// Something that is not there is [ErrNotFound], never a nil result without an
// error. A context that ended is matched by [context.Canceled] or
// [context.DeadlineExceeded] as usual, together with the last answer's error.
//
// # Retries
//
// A failed request is repeated up to twice ([WithRetry]), after a pause that grows
// from 200 ms and is random so that clients do not repeat in step:
//
//   - when no connection was obtained, whatever the method;
//   - when the connection broke, the answer broke off or took too long, or the
//     service answered 408, 500, 502, 503 or 504: for GET, PUT and DELETE;
//   - when it answered 429 and asked for no more than a minute: likewise.
//
// A POST is never sent again once it may have arrived. A wish of the service to be
// left alone (Retry-After) is added to the pause and never shortened; if it is
// longer than a minute or than the time left, the call ends at once with
// [ErrRateLimited] or [ErrUnavailable], and after a 429 further calls to the same
// service fail without being sent until the time is over. A budget shared by all
// calls keeps an outage from multiplying the traffic. Everything else is final.
//
// # Lists of any size
//
// [Client.ListContacts] and [Client.GetRoster] hold the whole answer in memory, up
// to [WithMaxBody]. [Client.AllContacts] yields one contact at a time from a paged
// answer of any size, and [Client.LookupProfiles] looks up any number of accounts.
// [Client.RefreshRoster] asks only for what has changed. [ReadContacts] reads a
// saved answer.
//
// # Unknown data
//
// The same person comes in seven shapes; all of them are read into [Contact] and
// [Profile], with gender, phone types, countries, languages and split names made
// uniform. A member that nobody documented, or a value of a kind that nobody saw,
// is kept in [Extra] as it came and costs nothing else. An entry of a list that
// cannot be read at all is reported as a [SkippedItem], and its neighbours are
// there. What would hide a failure is an error: a page of HTML, an empty answer
// where data is due, one that is cut off or followed by something, or one that
// reports a failure under status 200.
//
// # Concurrency
//
// A [Client] never changes after [New] and is safe for use by many goroutines.
// Use one client for each account.
//
// # Privacy
//
// Tokens, identifiers, telephone numbers and names do not appear in errors, logs,
// or the printed form of clients, tokens and errors. Logging ([WithLogger]) is
// metadata only. The fields of the types hold what the service sent; what a
// program does with them is its own affair, but [MRI], [Contact], [Profile] and
// [SkippedItem] hide themselves when they are logged by log/slog.
package skypecontacts
