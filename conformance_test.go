package skypecontacts_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// conformance says for every route and every fault how many requests are sent,
// how the call ends, and whether it says that it may have been applied. It
// follows from the retry rules of the package overview.
type conformance struct {
	Faults map[string]struct {
		Kind        skypetest.FaultKind
		Status      int
		Body        string
		Bytes       int
		Location    string
		AfterEffect bool `json:"after_effect"`
		DelayMS     int  `json:"delay_ms"`
		RetryAfterS int  `json:"retry_after_s"`
	}
	Routes map[string]map[string]struct {
		Requests     int
		Outcome      string
		MaybeApplied bool `json:"maybe_applied"`
		Strikes      int  // of the fault; by default 1 if the outcome is ok, and else one for each request
	}
}

var outcomes = map[string]error{
	"ErrUnauthorized": skypecontacts.ErrUnauthorized, "ErrForbidden": skypecontacts.ErrForbidden,
	"ErrNotFound": skypecontacts.ErrNotFound, "ErrConflict": skypecontacts.ErrConflict,
	"ErrRateLimited": skypecontacts.ErrRateLimited, "ErrUnavailable": skypecontacts.ErrUnavailable,
	"ErrRedirect": skypecontacts.ErrRedirect, "ErrTooLarge": skypecontacts.ErrTooLarge,
	"ErrDecode": skypecontacts.ErrDecode, "DeadlineExceeded": context.DeadlineExceeded,
	"*Error": nil, // without a sentinel
}

// action is one way to use a client.
type action struct {
	dialect skypecontacts.Dialect
	changes bool
	do      func(context.Context, *skypecontacts.Client) error
}

func reads[T any](call func(*skypecontacts.Client, context.Context) (*T, error)) action {
	return action{do: func(ctx context.Context, c *skypecontacts.Client) error {
		_, err := call(c, ctx)
		return err
	}}
}

func changes(call func(*skypecontacts.Client, context.Context, skypecontacts.MRI) error, id skypecontacts.MRI) action {
	return action{changes: true, do: func(ctx context.Context, c *skypecontacts.Client) error { return call(c, ctx, id) }}
}

func current(a action) action {
	a.dialect = skypecontacts.DialectCurrent
	return a
}

