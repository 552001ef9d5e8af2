package export

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// leftOutTexts returns the lines at the end of a page.
func leftOutTexts(t *testing.T, contacts iter.Seq2[*contact, error], opts Options) (texts []string) {
	t.Helper()
	var out strings.Builder
	_, err := Write(&out, HTML, contacts, opts)
	require.NoError(t, err)
	requireSafePage(t, out.String())
	_, end, found := strings.Cut(out.String(), "<footer>")
	require.True(t, found)
	for _, line := range nodesOf(t, end, "li") {
		texts = append(texts, nodeText(line))
	}
	for _, line := range nodesOf(t, end, "p") {
		texts = append(texts, nodeText(line))
	}
	return texts[:len(texts)-1] // the last is in each page
}

func TestPageLeftOut(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"Nothing of use is missing: everybody in the list is here."}, leftOutTexts(t, contactSequence(&contact{MRI: "8:joe.4"}), Options{}))
	one := contactSequence(
		&contact{MRI: "8:joe.4", AuthCertificate: "secret", Extra: skypecontacts.Extra{"shoe": nil, "8:anna.7": nil}},
		&contact{MRI: "8:joe.4"}, &contact{MRI: "8:anna.7", Suggested: true}, &contact{MRI: "28:concierge"}, &contact{MRI: "8:fred.2", Blocked: true},
		&contact{MRI: "8:daisy.5", Profile: skypecontacts.Profile{Mood: skypecontacts.Mood{Plain: "at sea"}, AvatarURL: "https://avatar.example/secret"}, Extra: skypecontacts.Extra{"shoe": nil, "<hat>": nil, "hat": nil}, Sources: []skypecontacts.RelationshipSource{{Type: "Scd"}}},
	)
	require.Equal(t, []string{
		"1 person whom Skype only suggested", "1 bot", "1 blocked person", "1 entry for somebody who is here already",
		"The picture of 1 person", "The mood of 1 person",
		"Parts of the list that the page has no place for: “shoe”, “hat”, others",
		"Details that serve Skype itself, such as certificates, are not shown either.",
	}, leftOutTexts(t, one, Options{NoBlocked: true}))
}

func TestPageLeftOutErrors(t *testing.T) {
	t.Parallel()
	list := func(yield func(*contact, error) bool) {
		for i := range 12 {
			_ = yield(nil, &RowError{Line: i + 1, Reason: "the row has no <id>"}) &&
				yield(&contact{MRI: skypecontacts.MRI(fmt.Sprintf("8:joe.%d", i))}, skypecontacts.SkippedItem{Index: i, Err: skypecontacts.ErrDecode})
		}
		_ = yield(&contact{MRI: "8:anna.7"}, &RowError{Line: 99, Reason: "nothing is lost", Notice: true}) && yield(nil, nil)
	}
	texts := leftOutTexts(t, list, Options{})
	require.Len(t, texts, 2+2*(maxReasons+1))
	require.Equal(t, "line 1: the row has no <id>", texts[1])
	require.Equal(t, "and 3 more", texts[maxReasons+1])
	require.Contains(t, texts[0], "13 entries that could not be read")
	require.Contains(t, texts[maxReasons+2], "12 people are here, but a part of their entries could not be read")
	require.Contains(t, texts[maxReasons+3], "entry 0 skipped: ")
	require.NotContains(t, strings.Join(texts, "\n"), "nothing is lost")
}

func TestLostColumns(t *testing.T) {
	t.Parallel()
	notHeld := map[string]int{"sources": 9, "extra": 1}
	for i := range 20 {
		notHeld[fmt.Sprintf("extra.c%02d", i)] = 1
	}
	notHeld["profile.extra.hat"] = 2
	names := lostColumns(notHeld)
	require.Len(t, names, shownColumns+1)
	require.Equal(t, []string{"“hat”", "“c00”"}, names[:2])
	require.Equal(t, "and 9 more", names[shownColumns])
	require.True(t, hasTechnicalLoss(map[string]int{"explicit": 1}))
	require.False(t, hasTechnicalLoss(map[string]int{"profile.avatar_url": 1, "extra": 1, "extra.a": 1, "profile.extra": 1, "profile.extra.b": 1, "profile.mood": 1}))
}
