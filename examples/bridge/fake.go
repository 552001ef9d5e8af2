package main

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// fakeService is the service that the bridge calls: skypetest behind a front with a rate
// limit and with tokens that can expire all at once.
type fakeService struct {
	*front
	server   *skypetest.Server
	accounts []newAccount
}

// fakeSize is how much the fake has and how it behaves.
type fakeSize struct {
	accounts, contacts int
	latency            time.Duration // of each response
	limit              int           // requests in any second, of all clients together
}

// startFake starts a fake with accounts that have the same number of contacts each.
func startFake(size fakeSize) *fakeService {
	data := skypetest.Generate(size.contacts, 1)
	own, people := data.Accounts[0], data.Accounts[1:]
	f := &fakeService{front: newFront(size)}
	data.Accounts = make([]skypetest.Account, 0, size.accounts+len(people))
	for i := range size.accounts {
		a := own
		a.MRI = skypecontacts.MRI(fmt.Sprintf("8:live:bridge_%d", i))
		a.SkypeToken = serviceToken(i)
		a.Invites, a.Messenger = nil, nil
		a.Contacts = slices.Clone(own.Contacts)
		for k := range a.Contacts {
			a.Contacts[k].Authorized = false // else all these accounts would be contacts of the people
		}
		data.Accounts = append(data.Accounts, a)
		f.accounts = append(f.accounts, newAccount{string(a.MRI), secretOf(i)})
	}
	data.Accounts = append(data.Accounts, people...)
	f.server = skypetest.NewServer(
		skypetest.WithData(data), skypetest.WithStyle(skypetest.StyleWeb2018), skypetest.WithMiddleware(f.front.wrap),
	)
	return f
}

// loseResponses makes a share of the invites go wrong, half of them after the invite was
// made: in both cases the client gets no response.
func (f *fakeService) loseResponses(share float64) {
	for seed, after := range []bool{false, true} {
		f.server.Inject(skypetest.Fault{
			Kind: skypetest.FaultReset, Operation: "SendInvite", Probability: share / 2, Seed: uint64(seed), AfterEffect: after,
		})
	}
}

// invitesMade returns how often each account has invited each other one.
func (f *fakeService) invitesMade() map[[2]string]int {
	made := map[[2]string]int{}
	for _, e := range f.server.Effects() {
		if e.Operation == "SendInvite" {
			made[[2]string{string(e.Account), string(e.Subject)}]++
		}
	}
	return made
}

// clientFor returns a client that calls the service behind the front, to compare.
func (f *fakeService) clientFor(mri string) *skypecontacts.Client {
	return f.server.ClientFor(mri, skypecontacts.WithHTTPClient(http.DefaultClient))
}
