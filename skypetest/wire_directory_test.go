package skypetest_test

import (
	"testing"
)

func TestDirectoryForms(t *testing.T) {
	t.Parallel()
	srv := newGeneratedServer(t)
	body := get(t, srv, "/directory/v2.0/search/?searchString=person").body
	old := get(t, srv, "/api/search/users/any?keyWord=person").body
	checkForms(t, []formsCase{
		{"results", body, []string{
			`"skypeId":"person`, `"skypeId":"8:person`, `"contactType":"Skype"`, `"contactType":"Skype4Consumer"`, `"gender":"1"`, `"age":"\d+"`,
		}},
		{"results of the api host", old, []string{
			`"SkypeName":"person`, `"DisplayName":"`, `"Age":"\d+"`, `"Gender":"1"`, `"CurrentLocation":\{"City":"`, `"Province":"`, `"Country":"[a-z]{2}"`,
		}},
	})
}
