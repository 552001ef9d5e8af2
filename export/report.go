package export

// Report counts the entries of a list and what could not be written.
type Report struct {
	Read       int // entries, including those that are unreadable
	Written    int
	Suggested  int // left out because suggested
	Bots       int // left out because a bot
	Blocked    int // left out because blocked
	Repeated   int // left out because an entry before has the same identifier
	Unreadable int // not written, because no contact could be read or written
	Damaged    int // written, but something of the entry could not be read and is lost
	// NotHeld counts the contacts written with a field that the format cannot
	// hold or the options leave out. The key is the name of the field in JSON; for
	// what is in Extra it is as in "extra.shoe". It is "extra" or "profile.extra" for
	// a member that is called as no field is, since its name may be an identifier, and
	// for all further members once there are 1,000 keys.
	NotHeld map[string]int
}

// maxNotHeld is the number of keys of Report.NotHeld from which on there are no more for
// members of Extra.
const maxNotHeld = 1000
