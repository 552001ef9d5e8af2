package skypetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFormList(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		"":                                 nil,
		"usernames":                        nil,
		"usernames=":                       nil,
		"usernames[]=":                     nil,
		"names=a":                          nil,
		"usernames=a":                      {"a"},
		"USERNAMES=a":                      {"a"},
		"usernames=a&usernames=b":          {"a", "b"},
		"&usernames[]=a&usernames[]=b&":    {"a", "b"},
		"usernames%5B%5D=live%3Aa\r\n":     {"live:a"},
		"usernames%5b0%5d=a":               {"a"},
		"usernames[1]=b&usernames[0]=a":    {"a", "b"},
		"usernames[10]=c&usernames[9]=b&x": {"b", "c"},
		"usernames[007]=b&usernames[6]=a":  {"a", "b"},
		"usernames[0]=a&usernames[0]=b":    {"a", "b"},
		"usernames[]=z&usernames[3]=a":     {"a", "z"},
		"usernames[99999999999999999999]=b&usernames[2]=a":       {"a", "b"},
		"usernames[x]=a&usernames[=b&usernames]=c&usernames[-1]": nil,
		"usernames[]=50%&usernames[]=a+b":                        {"50%", "a b"},
		"usernames[]=&usernames[]=a":                             {"", "a"},
		"usernames=a=b":                                          {"a=b"},
	} {
		assert.Equal(t, want, formList(body, "usernames"), body)
	}
}
