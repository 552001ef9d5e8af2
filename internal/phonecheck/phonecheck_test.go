package phonecheck

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/require"
)

// readNumber returns what export makes of a number in a row with a country.
func readNumber(t *testing.T, country, number string) string {
	t.Helper()
	file := "id,profile.locations[0].country,profile.phones[0].number\njoe.4," + country + "," + number + "\n"
	for contact, err := range export.ReadCSV(strings.NewReader(file)) {
		require.NoError(t, err)
		require.Len(t, contact.Profile.Phones, 1)
		return contact.Profile.Phones[0].Number
	}
	require.Fail(t, "no contact")
	return ""
}

// nationalLengths returns the least and the highest number of digits that landline and
// mobile numbers have behind the calling code.
func nationalLengths(region *phonenumbers.PhoneMetadata) (least, most int) {
	var lengths []int32
	for _, kind := range []*phonenumbers.PhoneNumberDesc{region.GetFixedLine(), region.GetMobile()} {
		own := kind.GetPossibleLength()
		if len(own) == 0 { // as that of all numbers
			own = region.GetGeneralDesc().GetPossibleLength()
		}
		lengths = append(lengths, own...)
	}
	lengths = slices.DeleteFunc(lengths, func(length int32) bool { return length <= 0 }) // -1: there are no such numbers
	return int(slices.Min(lengths)), int(slices.Max(lengths))
}

// Of every region: a number with spaces gets its plus sign from the least length on, and
// not below it, and a national number gets none where all have the same length.
func TestCallingCodes(t *testing.T) {
	t.Parallel()
	collection, err := phonenumbers.MetadataCollection()
	require.NoError(t, err)
	regions := 0
	for _, region := range collection.GetMetadata() {
		id := region.GetId()
		if len(id) != 2 { // 001 has the codes that are of no country
			continue
		}
		regions++
		code := fmt.Sprint(region.GetCountryCode())
		least, most := nationalLengths(region)
		for digits := 1; digits <= 15-len(code); digits++ {
			number := code + " " + strings.Repeat("5", digits)
			want := number
			national := least == most && len(code)+digits == most
			if digits >= least && len(code)+digits >= 8 && !national {
				want = "+" + number
			}
			require.Equal(t, want, readNumber(t, id, number), id)
		}
		if least == most && most >= 8 {
			number := strings.Repeat("5", most)
			require.Equal(t, number, readNumber(t, id, number), id)
			require.Equal(t, "+"+number+"5", readNumber(t, id, number+"5"), id)
		}
		if region.GetNationalPrefix() == "8" && least == most {
			number := "8" + strings.Repeat("5", most)
			require.Equal(t, number, readNumber(t, id, number), id)
		}
	}
	require.Equal(t, 245, regions)
	require.Equal(t, "1 555 555 5555", readNumber(t, "ZZ", "1 555 555 5555"))
}

// The example of each region, as Google's library writes it for a call from abroad and
// from within.
func TestExamples(t *testing.T) {
	t.Parallel()
	for region := range phonenumbers.GetSupportedRegions() {
		example := phonenumbers.GetExampleNumberForType(region, phonenumbers.MOBILE)
		if example == nil {
			continue
		}
		full := phonenumbers.Format(example, phonenumbers.INTERNATIONAL)
		if len(phonenumbers.NormalizeDigitsOnly(full)) < 8 {
			continue
		}
		require.Equal(t, full, readNumber(t, region, strings.TrimPrefix(full, "+")), region)
		require.Equal(t, full, readNumber(t, region, full), region)
		if national := phonenumbers.Format(example, phonenumbers.NATIONAL); strings.ContainsAny(national, " -") {
			require.Equal(t, national, readNumber(t, region, national), region)
		}
	}
}
