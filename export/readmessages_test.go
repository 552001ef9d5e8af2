package export

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func openMessages(t testing.TB) *os.File {
	t.Helper()
	file, err := os.Open("testdata/messages.json")
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestReadMessages(t *testing.T) {
	t.Parallel()
	two := []contact{
		{MRI: "8:live:anna.7", DisplayName: "Anna Cooper"},
		{MRI: "8:fred.2", DisplayName: "Fred Two"}, // the name is that of his messages
		{MRI: "8:daisy.5", DisplayName: "Daisy Five", Blocked: true},
		{MRI: "8:live:.cid.1a2b3c4d5e6f7a8b"},
	}
	contacts, errs := readAll(ReadMessages(openMessages(t), ReadOptions{}))
	require.Empty(t, errs)
	require.Equal(t, two, contacts)

	contacts, errs = readAll(ReadMessages(iotest.OneByteReader(openMessages(t)), ReadOptions{GroupMembers: true}))
	require.Empty(t, errs)
	require.Equal(t, append(two, contact{MRI: "8:concierge.9"}, contact{MRI: "8:live:mary.1", DisplayName: "Mary Ann"}, contact{MRI: "8:peter.3"}), contacts)
}

func TestReadMessagesForms(t *testing.T) {
	t.Parallel()
	anna := []contact{{MRI: "8:anna.7", DisplayName: "Anna"}}
	for file, want := range map[string][]contact{
		`{"conversations":[{"displayName":"Anna","id":"8:anna.7"}],"userId":"8:joe.4"}`:                                                                                  anna,
		"\xEF\xBB\xBF\n{\"conversations\":[{\"id\":\"8:anna.7\",\"displayName\":\"Anna\"}]}":                                                                             anna,
		`{"userId":"8:Joe.4","conversations":[{"id":"8:joe.4","displayName":"Me"},{"id":"8:anna.7","displayName":"Anna"}]}`:                                              anna,
		`{"conversations":[{"id":"8:anna.7","displayName":"Anna"},{"id":"8:ANNA.7","displayName":"Other"}]}`:                                                             anna,
		`{"conversations":[{"MessageList":[{"displayName":"Anna","from":"https://x.example/v1/users/ME/contacts/8:anna.7"}],"id":"8:anna.7"}]}`:                          anna,
		`{"conversations":[{"MessageList":[{"displayName":null,"from":"8:anna.7"},{"displayName":"Anna","from":"8:anna.7"}],"id":"8:anna.7"}]}`:                          anna,
		`{"conversations":[{"id":"8:anna.7","displayName":"Anna","properties":null,"threadProperties":null,"MessageList":null}]}`:                                        anna,
		`{"conversations":[{"id":"8:anna.7","displayName":"Anna","MessageList":[1,null,{"from":2}]},{"id":"4:+442079460099"},{"id":"2:a@b.example"}]}`:                   anna,
		`{"conversations":[{"id":"19:x@thread.skype","threadProperties":{"members":["8:anna.7",1,"28:bot"]},"MessageList":[{"from":"8:anna.7","displayName":"Anna"}]}]}`: anna,
		`{"conversations":[{"id":"19:x@thread.skype","threadProperties":{"members":"[\"8:anna.7\""}},{"id":"8:anna.7","displayName":"Anna"}]}`:                           anna,
		`{"conversations":[{"id":"19:x@thread.skype","threadProperties":{"members":"[\"8:anna.7\"]"}},{"id":"8:anna.7","displayName":"Anna"}]}`:                          anna,
		`{"conversations":[{"id":"8:anna.7","displayName":"Anna"}]}{"another":1}`:                                                                                        anna,
	} {
		contacts, errs := readAll(ReadMessages(strings.NewReader(file), ReadOptions{GroupMembers: true}))
		require.Empty(t, errs, file)
		require.Equal(t, want, contacts, file)
	}
}

func TestReadMessagesSkipped(t *testing.T) {
	t.Parallel()
	file := `{"conversations":[null,{"id":"8:joe.4"},{"id":7},{"displayName":"secret"},"secret",{"id":"8:anna.7"}]}`
	contacts, errs := readAll(ReadMessages(strings.NewReader(file), ReadOptions{}))
	require.Equal(t, []contact{{MRI: "8:joe.4"}, {MRI: "8:anna.7"}}, contacts)
	require.Equal(t, []string{
		"skypecontacts: entry 0 skipped: undecodable response: it is not a conversation",
		"skypecontacts: entry 2 skipped: undecodable response: the conversation has no id",
		"skypecontacts: entry 3 skipped: undecodable response: the conversation has no id",
		"skypecontacts: entry 4 skipped: undecodable response: it is not a conversation",
	}, errs)
}

// Of a file that is cut off the people before the end are read, and the end is told.
func TestReadMessagesCutOff(t *testing.T) {
	t.Parallel()
	whole, err := io.ReadAll(openMessages(t))
	require.NoError(t, err)
	begins := bytes.Index(whole, []byte(": [")) // after the name of the list
	for length := range len(strings.TrimRight(string(whole), " \n")) {
		contacts, errs := readAll(ReadMessages(strings.NewReader(string(whole[:length])), ReadOptions{}))
		require.NotEmpty(t, errs)
		require.LessOrEqual(t, len(errs), 2)
		switch {
		case length < begins:
			require.Equal(t, []string{errNotMessages.Error()}, errs, length)
		case len(contacts) == 0:
			require.Equal(t, errNobody.Error(), errs[len(errs)-1])
		default:
			require.Len(t, errs, 1)
			require.Contains(t, errs[0], "the file is cut off here")
		}
	}
}

func TestReadMessagesErrors(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]error{
		"":                       errNotMessages,
		"[]":                     errNotMessages,
		"{}":                     errNotMessages,
		"null":                   errNotMessages,
		`{"contacts":[]}`:        errNotMessages,
		`{"endpoints":[]}`:       errNotMessages,
		`{"conversations":[]}`:   errNobody,
		`{"conversations":null}`: errNobody,
		`{"conversations":[{"id":"28:bot"},{"id":"48:calllogs"}]}`: errNobody,
		`{"conversations":[{"id" "secret"}]}`:                      errors.New("export: the file is not valid JSON after byte 23"),
		`{"conversations":[{"id":secret}]}`:                        errors.New("export: the file is not valid JSON after byte 23"),
		"secret":                                                   errors.New("export: the file is not valid JSON after byte 0"),
	} {
		var last error
		for c, err := range ReadMessages(strings.NewReader(file), ReadOptions{}) {
			require.Nil(t, c)
			last = err
		}
		require.EqualError(t, last, want.Error(), file)
	}
	errReader := errors.New("the disk is gone")
	for _, file := range []string{"", "{", `{"conversations":[{"id":"8:jo`} {
		var last error
		for _, err := range ReadMessages(io.MultiReader(strings.NewReader(file), iotest.ErrReader(errReader)), ReadOptions{}) {
			last = err
		}
		require.ErrorIs(t, last, errReader)
	}
	_, errs := readAll(ReadMessages(io.MultiReader(strings.NewReader(`{"conversations":[{"id":"`), longText('a')), ReadOptions{}))
	require.Equal(t, []string{errStringTooBig.Error()}, errs)
}

