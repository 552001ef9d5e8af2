// Command sdk prints the names in a contact list by the SDK. Its size is compared with that
// of byhand.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/skypecontacts/skypecontacts"
)

func main() {
	client, err := skypecontacts.New(skypecontacts.StaticToken(os.Args[1]))
	if err != nil {
		panic(err)
	}
	list, err := client.ListContacts(context.Background())
	if err != nil {
		panic(err)
	}
	for i := range list.Contacts {
		_, _ = fmt.Fprintln(os.Stdout, list.Contacts[i].DisplayName)
	}
}
