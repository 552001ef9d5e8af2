package export_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/skypecontacts/skypecontacts/export"
)

// This reads a contacts.csv on disk and prints it as vCards.
func ExampleReadCSV() {
	file, err := os.Open("testdata/example.csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	var vcards strings.Builder // or os.Stdout
	report, err := export.Write(&vcards, export.VCard3, export.ReadCSV(file), export.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(vcards.String(), "\r\n", "\n"))
	fmt.Printf("%d read, %d written, %d only suggested\n", report.Read, report.Written, report.Suggested)
	// Output:
	// BEGIN:VCARD
	// VERSION:3.0
	// FN:Joe Bloggs
	// N:Bloggs;Joe;;;
	// UID:urn:uuid:5085a710-0f93-89fc-aede-667d37c5bd2f
	// PRODID:-//skypecontacts//export//EN
	// TEL;TYPE=CELL:+442099887766
	// IMPP;X-SERVICE-TYPE=Skype:skype:joe.4
	// X-SKYPE:joe.4
	// X-SKYPE-USERNAME:joe.4
	// END:VCARD
	// BEGIN:VCARD
	// VERSION:3.0
	// FN:Anna Cooper
	// N:Cooper;Anna;;;
	// UID:urn:uuid:ba07c9a0-e60a-8442-86d1-804066140831
	// PRODID:-//skypecontacts//export//EN
	// IMPP;X-SERVICE-TYPE=Skype:skype:live:anna.7
	// X-SKYPE:live:anna.7
	// X-SKYPE-USERNAME:live:anna.7
	// END:VCARD
	// 3 read, 2 written, 1 only suggested
}

func ExampleReadJSONLines() {
	file := strings.NewReader(`{"mri":"8:joe.4","display_name":"Joe Bloggs"}
{"mri":"8:anna.7","display_name":
{"mri":"8:fred.2","display_name":"Fred Two"}
`)
	for contact, err := range export.ReadJSONLines(file) {
		if err != nil { // a line that cannot be read; the lines after it are read
			fmt.Println(err)
			continue
		}
		fmt.Println(contact.FullName())
	}
	// Output:
	// Joe Bloggs
	// export: line 2: not a contact as this package writes it
	// Fred Two
}

func ExampleWrite() {
	file := strings.NewReader("type,id,display_name,shoe\nSkype,joe.4,Joe Bloggs,42\nBot,concierge,Concierge,\n")
	report, err := export.Write(os.Stdout, export.JSONLines, export.ReadCSV(file), export.Options{Bots: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d read, %d written\n", report.Read, report.Written)
	// Output:
	// {"mri":"8:joe.4","display_name":"Joe Bloggs","authorized":true,"extra":{"shoe":"42"}}
	// {"mri":"28:concierge","display_name":"Concierge","authorized":true}
	// 2 read, 2 written
}
