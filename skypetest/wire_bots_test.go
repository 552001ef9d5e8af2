package skypetest_test

import (
	"testing"
)

func TestBotForms(t *testing.T) {
	t.Parallel()
	body := get(t, newGeneratedServer(t), "/bots/v1/agents").body
	checkForms(t, []formsCase{
		{"bots", body, []string{
			`"starRating":\d+\.5`, `"starRating":\d[,}]`, `"starRating":null`, `"capabilities":\[\]`, `"capabilities":null`, `"supportedLocales":\["`, `"developer":null`,
		}},
	})
}