func TestReadMessagesBreak(t *testing.T) {
	t.Parallel()
	testBreak(t, func() iter.Seq2[*contact, error] {
		return ReadMessages(strings.NewReader(`{"conversations":[{"id":"8:joe.4"},null,{"id":"19:x","threadProperties":{"members":["8:anna.7","8:fred.2"]}}]}`),
			ReadOptions{GroupMembers: true})
	})
}

var largeFiles = flag.Bool("large", false, "read a messages.json of 1 GB and a contacts.csv of 100,000 rows")

// The memory that reading takes does not depend on the size of the file. With -large
// that is 1 GB; without, 32 MB.
func TestReadMessagesMemory(t *testing.T) { //nolint:paralleltest // measures memory
	const bound = 8 << 20
	size := int64(32 << 20)
	if *largeFiles {
		size = 1 << 30
	}
	file := &generatedMessages{size: size}
	base, highest := heapBytes(), uint64(0)
	file.eachMegabyte = func() { highest = max(highest, heapBytes()) }
	began, people := time.Now(), 0
	for c, err := range ReadMessages(file, ReadOptions{GroupMembers: true}) {
		require.NoError(t, err)
		require.NotEmpty(t, c.DisplayName)
		people++
	}
	t.Logf("%d MB with %d people in %v: %d KB", file.done>>20, people, time.Since(began), (int64(highest)-int64(base))>>10)
	require.Equal(t, file.conversations, people)
	require.Greater(t, file.done, size)
	require.Less(t, highest, base+bound)
}

