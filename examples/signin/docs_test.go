//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commandsOfThePage returns the commands of the part of docs/tokens.md that this program is
// about. examples/internal/demo tries the others.
func commandsOfThePage(t *testing.T) (commands []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/tokens.md")
	require.NoError(t, err)
	_, part, found := strings.Cut(string(page), "\n## With a Microsoft account\n")
	require.True(t, found)
	part, _, found = strings.Cut(part, "\n## ")
	require.True(t, found)
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(part, -1) {
		commands = append(commands, strings.Split(strings.TrimSpace(block[1]), "\n")...)
	}
	return commands
}

// build returns the path of an example of the root module.
func build(t *testing.T, dir, name string) {
	t.Helper()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, name), "./examples/"+name)
	build.Dir = "../.."
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// The commands run in the order of the page, with the fake service in place of the real
// one. The user confirms when the program asks.
func TestCommandsOfThePage(t *testing.T) {
	t.Parallel()
	commands := commandsOfThePage(t)
	require.Len(t, commands, 6)
	_, line := newServer(t)
	source, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "line.json"), []byte(line), 0o600))
	for _, name := range []string{"contacts", "export"} {
		build(t, dir, name)
	}
	outputs := make([]string, len(commands))
	for i, command := range commands {
		tried := strings.Replace(command, "go run -C examples/signin .", "go run -C "+source+" .", 1)
		tried = strings.Replace(tried, "go build -C examples/signin -o ../../signin .", "go build -C "+source+" -o "+dir+"/signin .", 1)
		tried = regexp.MustCompile(`go run \./examples/(\w+)`).ReplaceAllString(tried, "./$1 -endpoints line.json")
		tried = strings.ReplaceAll(tried, "$HOME", dir) // the home directory has the caches of the go command
		tried = strings.ReplaceAll(tried, "./signin -client-id", "./signin -endpoints line.json -client-id")
		run := exec.CommandContext(t.Context(), "sh", "-ec", tried)
		run.Dir = dir
		run.Env = append(os.Environ(), "SKYPE_TOKEN=", "SKYPE_USER=", "CLIENT_ID=11111111-2222-4333-8444-555555555555")
		var stdout, stderr strings.Builder
		run.Stdout = &stdout
		run.Stderr = promptFunc(func(text string) {
			stderr.WriteString(text)
			if !strings.Contains(command, "go run -C") { // whose user approves by itself
				confirm(t, text, "approve")
			}
		})
		require.NoError(t, run.Run(), "%s: %s", command, stderr.String())
		outputs[i] = stdout.String()
	}
	assert.Equal(t, wantTable, outputs[0])
	assert.Empty(t, outputs[1])
	assert.Contains(t, outputs[2], "Fred Adams", "the list of the one who has confirmed")
	assert.Contains(t, outputs[3], "Fred Adams")
	assert.Contains(t, outputs[5], "Signed out.")
	assert.NoFileExists(t, filepath.Join(dir, ".skype-refresh-token"))
	book, err := os.ReadFile(filepath.Join(dir, "contacts.vcf"))
	require.NoError(t, err)
	assert.Contains(t, string(book), "Fred")
}

// buildProgram returns the path of this program.
func buildProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "signin")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// Its flags are printed and refused as those of every example.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	out, err := exec.CommandContext(t.Context(), program, "-h").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "signin signs in with a Microsoft account and prints the contact list.\n\nUsage: signin [flags]\n  -client-id ID\n")
	for arg, want := range map[string]string{
		"-what": "an argument is not valid: flag provided but not defined: -what; -h lists the flags\n",
		"x":     "an argument is not valid: \"x\"; there are only flags, which -h lists\n",
	} {
		out, err := exec.CommandContext(t.Context(), program, arg).CombinedOutput()
		require.Error(t, err)
		assert.Equal(t, want, string(out))
	}
}

// On a machine without a keyring the program says so before it asks the user, and names
// the alternative.
func TestNoKeyring(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "darwin" {
		return // the keychain needs no bus
	}
	_, line := newServer(t)
	program := buildProgram(t)
	run := exec.CommandContext(t.Context(), program, "-store", "keyring", "-endpoints", line)
	run.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent")
	text, err := run.CombinedOutput()
	require.Error(t, err)
	assert.Equal(t, "The place of the refresh token cannot be used. -store names another, such as file:PATH.\n"+
		"(teamsauth: LoadRefreshToken: keyring entry of \"skypecontacts examples/signin\": the keyring cannot be used: there is none, or it stayed locked; "+
		"a file can keep the refresh token instead (teamsauth.File))\n", string(text))
}
