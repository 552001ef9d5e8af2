package skypecontacts

import (
	"math"
	"strconv"
	"time"
)

const stringBytes = 16 // of a string, beside its text

// readString reads a string. In this and the functions below null leaves the field
// as it is, so that an update does not erase what is known.
func readString[S ~string](r *reader, field *S) {
	if v := r.value(); v[0] == '"' {
		*field = S(r.string(v))
	} else {
		r.saveUnlessNull(v)
	}
}

// readStrings reads a list of strings, which replaces the list in the field.
func readStrings[S ~string](r *reader, field *[]S) {
	if r.kind() == '[' {
		*field = nil
	}
	for range r.elements() {
		v := r.value()
		if v[0] == '"' {
			r.allocate(stringBytes)
			*field = append(*field, S(r.string(v)))
		} else {
			r.saveUnlessNull(v)
		}
	}
}

// readParsed reads a string with a parser. A string that it rejects is saved in
// Extra.
func readParsed[T any](r *reader, field *T, parse func(string) (T, error)) {
	v := r.value()
	if v[0] == '"' {
		if value, err := parse(r.string(v)); err == nil {
			*field = value
			return
		}
	}
	r.saveUnlessNull(v)
}

func readTime(r *reader, field *time.Time) { readParsed(r, field, parseTime) }
func readDate(r *reader, field *Date)      { readParsed(r, field, ParseDate) }

// readEnum reads a value that some services send as a number and others as a word.
func readEnum[T ~string](r *reader, field *T, parse func(string) T) {
	switch v := r.value(); v.Kind() {
	case '"':
		*field = parse(r.string(v))
	case '0':
		*field = parse(string(v))
	default:
		r.saveUnlessNull(v)
	}
}

// readBool reads true and false, also as words in a string.
func readBool(r *reader, field *bool) {
	v := r.value()
	switch v.Kind() {
	case 't', 'f':
		*field = v.Kind() == 't'
		return
	case '"':
		if value, err := strconv.ParseBool(lowerASCII(r.string(v))); err == nil {
			*field = value
			return
		}
	}
	r.saveUnlessNull(v)
}

const maxDigits = 400 // of a number that is parsed, more than a float64 needs; parsing megabytes takes too long

// readNumber reads a number, also as digits in a string. A number that the field
// cannot hold exactly is saved in Extra.
func readNumber[N int | float64](r *reader, field *N) {
	v := r.value()
	digits := ""
	switch v.Kind() {
	case '0':
		digits = string(v)
	case '"':
		digits = r.string(v)
	}
	if len(digits) > maxDigits {
		r.saveExtra(v)
		return
	}
	if f, err := strconv.ParseFloat(digits, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) && float64(N(f)) == f {
		*field = N(f)
		return
	}
	if v.Kind() != '"' || digits != "" {
		r.saveUnlessNull(v)
	}
}
