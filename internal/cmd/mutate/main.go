// Command mutate removes each guard of the SDK in turn and fails unless a test
// fails for it. It is run in the root of the repository and changes no file. With
// an argument it removes only the guards whose description holds that.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// mutation is a guard taken away: old, which is in the file once, replaced by with.
type mutation struct{ guard, file, old, with string }

var mutations = []mutation{
	{"host check", "request.go", "|| req.URL.Host != p.host ", ""},
	{"host header check", "request.go", ` || req.Host != "" && req.Host != p.host`, ""},
	{"https check", "request.go", "if !ok || !secure ||", "_ = secure\n\tif !ok ||"},
	{"https in base URLs", "client.go", `case u.Scheme != "https" && !(u.Scheme == "http" && insecureLoopback && isLoopback(u)):`, "case false:"},
	{"user name in base URLs", "client.go", "case u.User != nil:", "case false:"},
	{"token on a copy", "request.go", "authorized.Header = maps.Clone(req.Header)", "authorized.Header = req.Header\n\t_ = maps.Clone[http.Header]"},
	{"POST rule", "request.go", "return r.method != http.MethodPost", "return true"},
	{"redirect rule", "request.go", "return http.ErrUseLastResponse", "return nil"},
	{"no cookies", "request.go", "hc.Jar = nil", ""},
	{"gateway's domain", "request.go", "!strings.HasSuffix(host, gatewayDomain) ||", ""},
	{"gateway moves by https", "request.go", `u.Scheme != "https" || u.User`, "u.User"},
	{"gateway moves once", "request.go", "if x.moved {", "if false {"},
	{"segment: dots", "types.go", `case strings.Trim(s, ".") == "":`, "case false:"},
	{"segment: empty", "types.go", "if err := checkID(id.ID()); err != nil {", "if err := checkID(id.ID()); err != nil && s != \"\" {"},
	{"segment: signs", "types.go", "strings.ContainsRune(`/\\?#%{}`, r) ||", ""},
	{"segment: length", "types.go", "if len(id) > maxIDBytes {", "if false {"},
	{"size limit", "request.go", "n, err = int(b.left), ErrTooLarge", "n, err = int(b.left), io.EOF"},
	{"limit on entries", "decode.go", "if index == maxEntries {", "if false {"},
	{"limit on depth", "decode.go", "> maxDepth {", "> 1<<30 {"},
	{"single flight", "auth.go", "if c.question != nil {", "if false {"},
	{"rest after a refusal", "auth.go", "if q.refused || err != nil {", "if false {"},
	{"one refresh in a call", "request.go", "if x.renewed {", "if false {"},
	{"refresh outlives its caller", "auth.go", "context.WithoutCancel(ctx)", "ctx"},
	{"empty registration token", "auth.go", "if checkToken(value) != nil {", "if false {"},
	{"budget", "request.go", "if b.left < cost {", "if false {"},
	{"longest Retry-After", "request.go", " || o.retryAfter > retry.MaxRetryAfter", ""},
	{"Retry-After is waited for", "request.go", "delay := o.retryAfter + rand", "delay := rand"},
	{"rest of a service", "request.go", "c.gates[r.service].close(o.retryAfter)", "_ = o"},
	{"MaybeApplied stays", "request.go", "x.maybe = x.maybe || v.maybe && r.writes()", "x.maybe = v.maybe && r.writes()"},
	{"MaybeApplied after a lost connection", "request.go", "return verdict{again: r.repeatable(), maybe: true}\n\tcase errors.As(o.err, &reported)", "return verdict{again: r.repeatable()}\n\tcase errors.As(o.err, &reported)"},
	{"trailing garbage", "decode.go", "r.fail(decodeError(\"something follows the end of the answer\"))", ""},
	{"names twice", "decode.go", "r.fail(decodeError(\"a member appears twice\"))", ""},
	{"pages that are not JSON", "request.go", "case !a.json:", "case false:"},
	{"empty answers", "decode.go", "err = decodeError(\"the answer is empty\")", "err = nil"},
	{"the right account", "profile.go", "!strings.EqualFold(p.MRI.ID(), about.ID()):", "false:"},
	{"no URL in errors", "request.go", "return networkError{withoutURL(err)}", "return networkError{err}"},
	{"no token in print", "auth.go", "func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }", "func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.Value())) }"},
	{"no identifiers in logs", "request.go", `slog.String("route", x.route.path)`, `slog.String("route", x.path)`},
}

// slow are the tests that are only asked if no other sees the difference, and
// timed those that could fail for any other reason.
const (
	slow  = "Storm|Hostile|Gzip|Truncation|WrongTypes|FuzzLoop|Conformance|Huge"
	timed = "CancelLatency|Dawdling|Target|Benchmark|Against"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	for _, m := range mutations {
		if _, err := m.apply(); err != nil { // before time is spent on the others
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	removed, survivors := 0, 0
	for _, m := range mutations {
		if len(os.Args) > 1 && !strings.Contains(m.guard, os.Args[1]) {
			continue
		}
		removed++
		began := time.Now()
		killer, err := kill(ctx, m)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", m.guard, err)
			os.Exit(1)
		}
		if killer == "" {
			survivors++
			killer = "NO TEST FAILS"
		}
		fmt.Printf("%-40s %s (%v)\n", m.guard, killer, time.Since(began).Round(time.Second))
	}
	stop()
	fmt.Printf("%d guards removed, %d not missed\n", removed, survivors)
	if survivors > 0 {
		os.Exit(1)
	}
}

// apply is the file without the guard.
func (m mutation) apply() ([]byte, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(source, []byte(m.old)); n != 1 {
		return nil, fmt.Errorf("%s: %q is in %s %d times, not once", m.guard, m.old, m.file, n)
	}
	return bytes.Replace(source, []byte(m.old), []byte(m.with), 1), nil
}

// kill names the first test that fails without the guard, if there is one.
func kill(ctx context.Context, m mutation) (killer string, err error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is a temporary directory
	source, err := m.apply()
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	mutant, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(mutant, source, 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{original: mutant}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "tests")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-overlay", overlay, "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("the mutant does not compile: %s", out)
	}
	for _, which := range [][]string{{"-test.skip=" + slow + "|" + timed}, {"-test.run=" + slow, "-test.skip=" + timed}} {
		out, err := exec.CommandContext(ctx, binary, append(which, "-test.failfast", "-test.timeout=2m")...).CombinedOutput()
		if err == nil {
			continue
		}
		if _, rest, ok := bytes.Cut(out, []byte("--- FAIL: ")); ok {
			name, _, _ := bytes.Cut(rest, []byte(" "))
			return string(name), nil
		}
		return "a test that ends the program", nil
	}
	return "", nil
}
