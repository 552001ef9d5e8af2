package skypecontacts

// lowerASCII converts ASCII letters to lower case. [strings.ToLower] is not for
// identifiers: it makes the Kelvin sign a k, so that two accounts become one.
func lowerASCII(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			lower := []byte(s)
			for i, c := range lower {
				if 'A' <= c && c <= 'Z' {
					lower[i] = c + 'a' - 'A'
				}
			}
			return string(lower)
		}
	}
	return s
}

// isInLowerCase reports whether a text is the given one in lower case. Unlike
// [strings.EqualFold] it knows ASCII letters only, and unlike lowerASCII it takes no memory.
func isInLowerCase(text []byte, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
