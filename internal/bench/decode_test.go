package bench_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/require"
)

// lenient permits what the SDK permits.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// decoders are ListContacts, with all of a call but the network, and what it is compared
// with: the same body in plain structs, and its tokens in no structs at all.
var decoders = map[string]func(t *testing.T, body []byte, n int) func(){
	"sdk": func(t *testing.T, body []byte, n int) func() {
		t.Helper()
		return listing(t, newClient(t, inMemory(body)), n)
	},
	"plain": func(t *testing.T, body []byte, n int) func() {
		t.Helper()
		return func() {
			var list payload.List
			require.NoError(t, json.Unmarshal(body, &list, lenient))
			require.Len(t, list.Contacts, n)
		}
	},
	"walk": func(t *testing.T, body []byte, _ int) func() {
		t.Helper()
		return func() { require.Equal(t, io.EOF, walk(body)) }
	},
}

// walk reads a document token by token.
func walk(body []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(body), lenient)
	for {
		var err error
		switch decoder.PeekKind() {
		case '{', '}', '[', ']':
			_, err = decoder.ReadToken()
		default:
			_, err = decoder.ReadValue()
		}
		if err != nil {
			return err
		}
	}
}

func decodeFigures(t *testing.T) []figure {
	t.Helper()
	n := full(10_000)
	unit, repeats := "instructions", true
	of := map[string]float64{}
	if valgrind, err := exec.LookPath("valgrind"); err == nil && *printTable {
		for name := range decoders {
			once, twice := instructions(t, valgrind, name, 1), instructions(t, valgrind, name, 2)
			of[name] = twice - once // without the start of the program
		}
	} else {
		unit, repeats = "processor time, as valgrind is absent,", false
		body := payload.Contacts(n)
		sdk := decoders["sdk"](t, body, n)
		of["sdk"] = 1
		for _, name := range []string{"plain", "walk"} {
			of[name] = 1 / ratio(cpuTime, full(15), sdk, decoders[name](t, body, n))
		}
	}
	return []figure{
		{"P1", "ListContacts of 10,000: " + unit + " against go-json-experiment into plain structs", of["sdk"] / of["plain"], 1, 0.9, false, repeats},
		{"P2", "… against the bare jsontext walk", of["sdk"] / of["walk"], 1.6, 1.4, false, repeats},
	}
}

var (
	decoderFlag = flag.String("decoder", "", "for callgrind: decode 10,000 contacts by this decoder")
	roundsFlag  = flag.Int("rounds", 1, "for callgrind: how often")
)

// TestDecodeOnly is what callgrind runs.
func TestDecodeOnly(t *testing.T) { //nolint:paralleltest // callgrind counts the whole process
	if *decoderFlag == "" {
		for name := range decoders {
			decoders[name](t, payload.Contacts(3), 3)()
		}
		return
	}
	synctest.Test(t, func(t *testing.T) { // callgrind is slow, and here that is no reason for a timeout
		const n = 10_000
		decode := decoders[*decoderFlag](t, payload.Contacts(n), n)
		for range *roundsFlag {
			decode()
		}
	})
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// instructions returns how many instructions callgrind counts in this program when it
// decodes as often as told. One thread without garbage collector and preemption runs the
// same ones each time, but for one in some thousand.
func instructions(t *testing.T, valgrind, decoder string, rounds int) float64 {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	command := exec.CommandContext(context.Background(), valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null",
		program, "-test.run=^TestDecodeOnly$", "-decoder="+decoder, fmt.Sprintf("-rounds=%d", rounds))
	command.Env = append(command.Environ(), "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	count := collected.FindSubmatch(out)
	require.NotNil(t, count, string(out))
	instructions, err := strconv.ParseFloat(string(count[1]), 64)
	require.NoError(t, err)
	return instructions
}

func allocationFigures(t *testing.T) []figure {
	t.Helper()
	n := full(10_000)
	c := newClient(t, inMemory(payload.Contacts(n)))
	perContact := func(work func()) float64 {
		objects, _ := allocated(full(3), work)
		return objects / float64(n)
	}
	return []figure{
		{"P3", "allocations a contact of 10,000: ListContacts", perContact(listing(t, c, n)), 1, 0.5, false, true},
		{"P3", "… AllContacts", perContact(streaming(t, c, n, func() {})), 2, 1, false, true},
		{"P3", "… GetRoster", perContact(gettingRoster(t, c, n)), 1, 0.5, false, true},
	}
}
