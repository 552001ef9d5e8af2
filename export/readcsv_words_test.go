package export

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlainWord(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"SkypeOneWay", "skype_one_way", "SKYPE-ONE-WAY", "Skype One Way", " skypeoneway"} {
		require.Equal(t, "skypeoneway", plainWord(cell))
	}
}

func TestParseBool(t *testing.T) {
	t.Parallel()
	for want, cells := range map[bool][]string{
		true:  {"True", "TRUE", " true ", "1", "WAHR", "Vrai", "VERDADERO", "Vero", "WAAR", "VERDADEIRO", "SANT", "Sand", "TOSI", "PRAWDA", "ИСТИНА", "doğru", "IGAZ", "Adevărat", "yes"},
		false: {"False", "FALSE", "0", "FALSCH", "Faux", "FALSO", "ONWAAR", "FALSKT", "Falsk", "EPÄTOSI", "FAŁSZ", "ЛОЖЬ", "yanlış", "HAMIS", "Fals", "no", " "},
	} {
		for _, cell := range cells {
			field := !want
			require.True(t, parseBool(&field, cell), cell)
			require.Equal(t, want, field, cell)
		}
	}
	for _, cell := range []string{"maybe", "2", "-", "TRUE;", "真"} {
		field := true
		require.False(t, parseBool(&field, cell), cell)
		require.False(t, field)
	}
}

func TestRoundedNumber(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"4.42079E+11", "4,42079E+11", "4.42E+11", "4E+11", "4e11", "1.20256e+10", "+4.42079E+11", "###", "########"} {
		require.True(t, isRoundedNumber(cell), cell)
	}
	for _, cell := range []string{
		"", "442079460001", "4.42079", "joe.4", "e11", "4.42079E+", "44.2079E+11", "4.42079E-11", "4.42079E+11 ", "4.4.2E+11", "2e1f2e3d", "12e34", "#1", "##", "*100#", "1e100",
	} {
		require.False(t, isRoundedNumber(cell), cell)
	}
}

// What is a rounded number is what this pattern matches.
func TestRoundedNumberPattern(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^(\+?\d([.,]\d*)?[eE]\+?\d{1,2}|#{3,})$`)
	for cell := range allTexts("+1.,eE#", 5) {
		require.Equal(t, pattern.MatchString(cell), isRoundedNumber(cell), cell)
	}
}
