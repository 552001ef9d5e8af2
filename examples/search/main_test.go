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
		{"found", nil, foundGolden},
		{"nobody", []string{"nobody", "at", "all"}, nobodyGolden},
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

const foundGolden = `1 found for "joe"

NAME        ID       AGE  CITY    COUNTRY  LANGUAGE
Joe Bloggs  8:joe.4  29   London  GB       en
`

const nobodyGolden = `0 found for "nobody at all"

NAME  ID  AGE  CITY  COUNTRY  LANGUAGE
`
