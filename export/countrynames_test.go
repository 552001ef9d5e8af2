package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestCountryText(t *testing.T) {
	t.Parallel()
	for want, location := range map[string]skypecontacts.Location{
		"United Kingdom": {Country: "GB"},
		"Japan":          {Country: "JP"},
		"England":        {Country: "GB", CountryName: "England"},
		"ZZ":             {Country: "ZZ"},
		"uk":             {CountryName: "uk"},
		"":               {City: "Leeds"},
	} {
		assert.Equal(t, want, countryText(location))
	}
}

// The table has every country, with the name that golang.org/x/text has.
func TestCountryNames(t *testing.T) {
	t.Parallel()
	want := map[skypecontacts.CountryCode]string{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.Canonicalize().String() != code {
				continue
			}
			if name := display.English.Regions().Name(region); name != "" && name != code && name != "Unknown Region" {
				want[skypecontacts.CountryCode(code)] = name
			}
		}
	}
	require.Equal(t, want, countryNames)
	for country := range callingCodes {
		require.Contains(t, countryNames, country)
	}
}
