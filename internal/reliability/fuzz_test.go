package reliability_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/internal/apitest/fuzzloop"
	"github.com/stretchr/testify/require"
)

var inputCount = flag.Int("fuzzloop", 2000, "inputs for each target of TestFuzzLoop")

func fuzzTargets(tb testing.TB) map[string]fuzzloop.Target {
	tb.Helper()
	var responses, deltas, bodies []string
	for i, call := range wholeBodyCalls() {
		responses = append(responses, string(byte(i))+call.Body(tb))
	}
	files, err := filepath.Glob(filepath.Join(apitest.Testdata(tb), "*", "*.json"))
	require.NoError(tb, err)
	for _, file := range files {
		dir := filepath.Base(filepath.Dir(file))
		body := apitest.Fixture(tb, dir+"/"+filepath.Base(file))
		bodies = append(bodies, body)
		if dir == "contacts" || strings.Contains(filepath.Base(file), "contacts") {
			deltas = append(deltas, `{"contacts":[{"mri":"8:joe.4"}]}`+"\n\n"+body, body+"\n\n"+body)
		}
	}
	lists := []string{}
	for i := range listCalls() {
		index := string(rune(i))
		for _, body := range []string{`{}`, `{"message":"no"}`, `{"status":{"code":200,"text":"OK"},"count":0}`, `{"error":[403],"scope":"full"}`, `{"stackTrace":null}`, `[]`, `null`} {
			lists = append(lists, index+body)
		}
		lists = append(lists, index+apitest.Fixture(tb, listCalls()[i].Fixture+".json"))
	}
	return map[string]fuzzloop.Target{
		"ListResponse": {Check: checkListResponse, Seeds: lists},
		"RepeatedPage": {Check: checkRepeatedPage, Seeds: []string{"\xa0\x02\x02\x06\x00", "\xa0\x80\x02\x06\x00", "\xc0\x07\x00\x00\x02\x01\x01\x41\x03", "\x00\x05\x02\x00", "\xff\x0b\x00\x02\x40\x80\x05\x09"}},
		"StoredTimes": {Check: checkStoredTimes, Seeds: []string{
			"2016-01-02T03:04:05.123456789Z", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "2016-01-02 03:04:05.123456", "1987-01-02", "0000-00-00", "", "<soon>",
		}},
		"Response": {Check: checkResponse, Seeds: responses},
		"Roster":   {Check: checkRoster, Seeds: deltas},
		"Stream":   {Check: checkStream, Seeds: bodies},
	}
}

func FuzzResponse(f *testing.F) { fuzzTargets(f)["Response"].Fuzz(f) }
func FuzzRoster(f *testing.F)   { fuzzTargets(f)["Roster"].Fuzz(f) }
func FuzzStream(f *testing.F)   { fuzzTargets(f)["Stream"].Fuzz(f) }

func FuzzListResponse(f *testing.F) { fuzzTargets(f)["ListResponse"].Fuzz(f) }
func FuzzRepeatedPage(f *testing.F) { fuzzTargets(f)["RepeatedPage"].Fuzz(f) }
func FuzzStoredTimes(f *testing.F)  { fuzzTargets(f)["StoredTimes"].Fuzz(f) }

// The same targets in a loop. Those that need internals are in the root.
func TestFuzzLoop(t *testing.T) {
	t.Parallel()
	fuzzloop.Run(t, fuzzTargets(t), *inputCount)
	measured.set("fuzz: inputs to each of the targets without a broken invariant", *inputCount, "")
}

// wholeBodyCalls returns the calls that decode a whole body.
func wholeBodyCalls() []apitest.Call {
	return slices.DeleteFunc(apitest.Calls(), func(call apitest.Call) bool { return call.Op == "AllContacts" })
}

// identity returns the same for all spellings of an identifier.
func identity(id skypecontacts.MRI) string { return strings.ToLower(string(id)) }

func fuzzClient(tb testing.TB, body []byte, opts ...skypecontacts.Option) *skypecontacts.Client {
	tb.Helper()
	transport := apitest.RoundTripper(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{}, Request: req,
			ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
		}, nil
	})
	c, err := skypecontacts.New(skypecontacts.StaticToken(apitest.Token), append([]skypecontacts.Option{
		skypecontacts.WithHTTPClient(&http.Client{Transport: transport}), skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(apitest.RegistrationToken)),
	}, opts...)...)
	require.NoError(tb, err)
	return c
}

// A body without an error is one JSON document or a picture; its value is the same each time and
// survives JSON. An error comes without a value and has a cause.
func checkResponse(tb testing.TB, input []byte) {
	if len(input) == 0 {
		return
	}
	calls := wholeBodyCalls()
	call, body := calls[int(input[0])%len(calls)], input[1:]
	c := fuzzClient(tb, body, call.ClientOptions()...)
	got, err := call.Do(context.Background(), c)
	if err != nil {
		var failure *skypecontacts.Error
		require.ErrorAs(tb, err, &failure)
		require.Equal(tb, 1, failure.Attempts)
		require.True(tb, got == nil || reflect.ValueOf(got).IsZero(), "a value with an error")
		require.True(tb, failure.Code != 0 || failure.Message != "" || errors.Is(err, skypecontacts.ErrDecode) || errors.Is(err, skypecontacts.ErrTooLarge) || errors.Is(err, skypecontacts.ErrNotFound), err)
		return
	}
	text := bytes.TrimPrefix(body, []byte("\uFEFF"))
	_, isPicture := got.(*skypecontacts.Avatar)
	require.True(tb, isPicture && bytes.Equal(got.(*skypecontacts.Avatar).Data, body) || json.Valid(text) || call.Writes && len(bytes.TrimSpace(body)) == 0, "not JSON, but no error")
	if call.Writes {
		return
	}
	checkStorable(tb, got)
	again, err := call.Do(context.Background(), c)
	require.NoError(tb, err)
	require.Equal(tb, got, again)
	checkIdentified(tb, reflect.ValueOf(got))
}

