package peers

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"runtime"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	gojson "github.com/goccy/go-json"
	jsoniter "github.com/json-iterator/go"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/require"
)

var printTable = flag.Bool("table", false, "decode 2,000 contacts and print how long each library takes")

// peer is a library that decodes a contact list into plain structs, or the SDK.
type peer struct {
	name   string
	decode func(body []byte) (contacts int, err error)
}

func peers(t *testing.T) []peer {
	t.Helper()
	return []peer{
		{"encoding/json", plainly(json.Unmarshal)},
		{"go-json-experiment", plainly(func(body []byte, list any) error {
			return jsonv2.Unmarshal(body, list, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
		})},
		{"json-iterator (unsafe)", plainly(jsoniter.ConfigCompatibleWithStandardLibrary.Unmarshal)},
		{"goccy/go-json (unsafe)", plainly(gojson.Unmarshal)},
		{sonicName(), plainly(sonic.ConfigStd.Unmarshal)},
		{"SDK: ListContacts without the network", listContacts(t)},
	}
}

// sonicName says what sonic does: it compiles decoders for the versions of Go that it
// knows, and uses encoding/json for others.
func sonicName() string {
	if sonic.APIKind == sonic.UseStdJSON {
		return "sonic (encoding/json, as it does not support " + runtime.Version() + ")"
	}
	return "sonic (JIT)"
}

func plainly(unmarshal func([]byte, any) error) func([]byte) (int, error) {
	return func(body []byte) (int, error) {
		var list payload.List
		err := unmarshal(body, &list)
		return len(list.Contacts), err
	}
}

func listContacts(t *testing.T) func([]byte) (int, error) {
	t.Helper()
	var body []byte
	c := apitest.NewClient(t, apitest.RoundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
		}, nil
	}))
	return func(b []byte) (int, error) {
		body = b
		list, err := c.ListContacts(t.Context())
		if err != nil {
			return 0, err
		}
		return len(list.Contacts), nil
	}
}

// result is what decoding one contact takes: the best of all rounds.
type result struct{ nanoseconds, allocations float64 }

// The libraries take turns, so that load makes all of them slower.
func TestPeers(t *testing.T) { //nolint:paralleltest // measures time
	n, rounds := 100, 1
	if *printTable {
		n, rounds = 2000, 75 // short rounds, of which some are not interrupted
	}
	body, all := payload.Contacts(n), peers(t)
	results := make([]result, len(all))
	for i, peer := range all {
		decode := func() {
			contacts, err := peer.decode(body)
			require.NoError(t, err, peer.name)
			require.Equal(t, n, contacts, peer.name)
		}
		results[i] = result{math.Inf(1), testing.AllocsPerRun(1, decode) / float64(n)}
	}
	for range rounds {
		for i, peer := range all {
			runtime.GC()
			began := time.Now()
			_, _ = peer.decode(body)
			results[i].nanoseconds = min(results[i].nanoseconds, float64(time.Since(began).Nanoseconds())/float64(n))
		}
	}
	if *printTable {
		printResults(all, results, float64(len(body))/float64(n))
	}
}

// printResults prints the first peer as the one to which all are compared.
func printResults(all []peer, results []result, contactSize float64) {
	fmt.Printf("%s, %.0f bytes a contact\n", runtime.Version(), contactSize)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "decoder\tns a contact (best)\tx %s\tallocations\tMB/s\n", all[0].name)
	for i, r := range results {
		fmt.Fprintf(w, "%s\t%.0f\t%.2f\t%.2f\t%.0f\n", all[i].name,
			r.nanoseconds, r.nanoseconds/results[0].nanoseconds, r.allocations, contactSize/r.nanoseconds*1000)
	}
	_ = w.Flush()
}
