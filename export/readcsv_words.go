package export

import (
	"strings"
)

// plainWord returns a word of the file in lower case, without underscores, hyphens and
// spaces: "Skype_One_Way", "SKYPEONEWAY" and "Skype one way" are one type of row.
func plainWord(cell string) string {
	return lowerASCII(strings.Map(func(r rune) rune {
		if strings.ContainsRune("_- ", r) {
			return -1
		}
		return r
	}, cell))
}

// truthWords has what a spreadsheet writes for TRUE and FALSE in the languages of
// Excel: the names of these functions in Microsoft's lists of translated functions.
var truthWords = func() map[string]bool {
	words := make(map[string]bool)
	for word := range strings.FieldsSeq("true t yes y 1 wahr ja vrai oui verdadero sí vero waar verdadeiro sant sand sann tosi prawda " +
		"pravda igaz adevărat истина істина doğru cert egia certo") {
		words[word] = true
	}
	for word := range strings.FieldsSeq("false f no n 0 falsch nein faux non falso onwaar falskt falsk usann epätosi fałsz " +
		"nepravda hamis fals ложь хибність yanlış faltsua") {
		words[word] = false
	}
	return words
}()

// parseBool sets field to what the cell says, and returns false if that is neither
// yes nor no.
func parseBool(field *bool, cell string) bool {
	switch cell { // as Skype writes them
	case "False":
		*field = false
		return true
	case "True":
		*field = true
		return true
	}
	value, known := truthWords[strings.ToLower(strings.TrimSpace(cell))]
	*field = value
	return known || strings.TrimSpace(cell) == ""
}

// isRoundedNumber reports whether a spreadsheet has rounded the number of a cell, so that it
// is lost. It shows a number with many digits as "4.42079E+11", or "4,42079E+11" with a decimal
// comma, or as "########" in a column that is too narrow, and saves that in a CSV file.
func isRoundedNumber(cell string) bool {
	if strings.Trim(cell, "#") == "" {
		return len(cell) >= 3
	}
	mantissa, exponent, found := strings.Cut(strings.ToUpper(strings.TrimPrefix(cell, "+")), "E")
	exponent = strings.TrimPrefix(exponent, "+")
	first, rest, comma := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	return found && len(first) == 1 && isDigits(first) && (!comma || rest == "" || isDigits(rest)) &&
		len(exponent) <= 2 && isDigits(exponent)
}
