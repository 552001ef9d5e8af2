// Command byhand prints the names in a contact list by net/http and encoding/json.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://contacts.skype.com/contacts/v2/users/SELF/contacts", http.NoBody)
	if err != nil {
		panic(err)
	}
	req.Header.Set("X-Skypetoken", os.Args[1])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	var list struct {
		Contacts []struct {
			DisplayName string `json:"display_name"`
		} `json:"contacts"`
	}
	err = json.NewDecoder(resp.Body).Decode(&list)
	if closeErr := resp.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		panic(err)
	}
	for _, contact := range list.Contacts {
		_, _ = fmt.Fprintln(os.Stdout, contact.DisplayName)
	}
}
