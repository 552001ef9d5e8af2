package skypecontacts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commandArgument makes the test binary the program of these tests.
const commandArgument = "token-command-of-a-test"

// testCommand is that program. It returns the exit status.
func testCommand(args []string) int {
	fmt.Fprintln(os.Stderr, "using", testToken, args)
	switch args[0] {
	case "print":
		fmt.Fprint(os.Stdout, args[1])
	case "exit":
		fmt.Fprintln(os.Stdout, testToken)
		status, _ := strconv.Atoi(args[1])
		return status
	case "kill":
		fmt.Fprintln(os.Stdout, testToken)
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		time.Sleep(time.Minute)
	case "sleep":
		fmt.Fprintln(os.Stdout, testToken)
		duration, _ := time.ParseDuration(args[1])
		time.Sleep(duration)
	case "orphan": // leaves a program that has the output open
		child := exec.Command(os.Args[0], commandArgument, "sleep", args[1])
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			return 1
		}
	case "endless":
		for {
			if _, err := fmt.Fprintln(os.Stdout, strings.Repeat("t", 1000)); err != nil {
				time.Sleep(time.Minute) // goes on without its output
			}
		}
	case "stdin":
		input, err := io.ReadAll(os.Stdin)
		fmt.Fprintf(os.Stdout, "%d-%t-%t", len(input), err == nil, os.ExpandEnv("$PATH") != "")
	case "count": // appends to a file, and prints what is in another
		file, err := os.OpenFile(args[1], os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			return 1
		}
		fmt.Fprintln(file, "called")
		_ = file.Close()
		text, _ := os.ReadFile(args[2])
		fmt.Fprintln(os.Stdout, string(text))
	}
	return 0
}

// ownCommand returns the source of this test binary as a command.
func ownCommand(t *testing.T, args ...string) TokenSource {
	t.Helper()
	return TokenCommand(ownPath(t), append([]string{commandArgument}, args...)...)
}

func ownPath(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	return path
}

// What a program prints becomes a token, or an error that has nothing of it.
func TestTokenCommand(t *testing.T) {
	t.Parallel()
	program := strconv.Quote(ownPath(t))
	signal := "ended by a signal"
	if runtime.GOOS == "windows" || runtime.GOOS == "plan9" {
		signal = "exit status 1"
	}
	for _, test := range []struct {
		args  []string
		want  plainToken
		error string
	}{
		{[]string{"print", "abc.def-_"}, plainToken{value: "abc.def-_"}, ""},
		{[]string{"print", "abc\n1800000000\n"}, plainToken{"abc", time.Unix(1_800_000_000, 0).UTC()}, ""},
		{[]string{"print", "$PATH;`*`"}, plainToken{value: "$PATH;`*`"}, ""}, // no shell
		{[]string{"stdin"}, plainToken{value: "0-true-true"}, ""},            // nothing to read, the environment of this process
		{[]string{"print", ""}, plainToken{}, "the output is empty"},
		{[]string{"print", "canary-skype-token\nx\ny"}, plainToken{}, "the output has more than two lines"},
		{[]string{"print", strings.Repeat("t", maxTokenText)}, plainToken{value: strings.Repeat("t", maxTokenText)}, ""},
		{[]string{"exit", "0"}, plainToken{value: testToken}, ""},
		{[]string{"exit", "3"}, plainToken{}, "exit status 3"},
		{[]string{"kill"}, plainToken{}, signal},
		{[]string{"endless"}, plainToken{}, "the output is larger than 64 KiB"},
	} {
		if len(test.args[len(test.args)-1]) > 1000 && runtime.GOOS == "windows" {
			continue // a command line is shorter there
		}
		if test.error != "" {
			test.error = "token command " + program + ": " + test.error
		}
		started := time.Now()
		token, err := ownCommand(t, test.args...).Token(t.Context())
		text := ""
		if err != nil {
			text = err.Error()
		}
		name := fmt.Sprintf("%.40q", test.args)
		assert.Equal(t, test.want, plain(token), name)
		assert.Equal(t, test.error, text, name)
		assert.Less(t, time.Since(started), commandTimeout, name)
		assertClean(t, text)
	}
}

func TestTokenCommandThatCannotBeRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte(testToken), 0o600))
	for name, kind := range map[string]error{
		"no-such-program-of-a-test":     exec.ErrNotFound,
		filepath.Join(dir, "missing"):   nil,
		dir:                             nil,
		file:                            nil,
		"":                              nil,
		ownPath(t) + "\x00" + testToken: nil,
	} {
		_, err := TokenCommand(name, testToken).Token(t.Context())
		require.Error(t, err, "%q", name)
		assert.True(t, strings.HasPrefix(err.Error(), "token command "+strconv.Quote(name)+": "), "%v", err)
		assert.NotContains(t, strings.TrimPrefix(err.Error(), "token command "+strconv.Quote(name)), testToken)
		if kind != nil {
			assert.ErrorIs(t, err, kind, "%q", name)
		}
	}
	_, err := ownCommand(t, "print", "a\x00"+testToken).Token(t.Context()) // no argument can hold that
	require.Error(t, err)
	assertClean(t, err.Error())
}

