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
func readStrings(r *reader, field *[]string) { readTexts(r, field, &r.shared.contactLists().strings) }

func readTexts[S ~string](r *reader, field *[]S, shared *sharedLists[S]) {
	if r.kind() != '[' {
		r.saveUnlessNull(r.value())
		return
	}
	long := r.shared.texts.long
	for range r.openElements(maxElements) {
		v := r.value()
		if v[0] == '"' {
			r.allocate(stringBytes)
			shared.pending = append(shared.pending, S(r.string(v)))
		} else {
			r.saveUnlessNull(v)
		}
	}
	*field = shared.add(stringBytes, r.shared.texts.long > long)
}

// readTime reads a time. A string that is none is saved in Extra.
func readTime(r *reader, field *time.Time) {
	v := r.value()
	if v[0] == '"' {
		if t, err := parseTime(string(r.unquote(v))); err == nil {
			*field = t
			return
		}
	}
	r.saveUnlessNull(v)
}

// readDate reads a date as [readTime] does.
func readDate(r *reader, field *Date) {
	v := r.value()
	if v[0] == '"' {
		if d, err := ParseDate(string(r.unquote(v))); err == nil {
			*field = d
			return
		}
	}
	r.saveUnlessNull(v)
}

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
	switch v[0] {
	case 't', 'f':
		*field = v[0] == 't'
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
