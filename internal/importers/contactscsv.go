package importers

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// generatedColumns are the columns of ContactsCSV.
var generatedColumns = strings.Split("type,id,display_name,blocked,favorite,profile.avatar_url,profile.gender,"+
	"profile.locations[0].type,profile.locations[0].country,profile.locations[0].city,profile.locations[0].state,"+
	"profile.mood,profile.name.first,profile.name.company,profile.name.surname,profile.phones[0].number,profile.phones[0].type,"+
	"profile.phones[1].number,profile.phones[1].type,profile.phones[2].number,profile.phones[2].type,profile.about,profile.website,"+
	"profile.skype_handle,sources,creation_time,profile.birthday,profile.name.nickname", ",")

// ContactsCSV returns a contacts.csv as the account portal writes it.
func ContactsCSV(contacts []*skypecontacts.Contact) []byte {
	var out bytes.Buffer
	out.WriteString("\uFEFF")
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	_ = rows.Write(generatedColumns)
	for _, c := range contacts {
		_ = rows.Write(contactCells(c))
	}
	rows.Flush()
	return out.Bytes()
}

func contactCells(c *skypecontacts.Contact) []string {
	boolean := map[bool]string{false: "False", true: "True"}
	p := &c.Profile
	var place skypecontacts.Location
	if len(p.Locations) > 0 {
		place = p.Locations[0]
	}
	var phone [3]skypecontacts.Phone
	for i, number := range p.Phones {
		phone[i] = skypecontacts.Phone{Number: strings.TrimPrefix(number.Number, "+"), Type: number.Type}
		if number.Type == skypecontacts.PhoneWork {
			phone[i].Type = "office"
		}
	}
	first, last := p.Name.First, p.Name.Last
	if p.Name.Inferred {
		first, last = first+" "+last, ""
	}
	return []string{
		"Skype", c.MRI.ID(), c.DisplayName, boolean[c.Blocked], boolean[c.Favorite], p.AvatarURL, string(p.Gender),
		place.Type, strings.ToLower(string(place.Country)), place.City, place.State,
		p.Mood.Rich, first, p.Name.Company, last, phone[0].Number, string(phone[0].Type),
		phone[1].Number, string(phone[1].Type), phone[2].Number, string(phone[2].Type), p.About, p.Homepage,
		c.MRI.ID(), c.Sources[0].Type, c.CreatedAt.Format("2006-01-02 15:04:05Z"), p.Birthday.String(), p.Name.Nickname,
	}
}

// RepeatRows returns a contacts.csv with the rows of file repeated, each time with other
// identifiers.
func RepeatRows(file []byte, times int) io.Reader {
	header := bytes.IndexByte(file, '\n') + 1
	return io.MultiReader(bytes.NewReader(file[:header]), &rowRepeater{block: file[header:], left: times})
}

type rowRepeater struct {
	block []byte // rows
	left  int    // repeats to come
	rest  bytes.Reader
}

func (m *rowRepeater) Read(p []byte) (int, error) {
	if m.rest.Len() == 0 && m.left > 0 {
		rows := bytes.ReplaceAll(m.block, []byte("person."), fmt.Appendf(nil, "person.%d.", m.left))
		m.rest.Reset(bytes.ReplaceAll(rows, []byte(".cid."), fmt.Appendf(nil, ".cid.%d.", m.left)))
		m.left--
	}
	return m.rest.Read(p)
}
