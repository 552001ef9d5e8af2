package export

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// parsePersonNameCases are full names with the parts that they are split into.
var parsePersonNameCases = map[string]personName{
	"":                           {},
	"Joe":                        {given: "Joe"},
	"Joe Bloggs":                 {given: "Joe", family: "Bloggs"},
	" Joe  van\tBloggs ":         {given: "Joe van", family: "Bloggs"},
	"Joe & Anna Bloggs":          {given: "Joe & Anna", family: "Bloggs"},
	"Zo\u0308e D'\u00c9te\u0301": {given: "Zo\u0308e", family: "D'\u00c9te\u0301"},

	// A last word without letters.
	"Joe Bloggs 🎈":       {given: "Joe", family: "Bloggs 🎈"},
	"Joe Bloggs 🎈 ❤️ 2":  {given: "Joe", family: "Bloggs 🎈 ❤️ 2"},
	"Joe 🎈":              {given: "Joe 🎈"},
	"Joe van Bloggs ;-)": {given: "Joe van", family: "Bloggs ;-)"},
	"Joe Bloggs -":       {given: "Joe", family: "Bloggs -"},
	"🎈":                  {given: "🎈"},
	"🎈 🎈":                {given: "🎈 🎈"},
	"+44 20 7946 0099":   {given: "+44 20 7946 0099"},

	// Brackets.
	"Anna Cooper (work)":         {given: "Anna", family: "Cooper (work)"},
	"Anna Cooper(my work)":       {given: "Anna", family: "Cooper(my work)"},
	"Anna [at the office]":       {given: "Anna [at the office]"},
	"Daisy Five （the Leeds one）": {given: "Daisy", family: "Five （the Leeds one）"},
	"Fred Two <f@mail.example>":  {given: "Fred", family: "Two <f@mail.example>"},
	"Fred Two (Leeds, UK)":       {given: "Fred", family: "Two (Leeds, UK)"},
	"(old) Fred Two":             {given: "(old) Fred Two"},
	"Anna (Annie) Cooper":        {given: "Anna (Annie) Cooper"},
	"Joe Bloggs :-(":             {given: "Joe", family: "Bloggs :-("},

	// A dash between spaces.
	"Daisy Five - Leeds":  {given: "Daisy Five - Leeds"},
	"Daisy Five – Leeds":  {given: "Daisy Five – Leeds"},
	"Daisy | plumber":     {given: "Daisy | plumber"},
	"Daisy Five -- Leeds": {given: "Daisy Five -- Leeds"},
	"Daisy Five-Leeds":    {given: "Daisy", family: "Five-Leeds"},

	// Suffixes.
	"Fred Two, Jr.":         {given: "Fred", family: "Two", suffix: "Jr."},
	"Fred Two Jr":           {given: "Fred", family: "Two", suffix: "Jr"},
	"Fred Two SR.":          {given: "Fred", family: "Two", suffix: "SR."},
	"Fred van Two III":      {given: "Fred van", family: "Two", suffix: "III"},
	"Anna Cooper, MD, PhD":  {given: "Anna", family: "Cooper", suffix: "MD PhD"},
	"Anna Cooper Jr., M.D.": {given: "Anna", family: "Cooper", suffix: "Jr. M.D."},
	"Anna Cooper Ph.D.":     {given: "Anna", family: "Cooper", suffix: "Ph.D."},
	"Fred Jr.":              {given: "Fred", suffix: "Jr."},
	"Fred, Jr.":             {given: "Fred", suffix: "Jr."},
	"Two, Fred, Jr.":        {given: "Fred", family: "Two", suffix: "Jr."},
	"Fred Two, Jr. 🎈":       {given: "Fred", family: "Two 🎈", suffix: "Jr."},
	"Fred Two Jr. (work)":   {given: "Fred", family: "Two (work)", suffix: "Jr."},
	"Jr.":                   {given: "Jr."},
	"Rahman Md":             {given: "Rahman", family: "Md"},

	// Companies.
	"Bloggs Ltd.":            {given: "Bloggs Ltd."},
	"Joe Bloggs (Acme Ltd.)": {given: "Joe Bloggs (Acme Ltd.)"},
	"Bloggs, Bloggs & Co.":   {given: "Bloggs, Bloggs & Co."},
	"Cooper und Two GmbH":    {given: "Cooper und Two GmbH"},
	"Acme, Inc.":             {given: "Acme, Inc."},
	"Acme s.r.o.":            {given: "Acme s.r.o."},
	"Two AG Zürich":          {given: "Two AG Zürich"},
	"ООО Два":                {given: "ООО Два"},
	"Maria Sa":               {given: "Maria", family: "Sa"},

	// Commas.
	"Bloggs, Joe":                          {given: "Joe", family: "Bloggs"},
	"Bloggs, Joe Peter":                    {given: "Joe Peter", family: "Bloggs"},
	"bloggs,joe":                           {given: "joe", family: "bloggs"},
	"Bloggs, Joe (work)":                   {given: "Joe (work)", family: "Bloggs"},
	"Bloggs, Joe 🎈":                        {given: "Joe 🎈", family: "Bloggs"},
	"Joe Bloggs, Leeds":                    {given: "Joe Bloggs, Leeds"},
	"van Bloggs, Joe":                      {given: "van Bloggs, Joe"},
	"Joe, Anna, Fred":                      {given: "Joe, Anna, Fred"},
	"Joe, Anna and Fred":                   {given: "Joe, Anna and Fred"},
	"Joe Bloggs,":                          {given: "Joe Bloggs,"},
	"Joe,":                                 {given: "Joe,"},
	", Joe":                                {given: ", Joe"},
	"Parents-, teachers- and pupils' line": {given: "Parents-, teachers- and pupils' line"},
	"Leeds, 24 Mill Street":                {given: "Leeds, 24 Mill Street"},

	// Names with the family name first are as they were.
	"山田 花子":      {given: "山田", family: "花子"},
	"山田花子":       {given: "山田花子"},
	"김 철수":       {given: "김", family: "철수"},
	"Nagy Anna":  {given: "Nagy", family: "Anna"},
	"عمر الخيام": {given: "عمر", family: "الخيام"},
}

