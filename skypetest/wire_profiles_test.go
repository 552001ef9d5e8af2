package skypetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestProfileForms(t *testing.T) {
	t.Parallel()
	srv := newGeneratedServer(t)
	var bodies strings.Builder
	for i := range 300 {
		token := fmt.Sprintf("skype-token-%d", i+2) // the token of the first account is in the data
		bodies.WriteString(send(t, http.MethodGet, srv.URL+"/api/users/self/profile", "", map[string]string{"X-Skypetoken": token}).body)
	}
	checkForms(t, []formsCase{
		{"own profile", bodies.String(), []string{
			`"gender":"1"`, `"gender":"2"`, `"gender":1`, `"gender":2`, `"gender":null`, `"emails":\["`, `"emails":\[\]`, `"emails":null`,
			`"lastname":null`, `"phoneHome":"\+`, `"phoneOffice":null`, `"namespace":"live"`, `"displayname":"`, `"richMood":"`,
		}},
	})
}
