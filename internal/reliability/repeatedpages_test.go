package reliability_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// randomEntries returns the entries of a page: contacts, some of them twice, and
// unreadable entries, some of them twice as well. want is how often each is to be
// yielded.
func randomEntries(random *rand.Rand) (entries []string, want map[string]int) {
	want = map[string]int{}
	for n := range 3 + random.IntN(12) {
		contact := fmt.Sprintf(`{"mri":"8:person.%d"}`, n)
		entries = append(entries, contact)
		want[contact] = 1
		if random.IntN(5) == 0 {
			entries = append(entries, contact)
		}
	}
	for _, unreadable := range []string{
		`7`, `"8:joe.4"`, `{"display_name":"Joe"}`, `{"mri":""}`, `{"mri":"8:anna.7","x":1,"x":1}`, `[{"mri":"8:anna.7"}]`, `{"mri":null, "y":"é"}`,
	} {
		for range random.IntN(3) {
			entries = append(entries, unreadable)
			want[unreadable]++
		}
	}
	return entries, want
}

// A page that is cut off anywhere, and repeated in any order, loses and repeats
// nothing, be it a contact or an unreadable entry.
func TestRepeatedPages(t *testing.T) {
	t.Parallel()
	runs := 1000
	if *printFigures && !raceEnabled {
		runs = 10_000
	}
	var lost, repeated int
	for seed := range runs {
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		entries, want := randomEntries(random)
		cuts := 1 + random.IntN(2)
		transport := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
			random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
			page := `{"scope":"full","contacts":[` + strings.Join(entries, ",") + `],"count":1}`
			resp, err := apitest.Response(http.StatusOK, page)(req)
			if cuts--; cuts >= 0 && err == nil {
				cut := strings.NewReader(page[:random.IntN(len(page))])
				resp.Body = io.NopCloser(io.MultiReader(cut, brokenReader{}))
			}
			return resp, err
		})
		got := map[string]int{}
		for contact, err := range apitest.NewClient(t, transport).AllContacts(t.Context()) {
			if skipped, ok := errors.AsType[skypecontacts.SkippedItem](err); ok {
				got[string(skipped.Raw)]++
				continue
			}
			require.NoError(t, err, seed)
			got[fmt.Sprintf(`{"mri":"%s"}`, contact.MRI)]++
		}
		for entry, n := range want {
			lost += max(0, n-got[entry])
		}
		for entry, n := range got {
			repeated += max(0, n-want[entry])
		}
		require.Equal(t, want, got, seed)
	}
	measured.set(fmt.Sprintf("contacts and unreadable entries lost over %d repeated pages", runs), lost, "0")
	measured.set(fmt.Sprintf("contacts and unreadable entries repeated over %d repeated pages", runs), repeated, "0")
}

// brokenReader is a connection that breaks off.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
