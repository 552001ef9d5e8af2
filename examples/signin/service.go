package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/skypecontacts/skypecontacts/teamsauth"
)

// service is where the program signs in.
type service struct {
	clientID string
	isReal   bool
	options  teamsauth.Options
	client   []skypecontacts.Option
	approve  func(userCode string) error // what is done for the user
	close    func()
}

// fakeClientID is for a fake service, which takes any.
const fakeClientID = "00000000-0000-4000-8000-000000000000"

// service returns the service that the flags name.
func (s *settings) service(prompt io.Writer) (*service, error) {
	chosen := &service{clientID: s.clientID, approve: func(string) error { return nil }, close: func() {}}
	if s.endpoints == "" && s.clientID != "" {
		chosen.isReal = true
		return chosen, nil
	}
	if s.clientID == "" {
		chosen.clientID = fakeClientID
	}
	chosen.options.InsecureLoopback = true
	chosen.client = []skypecontacts.Option{skypecontacts.WithInsecureLoopback()}
	if s.endpoints != "" {
		line, err := demo.ReadServerLine(s.endpoints)
		if err != nil {
			return nil, err
		}
		if line.SignIn == (demo.ServerSignIn{}) { // as of a fake service in another language
			return nil, fmt.Errorf("%w: -endpoints: the JSON has no signIn", demo.ErrUsage)
		}
		chosen.use(teamsauth.Endpoints(line.SignIn), skypecontacts.Endpoints(line.Endpoints))
		return chosen, nil
	}
	fmt.Fprintln(prompt, "Without -client-id the service is a fake one in this process, whose user approves at once.")
	srv := skypetest.NewServer()
	chosen.close = srv.Close
	chosen.use(teamsauth.Endpoints(srv.SignInEndpoints()), srv.Endpoints())
	chosen.approve = func(userCode string) error {
		srv.ApproveSignIn(userCode, "")
		return nil
	}
	return chosen, nil
}

// use makes the URLs those of a fake service.
func (s *service) use(signIn teamsauth.Endpoints, endpoints skypecontacts.Endpoints) {
	s.options.Endpoints = signIn
	s.client = append(s.client, skypecontacts.WithEndpoints(endpoints))
}

// explain returns the error with a sentence for the user, if it is one of a sign-in.
func explain(err error) error {
	failure, ok := errors.AsType[*teamsauth.Error](err)
	if !ok {
		return err
	}
	reason := "Signing in failed."
	switch {
	case errors.Is(failure, teamsauth.ErrSignInRequired):
		reason = "Nobody is signed in, or the sign-in has ended. Run signin without -token to sign in."
	case errors.Is(failure, teamsauth.ErrConsent):
		reason = "You declined, or Microsoft asks for your consent again. Run signin without -token to sign in."
	case errors.Is(failure, teamsauth.ErrCodeExpired):
		reason = "The code was not confirmed in time. Run signin again."
	case errors.Is(failure, teamsauth.ErrNoConsumerAccount):
		reason = "This account has no Skype token: it is of work or school, or not on Teams Free."
	case errors.Is(failure, teamsauth.ErrClientRefused):
		reason = "Microsoft refused the client ID, or does not let it ask for this; see docs/tokens.md."
	case errors.Is(failure, skypecontacts.ErrUnavailable), errors.Is(failure, skypecontacts.ErrRateLimited):
		reason = "The sign-in service cannot be reached, or is busy. Try again later."
	case errors.Is(failure, teamsauth.ErrServiceChanged):
		reason = "The sign-in service has changed, or something on the way has responded in its place, such as the page of a wireless network."
	case failure.Op == "LoadRefreshToken", failure.Op == "SaveRefreshToken", failure.Op == "DeleteRefreshToken":
		reason = "The place of the refresh token cannot be used. -store names another, such as file:PATH."
	}
	return demo.Explained{Reason: reason, Err: failure}
}
