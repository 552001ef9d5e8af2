package importers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// AndroidPerson is what the importer of Android 7.1.2 makes of an entry.
type AndroidPerson struct {
	Formatted  string
	Name       [5]string // N: family, given, middle, prefix and suffix
	Nicknames  []string
	Company    string
	Title      string
	Phones     [][2]string // type and number
	Emails     []string
	Skype      []string // entries for messages with the protocol Skype
	SIP        []string
	Websites   []string
	Notes      []string
	Places     [][7]string
	Birthday   string
	Properties int // of the entry, whether the importer knows them or not
}

// androidReader reads lines as that importer does: com.android.vcard of Android 7.1.2 and
// of the phones that ship it. Its behavior was observed (issue 11, cases 01 and 02). To
// unfold a line it has to read one line ahead, which it keeps in ahead. Behind N, ORG and
// ADR it looks for lines without a colon, which it takes for more of the value, but it
// looks at the line behind the one in ahead.
type androidReader struct {
	lines []string // those not read
	ahead string   // "" if there is none
}

// nextLine returns the next line without its folds, or "" at the end.
func (r *androidReader) nextLine() string {
	line := r.ahead
	for r.ahead = ""; len(r.lines) > 0; r.lines = r.lines[1:] {
		switch next := r.lines[0]; {
		case next == "":
		case next[0] == ' ' || next[0] == '\t':
			line += next[1:]
		case line == "":
			line = next
		default:
			r.ahead, r.lines = next, r.lines[1:]
			return line
		}
	}
	return line
}

// continued returns the value of N, ORG or ADR with what the importer takes for more of it.
func (r *androidReader) continued(value string) string {
	var whole strings.Builder
	whole.WriteString(value)
	for len(r.lines) > 0 && r.lines[0] != "" && !strings.Contains(r.lines[0], ":") {
		whole.WriteString(" " + r.lines[0])
		if r.ahead != "" { // is lost in place of the line that was looked at
			r.ahead = ""
		} else {
			r.lines = r.lines[1:]
		}
	}
	return whole.String()
}

// ReadAndroid returns what the importer reads of a file.
func ReadAndroid(t *testing.T, file string) (people []AndroidPerson) {
	t.Helper()
	r := &androidReader{lines: strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(file), "\n")}
	for line := r.nextLine(); line != ""; line = r.nextLine() {
		require.Equal(t, "BEGIN:VCARD", line)
		var p AndroidPerson
		for line = r.nextLine(); line != "END:VCARD"; line = r.nextLine() {
			require.NotEmpty(t, line, "the entry has no end")
			p.addProperty(t, r, line)
		}
		people = append(people, p)
	}
	return people
}

func (p *AndroidPerson) addProperty(t *testing.T, r *androidReader, line string) {
	t.Helper()
	head, value := cutAndroidLine(line)
	name, parameters, _ := strings.Cut(head, ";")
	p.Properties++
	switch name {
	case "N":
		copy(p.Name[:], androidValues(r.continued(value)))
		return
	case "ORG":
		p.Company = strings.Join(androidValues(r.continued(value)), " ")
		return
	case "ADR":
		var place [7]string
		copy(place[:], androidValues(r.continued(value)))
		p.Places = append(p.Places, place)
		return
	}
	value = AndroidTrim(unescapeAndroid(value))
	switch name {
	case "FN":
		p.Formatted = value
	case "NICKNAME":
		p.Nicknames = append(p.Nicknames, value)
	case "TITLE":
		p.Title = value
	case "TEL":
		p.Phones = append(p.Phones, [2]string{strings.TrimPrefix(parameters, "TYPE="), value})
	case "EMAIL":
		p.Emails = append(p.Emails, value)
	case "X-SKYPE-USERNAME":
		p.Skype = append(p.Skype, value)
	case "IMPP":
		if address, is := strings.CutPrefix(value, "sip:"); is {
			p.SIP = append(p.SIP, address)
		}
	case "URL":
		p.Websites = append(p.Websites, value)
	case "NOTE":
		p.Notes = append(p.Notes, value)
	case "BDAY":
		p.Birthday = value
	case "VERSION", "UID", "PRODID", "X-SKYPE", "PHOTO", "LANG", "GENDER", "CREATED":
	default:
		require.Fail(t, "no property of ours", line)
	}
}

// cutAndroidLine cuts a line at the first colon that is not in quotes.
func cutAndroidLine(line string) (head, value string) {
	quoted := false
	for i, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ':' && !quoted:
			return line[:i], line[i+1:]
		}
	}
	return line, ""
}

// androidValues returns the values of a property with several of them.
func androidValues(text string) []string {
	values := []string{""}
	for i := 0; i < len(text); i++ {
		last := &values[len(values)-1]
		switch {
		case text[i] == '\\' && i+1 < len(text):
			*last += unescapeAndroid(text[i : i+2])
			i++
		case text[i] == ';':
			values = append(values, "")
		default:
			*last += text[i : i+1]
		}
	}
	return values
}

func unescapeAndroid(text string) string {
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\' || i+1 == len(text):
			plain.WriteByte(text[i])
			continue
		case text[i+1] == 'n' || text[i+1] == 'N':
			plain.WriteByte('\n')
		default:
			plain.WriteByte(text[i+1])
		}
		i++
	}
	return plain.String()
}

// AndroidTrim trims as Java does: the space and all before it in Unicode.
func AndroidTrim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
}

// Undashed returns a date of version 4 of vCard in the form of version 3.
func Undashed(date string) string {
	if len(date) != len("20060102") {
		return date
	}
	return date[:4] + "-" + date[4:6] + "-" + date[6:]
}