func TestParsePersonName(t *testing.T) {
	t.Parallel()
	for full, want := range parsePersonNameCases {
		got := parsePersonName(full)
		require.Equal(t, want, got, full)
		require.ElementsMatch(t, nameLetters(full), nameLetters(got.String()), "nothing of %q is lost", full)
	}
}

// nameLetters returns the signs of a name other than spaces and commas.
func nameLetters(name string) []string {
	return strings.Split(strings.NewReplacer(" ", "", "\t", "", ",", "").Replace(name), "")
}

func TestContactName(t *testing.T) {
	t.Parallel()
	named := func(name skypecontacts.Name) contact { return contact{Profile: skypecontacts.Profile{Name: name}} }
	tests := map[string]struct {
		contact contact
		want    personName
	}{
		"both":                {contact{DisplayName: "JB", Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Title: "Dr"}}}, personName{given: "Joe", family: "Bloggs"}},
		"display name only":   {contact{DisplayName: "Joe van Bloggs"}, personName{given: "Joe van", family: "Bloggs"}},
		"first name only":     {named(skypecontacts.Name{First: "Joe"}), personName{given: "Joe"}},
		"last name only":      {named(skypecontacts.Name{Last: "Bloggs Jr."}), personName{family: "Bloggs Jr."}},
		"two fields":          {named(skypecontacts.Name{First: "Joe (work)", Last: "Ng, Jr. - 🎈"}), personName{given: "Joe (work)", family: "Ng, Jr. - 🎈"}},
		"one field":           {named(skypecontacts.Name{First: "Joe Bloggs (work)"}), personName{given: "Joe", family: "Bloggs (work)"}},
		"inferred":            {named(skypecontacts.Name{First: "Fred Two,", Last: "Jr.", Inferred: true}), personName{given: "Fred", family: "Two", suffix: "Jr."}},
		"identifier only":     {contact{DisplayName: "joe.4"}, personName{given: "joe.4"}},
		"company only":        {named(skypecontacts.Name{Company: "Bloggs; Sons"}), personName{}},
		"nickname only":       {named(skypecontacts.Name{Nickname: "Joe the Great"}), personName{given: "Joe the Great"}},
		"profile name only":   {contact{Profile: skypecontacts.Profile{DisplayName: "Joe Bloggs"}}, personName{given: "Joe", family: "Bloggs"}},
		"number":              {contact{DisplayName: "+44 20 7946 0099"}, personName{given: "+44 20 7946 0099"}},
		"bot":                 {contact{DisplayName: "Concierge Bot", Agent: &skypecontacts.Agent{}}, personName{given: "Concierge Bot"}},
		"bot with a name":     {contact{Agent: &skypecontacts.Agent{}, Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Concierge", Last: "Bot", Inferred: true}}}, personName{given: "Concierge Bot"}},
		"last name first":     {contact{DisplayName: "Bloggs, Joe"}, personName{given: "Joe", family: "Bloggs"}},
		"suffix":              {contact{DisplayName: "Joe Bloggs, Jr."}, personName{given: "Joe", family: "Bloggs", suffix: "Jr."}},
		"reserved characters": {named(skypecontacts.Name{First: "J;o", Last: "B,s"}), personName{given: "J;o", family: "B,s"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.contact.MRI = "8:joe.4"
			require.Equal(t, test.want, contactName(&test.contact))
			require.Contains(t, writeContacts(t, VCard3, Options{Bots: true, NoFold: true}, &test.contact), "\r\nFN:"+string(appendEscaped(nil, test.contact.FullName()))+"\r\n")
		})
	}
}

