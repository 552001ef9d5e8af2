// Package skypetest is the Skype contacts service in memory, served over HTTP on
// this machine, so that programs that use the service can be tested without it.
//
//	srv := skypetest.NewServer()
//	defer srv.Close()
//	client := srv.Client()
//	list, err := client.ListContacts(context.Background())
//	if err != nil {
//		panic(err)
//	}
//	fmt.Println(len(list.Contacts))
//
// # Service
//
// The server has the routes for contacts, profiles and bots of the documentation, and
// those that ten other clients request, on one address with a path prefix for each
// host; [Server.Endpoints] returns them, and /login and /teams are for signing in. A client
// in any language that can change its base URLs can send requests to it, with the tokens in
// its [Data]. The path "/" lists the services with their base paths, token headers and
// routes, and "/healthz" responds 200; neither is in [Server.Requests]. The server speaks
// HTTP/1 and, to a client that begins with it, HTTP/2 without TLS.
//
// A client gets a token for the messenger with its Skype token: POST
// /users/ME/endpoints has it in Set-RegistrationToken. The presence of other accounts is
// that of their [Account]. Messages, events and the own presence are not here: the
// messenger responds 501 to them.
//
// [Server.SignInEndpoints] returns the URLs for signing in with a Microsoft account: a
// client asks for a device code (RFC 8628), its user opens the page in the response,
// /login/device, and approves or declines there, or a test does so by
// [Server.ApproveSignIn] and [Server.DeclineSignIn]. The client polls meanwhile. The
// access token that it gets is exchanged for a Skype token, which the other hosts then
// take; the refresh token gives others. Any client ID is right. A client that polls too
// fast is told to slow down, and a code expires after a quarter of an hour. Errors are as
// Microsoft documents them, and where it has none as RFC 8628 has them. No source has an
// error of the exchange: those here are a guess. [Server.RevokeSignIns] ends what was
// issued, and by [WithSingleUseRefreshTokens] each refresh token is used once.
//
// Contacts v2, the messenger and the people host know everybody by identifier with
// prefix, such as 8:joe.4, and nobody by joe.4. The people host leaves out those whom it
// does not know. The older routes and the profiles know people by
// the name without prefix only: in a batch of profiles an identifier with a prefix,
// such as 28:joe.4, or a telephone number has an entry with status 40000. With
// [WithStrictBatches] it costs the whole batch. Letters are equal if they are so
// but for the case of ASCII.
//
// Pictures are at the addresses that profiles have, on this server's paths for their
// hosts, and need no token. Whoever has an AvatarURL has a picture; see [Profile]. The
// sizes of made-up pictures, ETags, and 404 for a private picture without its auth_key
// are not from a recording.
//
// A telephone number is added as the official client adds it, with phones and
// without an invite, or refused. An identifier of Messenger or Lync (1: and 2:) with
// a mail address can be invited, and the invite stays pending.
//
// The server keeps state. An invite is pending until the other account accepts
// it, and then both are authorized; [Server.ClientFor] signs in the other
// account. Authorization, the blocklist and the messenger's contact list are
// independent of each other: blocking and unblocking change no authorization,
// and ending the authorization keeps the contact entry. The entry is removed, and
// marked as deleted in a delta, when it is removed from the messenger's contact
// list and is neither authorized nor invited nor suggested. An invite to an
// account that has blocked the sender succeeds, but the account never gets it. A
// request that ends what has ended already succeeds and changes nothing, or with
// [WithStrictEnds] is not found. A change of a profile is in the deltas of all who
// have the account in their contacts, and what it removes is empty there. Whether
// batches of profiles have moods depends on the style, so a new mood is in the batches
// of [StyleDocumented] and [StyleEverything] only.
//
// # Data
//
// Without options the server has [SampleData], the people of the documentation.
// [WithData] replaces them, for example by the result of [Generate], which has any
// number of people.
//
// [WithStyle] says how their members are written. [StyleDocumented],
// [StyleWeb2018] and [StyleTeams2025] have what the sources of one time have: the
// documentation, recordings, and what clients read and with which types. Not every
// form has a recording; style_tables.go says where each is from. A strict client
// can read all of Generate in the style of its time. [StyleEverything], which is the
// default, also has forms that no source has. Other forms may exist that nobody
// published.
//
// # Faults
//
// [Server.Inject] makes requests go wrong: by an error response, a timeout, a
// broken connection or a malformed body, before or after they take effect.
// [Server.Requests] then has what was received, [Server.Effects] what changed,
// and [Server.FaultsPending] how many requests are still to go wrong. net/http
// repeats a GET by itself if a connection that it has used before is reset, and
// over HTTP/2 every request with a body that it can send again, and every one
// without a body, if the server refuses the stream or excludes it by a GOAWAY; the
// server then receives two requests.
//
// Some failures have no kind of their own. A failure under 200 is a [FaultStatus]
// with Status 200 and Body, such as {"errorCode":"AccessDenied"} or, as the people host
// has it, {"status":{"text":"invalid username"}}; a 404 of a proxy
// is a [FaultHTML] with Status 404; a gateway that says 403 to a registration
// token that has expired is a [FaultExpireToken] with Status 403. A contact with
// Phones has them in the root of its entry, in deltas as well. [FaultRateLimit]
// has no Retry-After unless RetryAfter is set. [FaultExtraResponse] makes net/http
// write to the standard logger of package log.
//
// # Limits
//
// The server follows the source code and notes of other projects. It was never
// compared with the service. Where no project recorded the response, such as the
// status of an accepted invite, the server sends one that all known clients
// accept. Routes that the service has retired respond as they did before; a
// [FaultStatus] makes them respond as they do now.
package skypetest
