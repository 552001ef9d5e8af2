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
