// This program runs the Go blocks of README.md against the fake service. The test
// that builds it adds the blocks: the program as readmeProgram, and the statements
// of the blocks after it as block2 and block3.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

var server = skypetest.NewServer()

// newFakeClient replaces skypecontacts.New in the blocks.
func newFakeClient(skypecontacts.TokenSource, ...skypecontacts.Option) (*skypecontacts.Client, error) {
	return server.Client(), nil
}

func main() {
	fmt.Println("# A program")
	server.Inject(skypetest.Fault{
		Kind: skypetest.FaultStatus, Status: http.StatusOK,
		Body: `{"contacts":[{"mri":"8:joe.4","display_name":"Joe"},{"display_name":"nobody"},{"mri":"8:anna.7"}]}`,
	})
	readmeProgram()

	fmt.Println("# Errors")
	client := server.Client()
	for _, err := range []error{
		nil,
		&skypecontacts.Error{Status: http.StatusNotFound},
		skypecontacts.SkippedItem{Index: 1, Err: skypecontacts.ErrDecode},
		errors.New("disk full"),
		&skypecontacts.Error{Status: http.StatusTooManyRequests, RetryAfter: 1e9},
		&skypecontacts.Error{Status: http.StatusBadGateway, MaybeApplied: true},
		&skypecontacts.Error{Op: "ListGroups", Status: http.StatusForbidden},
	} {
		check(block2(context.Background(), client, "", err))
	}

	fmt.Println("# Testing your own code")
	check(block3(context.Background(), client, "", nil))
	check(acceptAll(context.Background(), client))
	list, err := client.ListInvites(context.Background())
	check(err)
	fmt.Println(len(list.Invites), "invites left")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
