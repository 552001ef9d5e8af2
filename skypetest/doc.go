// Package skypetest is the Skype contacts service in memory, served over real
// HTTP on this machine, so that programs which use it can be tested without it.
//
//	srv := skypetest.NewServer()
//	defer srv.Close()
//	client := srv.Client()
//
// # What it does
//
// It has every route of the service, the documented and the newer ones, under
// one address with a prefix for each host; [Server.Endpoints] names them. A
// client in any language that lets its base URLs be changed can talk to it, with
// the tokens in its [Data].
//
// It keeps state. An invite waits until the other side accepts it, and then both
// are authorized; [Server.ClientFor] signs in the other side. To be authorized,
// to be blocked and to be in the messenger's contact list are three things apart:
// blocking and unblocking change no authorization, and ending the authorization
// leaves the entry where it is. The entry goes, and a delta marks it as deleted,
// when it is taken off the messenger's contact list and nothing else holds it.
// An invite to somebody who has blocked the sender succeeds and is never seen.
//
// # Data
//
// Without options it serves [SampleData], the cast of the documentation.
// [WithData] serves any other, such as that of [Generate], which has every
// spelling of the service's answers that clients recorded.
//
// # Faults
//
// [Server.Inject] makes requests go wrong: by a refusal, by silence, by broken
// connections or by nonsense, before or after they took effect. Afterwards
// [Server.Requests] tells what arrived, [Server.Effects] what changed, and
// [Server.FaultsPending] whether a fault that was planned never struck. Mind that
// net/http sends a GET again by itself when a connection that it has used before
// is reset, which then counts as two requests.
//
// # What it is not
//
// It was made from what is known of the service from others' code and notes, not
// by comparing it with the service. Where the service's answer to something was
// never recorded, such as the status of an accepted invite, it gives one that all
// known clients take. Routes that the service has since retired answer as they
// did while they lived; [FaultStatus] makes them answer as they do now.
package skypetest