func heapBytes() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// generatedMessages is a messages.json of at least size bytes, with 2 MB of messages in each
// conversation.
type generatedMessages struct {
	size, done    int64
	conversations int
	rest          string
	messages      int // left in the conversation
	ended         bool
	megabyte      int64
	eachMegabyte  func()
}

func (g *generatedMessages) Read(p []byte) (int, error) {
	if g.rest == "" {
		g.rest = g.next()
	}
	if g.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	g.done += int64(n)
	if g.done>>20 > g.megabyte {
		g.megabyte = g.done >> 20
		g.eachMegabyte()
	}
	return n, nil
}

func (g *generatedMessages) next() string {
	const perConversation = 2000
	message := fmt.Sprintf(`{"id":"%d","displayName":"Person %d","originalarrivaltime":"2020-01-02T03:04:05Z","messagetype":"RichText","version":1,`+
		`"content":"%s","conversationid":"8:person.%d","from":"8:person.%d","properties":null,"amsreferences":null}`,
		g.messages, g.conversations, strings.Repeat(`Tea \"and\" scones\n`, 40), g.conversations, g.conversations)
	switch {
	case g.ended:
		return ""
	case g.done == 0:
		g.conversations, g.messages = 1, perConversation
		return `{"userId":"8:joe.4","exportDate":"2025-04-24T14:45","conversations":[{"id":"8:person.1","displayName":null,"MessageList":[{}`
	case g.messages > 0:
		g.messages--
		return "," + message
	case g.done > g.size:
		g.ended = true
		return "]}]}"
	default:
		g.conversations, g.messages = g.conversations+1, perConversation
		return fmt.Sprintf(`]},{"id":"8:person.%d","displayName":null,"MessageList":[{}`, g.conversations)
	}
}

func FuzzReadMessages(f *testing.F) {
	file, err := io.ReadAll(openMessages(f))
	require.NoError(f, err)
	f.Add(file)
	f.Add([]byte(`{"conversations":[{"id":"8:anna.7","displayName":"Anna"}]}`))
	f.Add([]byte(`{"conversations":[{"id":"19:x","threadProperties":{"members":"[\"8:a\",\"8:b\"]"}},null`))
	f.Fuzz(func(t *testing.T, file []byte) {
		ended, seen := false, map[[16]byte]bool{}
		for c, err := range ReadMessages(strings.NewReader(string(file)), ReadOptions{GroupMembers: true}) {
			require.False(t, ended)
			require.NotEqual(t, c == nil, err == nil)
			ended = err != nil && !isEntryError(err)
			if c != nil {
				require.Equal(t, skypecontacts.KindSkype, c.MRI.Kind())
				require.NotEmpty(t, c.MRI.ID())
				require.False(t, seen[identifierHash(c.MRI)])
				seen[identifierHash(c.MRI)] = true
			}
		}
		require.True(t, ended || len(seen) > 0)
	})
}
