package skypecontacts

import (
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequestPath(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "proxy.example", Path: "/a b/v2", RawPath: "/a%20b/v2"}
	r := &route{path: "/users/{id}/contacts/{mri}"}
	for _, test := range []struct {
		args callArgs
		want string
	}{
		{callArgs{params: []string{"8:joe.4", "anna.7"}}, "/a%20b/v2/users/joe.4/contacts/8:anna.7"},
		{callArgs{params: []string{"self", "+442099887766"}}, "/a%20b/v2/users/self/contacts/4:%2B442099887766"},
		{callArgs{params: []string{"self", "2:a@b.example"}, query: url.Values{"delta": {""}, "b": {"x y&z"}}}, "/a%20b/v2/users/self/contacts/2:a%40b.example?b=x+y%26z&delta="},
	} {
		got, err := r.requestPath(base, test.args)
		require.NoError(t, err)
		require.Equal(t, test.want, got)
	}
	for _, params := range [][]string{{"a/b", "joe.4"}, {"self", ".."}} {
		_, err := r.requestPath(base, callArgs{params: params})
		require.ErrorIs(t, err, ErrInvalid)
	}
}

func TestURLLength(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "proxy.example"}
	fixed := len("https://proxy.example/x?q=")
	for n, want := range map[int]error{maxURL - fixed: nil, maxURL - fixed + 1: ErrInvalid} {
		_, err := (&route{path: "/x"}).requestPath(base, callArgs{query: url.Values{"q": {strings.Repeat("a", n)}}})
		require.ErrorIs(t, err, want)
	}
}

func TestRouteLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		r             route
		maxBody, want int64
	}{
		{route{}, 16 << 20, maxSmallBody},
		{route{}, 1000, 1000},
		{route{list: true}, 16 << 20, 16 << 20},
		{route{list: true, stream: true}, 16 << 20, streamAllowance * 16 << 20},
		{route{list: true, stream: true}, math.MaxInt64, math.MaxInt64 / streamAllowance * streamAllowance},
	} {
		assert.Equal(t, test.want, test.r.limit(test.maxBody), "%+v", test)
	}
}

// Every route is known to the tests, with an operation that is a method of Client, and
// changes the server if and only if it is not a GET or asks for profiles. Only those that
// change a number by its ID are sent once like a POST.
func TestRoutes(t *testing.T) {
	t.Parallel()
	client := reflect.TypeFor[*Client]()
	names := map[string]bool{}
	for _, r := range allRoutes {
		_, isMethod := client.MethodByName(r.op)
		assert.True(t, isMethod, r.op)
		assert.True(t, strings.HasPrefix(r.path, "/"), r.path)
		isWrite := r.method != http.MethodGet && r.op != "GetPublicProfiles"
		assert.Equal(t, isWrite, r.write, r.op)
		once := strings.HasSuffix(r.path, "/{phone}")
		assert.Equal(t, !isWrite || r.method != http.MethodPost && !once, r.repeatable(), r.op)
		name := r.op + " " + r.service.String() + " " + r.method + " " + r.path
		assert.False(t, names[name], "%s is there twice", name)
		names[name] = true
	}
}

func TestEncodeForm(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a=%5B%5D&contacts[]=joe.4&contacts[]=x%26y%3D%5B", encodeForm(url.Values{"contacts[]": {"joe.4", "x&y=["}, "a": {"[]"}}))
}
