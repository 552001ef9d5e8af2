package main

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutput(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		args   []string
		golden string
	}{
		{"list", nil, listGolden},
		{"one", []string{"concierge"}, oneGolden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			t.Cleanup(srv.Close)
			var out strings.Builder
			require.NoError(t, run(t.Context(), srv.Client(), &out, tt.args))
			assert.Equal(t, tt.golden, out.String())
		})
	}
}

const listGolden = `NAME     ID                                       DEVELOPER       TRUSTED  RATING  DESCRIPTION
Skype    28:concierge                             Skype           yes      5.0     Helps you around.
Weather  28:7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908  Umbrella Works  no       3.0     Says whether to take an umbrella.
`

const oneGolden = `Name:         Skype
ID:           28:concierge
Description:  Helps you around.
Developer:    Skype
Trusted:      yes
Rating:       5.0
Languages:    en-US, en-GB
Website:      https://concierge.example
Terms:        https://concierge.example/terms
Privacy:      https://concierge.example/privacy
`