// actions are all allRoutes, each with a call that has an effect on the sample data
// if it is to have one.
func actions() map[string]action {
	type client = skypecontacts.Client
	profiles := reads(func(c *client, ctx context.Context) (*skypecontacts.ProfileList, error) {
		return c.GetPublicProfiles(ctx, "joe.4")
	})
	search := reads(func(c *client, ctx context.Context) (*skypecontacts.DirectoryResults, error) {
		return c.SearchDirectory(ctx, "joe")
	})
	return map[string]action{
		"ListContacts: GET Contacts /users/{id}/contacts": reads((*client).ListContacts),
		"ListBlocked: GET Contacts /users/{id}/blocklist": reads((*client).ListBlocked),
		"ListGroups: GET Contacts /users/{id}/groups":     reads((*client).ListGroups),
		"GetRoster: GET Contacts /users/{id}":             reads((*client).GetRoster),
		"RefreshRoster: GET Contacts /users/{id}": reads(func(c *client, ctx context.Context) (*skypecontacts.Roster, error) {
			return c.RefreshRoster(ctx, nil)
		}),
		"AllContacts: GET Contacts /users/{id}": {do: func(ctx context.Context, c *client) error {
			for _, err := range c.AllContacts(ctx) {
				if err != nil {
					return err
				}
			}
			return nil
		}},
		"ListInvites: GET Contacts /users/{id}/invites": reads((*client).ListInvites),
		"SendInvite: POST Contacts /users/{id}/contacts": changes(func(c *client, ctx context.Context, id skypecontacts.MRI) error {
			return c.SendInvite(ctx, id, "Hi")
		}, "8:anna.7"),
		"AcceptInvite: PUT Contacts /users/{id}/invites/{mri}/accept":   changes((*client).AcceptInvite, "8:daisy.5"),
		"DeclineInvite: PUT Contacts /users/{id}/invites/{mri}/decline": changes((*client).DeclineInvite, "8:daisy.5"),
		"RevokeContact: DELETE Contacts /users/{id}/contacts/{mri}":     changes((*client).RevokeContact, "8:joe.4"),
		"BlockUser: PUT Contacts /users/{id}/contacts/blocklist/{mri}": changes(func(c *client, ctx context.Context, id skypecontacts.MRI) error {
			return c.BlockUser(ctx, id, skypecontacts.BlockOptions{})
		}, "8:joe.4"),
		"UnblockUser: DELETE Contacts /users/{id}/contacts/blocklist/{mri}": changes((*client).UnblockUser, "8:anna.7"),
		"AddContact: PUT Messenger /users/ME/contacts/{mri}":                changes((*client).AddContact, "8:anna.7"),
		"RemoveContact: DELETE Messenger /users/ME/contacts/{mri}":          changes((*client).RemoveContact, "8:joe.4"),
		"GetOwnProfile: GET API /users/self/profile":                        reads((*client).GetOwnProfile),
		"GetOwnProfile: GET Profile /users/self/profile":                    current(reads((*client).GetOwnProfile)),
		"GetProfile: GET API /users/{id}/profile": reads(func(c *client, ctx context.Context) (*skypecontacts.Profile, error) {
			return c.GetProfile(ctx, "fred.2")
		}),
		"GetPublicProfiles: POST API /users/self/contacts/profiles":                               profiles,
		"GetPublicProfiles: POST Profile /batch/profiles":                                         current(profiles),
		"SearchDirectory: GET Directory /search/v1.1/namesearch/swx/":                             search,
		"SearchDirectory: GET Directory /v2.0/search/":                                            current(search),
		"ListBots: GET Bots /agents":                                                              reads((*client).ListBots),
		"GetBot: GET Bots /agents":                                                                reads(func(c *client, ctx context.Context) (*skypecontacts.Bot, error) { return c.GetBot(ctx, "concierge") }),
		"LegacyListContacts: GET ContactsV1 /users/{id}/contacts":                                 reads((*client).LegacyListContacts),
		"LegacyListAuthRequests: GET ContactsV1 /users/self/contacts/auth-request":                reads((*client).LegacyListAuthRequests),
		"LegacyAcceptAuthRequest: PUT ContactsV1 /users/self/contacts/auth-request/{id}/accept":   changes((*client).LegacyAcceptAuthRequest, "8:daisy.5"),
		"LegacyDeclineAuthRequest: PUT ContactsV1 /users/self/contacts/auth-request/{id}/decline": changes((*client).LegacyDeclineAuthRequest, "8:daisy.5"),
		"LegacySearchDirectory: GET API /search/users/any": reads(func(c *client, ctx context.Context) (*skypecontacts.DirectoryResults, error) {
			return c.LegacySearchDirectory(ctx, "joe")
		}),
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/conformance.json")
	require.NoError(t, err)
	var table conformance
	require.NoError(t, json.Unmarshal(text, &table))
	calls := actions()

	registered := slices.Sorted(slices.Values(skypecontacts.RegisteredRoutes()))
	require.Equal(t, registered, slices.Sorted(maps.Keys(calls)), "every route has a call")
	require.Equal(t, registered, slices.Sorted(maps.Keys(table.Routes)), "every route has rows")
	kinds := map[skypetest.FaultKind]bool{}
	for _, f := range table.Faults {
		kinds[f.Kind] = true
	}
	require.Len(t, kinds, len(skypetest.FaultKinds()), "every kind of fault is in the table")
	skypecontacts.Measured("conformance: rows of the table, all met", len(registered)*len(table.Faults), "all routes x all faults")

	for _, route := range registered {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			rows := table.Routes[route]
			require.Equal(t, slices.Sorted(maps.Keys(table.Faults)), slices.Sorted(maps.Keys(rows)), "every fault has a row")
			for fault, want := range rows {
				f := table.Faults[fault]
				server := skypetest.NewServer()
				strikes := want.Strikes
				switch {
				case strikes != 0:
				case want.Outcome == "ok":
					strikes = 1
				default:
					strikes = want.Requests // each of them fails, and if there is one more it does not
				}
				server.Inject(skypetest.Fault{
					Kind: f.Kind, Status: f.Status, Body: f.Body, Bytes: f.Bytes, Location: f.Location, AfterEffect: f.AfterEffect,
					Delay: time.Duration(f.DelayMS) * time.Millisecond, RetryAfter: time.Duration(f.RetryAfterS) * time.Second, Count: strikes,
				})
				timeout := time.Minute
				if f.Kind == skypetest.FaultStall || f.Kind == skypetest.FaultStallInside {
					timeout = skypecontacts.Within(100 * time.Millisecond)
				}
				call := calls[route]
				client := server.Client(skypecontacts.WithDialect(call.dialect), skypecontacts.WithTimeout(timeout),
					skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Microsecond}))
				err := call.do(t.Context(), client)

				requests, effects := server.Requests(), server.Effects()
				require.Len(t, requests, want.Requests, "%s: %v", fault, err)
				require.Zero(t, server.FaultsPending(), "%s: was not met", fault)
				if want.Outcome == "ok" {
					require.NoError(t, err, fault)
					require.Equal(t, call.changes, len(effects) > 0, "%s: success means effect", fault)
				} else {
					var failure *skypecontacts.Error
					require.ErrorAs(t, err, &failure, fault)
					sentinel, known := outcomes[want.Outcome]
					require.True(t, known, want.Outcome)
					if sentinel != nil {
						require.ErrorIs(t, err, sentinel, fault)
					} else {
						require.NoError(t, errors.Unwrap(err), fault)
					}
					require.Equal(t, want.MaybeApplied, failure.MaybeApplied, fault)
					require.Equal(t, want.Requests, failure.Attempts, fault)
					require.True(t, failure.MaybeApplied || len(effects) == 0, "%s: denies its effect", fault)
				}
				require.LessOrEqual(t, len(effects), 1, "%s: took effect twice", fault)
				server.Close()
			}
		})
	}
}
