// Package teamsauth signs in with a Microsoft account that is on Teams Free and supplies
// the Skype tokens that package skypecontacts needs; the example shows it as a whole.
//
// [Account.SignIn] begins a sign-in by device code (RFC 8628): the user confirms it in a
// browser, on any device, and the refresh token that results is stored. From then on
// [Account.Token] refreshes the access token with it, and exchanges that for a Skype token,
// which is valid for about a day. The client calls it when it needs a token.
// [NewSource] does the exchange alone, with access tokens from elsewhere.
//
// # How sure this is
//
// None of it is documented by Microsoft for this purpose, and nothing of it was tried on
// the live service by the authors of this package. It follows the source code of clients
// that sign in like that in 2025 and 2026:
//
//   - the steps, the scope and the shape of the response: Miranda NG
//     (protocols/Teams/src/teams_login.cpp) and purple-teams (teams_login.c); issues 5028
//     and 5046 of Miranda NG quote responses;
//   - both requests to the tenant of personal accounts in version 2.0 of the protocol: the
//     notes of NoSlacking (docs/research/microsoft-teams.md), which say that it worked with
//     a personal account in October 2026, and agent-messenger;
//   - the requests and errors of the device code: Microsoft's documentation of the protocol,
//     and RFC 6749 and 8628.
//
// Nobody published a response to an exchange that failed. That status 401 or 403 means
// [ErrNoConsumerAccount] is a guess.
//
// # The client ID
//
// A client ID says to Microsoft which program asks. It is for the program to give, and
// this package has none: neither one of its own nor one of anybody else's product. All
// clients named above use an ID of one of Microsoft's own programs, which this package
// does not advise. Whoever has a program registers it with Microsoft and gets an ID.
// Whether Microsoft lets such an ID ask for the scope is not known: no client was found
// that tried. If not, the error is [ErrClientRefused]. docs/tokens.md says more.
//
// # Secrets
//
// Neither errors nor printed values have tokens, codes, names of accounts or anything that
// a server sent; [Error.Code] is one of the codes that the protocols define, and
// [Error.Number] a number. Tokens are sent only to the three URLs of [Endpoints], by https,
// and no redirect is followed. Responses have a limit of 256 KiB, each request of ten
// seconds.
//
// The refresh token is what [Keyring] or [File] keeps, or a [Store] of the program. Whoever
// has it can get Skype tokens until it is revoked. A response to its use may have another
// one, which is stored before the access token in the same response is used. If it cannot be
// stored, the call fails and says so. The account then keeps it in memory, and stores it first
// of all at the next call if the store still has the one that it replaces.
package teamsauth
