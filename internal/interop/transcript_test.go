package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// transcript is what a client sends and reads, in a file of testdata. Texts in it may have
// the placeholders {self}, {skypetoken}, {registrationtoken}, those of peopleRoles, and in a
// call that is made for each person {name}, {mri} and {token}.
type transcript struct {
	Client   string
	Sources  []string               // that the facts were read in
	Style    string                 // of the time of the client
	Statuses []int                  // that it takes for a success
	Header   map[string]string      // of every request
	Shapes   map[string]memberRules // of several calls
	Calls    []*transcriptCall      // all calls about contacts and profiles
}

// transcriptCall is one call of a client.
type transcriptCall struct {
	Name      string
	After     []string          // calls that come before it
	Only      string            // a set of people, if it is made on no other
	For       string            // a list of knownPeople: the call is made for each
	Batch     int               // or for as many of them at once
	Keep      map[string]string // placeholders with their paths in the state before the call
	Function  string            // of a client that runs, with Args
	Args      []any
	Method    string            // of a request otherwise
	URL       string            // with the real host
	Header    map[string]string // beyond those of the transcript; an empty text leaves one out
	JSON      any               // the body; the text "{names}" in it is the list of names
	Form      string            // or the body as a text; "{names}" is replaced by pairs with FormList as the name
	FormList  string
	Pages     bool        // the call is repeated with the continuation token
	Statuses  []int       // instead of those of the transcript
	Responds  memberRules // headers that the response must have, with a rule of memberRules
	Shape     string      // one of the shapes of the transcript, which Reads adds to
	Reads     memberRules
	List      *transcriptList
	Leaves    memberRules // of the state after the call, as the document of replayer.state
	Unchanged bool        // the call changes nothing that is in the state
}

// transcriptList is a list in the response, which is compared with the data.
type transcriptList struct {
	At     string            // its path; empty if the response is one entry or a list itself
	Of     string            // the list of knownPeople
	ID     string            // the member with the identifier; empty if it is only in the request
	Where  string            // "member=value" of the entries that the client does not ignore
	Fields map[string]string // of knownPerson, with their paths in an entry
}

// callOutcome is what came of one call, on one set of people.
type callOutcome struct {
	failures []string
	list     string // of knownPeople, which the call reads
	entries  int    // that the client can read
	expected int
}

func (o *callOutcome) fail(format string, args ...any) {
	o.failures = append(o.failures, fmt.Sprintf(format, args...))
}

func readTranscripts(t *testing.T, folder string) (transcripts []*transcript) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.json"))
	require.NoError(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.DisallowUnknownFields()
		one := new(transcript)
		require.NoError(t, decoder.Decode(one), file)
		for _, call := range one.Calls {
			for _, rules := range []memberRules{call.Reads, call.Leaves, call.Responds, one.Shapes[call.Shape]} {
				for path, rule := range rules {
					require.True(t, isRule(rule), "%s: %s: %s", file, path, rule)
				}
			}
			requirePlaceholders(t, one, call)
			shape, known := one.Shapes[call.Shape]
			require.True(t, known || call.Shape == "", call.Shape)
			if all := maps.Clone(shape); all != nil {
				maps.Copy(all, call.Reads)
				call.Reads = all
			}
		}
		transcripts = append(transcripts, one)
	}
	return transcripts
}

// callPlaceholders are those that are not of a role or of Keep.
var callPlaceholders = []string{"{self}", "{skypetoken}", "{registrationtoken}", "{name}", "{names}", "{mri}", "{token}"}

// requirePlaceholders requires that the transcript has no misspelled placeholder in a call.
func requirePlaceholders(t *testing.T, tr *transcript, call *transcriptCall) {
	t.Helper()
	for _, match := range rolePlaceholder.FindAllStringSubmatch(call.asText(tr), -1) {
		_, isField := roleFields(roleCandidate{account: skypetest.SampleData().Accounts[0]})[match[2]]
		isRole := peopleRoles[match[1]] != nil && (match[2] == "" || isField)
		require.True(t, isRole || call.Keep[match[1]] != "" || slices.Contains(callPlaceholders, match[0]), "%s: %s: %s", tr.Client, call.Name, match[0])
	}
}

