package export_test

import (
	"fmt"
	"strings"

	"github.com/skypecontacts/skypecontacts/export"
)

func ExampleWrite() {
	file := strings.NewReader(`type,id,display_name,profile.phones[0].number,profile.phones[0].type
Skype,joe.4,Joe Bloggs,442099887766,mobile
SkypeSuggested,daisy.5,Daisy Five,,
`)
	var out strings.Builder // or a file
	report, err := export.Write(&out, export.VCard3, export.ReadCSV(file), export.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(out.String(), "\r\n", "\n"))
	fmt.Printf("%d read, %d written, %d only suggested\n", report.Read, report.Written, report.Suggested)
	// Output:
	// BEGIN:VCARD
	// VERSION:3.0
	// UID:urn:uuid:5085a710-0f93-89fc-aede-667d37c5bd2f
	// FN:Joe Bloggs
	// N:Bloggs;Joe;;;
	// TEL;TYPE=CELL:+442099887766
	// IMPP;X-SERVICE-TYPE=Skype:skype:joe.4
	// X-SKYPE:joe.4
	// END:VCARD
	// 2 read, 1 written, 1 only suggested
}