// A service that sends the whole name in one field, and a CSV file, are split alike.
func TestContactNameSources(t *testing.T) {
	t.Parallel()
	for _, full := range []string{"Joe Bloggs 🎈", "Anna Cooper (work)", "Fred Two, Jr.", "Daisy Five - Leeds", "Bloggs, Joe", "Joe Bloggs, Leeds", "Acme Ltd."} {
		want := parsePersonName(full)
		for c, err := range ReadCSV(strings.NewReader("id,profile.name.first\njoe.4,\"" + full + "\"\n")) {
			require.NoError(t, err)
			require.Equal(t, want, contactName(c), full)
		}
		list := `{"contacts":[{"mri":"8:joe.4","profile":{"name":{"first":"` + full + `"}}}]}`
		for c, err := range skypecontacts.ReadContacts(strings.NewReader(list)) {
			require.NoError(t, err)
			require.Equal(t, want, contactName(c), full)
		}
	}
}

// What a reader stores in a profile is a name of two parts that loses nothing.
func TestSplitFullName(t *testing.T) {
	t.Parallel()
	for full, want := range map[string][2]string{
		"Joe van Bloggs":     {"Joe van", "Bloggs"},
		"Bloggs, Joe":        {"Joe", "Bloggs"},
		"Fred Two, Jr.":      {"Fred Two,", "Jr."},
		"Bloggs, Joe (work)": {"Bloggs, Joe", "(work)"},
		"Anna Cooper (work)": {"Anna", "Cooper (work)"},
		"Acme Ltd.":          {"Acme Ltd.", ""},
	} {
		first, last := splitFullName(full)
		require.Equal(t, want, [2]string{first, last}, full)
	}
}

func TestContactNickname(t *testing.T) {
	t.Parallel()
	anna := skypecontacts.Name{First: "Anna", Last: "Cooper"}
	tests := map[string]struct {
		display string
		name    skypecontacts.Name
		want    string
	}{
		"renamed":             {"Mum", anna, "Mum"},
		"label":               {"Anna Cooper (work)", anna, "Anna Cooper (work)"},
		"first name only":     {"Anna", anna, "Anna"},
		"same":                {"Anna Cooper", anna, ""},
		"case and spaces":     {" anna  COOPER", anna, ""},
		"last name first":     {"Cooper, Anna", anna, ""},
		"no display name":     {"", anna, ""},
		"identifier":          {"anna.7", anna, ""},
		"nickname":            {"Mum", skypecontacts.Name{First: "Anna", Nickname: "Annie"}, "Annie"},
		"blank nickname":      {"Mum", skypecontacts.Name{First: "Anna", Nickname: " "}, "Mum"},
		"display name only":   {"Mum", skypecontacts.Name{}, ""},
		"company only":        {"Mum", skypecontacts.Name{Company: "Acme"}, ""},
		"name in one field":   {"Fred Two, Jr.", skypecontacts.Name{First: "Fred Two,", Last: "Jr.", Inferred: true}, ""},
		"only a family name":  {"Plumber", skypecontacts.Name{Last: "Two"}, "Plumber"},
		"company in the name": {"Acme", skypecontacts.Name{First: "Anna", Company: "Acme"}, "Acme"},
	}
	for name, test := range tests {
		c := &contact{MRI: "8:anna.7", DisplayName: test.display, Profile: skypecontacts.Profile{Name: test.name}}
		require.Equal(t, test.want, contactNickname(c), name)
	}
}

// The name that the user chose is in every format where programs list people.
func TestRenamedContacts(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"Mum", "Dentist", "Anna Cooper - work"} {
		file := "type,id,display_name,profile.name.first,profile.name.surname\nSkype,anna.7," + label + ",Anna,Cooper\n"
		for format, want := range map[Format][]string{
			VCard3:     {"\r\nFN:" + label + "\r\nN:Cooper;Anna;;;\r\n", "\r\nNICKNAME:" + label + "\r\n"},
			VCard4:     {"\r\nFN:" + label + "\r\nN:Cooper;Anna;;;\r\n", "\r\nNICKNAME:" + label + "\r\n"},
			JSContact:  {`"full":"` + label + `"`, `"nicknames":{"1":{"name":"` + label + `"}}`},
			GoogleCSV:  {"," + label + "," + label + ","}, // Nickname and File As
			OutlookCSV: {"Name in Skype: " + label},
		} {
			var out strings.Builder
			_, err := Write(&out, format, ReadCSV(strings.NewReader(file)), Options{})
			require.NoError(t, err)
			for _, text := range want {
				require.Contains(t, out.String(), text, format)
			}
		}
	}
}

// A suffix has a place of its own in every format.
func TestNameSuffixes(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "8:fred.2", DisplayName: "Fred Two, Jr., MD"}
	for format, want := range map[Format]string{
		VCard3:    "\r\nN:Two;Fred;;;Jr. MD\r\n",
		VCard4:    "\r\nN:Two;Fred;;;Jr. MD\r\n",
		JSContact: `{"kind":"given","value":"Fred"},{"kind":"surname","value":"Two"},{"kind":"generation","value":"Jr."},{"kind":"credential","value":"MD"}`,
	} {
		require.Contains(t, writeContacts(t, format, Options{}, c), want)
	}
	require.Equal(t, "Jr. MD", sheetRow(t, writeContacts(t, GoogleCSV, Options{}, c))["Name Suffix"])
	require.Equal(t, "Jr. MD", sheetRow(t, writeContacts(t, OutlookCSV, Options{}, c))["Suffix"])
}
