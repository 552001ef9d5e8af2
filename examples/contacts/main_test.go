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
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	var out strings.Builder
	require.NoError(t, run(t.Context(), srv.Client(), &out, nil))
	assert.Equal(t, golden, out.String())
}

const golden = `NAME         ID            COUNTRY  PHONES                  FLAGS               GROUPS
Joe Bloggs   8:joe.4       GB       +442099887766 (home)    favorite            Favourites
                                    +442020900900 (work)
                                    +447711223344 (mobile)
                                    +442079460958 (work)
Anna Cooper  8:anna.7      GB                               suggested, blocked
Skype        28:concierge                                   bot                 Bots

3 contacts, 1 on the blocklist, 3 groups:
  Favourites (1)
  Bots (1)
  Work (0)
`
