package payload

// List is a contact list in plain structs, of which nothing is normalised. Unknown
// members are left out.
type List struct {
	Contacts []Contact `json:"contacts"`
	Count    int       `json:"count"`
	Scope    string    `json:"scope"`
}

// Contact has every member that [AppendContact] writes, but for the one that no source
// describes.
type Contact struct {
	PersonID          string   `json:"person_id"`
	MRI               string   `json:"mri"`
	DisplayName       string   `json:"display_name"`
	DisplayNameSource string   `json:"display_name_source"`
	Profile           Profile  `json:"profile"`
	Authorized        bool     `json:"authorized"`
	AuthCertificate   string   `json:"auth_certificate"`
	Blocked           bool     `json:"blocked"`
	Explicit          bool     `json:"explicit"`
	Suggested         bool     `json:"suggested"`
	EmailHashes       []string `json:"email_hashes"`
	PhoneHashes       []string `json:"phone_hashes"`
	CreationTime      string   `json:"creation_time"`
	History           struct {
		Sources []struct {
			Type string `json:"type"`
			Time string `json:"time"`
		} `json:"sources"`
	} `json:"relationship_history"`
}

// Profile is the profile of a [Contact].
type Profile struct {
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
}