// asText returns a call and those that come before it as they are in the transcript.
func (c *transcriptCall) asText(tr *transcript) string {
	text := wholeJSON(c)
	for _, name := range c.After {
		text += tr.call(name).asText(tr)
	}
	return text
}

// rounds returns how often a call is made: with each holder of its roles as the subject.
func (c *transcriptCall) rounds(tr *transcript, set peopleSet) int {
	rounds := 1
	holders := set.roles()
	for _, role := range rolesIn(c.asText(tr)) {
		rounds = max(rounds, len(holders[role]))
	}
	return rounds
}

// call returns the call of that name, which must exist.
func (tr *transcript) call(name string) *transcriptCall {
	return tr.Calls[slices.IndexFunc(tr.Calls, func(c *transcriptCall) bool { return c.Name == name })]
}

// routeKind is what the service does with a request.
type routeKind int

const (
	routeServed        routeKind = iota
	routeWithdrawn               // responds 404, as where there is no such route
	routeWithoutEffect           // responds 200 with an empty object, and does nothing
)

// replayer makes the calls of a transcript on one server.
type replayer struct {
	t          *testing.T
	transcript *transcript
	srv        *skypetest.Server
	data       skypetest.Data
	node       *nodeClient // if the client runs
	client     *http.Client
	kept       map[string]string // placeholders of roles and of Keep
	route      routeKind         // of the next call
}

// replay makes a call, on a server of its own, after those that come before it. The round
// chooses among the holders of its roles.
func (tr *transcript) replay(t *testing.T, node *nodeClient, call *transcriptCall, set peopleSet, round int, route routeKind) (o callOutcome) {
	t.Helper()
	data := set.data()
	srv := skypetest.NewServer(append(set.opts(tr.Style), skypetest.WithData(data))...)
	defer srv.Close()
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	r := &replayer{t: t, transcript: tr, node: node, srv: srv, data: data, kept: make(map[string]string)}
	r.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r.keepRoles(call, set.roles(), round)
	for _, name := range call.After {
		if before := r.call(tr.call(name)); len(before.failures) > 0 {
			o.fail("%s before it failed", name)
		}
	}
	r.route = route
	made := r.call(call)
	made.failures = append(o.failures, made.failures...)
	return made
}

// keepRoles sets the placeholders of the roles in a call.
func (r *replayer) keepRoles(call *transcriptCall, holders map[string][]roleCandidate, round int) {
	for _, role := range rolesIn(call.asText(r.transcript)) {
		require.NotEmpty(r.t, holders[role], role)
		c := holders[role][round%len(holders[role])]
		r.kept[role] = string(c.mri)
		for field, value := range roleFields(c) {
			r.kept[role+"."+field] = value
		}
	}
}

// call makes all requests of a call and checks the responses and what they leave.
func (r *replayer) call(c *transcriptCall) (o callOutcome) {
	if len(c.Keep) > 0 {
		state := r.state()
		for name, path := range c.Keep {
			r.kept[name] = fmt.Sprint(valueAt(state, r.expand(path, knownPerson{})))
		}
	}
	people := []knownPerson{{}}
	if c.For != "" {
		people = knownPeople(r.data, c.For)
	}
	var got []knownPerson
	for group := range slices.Chunk(people, max(c.Batch, 1)) {
		for token := ""; ; {
			entries, next := r.request(c, group, token, &o)
			got = append(got, entries...)
			if r.route != routeServed && len(o.failures) > 0 {
				return o // it is enough that one request fails
			}
			if token = next; !c.Pages || token == "" || len(o.failures) > 0 {
				break
			}
		}
	}
	if c.List != nil {
		r.compare(c, got, &o)
	}
	if len(c.Leaves) > 0 {
		for _, v := range r.expandRules(c.Leaves, knownPerson{}).check(r.state()) {
			o.fail("leaves %s", v)
		}
	}
	return o
}

