package main

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
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
		{"own", nil, ownGolden},
		{"others", []string{"anna.7", "nobody.99"}, othersGolden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			t.Cleanup(srv.Close)
			var out strings.Builder
			require.NoError(t, run(t.Context(), srv.Client(skypecontacts.WithDialect(skypecontacts.DialectCurrent)), &out, tt.args))
			assert.Equal(t, tt.golden, out.String())
		})
	}
}

const ownGolden = `Name:      Fred Adams
ID:        8:fred.2
Birthday:  1985-06-07
Gender:    male
Language:  en
City:      Bristol
Country:   GB
Phones:    +441174960123 (home)
           +447700900123 (mobile)
E-mail:    fred.2@example.com
Job:       Gardener
Homepage:  https://fred.example
Mood:      Gone fishing (fish)
About:     Likes tea & cake
`

const othersGolden = `Name:      Anna Cooper
ID:        8:anna.7
Gender:    female
Language:  en
City:      Manchester
Country:   GB
Mood:      Excited!

There is no account nobody.99.
`