func TestTokenCommandErrors(t *testing.T) {
	t.Parallel()
	_, err := ownCommand(t, "exit", "7").Token(t.Context())
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 7, exit.ExitCode())
	require.Empty(t, exit.Stderr)
	for _, output := range []string{"", "not signed in", "a\nb"} {
		_, err := ownCommand(t, "print", output).Token(t.Context())
		require.ErrorIs(t, err, ErrInvalid)
	}
}

// A program ends with its time limit or with the context, and one that leaves its output
// to another does not keep the call waiting.
func TestTokenCommandTime(t *testing.T) {
	t.Parallel()
	slow := tokenCommand{name: ownPath(t), args: []string{commandArgument, "sleep", "1m"}, timeout: 300 * time.Millisecond}
	for name, test := range map[string]struct {
		command  tokenCommand
		canceled time.Duration // after that time, 0: not
		want     string        // token or error
		limit    time.Duration
	}{
		"time limit":  {slow, 0, fmt.Sprintf("token command %q: did not end within 300ms", slow.name), 8 * time.Second},
		"canceled":    {tokenCommand{slow.name, slow.args, time.Minute}, 300 * time.Millisecond, "context canceled", 8 * time.Second},
		"never run":   {tokenCommand{slow.name, slow.args, time.Minute}, time.Nanosecond, "context canceled", 8 * time.Second},
		"open output": {tokenCommand{slow.name, []string{commandArgument, "orphan", "15s"}, time.Minute}, 0, testToken, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.canceled > 0 {
				defer time.AfterFunc(test.canceled, cancel).Stop()
				if test.canceled == time.Nanosecond {
					cancel()
				}
			}
			started := time.Now()
			token, err := test.command.run(ctx)
			got := token.Value()
			if err != nil {
				got = err.Error()
			}
			assert.Equal(t, test.want, got)
			assert.Less(t, time.Since(started), test.limit)
			if name == "time limit" {
				assert.ErrorIs(t, err, context.DeadlineExceeded)
			}
		})
	}
	require.Less(t, commandTimeout+commandWaitDelay, refreshTimeout, "the error of the command is the one that is reported")
}

// After a 401 the program runs once more. Before, its token is cached.
func TestTokenCommandAfterARefusal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	calls, current := filepath.Join(dir, "calls"), filepath.Join(dir, "current")
	require.NoError(t, os.WriteFile(current, []byte("old"), 0o600))
	w := newWire(accepts("old"), accepts("old"), func(req *http.Request) (*http.Response, error) {
		if err := os.WriteFile(current, []byte("new"), 0o600); err != nil {
			return nil, err
		}
		return accepts("new")(req)
	}, accepts("new"), accepts("newer"))
	c := newAuthClient(t, w, ownCommand(t, "count", calls, current))
	for i, want := range []error{nil, nil, nil, ErrUnauthorized} {
		_, err := c.ListContacts(t.Context())
		require.ErrorIs(t, err, want, "call %d", i)
	}
	count, err := os.ReadFile(calls)
	require.NoError(t, err)
	require.Equal(t, "called\ncalled\n", string(count)) // not for the last 401, within thirty seconds
	require.Len(t, w.requests(), 5)
}

// The source prints neither its arguments nor a token, and its errors have nothing of
// arguments, environment and output.
func TestTokenCommandIsNotPrinted(t *testing.T) {
	t.Parallel()
	source := TokenCommand(ownPath(t), commandArgument, "exit", "1", testToken)
	_, failure := source.Token(t.Context())
	require.Error(t, failure)
	c := newAuthClient(t, newWire(reply(200, "")), source, WithRegistrationToken(source))
	_, called := c.ListContacts(t.Context())
	require.ErrorContains(t, called, "the token source failed: token command ")
	require.ErrorContains(t, called, "exit status 1")
	type hidden struct{ value any }
	for name, value := range map[string]any{
		"source": source, "client": c, "error": failure, "error of a call": called,
		"wrapped": fmt.Errorf("x: %w", errors.Join(failure, called)), "cause": errors.Unwrap(failure),
	} {
		text := printed(value) + printed(hidden{value}) + printed([]any{value})
		for _, form := range secretForms(testToken) {
			assert.NotContains(t, text, form, name)
		}
		assert.NotContains(t, text, commandArgument, name)
		assert.NotContains(t, text, "PATH=", name)
	}
}

