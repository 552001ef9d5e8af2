package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

// Everyone in the lists is an account or a bot, so that every call about them has a
// result; and nothing has a form that the oldest clients cannot read.
func TestSampleData(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	known := map[skypecontacts.MRI]bool{}
	for _, a := range data.Accounts {
		known[a.MRI] = true
		assert.Zero(t, a.Spelling)
		assert.NotEmpty(t, a.SkypeToken)
		assert.NotEmpty(t, a.RegistrationToken)
	}
	for _, b := range data.Bots {
		known[skypecontacts.MRI("28:"+b.ID)] = true
		assert.Zero(t, b.Spelling)
	}
	for _, a := range data.Accounts {
		mentioned := append(append([]skypecontacts.MRI{}, a.Blocklist...), a.Messenger...)
		for _, c := range a.Contacts {
			mentioned = append(mentioned, c.MRI)
		}
		for _, g := range a.Groups {
			mentioned = append(mentioned, g.Contacts...)
		}
		for _, in := range a.Invites {
			mentioned = append(mentioned, in.From)
		}
		for _, id := range mentioned {
			assert.True(t, known[id], id)
		}
	}
	assert.Equal(t, skypetest.SampleData(), data)
}
