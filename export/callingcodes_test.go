package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// internal/phonecheck compares the whole table with the data of Google's libphonenumber.
func TestPlusSign(t *testing.T) {
	t.Parallel()
	countries := func(codes ...skypecontacts.CountryCode) []skypecontacts.CountryCode { return codes }
	for _, test := range []struct {
		number    string
		countries []skypecontacts.CountryCode
		want      string
	}{
		{"442079460001", nil, "+442079460001"},
		{"442079460001", countries("US"), "+442079460001"},
		{"44 20 7946 0001", countries("GB"), "+44 20 7946 0001"},
		{"44-20-7946-0001", countries("GB"), "+44-20-7946-0001"},
		{"(44) 20.7946/0001", countries("GB"), "+(44) 20.7946/0001"},
		{"44 20 7946 0001", countries("US", "GB"), "+44 20 7946 0001"},
		{"1 (202) 555-0107", countries("US"), "+1 (202) 555-0107"},
		{"49 30 1234567", countries("DE"), "+49 30 1234567"},
		{"7 912 345 67 89", countries("RU"), "+7 912 345 67 89"},

		// Without a country, or with that of another number, spaces may be those of a national number.
		{"44 20 7946 0001", nil, "44 20 7946 0001"},
		{"44 20 7946 0001", countries("US"), "44 20 7946 0001"},
		{"44 20 7946 0001", countries("ZZ"), "44 20 7946 0001"},

		// National numbers.
		{"020 7946 0001", countries("GB"), "020 7946 0001"},
		{"02079460001", countries("GB"), "02079460001"},
		{"2025550107", countries("US"), "2025550107"},
		{"(202) 555-0107", countries("US"), "(202) 555-0107"},
		{"612345678", countries("ES"), "612345678"},
		{"91987 65432", countries("IN"), "91987 65432"},
		{"89123456789", countries("RU"), "89123456789"},
		{"9123456789", countries("RU"), "9123456789"},
		{"4420 79460", countries("GB"), "4420 79460"},

		// Not a number with a calling code.
		{"+44 20 7946 0001", countries("GB"), "+44 20 7946 0001"},
		{"1234567", nil, "1234567"},
		{"1234567890123456", nil, "1234567890123456"},
		{"44 20 7946 0001 ext 2", countries("GB"), "44 20 7946 0001 ext 2"},
		{"44 20 7946 0001;44 20 7946 0002", countries("GB"), "44 20 7946 0001;44 20 7946 0002"},
		{"", nil, ""},
	} {
		require.Equal(t, test.want, withPlusSign(test.number, test.countries), test)
	}
}

func TestCallingCodes(t *testing.T) {
	t.Parallel()
	require.Len(t, callingCodes, 245)
	for country, code := range callingCodes {
		require.Regexp(t, `^[A-Z]{2}$`, string(country))
		require.Regexp(t, `^[1-9]\d{0,2}$`, code.code)
		require.True(t, 4 <= code.least && code.least <= code.most && code.most <= 15, country)
	}
}