func TestParseCommandOutput(t *testing.T) {
	t.Parallel()
	const notATime = "line 2 of the output is neither a Unix time in seconds nor one of RFC 3339"
	const notAToken = "line 1 of the output is not a token"
	for output, want := range map[string]struct {
		token   plainToken
		problem string
	}{
		"abc":                               {plainToken{value: "abc"}, ""},
		"abc\n":                             {plainToken{value: "abc"}, ""},
		"abc\r\n":                           {plainToken{value: "abc"}, ""},
		"abc\n1800000000":                   {plainToken{"abc", time.Unix(1_800_000_000, 0).UTC()}, ""},
		"abc\r\n1800000000\r\n":             {plainToken{"abc", time.Unix(1_800_000_000, 0).UTC()}, ""},
		"abc\n2026-11-26T10:00:00Z\n":       {plainToken{"abc", date(2026, 11, 26, 10, 0, 0, 0)}, ""},
		"abc\n2026-11-26T10:00:00.25+02:00": {plainToken{"abc", date(2026, 11, 26, 8, 0, 0, 250_000_000)}, ""},
		"abc\n1":                            {plainToken{"abc", time.Unix(1, 0).UTC()}, ""}, // expired
		"registrationToken=U2lnbg==\n253402300799": {plainToken{"registrationToken=U2lnbg==", date(9999, 12, 31, 23, 59, 59, 0)}, ""},
		"":                               {plainToken{}, "the output is empty"},
		"\n":                             {plainToken{}, notAToken},
		"\nabc":                          {plainToken{}, notAToken},
		" abc":                           {plainToken{}, notAToken},
		"not signed in":                  {plainToken{}, notAToken},
		`{"Version":1}`:                  {plainToken{}, notAToken},
		"abc\n\n":                        {plainToken{}, notATime},
		"abc\n0":                         {plainToken{}, notATime},
		"abc\n-5":                        {plainToken{}, notATime},
		"abc\n253402300800":              {plainToken{}, notATime},
		"abc\n0001-01-01T00:00:00Z":      {plainToken{}, notATime},
		"abc\n1969-12-31T23:59:59Z":      {plainToken{}, notATime},
		"abc\n9999-12-31T23:59:59-01:00": {plainToken{}, notATime},
		"abc\n2026-11-26":                {plainToken{}, notATime},
		"abc\n2026-11-26 10:00:00Z":      {plainToken{}, notATime},
		"abc\nexpires=1800000000":        {plainToken{}, notATime},
		"abc\n1800000000\n\n":            {plainToken{}, "the output has more than two lines"},
		"Warning: old\nabc\n1800000000":  {plainToken{}, "the output has more than two lines"},
	} {
		token, problem := parseCommandOutput(output)
		assert.Equal(t, want.token, plain(token), "%q", output)
		assert.Equal(t, want.problem, problem, "%q", output)
	}
}

func TestCommandOutputLimit(t *testing.T) {
	t.Parallel()
	stopped := 0
	output := commandOutput{exceeded: func() { stopped++ }}
	half := bytes.Repeat([]byte("t"), maxTokenText/2)
	for range 2 {
		n, err := output.Write(half)
		require.Equal(t, len(half), n)
		require.NoError(t, err)
	}
	require.False(t, output.tooLong)
	_, err := output.Write([]byte("t"))
	require.Error(t, err)
	require.True(t, output.tooLong)
	require.Equal(t, 1, stopped)
	require.Equal(t, maxTokenText, output.text.Len())
}

func FuzzCommandOutput(f *testing.F) { fuzzTargets(f)["CommandOutput"].Fuzz(f) }

// A token can be sent, and a problem repeats nothing of the output.
func checkCommandOutput(tb testing.TB, input []byte) {
	token, problem := parseCommandOutput(string(input))
	if problem != "" {
		require.Empty(tb, token.Value())
		require.Contains(tb, []string{
			"the output is empty", "the output has more than two lines", "line 1 of the output is not a token",
			"line 2 of the output is neither a Unix time in seconds nor one of RFC 3339",
		}, problem)
		return
	}
	require.NoError(tb, checkToken(token.Value()))
	require.True(tb, bytes.HasPrefix(input, []byte(token.Value())))
	output := token.Value()
	if !token.Expiry().IsZero() {
		require.True(tb, token.Expiry().Year() >= 1970 && token.Expiry().Year() <= 9999)
		output += "\n" + token.Expiry().Format(time.RFC3339Nano)
	}
	again, problem := parseCommandOutput(output)
	require.Empty(tb, problem)
	require.Equal(tb, plain(token), plain(again))
}
