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

const golden = `CONTACT      ID            COUNTRY  PHONES                  FLAGS
Joe Bloggs   8:joe.4       GB       +442099887766 (home)    favorite
                                    +442020900900 (work)
                                    +447711223344 (mobile)
                                    +442079460958 (work)
Anna Cooper  8:anna.7      GB                               suggested, blocked
Skype        28:concierge                                   bot

REQUEST FROM  ON          GREETING
8:daisy.5     2016-01-01  Hi Fred, I'd like to add you as a contact.

FOUND       ID       CITY    COUNTRY
Joe Bloggs  8:joe.4  London  GB
`
