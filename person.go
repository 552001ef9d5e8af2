package skypecontacts

// readNullable reads a text of a flat profile. The word null is no text, as for Miranda,
// the only client that expects it; no recording has it.
func readNullable[S ~string](r *reader, field *S) {
	before := *field
	readString(r, field)
	if *field == "null" {
		*field = before
	}
}

func readLanguage(r *reader, field *LanguageCode) {
	readNullable(r, field)
	if isLetterPair(string(*field)) {
		*field = LanguageCode(lowerPairs.find(string(*field)))
	} else {
		*field = LanguageCode(lowerASCII(string(*field)))
	}
}

func readCountry(r *reader, place *Location) {
	var country string
	readNullable(r, &country)
	place.setCountry(country)
}

// readProfileMember reads a member of a profile that version 2 nests in a contact
// and version 1 has beside the members of the contact.
func readProfileMember(r *reader, p *Profile, name []byte) {
	switch string(name) {
	case "avatar_url":
		readString(r, &p.AvatarURL)
	case "birthday":
		readDate(r, &p.Birthday)
	case "gender":
		readEnum(r, &p.Gender, parseGender)
	case "language":
		readLanguage(r, &p.Language)
	case "about":
		readString(r, &p.About)
	case "website":
		readString(r, &p.Homepage)
	case "jobtitle":
		readString(r, &p.JobTitle)
	case "emails":
		readStrings(r, &p.Emails)
	case "mood":
		rich := p.Mood.Rich
		readString(r, &rich)
		p.Mood = ParseMood(rich)
	case "richMood":
		var rich string
		if readString(r, &rich); rich != "" {
			p.Mood = ParseMood(rich)
		}
	case "name":
		readName(r, &p.Name)
	case "locations":
		readLocations(r, &p.Locations)
	case "phones":
		readPhones(r, &p.Phones)
	}
}

// readNestedProfile reads the profile object of a contact.
func readNestedProfile(r *reader, p *Profile) {
	for name := range r.members(&p.Extra) {
		readProfileMember(r, p, name)
	}
}

func readLocations(r *reader, locations *[]Location) {
	for l := range readObjects(r, locations, &r.shared.contactLists().locations, Location{}) {
		for name := range r.members(nil) {
			switch string(name) {
			case "type":
				readString(r, &l.Type)
			case "city":
				readString(r, &l.City)
			case "state":
				readString(r, &l.State)
			case "country":
				readCountry(r, l)
			}
		}
	}
}

func readPhones(r *reader, phones *[]Phone) {
	for p := range readObjects(r, phones, &r.shared.contactLists().phones, Phone{Type: PhoneOther}) {
		for name := range r.members(nil) {
			p.readMember(r, name)
		}
	}
}

// readAddedPhones reads the numbers that the account noted down, which have an ID.
func readAddedPhones(r *reader, phones *[]Phone) {
	for p := range readObjects(r, phones, &r.shared.contactLists().phones, Phone{Type: PhoneOther}) {
		for name := range r.members(nil) {
			if string(name) == "id" {
				readEnum(r, &p.ID, func(id string) string { return id })
			} else {
				p.readMember(r, name)
			}
		}
	}
}

func (p *Phone) readMember(r *reader, name []byte) {
	switch string(name) {
	case "number":
		readString(r, &p.Number)
	case "type":
		readEnum(r, &p.Type, parsePhoneType)
	}
}

// readName reads a name in parts over what is known of it.
func readName(r *reader, n *Name) {
	whole := *n
	if whole.Inferred {
		whole.First, whole.Last, whole.Inferred = n.Full(), "", false
	}
	for name := range r.members(nil) {
		switch string(name) {
		case "first":
			readString(r, &whole.First)
		case "surname", "last":
			readString(r, &whole.Last)
		case "nickname":
			readString(r, &whole.Nickname)
		case "company":
			readString(r, &whole.Company)
		case "title":
			readString(r, &whole.Title)
		}
	}
	whole.inferLast()
	*n = whole
}
