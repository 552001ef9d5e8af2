package interop

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// nodeClient is a client of npm that runs in node. testdata/preload.cjs connects what it
// sends to the real hosts to a proxy, and a driver in testdata calls its functions.
type nodeClient struct {
	proxy *realHostsProxy
	input io.Writer
	lines *bufio.Scanner
}

// drivers has the program for each client.
var drivers = map[string]string{"skype-http 0.0.15": "drive_skype_http.cjs", "skype-web-api 0.3.5": "drive_skype_web_api.cjs"}

// startNode starts a client, or returns what is missing for it.
func startNode(t *testing.T, client string) (node *nodeClient, missing string) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		return nil, "node is not installed here"
	}
	name, version, _ := strings.Cut(client, " ")
	manifest, err := os.ReadFile("testdata/node_modules/" + name + "/package.json")
	if err != nil {
		return nil, "it is not installed here (npm ci in internal/interop/testdata)"
	}
	require.Contains(t, string(manifest), fmt.Sprintf(`"version": %q`, version))

	proxy := newRealHostsProxy(t)
	cmd := exec.CommandContext(t.Context(), "node", "--no-deprecation", "--require", "./preload.cjs", drivers[client])
	cmd.Dir = "testdata"
	cmd.Env = append(cmd.Environ(), "NODE_EXTRA_CA_CERTS="+proxy.certificate, "PROXY_PORT="+proxy.port)
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = input.Close() // ends the driver
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 64<<20)
	return &nodeClient{proxy, input, lines}, ""
}

// call calls a function of the client on a server, signed in to an account. The arguments
// are a JSON array. It returns the result, or how the function failed.
func (c *nodeClient) call(t *testing.T, srv *skypetest.Server, function, arguments string, own skypetest.Account) (result any, failure string) {
	t.Helper()
	c.proxy.target.Store(srv)
	line, err := json.Marshal(map[string]any{
		"function": function, "args": json.RawMessage(arguments), "self": withoutPrefix(profilePerson(own)).ID,
		"skypeToken": own.SkypeToken, "registrationToken": own.RegistrationToken,
	})
	require.NoError(t, err)
	_, err = c.input.Write(append(line, '\n'))
	require.NoError(t, err)
	require.True(t, c.lines.Scan(), "the driver has ended: %v", c.lines.Err())
	var response struct {
		Result any    `json:"result"`
		Error  string `json:"error"`
	}
	require.NoError(t, json.Unmarshal(c.lines.Bytes(), &response), "%s", c.lines.Bytes())
	return response.Result, response.Error
}
