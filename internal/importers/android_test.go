package importers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The reader has the fault that it is for: the cases were observed on Android.
func TestAndroidReader(t *testing.T) {
	t.Parallel()
	file := func(lines ...string) string {
		return "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Joe\r\nN:B;Joe;;;\r\nUID:1\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
	}
	tests := map[string]struct {
		file string
		want AndroidPerson
	}{
		"note after address": {
			file("ADR:;;;Leeds;;;GB", "NOTE:Sails on most", "  Saturdays"),
			AndroidPerson{Places: [][7]string{{3: "Leeds", 6: "GB   Saturdays   Saturdays"}}, Properties: 5},
		},
		"company before a folded line": {
			file("ORG:ACME", "IMPP;X-SERVICE-TYPE=Skype:skype:live", " .longer.than.usual"),
			AndroidPerson{Company: "ACME  .longer.than.usual  .longer.than.usual", Properties: 5},
		},
		"a colon in the folded line": {
			file("ORG:ACME", "NOTE:Likes", " : tea"),
			AndroidPerson{Company: "ACME", Notes: []string{"Likes: tea"}, Properties: 6},
		},
		"address at the end": {
			file("NOTE:Sails on most", "  Saturdays", "ADR:;;;Leeds;;;", " GB"),
			AndroidPerson{Notes: []string{"Sails on most Saturdays"}, Places: [][7]string{{3: "Leeds", 6: "GB"}}, Properties: 6},
		},
		"Skype names": {
			file("IMPP;X-SERVICE-TYPE=Skype:skype:joe.4", "X-SKYPE:joe.5", "X-SKYPE-USERNAME:joe.6", "IMPP:sip:joe.7@office.example"),
			AndroidPerson{Skype: []string{"joe.6"}, SIP: []string{"joe.7@office.example"}, Properties: 8},
		},
		"escapes": {
			file(`NOTE:a\, b\; c\\d\ne\N`, `TITLE;X="a:b":c`),
			AndroidPerson{Notes: []string{"a, b; c\\d\ne"}, Title: "c", Properties: 6},
		},
	}
	for name, test := range tests {
		test.want.Formatted, test.want.Name = "Joe", [5]string{"B", "Joe"}
		require.Equal(t, []AndroidPerson{test.want}, ReadAndroid(t, test.file), name)
	}
}