// compare compares all entries that a call read with the data.
func (r *replayer) compare(c *transcriptCall, got []knownPerson, o *callOutcome) {
	want := knownPeople(r.data, c.List.Of)
	equal, differences := comparePeople(want, got, slices.Sorted(maps.Keys(c.List.Fields)))
	o.list, o.entries, o.expected = c.List.Of, equal, len(want)
	for _, d := range differences {
		o.fail("%s", d)
	}
}

// request makes one request of a call. It returns the readable entries of its list, and the
// continuation token.
func (r *replayer) request(c *transcriptCall, group []knownPerson, token string, o *callOutcome) (entries []knownPerson, next string) {
	if r.node != nil {
		return r.invoke(c, group, o), ""
	}
	req := r.newRequest(c, group)
	if token != "" {
		req.Header.Set("X-Skype-Continuation-Token", token)
	}
	status, header, body := http.StatusOK, http.Header{}, any(map[string]any{})
	if r.route != routeWithoutEffect {
		status, header, body = r.send(req)
	}
	accepted := c.Statuses
	if accepted == nil {
		accepted = r.transcript.Statuses
	}
	if accepted != nil && !slices.Contains(accepted, status) {
		o.fail("%s %s: status %d: %s", req.Method, req.URL.RequestURI(), status, asJSON(body))
		return nil, ""
	}
	for name, rule := range c.Responds {
		if text := explainViolation(rule, header.Get(name), header.Get(name) != ""); text != "" {
			o.fail("header %s: %s", name, text)
		}
		if name == "Location" && !strings.HasPrefix(realURL(header.Get(name)), r.expand(c.URL, group[0])) {
			o.fail("Location is on another host: %s", header.Get(name)) // clients go there and register again
		}
	}
	return r.read(c, body, group, o), header.Get("X-Skype-Continuation-Token")
}

// invoke calls a function of a client that runs.
func (r *replayer) invoke(c *transcriptCall, group []knownPerson, o *callOutcome) []knownPerson {
	arguments := "[]"
	if c.Args != nil {
		arguments = r.jsonBody(c.Args, group)
	}
	r.node.proxy.route.Store(int32(r.route))
	result, failure := r.node.call(r.t, r.srv, c.Function, arguments, r.data.Accounts[0])
	if failure != "" {
		o.fail("%s%s: %s", c.Function, arguments, failure)
		return nil
	}
	return r.read(c, result, group, o)
}

// read checks a response, or what a client made of it, and returns the entries of its list.
func (r *replayer) read(c *transcriptCall, document any, group []knownPerson, o *callOutcome) []knownPerson {
	violations := r.expandRules(c.Reads, group[0]).check(document)
	for _, v := range violations {
		o.fail("%s", v)
	}
	if c.List == nil {
		return nil
	}
	entries := c.List.entries(document, r.expand(c.List.At, group[0]), violations)
	if c.List.ID == "" && len(entries) == 1 {
		entries[0].ID = group[0].ID
	}
	return entries
}

