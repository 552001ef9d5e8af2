//go:build unix

package demo_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commandsOfThePage returns the commands of docs/tokens.md in their order, but for those of
// examples/signin, which that module tries.
func commandsOfThePage(t *testing.T) (commands []string) {
	t.Helper()
	page, err := os.ReadFile("../../../docs/tokens.md")
	require.NoError(t, err)
	before, after, found := strings.Cut(string(page), "\n## With a Microsoft account\n")
	require.True(t, found)
	_, after, found = strings.Cut(after, "\n## ")
	require.True(t, found)
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(before+after, -1) {
		commands = append(commands, strings.Split(strings.TrimSpace(block[1]), "\n")...)
	}
	require.Len(t, commands, 6)
	return commands
}

// The commands of docs/tokens.md run against the fake service, with its token of another
// account than its own. "pass" is a script here.
func testCommandsOfTokensPage(t *testing.T, bin string) {
	t.Helper()
	line := startServer(t, bin)
	var server demo.ServerLine
	require.NoError(t, json.Unmarshal([]byte(line), &server))
	account := server.Accounts[1]
	dir := t.TempDir()
	lineFile := filepath.Join(dir, "line.json")
	tokens := fmt.Sprintf("%s\n%s\n4102444800\nregistrationToken=%s\n4102444800\nhttps://client-s.gateway.messenger.live.com/v1\n",
		account.UserID, account.SkypeToken, account.RegistrationToken)
	for name, content := range map[string]string{
		"line.json":  line,
		"tokens.txt": tokens,
		"pass":       "#!/bin/sh\n[ \"$*\" = 'show skype' ] && echo " + account.SkypeToken + "\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	require.NoError(t, os.Chmod(filepath.Join(dir, "pass"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(dir, "tokens.txt"), 0o644)) // as after a copy
	for _, command := range commandsOfThePage(t) {
		tried := regexp.MustCompile(`go run \./examples/(\w+)`).ReplaceAllString(command, bin+"/$1 -endpoints "+lineFile)
		run := exec.CommandContext(t.Context(), "sh", "-ec", tried)
		run.Dir = dir
		run.Env = append(os.Environ(), "SKYPE_TOKEN=", "SKYPE_USER=", "PATH="+dir+":"+os.Getenv("PATH"))
		output, err := run.CombinedOutput()
		require.NoError(t, err, "%s: %s", command, output)
		if strings.Contains(command, "examples/contacts") {
			assert.Contains(t, string(output), "Fred Adams", command) // of whom the own account has no entry
		}
	}
	for _, name := range []string{"contacts.vcf", "contacts.jsonl"} {
		written, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Contains(t, string(written), "Fred", name)
	}

	// What the page says of a file that others can read.
	require.NoError(t, os.Chmod(filepath.Join(dir, "tokens.txt"), 0o644))
	_, stderr, status := runExample(t, filepath.Join(bin, "contacts"), "-endpoints", lineFile, "-token-file", filepath.Join(dir, "tokens.txt"))
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "mode 0644 lets others than the owner read or change it")
	assert.NotContains(t, stderr, account.SkypeToken)
}
