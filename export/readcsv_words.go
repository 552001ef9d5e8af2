package export

import (
	"regexp"
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

// roundedPattern matches what a spreadsheet shows of a number with many digits, and
// saves in a CSV file: "4.42079E+11", or "4,42079E+11" with a decimal comma, or
// "########" of a column that is too narrow.
var roundedPattern = regexp.MustCompile(`^(\+?\d([.,]\d*)?[eE]\+?\d{1,2}|#{3,})$`)

// isRoundedNumber reports whether a spreadsheet has rounded the number of a cell, so
// that it is lost.
func isRoundedNumber(cell string) bool { return roundedPattern.MatchString(cell) }