func (r *replayer) newRequest(c *transcriptCall, group []knownPerson) *http.Request {
	address := fakeURL(r.srv, r.expand(c.URL, group[0]))
	require.NotEmpty(r.t, address, c.URL)
	if r.route == routeWithdrawn {
		address = r.srv.URL + "/withdrawn"
	}
	var body string
	contentType := ""
	switch {
	case c.JSON != nil:
		body, contentType = r.jsonBody(c.JSON, group), "application/json"
	case c.Form != "":
		body, contentType = r.formBody(c, group), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequestWithContext(r.t.Context(), c.Method, address, strings.NewReader(body))
	require.NoError(r.t, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for _, header := range []map[string]string{r.transcript.Header, c.Header} {
		for name, value := range header {
			if req.Header.Del(name); value != "" {
				req.Header.Set(name, r.expand(value, group[0]))
			}
		}
	}
	return req
}

// expand replaces the placeholders of a text. The person is the one of a call that is made
// for each.
func (r *replayer) expand(text string, p knownPerson) string {
	own := r.data.Accounts[0]
	replacements := []string{
		"{self}", withoutPrefix(profilePerson(own)).ID, "{skypetoken}", own.SkypeToken, "{registrationtoken}", own.RegistrationToken,
		"{name}", p.ID, "{mri}", "8:" + p.ID,
	}
	if a := accountOf(r.data, skypecontacts.MRI("8:"+p.ID)); a != nil {
		replacements = append(replacements, "{token}", a.SkypeToken)
	}
	for name, value := range r.kept {
		replacements = append(replacements, "{"+name+"}", value)
	}
	return strings.NewReplacer(replacements...).Replace(text)
}

func (r *replayer) expandRules(rules memberRules, p knownPerson) memberRules {
	expanded := make(memberRules, len(rules))
	for path, rule := range rules {
		expanded[r.expand(path, p)] = r.expand(rule, p)
	}
	return expanded
}

func (r *replayer) jsonBody(value any, group []knownPerson) string {
	text, err := json.Marshal(value)
	require.NoError(r.t, err)
	var list []string
	for _, p := range group {
		list = append(list, p.ID)
	}
	names, err := json.Marshal(list)
	require.NoError(r.t, err)
	return r.expand(strings.ReplaceAll(string(text), `"{names}"`, string(names)), group[0])
}

func (r *replayer) formBody(c *transcriptCall, group []knownPerson) string {
	var pairs []string
	for _, p := range group {
		pairs = append(pairs, c.FormList+"="+p.ID)
	}
	return r.expand(strings.ReplaceAll(c.Form, "{names}", strings.Join(pairs, "&")), group[0])
}

// send sends a request and returns the response with its body, which is nil if it is no JSON.
func (r *replayer) send(req *http.Request) (status int, header http.Header, body any) {
	res, err := r.client.Do(req)
	require.NoError(r.t, err)
	content, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	require.NoError(r.t, res.Body.Close())
	_ = json.Unmarshal(content, &body) // no JSON is nil, which no rule but null takes
	return res.StatusCode, res.Header, body
}

// entries returns the entries of a list in a response, but for those with a violation.
func (l *transcriptList) entries(body any, at string, violations []ruleViolation) (people []knownPerson) {
	value := valueAt(body, at)
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, i := range selectElements(list, l.Where) {
		prefix := fmt.Sprintf("%s[%d]", at, i)
		if ok && slices.ContainsFunc(violations, func(v ruleViolation) bool { return v.path == prefix || strings.HasPrefix(v.path, prefix+".") }) {
			continue
		}
		people = append(people, l.person(list[i]))
	}
	return people
}

// person returns what the client knows of an entry.
func (l *transcriptList) person(entry any) (p knownPerson) {
	text := func(path string) string {
		if path == "" {
			return ""
		}
		value, _ := valueAt(entry, path).(string)
		return value
	}
	p = knownPerson{
		ID: text(l.ID), Display: text(l.Fields["display"]), First: text(l.Fields["first"]), Last: text(l.Fields["last"]), City: text(l.Fields["city"]),
	}
	for i, path := range strings.Fields(l.Fields["fixed phones"]) {
		if number := text(path); number != "" {
			p.Phones = append(p.Phones, []string{"home", "office", "mobile"}[i]+" "+number)
		}
	}
	phones, ok := l.Fields["phones"]
	if !ok {
		phones, ok = l.Fields["numbers"]
	}
	if ok {
		list, _ := valueAt(entry, phones).([]any)
		for _, phone := range list {
			p.Phones = append(p.Phones, fmt.Sprint(valueAt(phone, "type"))+" "+fmt.Sprint(valueAt(phone, "number")))
		}
	}
	return p
}