// checkStorable writes a value as JSON and reads it back.
func checkStorable(tb testing.TB, value any) {
	stored, err := json.Marshal(value)
	require.NoError(tb, err)
	loaded := reflect.New(reflect.TypeOf(value).Elem())
	require.NoError(tb, json.Unmarshal(stored, loaded.Interface()))
	anew, err := json.Marshal(loaded.Interface())
	require.NoError(tb, err)
	require.Equal(tb, string(stored), string(anew))
}

// checkIdentified requires that every entry in a result has an identifier with a prefix.
func checkIdentified(tb testing.TB, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			checkIdentified(tb, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			switch entry := v.Index(i).Addr().Interface().(type) {
			case *skypecontacts.Contact:
				require.NotEmpty(tb, entry.MRI.Kind())
				require.NotEmpty(tb, entry.FullName()+entry.MRI.ID()+"x")
			case *skypecontacts.BlockedUser:
				require.NotEmpty(tb, entry.MRI.Kind())
			case *skypecontacts.Invite:
				require.NotEmpty(tb, entry.From.Kind())
			case *skypecontacts.AuthRequest:
				require.NotEmpty(tb, entry.From.Kind())
			case *skypecontacts.DirectoryEntry:
				require.NotEmpty(tb, entry.Profile.MRI.Kind())
			case *skypecontacts.Bot:
				require.NotEmpty(tb, entry.ID)
			case *skypecontacts.SkippedItem:
				require.ErrorIs(tb, entry.Err, skypecontacts.ErrDecode)
				require.True(tb, json.Valid(entry.Raw))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				checkIdentified(tb, v.Field(i))
			}
		}
	}
}

// RefreshRoster does not change the previous roster, and returns no contact twice.
// The input is two bodies with an empty line between.
func checkRoster(tb testing.TB, input []byte) {
	first, second, _ := bytes.Cut(input, []byte("\n\n"))
	prev, err := fuzzClient(tb, first).GetRoster(context.Background())
	if err != nil {
		return
	}
	checkStorable(tb, prev)
	before, err := json.Marshal(prev)
	require.NoError(tb, err)
	next, err := fuzzClient(tb, second).RefreshRoster(context.Background(), prev)
	after, jsonErr := json.Marshal(prev)
	require.NoError(tb, jsonErr)
	require.Equal(tb, string(before), string(after), "the previous roster has changed")
	if err != nil {
		require.Nil(tb, next)
		return
	}
	checkStorable(tb, next)
	checkIdentified(tb, reflect.ValueOf(next))
	seen := map[string]bool{}
	for i := range next.Contacts {
		key := identity(next.Contacts[i].MRI)
		require.False(tb, seen[key], "the same contact twice")
		seen[key] = true
	}
	// The same delta a second time changes nothing.
	same, err := fuzzClient(tb, second).RefreshRoster(context.Background(), next)
	require.NoError(tb, err)
	require.Len(tb, same.Contacts, len(next.Contacts))
	require.Len(tb, same.Blocked, len(next.Blocked))
	require.Len(tb, same.Groups, len(next.Groups))
}

// ReadContacts yields the contacts of ListContacts, each once, however the body
// arrives.
func checkStream(tb testing.TB, input []byte) {
	type item struct{ contact, skipped string }
	collect := func(body io.Reader) (items []item, failed bool) {
		for contact, err := range skypecontacts.ReadContacts(body) {
			var skipped skypecontacts.SkippedItem
			switch {
			case errors.As(err, &skipped):
				items = append(items, item{skipped: fmt.Sprint(skipped.Index) + string(skipped.Raw)})
			case err != nil:
				require.True(tb, errors.Is(err, skypecontacts.ErrDecode) || errors.Is(err, skypecontacts.ErrTooLarge))
				failed = true
			default:
				text, err := json.Marshal(contact)
				require.NoError(tb, err)
				items = append(items, item{contact: string(text)})
			}
		}
		return items, failed
	}
	whole, failed := collect(bytes.NewReader(input))
	bytewise, failedToo := collect(iotest.HalfReader(bytes.NewReader(input)))
	require.Equal(tb, whole, bytewise)
	require.Equal(tb, failed, failedToo)

	list, err := fuzzClient(tb, input).ListContacts(context.Background())
	if err != nil || failed {
		return
	}
	seen, contacts := map[string]bool{}, 0
	for i := range list.Contacts {
		if key := identity(list.Contacts[i].MRI); !seen[key] {
			seen[key] = true
			contacts++
		}
	}
	streamed := 0
	for _, it := range whole {
		if it.contact != "" {
			streamed++
		}
	}
	require.GreaterOrEqual(tb, streamed, contacts, "a contact is missing")
}
