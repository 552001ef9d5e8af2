package reliability_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
)

// failureMembers returns members of an object that report a failure, with values of
// every kind of JSON.
func failureMembers() (members []string) {
	values := []string{
		`"no"`, `"AccessDenied"`, `" error "`, `500`, `-1`, `1e400`, `0.5`, `"500"`, `"1e400"`, `["no"]`, `[{"code":40000}]`,
		`{"code":500}`, `{"code":"forbidden"}`, `{"code":null,"text":"You may not"}`, `{"code":40411,"text":"not found"}`,
		`{"message":{"errorCode":729}}`, `{"x":1}`,
	}
	for _, name := range []string{"message", "error", "errorCode", "status", "Message", "ERROR", "errorcode", "Status"} {
		own := `true`
		if strings.EqualFold(name, "status") {
			own = `false`
		}
		for _, value := range append([]string{own}, values...) {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return append(members,
		`"errorCode":null,"message":"no"`, `"status":null,"error":"no"`, `"error":null,"message":{"code":1}`,
		`"status":"ok","error":"no"`, `"errorCode":0,"status":500`, `"message":"Success","errorCode":"AccessDenied"`)
}

// failureBodies returns bodies that report a failure in response to a call.
func failureBodies(t *testing.T, call apitest.Call) (bodies []string) {
	t.Helper()
	fixture := call.Body(t)
	for _, member := range failureMembers() {
		bodies = append(bodies, "{"+member+"}", "\uFEFF {"+member+",\"stackTrace\":null}\n")
		if rest, isObject := strings.CutPrefix(fixture, "{"); isObject && strings.TrimSpace(rest) != "}" {
			bodies = append(bodies, "{"+member+","+rest) // also beside what was asked for
		}
	}
	return bodies
}

// No response with a success status that reports a failure is a success, whatever the
// call is.
func TestFailuresUnderSuccess(t *testing.T) {
	t.Parallel()
	tried, successes := 0, 0
	check := func(call apitest.Call, status int, contentType, body string) {
		tried++
		transport := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
			return apitest.Response(status, body, "Content-Type", contentType)(req)
		})
		got, err := call.Do(t.Context(), apitest.NewClient(t, transport, call.ClientOptions()...))
		failure, ok := err.(*skypecontacts.Error) //nolint:errorlint // every call returns this type
		if !ok || failure.Message == "" {
			successes++
			t.Errorf("%s: %d %s %.200s: %v, %v", call.Name(), status, contentType, body, got, err)
		}
		if err != nil && !call.Writes {
			assert.Zero(t, got, body)
		}
	}
	for _, call := range apitest.ByRoute() {
		for i, body := range failureBodies(t, call) {
			status := []int{http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusMultiStatus}[i%4]
			check(call, status, "application/json", body)
		}
		for _, body := range []string{"", "{}", "null", "no", `{"contacts":[]}`, `{"title":"no"}`, `{"status":200}`} {
			check(call, http.StatusOK, "application/problem+json; charset=utf-8", body)
		}
		if !call.Writes {
			for _, body := range []string{`{"x":1}`, `{"title":"no"}`, `{"conversations":[{"id":"8:joe.4"}]}`, `{"error":null}`, `{"status":null,"message":null}`} {
				check(call, http.StatusOK, "application/json", body)
			}
		}
	}
	measured.set(fmt.Sprintf("2xx failures taken for success, of %d", tried), successes, "0")
}

// A saved response that reports a failure, or holds no contacts, is not an empty file.
func TestSavedFailures(t *testing.T) {
	t.Parallel()
	tried, read := 0, 0
	for _, member := range failureMembers() {
		for _, body := range []string{"{" + member + "}", `{"contacts":[],` + member + "}", "{" + member + `,"scope":"full","count":0}`} {
			tried++
			var last error
			for contact, err := range skypecontacts.ReadContacts(strings.NewReader(body)) {
				assert.Nil(t, contact, body)
				last = err
			}
			if !assert.ErrorIs(t, last, skypecontacts.ErrDecode, body) {
				read++
			}
		}
	}
	measured.set(fmt.Sprintf("saved failures read as an empty list, of %d", tried), read, "0")
}
