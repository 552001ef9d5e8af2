package skypetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestProfileForms(t *testing.T) {
	t.Parallel()
	srv := newGeneratedServer(t)
	var bodies strings.Builder
	names := make([]string, 0, 300)
	for i := range 300 {
		names = append(names, fmt.Sprintf(`"person.%d"`, i))
		token := fmt.Sprintf("skype-token-%d", i+2) // the token of the first account is in the data
		bodies.WriteString(send(t, http.MethodGet, srv.URL+"/api/users/self/profile", "", map[string]string{"X-Skypetoken": token}).body)
	}
	assert.NotContains(t, bodies.String(), `"null"`)
	batch := send(t, http.MethodPost, srv.URL+"/profile/v1/batch/profiles", `{"usernames":[`+strings.Join(names, ",")+`]}`,
		map[string]string{"X-Skypetoken": "sample-skype-token-1"}).body
	assert.NotContains(t, batch, `@example.com`)
	checkForms(t, []formsCase{
		{"batch", batch, []string{
			`"gender":"1"`, `"gender":2`, `"gender":null`, `"emails":\[\]`, `"emails":null`, `"mood":null`, `"richMood":"[^"]*<ss`, `"birthday":"`, `"phoneMobile":"\+`,
			`"jobtitle":"Baker"`, `"homepage":"https`, `"firstname":null`, `"firstname":"person\.`,
		}},
		{"own profile", bodies.String(), []string{
			`"gender":"1"`, `"gender":"2"`, `"gender":1`, `"gender":2`, `"gender":null`, `"emails":\["`, `"emails":\[\]`, `"emails":null`,
			`"lastname":null`, `"phoneHome":"\+`, `"phoneOffice":null`, `"namespace":"live"`, `"displayname":"`, `"richMood":"`,
		}},
	})
}
