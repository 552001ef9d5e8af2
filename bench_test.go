package skypecontacts

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// appendGeneratedContact writes the entry of a made-up person as version 2 does,
// with a full profile and about 680 bytes.
func appendGeneratedContact(b []byte, i int) []byte {
	first := []string{"Anna", "Željko", "李", "Олена", "Joe", "Zoë", "Daisy", "Γιώργος"}[i%8]
	last := []string{"Cooper", "Bloggs", "Müller", "伟强", "Іваненко", "Nuñez"}[i%6]
	country := []string{"GB", "de", "fr", "UA", "cn"}[i%5]
	gender := []string{"female", "male"}[i%2]
	mood := []string{"out and about", "here &amp; there", "Привіт", "at work", "on the road", "at home", "new number", "gone"}[i%8]
	if i%20 == 0 {
		mood = "<b>new</b> number"
	}
	id := fmt.Sprintf("live:person.%06d", i)
	return fmt.Appendf(b, `{"person_id":"8:%[1]s","mri":"8:%[1]s","display_name":"%[2]s %[3]s","display_name_source":"profile",`+
		`"profile":{"avatar_url":"https://avatar.skype.com/v1/avatars/%[1]s?auth_key=%[6]d","birthday":"19%02[7]d-%02[8]d-%02[9]d","gender":"%[5]s",`+
		`"locations":[{"type":"home","country":"%[4]s","city":"City %[7]d"}],`+
		`"phones":[{"number":"+4420%08[6]d","type":"mobile"}],"mood":"%[10]s","name":{"first":"%[2]s","surname":"%[3]s"},`+
		`"about":"Person %[6]d of the list","website":"https://example.org/%[6]d","language":"EN"},`+
		`"authorized":true,"blocked":false,"explicit":true,"creation_time":"2016-11-%02[9]dT04:28:12.67Z",`+
		`"relationship_history":{"sources":[{"type":"add_contact","time":"2016-11-%02[9]dT04:28:12Z"}]}}`,
		id, first, last, country, gender, i, 60+i%40, 1+i%12, 1+i%28, mood)
}

func generatedList(n int) []byte {
	b := []byte(`{"contacts":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendGeneratedContact(b, i)
	}
	return append(b, `],"count":`+strconv.Itoa(n)+`,"scope":"full"}`...)
}

// plainContact is what encoding/json is given to compare with: the same members,
// nothing normalised.
type plainContact struct {
	PersonID          string `json:"person_id"`
	MRI               string `json:"mri"`
	DisplayName       string `json:"display_name"`
	DisplayNameSource string `json:"display_name_source"`
	Profile           struct {
		AvatarURL string `json:"avatar_url"`
		Birthday  string `json:"birthday"`
		Gender    string `json:"gender"`
		Locations []struct {
			Type    string `json:"type"`
			Country string `json:"country"`
			City    string `json:"city"`
			State   string `json:"state"`
		} `json:"locations"`
		Phones []struct {
			Number string `json:"number"`
			Type   string `json:"type"`
		} `json:"phones"`
		Mood string `json:"mood"`
		Name struct {
			First   string `json:"first"`
			Surname string `json:"surname"`
		} `json:"name"`
		About    string `json:"about"`
		Website  string `json:"website"`
		Language string `json:"language"`
	} `json:"profile"`
	Authorized   bool   `json:"authorized"`
	Blocked      bool   `json:"blocked"`
	Explicit     bool   `json:"explicit"`
	CreationTime string `json:"creation_time"`
	History      struct {
		Sources []struct {
			Type string `json:"type"`
			Time string `json:"time"`
		} `json:"sources"`
	} `json:"relationship_history"`
}

type plainList struct {
	Contacts []plainContact `json:"contacts"`
	Count    int            `json:"count"`
	Scope    string         `json:"scope"`
}

func decodeList(body []byte) (*ContactList, error) {
	l := new(ContactList)
	err := decodeBody(body, func(r *reader) { l.read(r, readContact) })
	return l, err
}

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		body := generatedList(n)
		perContact := func(b *testing.B, work func() bool) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				require.True(b, work())
			}
			runtime.ReadMemStats(&after)
			contacts := float64(b.N) * float64(n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/contacts, "ns/contact")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/contacts, "allocs/contact")
		}
		b.Run(fmt.Sprintf("sdk/%d", n), func(b *testing.B) {
			perContact(b, func() bool {
				l, err := decodeList(body)
				return err == nil && len(l.Contacts) == n
			})
		})
		b.Run(fmt.Sprintf("encoding-json-plain/%d", n), func(b *testing.B) {
			perContact(b, func() bool {
				var l plainList
				return json.Unmarshal(body, &l) == nil && len(l.Contacts) == n
			})
		})
		b.Run(fmt.Sprintf("validate-only/%d", n), func(b *testing.B) {
			perContact(b, func() bool { return jsontext.Value(body).IsValid() })
		})
	}
}
