package skypecontacts

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"slices"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts/internal/credential"
)

const (
	// commandTimeout is less than refreshTimeout, so that the error says what failed.
	commandTimeout = 10 * time.Second
	// commandWaitDelay is how long output is read after the program has ended.
	commandWaitDelay = time.Second
)

// TokenCommand returns a source that runs a program and reads a token from its output, as
// git runs credential helpers and the AWS SDKs a credential_process. It can be any program
// that prints the token: a password manager, or one that signs in.
//
//	skypecontacts.TokenCommand("pass", "show", "skype/token")
//
// The program is started directly, without a shell: nothing is expanded or split, and
// every argument reaches it as it is. It has the environment and the directory of this
// process, and nothing to read on its standard input. It must end with status 0 and print
// the token in the first line, and may print its expiry in a second, as a Unix time in
// seconds or as in RFC 3339:
//
//	eyJhbGciOiJSUzI1NiIsImtpZCI6IjEwMiJ9.eyJleHAiOjE3OTU2OTQ0MDB9.c2lnbmF0dXJl
//	2026-11-26T10:00:00Z
//
// More lines, more than 64 KiB, and a first line with spaces or with the signs of JSON or
// HTML are errors. Without an expiry the client uses the token until the service refuses
// it.
//
// The program runs at every call of the source, which the client makes when it has no
// token, before the expiry, and after a 401; see [TokenSource]. It is not told why. It is
// killed after ten seconds, or when the context of the call ends. Programs that it has
// started are not killed, but if they keep its output open it is read for no more than a
// second after the end of the program.
//
// Errors name the program and its exit status, and have nothing of its arguments,
// environment and output. What it writes to its standard error is discarded, because that
// may hold secrets, too, and this package prints nothing: run the program by hand to see
// it. Errors match [exec.ErrNotFound], [exec.ExitError] (by [errors.As]),
// [context.DeadlineExceeded] or, if the output is not a token, [ErrInvalid].
func TokenCommand(name string, args ...string) TokenSource {
	return TokenSourceFunc(tokenCommand{name: name, args: slices.Clone(args), timeout: commandTimeout}.run)
}

// tokenCommand is a program with its arguments. It is used only as a method value, whose
// arguments no printer can read.
type tokenCommand struct {
	name    string
	args    []string
	timeout time.Duration
}

func (c tokenCommand) run(ctx context.Context) (Token, error) {
	if err := ctx.Err(); err != nil {
		return Token{}, err
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	output := commandOutput{exceeded: cancel}
	cmd := exec.CommandContext(limited, c.name, c.args...) //nolint:gosec // the program names the command
	cmd.Stdout = &output
	cmd.WaitDelay = commandWaitDelay
	err := cmd.Run()
	switch {
	case output.tooLong:
		return Token{}, c.newError("the output is larger than 64 KiB", ErrInvalid)
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // it succeeded, and another program has its output open
		token, problem := parseCommandOutput(output.text.String())
		if problem != "" {
			return Token{}, c.newError(problem, ErrInvalid)
		}
		return token, nil
	case ctx.Err() != nil:
		return Token{}, ctx.Err()
	case limited.Err() != nil:
		return Token{}, c.newError("did not end within "+c.timeout.String(), context.DeadlineExceeded)
	default:
		return Token{}, c.newError(commandFailure(err), err)
	}
}

func (c tokenCommand) newError(problem string, cause error) error {
	return sourceError{source: "token command " + strconv.Quote(c.name), problem: problem, cause: cause}
}

// commandFailure returns the text for an error of [exec.Cmd.Run].
func commandFailure(err error) string {
	var exit *exec.ExitError
	var search *exec.Error
	var start *fs.PathError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() >= 0: // its own text may be the program's, on Plan 9
		return "exit status " + strconv.Itoa(exit.ExitCode())
	case errors.As(err, &exit):
		return "ended by a signal"
	case errors.As(err, &search):
		return search.Err.Error()
	case errors.As(err, &start):
		return start.Err.Error()
	default:
		return "cannot be run"
	}
}

// parseCommandOutput parses what a token command prints. It returns the problem, "" if
// there is none, which never repeats the output.
func parseCommandOutput(output string) (token Token, problem string) {
	lines := textLines(output)
	switch {
	case len(lines) == 0:
		return Token{}, "the output is empty"
	case len(lines) > 2:
		return Token{}, "the output has more than two lines"
	case !credential.IsToken(lines[0]):
		return Token{}, "line 1 of the output is not a token"
	case len(lines) == 1:
		return NewToken(lines[0], time.Time{}), ""
	}
	expiry, ok := parseUnixSeconds(lines[1])
	if !ok {
		var err error
		expiry, err = time.Parse(time.RFC3339, lines[1])
		expiry = expiry.UTC()
		ok = err == nil && expiry.Year() >= 1970 && expiry.Year() <= 9999
	}
	if !ok {
		return Token{}, "line 2 of the output is neither a Unix time in seconds nor one of RFC 3339"
	}
	return NewToken(lines[0], expiry), ""
}

// commandOutput keeps at most maxTokenText bytes. It stops the program that writes more.
type commandOutput struct {
	text     bytes.Buffer
	tooLong  bool
	exceeded func()
}

func (o *commandOutput) Write(p []byte) (int, error) {
	if o.text.Len()+len(p) > maxTokenText {
		o.tooLong = true
		o.exceeded()
		return 0, io.ErrShortWrite
	}
	return o.text.Write(p)
}
