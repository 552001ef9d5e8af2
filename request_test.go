package skypecontacts

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each kind of body has its Content-Type, and a PUT without one as well.
func TestRequestOfEachBody(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "api.example", Path: "/v1"}
	for name, test := range map[string]struct {
		method    string
		args      callArgs
		body, typ string
	}{
		"GET":            {http.MethodGet, callArgs{}, "", ""},
		"PUT":            {http.MethodPut, callArgs{}, "", "application/json"},
		"DELETE":         {http.MethodDelete, callArgs{}, "", ""},
		"JSON":           {http.MethodPost, callArgs{json: map[string]int{"a": 1}}, `{"a":1}`, "application/json"},
		"form":           {http.MethodPost, callArgs{form: url.Values{"a[]": {"1 2"}}}, "a[]=1+2", "application/x-www-form-urlencoded"},
		"form of a PUT":  {http.MethodPut, callArgs{form: url.Values{}}, "", "application/x-www-form-urlencoded"},
		"bytes of a PUT": {http.MethodPut, callArgs{body: []byte("\x00"), header: http.Header{"Content-Type": {"image/gif"}}}, "\x00", "image/gif"},
	} {
		r := &route{service: apiService, method: test.method, path: "/x"}
		out, err := r.newRequest(base, test.args)
		require.NoError(t, err, name)
		want := http.Header{"Accept": {"application/json; ver=1.0"}, "User-Agent": {"agent"}}
		if test.typ != "" {
			want.Set("Content-Type", test.typ)
		}
		assert.Equal(t, want, r.newHeader("agent", test.args), name)
		assert.Equal(t, []string{"https", "api.example", "/v1/x", test.body}, []string{out.scheme, out.host, out.path, string(out.body)}, name)
	}
}

func TestRequestOfTheGateway(t *testing.T) {
	t.Parallel()
	header := (&route{service: messengerService, method: http.MethodGet, path: "/x"}).newHeader("agent", callArgs{header: http.Header{"Accept": {"*/*"}}})
	assert.Equal(t, http.Header{"Accept": {"*/*"}, "User-Agent": {"agent"}, "Behavioroverride": {"redirectAs404"}}, header)
}
