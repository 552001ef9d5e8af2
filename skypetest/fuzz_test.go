package skypetest_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// Whatever arrives is answered in the shape of its service and leaves the state
// whole.
func FuzzRequests(f *testing.F) {
	for _, x := range readTranscript(f) {
		f.Add(x.request)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
		if err != nil {
			return // net/http answers that itself
		}
		srv := skypetest.NewUnservedServer(skypetest.SampleData())
		answer := httptest.NewRecorder()
		skypetest.ServeHTTP(srv, answer, req)
		checkAnswer(t, req, answer)
		checkState(t, srv)
	})
}

func checkAnswer(t *testing.T, req *http.Request, answer *httptest.ResponseRecorder) {
	require.Contains(t, []int{200, 201, 304, 400, 401, 403, 404, 405, 413}, answer.Code)
	if answer.Body.Len() == 0 {
		require.Less(t, answer.Code, 400)
		return
	}
	var body any
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &body))
	if answer.Code < 400 {
		return
	}
	members := make([]string, 0, 2)
	for name := range body.(map[string]any) {
		members = append(members, name)
	}
	slices.Sort(members)
	shapes := [][]string{{"status"}, {"message", "stackTrace"}, {"errorCode", "message"}}
	require.Contains(t, shapes, members)
	if strings.HasPrefix(req.URL.EscapedPath(), "/contacts/v") {
		require.NotEqual(t, shapes[2], members)
	}
}

// checkState makes sure that every account can be listed and that authorizations
// are mutual.
func checkState(t *testing.T, srv *skypetest.Server) {
	authorized := make(map[[2]string]bool)
	accounts := skypetest.SampleData().Accounts
	for _, a := range accounts {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/contacts/v2/users/self", http.NoBody)
		req.Header.Set("X-Skypetoken", a.SkypeToken)
		answer := httptest.NewRecorder()
		skypetest.ServeHTTP(srv, answer, req)
		require.Equal(t, http.StatusOK, answer.Code)
		var view struct {
			Contacts []struct {
				MRI        string
				Authorized bool
			}
		}
		require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &view))
		for _, c := range view.Contacts {
			authorized[[2]string{string(a.MRI), c.MRI}] = c.Authorized
		}
	}
	for _, a := range accounts {
		for _, b := range accounts {
			require.Equal(t, authorized[[2]string{string(a.MRI), string(b.MRI)}], authorized[[2]string{string(b.MRI), string(a.MRI)}])
		}
	}
}
