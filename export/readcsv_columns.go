package export

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// csvColumns are the columns of a file, as its header names them.
type csvColumns struct {
	names     []string
	fill      []fillColumn // for each column
	phones    *rowItems[skypecontacts.Phone]
	locations *rowItems[skypecontacts.Location]
	codes     []skypecontacts.CountryCode // memory for those of a row

	// Cells so far that have characters beyond ASCII and are UTF-8, cells that are
	// not, and cells in Windows-1252 and in another encoding.
	validCells, invalidCells, westernCells, otherCells int

	isUTF8 bool // a byte order mark says so
	told   bool // that the file is in Windows-1252
}

// fillColumn sets the field of a column. It is not called for empty cells.
type fillColumn func(r *csvRow, cell string)

var (
	errNoIDColumn = errors.New(`export: line 1: there is no column "id"; is this a contacts.csv from Skype?`)
	errNotUTF8    = errors.New("export: the file is neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'")
)

func readCSVHeader(file *csvFile) (*csvColumns, error) {
	names, err := file.readRow()
	if len(names) == 2 && names[0] == "sep=" && names[1] == "" { // names the separator for Excel
		names, err = file.readRow()
	}
	if err == io.EOF {
		return nil, errEmptyFile
	} else if syntax, is := errors.AsType[*RowError](err); is {
		return nil, fmt.Errorf("export: line %d: the names of the columns are not CSV: %s", syntax.Line, syntax.Reason)
	} else if err != nil {
		return nil, err
	}
	c := new(csvColumns)
	known := make(map[string]int) // numbers of columns, from 1
	var phones, locations []listItem
	for i, name := range names {
		if !utf8.ValidString(name) {
			name, _ = decodeWindows1252(name)
		}
		name = cmp.Or(strings.TrimSpace(name), fmt.Sprintf("column %d", i+1))
		c.names = append(c.names, name)
		name = lowerASCII(name)
		if known[name] > 0 { // the name is not in the text: in a file without names it is a cell
			return nil, fmt.Errorf("export: line %d: columns %d and %d have the same name", file.line, known[name], i+1)
		}
		known[name] = i + 1
		switch item, _ := splitColumnName(name); item.list {
		case profilePhones, userPhones:
			phones = append(phones, item)
		case profileLocations:
			locations = append(locations, item)
		}
	}
	if known["id"] == 0 {
		return nil, errNoIDColumn
	}
	c.phones, c.locations = newRowItems[skypecontacts.Phone](phones), newRowItems[skypecontacts.Location](locations)
	for _, name := range c.names {
		c.fill = append(c.fill, c.newFillColumn(name))
	}
	return c, nil
}

// splitColumnName splits "profile.phones[2].number" into item and member. The item of
// any other name is zero.
func splitColumnName(name string) (item listItem, member string) {
	list, rest, _ := strings.Cut(name, "[")
	digits, member, found := strings.Cut(rest, "].")
	index, err := strconv.Atoi(digits)
	if !found || err != nil || index < 0 || strconv.Itoa(index) != digits {
		return listItem{}, ""
	}
	return listItem{list, index}, member
}

func (c *csvColumns) newFillColumn(name string) fillColumn {
	lower := lowerASCII(name)
	switch item, member := splitColumnName(lower); item.list {
	case profilePhones, userPhones:
		at := c.phones.places[item]
		switch member {
		case "number":
			return func(r *csvRow, cell string) { r.setPhoneNumber(r.phones.value(at), name, cell) }
		case "type":
			return func(r *csvRow, cell string) { r.phones.value(at).Type = parsePhoneType(cell) }
		}
	case profileLocations:
		at := c.locations.places[item]
		switch member {
		case "type":
			return func(r *csvRow, cell string) { r.locations.value(at).Type = cell }
		case "city":
			return func(r *csvRow, cell string) { r.locations.value(at).City = cell }
		case "state":
			return func(r *csvRow, cell string) { r.locations.value(at).State = cell }
		case "country":
			return func(r *csvRow, cell string) { setCountry(r.locations.value(at), cell) }
		}
	}
	if parse, known := fieldColumns[lower]; known {
		return func(r *csvRow, cell string) {
			if !parse(r, cell) {
				r.saveExtra(name, cell)
			}
		}
	}
	return func(r *csvRow, cell string) { r.saveExtra(name, cell) }
}

// fieldColumns parses the cells of the columns that fill one field. A function
// returns false if it cannot parse the cell.
var fieldColumns = map[string]func(r *csvRow, cell string) bool{
	"type":         func(r *csvRow, cell string) bool { r.kind = strings.TrimSpace(cell); return true },
	"id":           func(r *csvRow, cell string) bool { r.id = strings.TrimSpace(cell); return true },
	"display_name": func(r *csvRow, cell string) bool { r.contact.DisplayName = cell; return true },
	"blocked": func(r *csvRow, cell string) bool {
		known := parseBool(&r.contact.Blocked, cell)
		if !known {
			r.damage = append(r.damage, `the cell "blocked" says neither yes nor no`)
		}
		return known
	},
	"favorite": func(r *csvRow, cell string) bool { return parseBool(&r.contact.Favorite, cell) },
	"sources":  func(r *csvRow, cell string) bool { r.contact.Sources = parseSources(cell); return true },
	"creation_time": func(r *csvRow, cell string) bool {
		t, err := time.Parse("2006-01-02 15:04:05Z07:00", strings.Replace(cell, "T", " ", 1))
		if err != nil || !isWritableTime(t) {
			return false
		}
		r.contact.CreatedAt = t.UTC()
		return true
	},
	"profile.about":      func(r *csvRow, cell string) bool { r.contact.Profile.About = cell; return true },
	"profile.avatar_url": func(r *csvRow, cell string) bool { r.contact.Profile.AvatarURL = cell; return true },
	"profile.birthday": func(r *csvRow, cell string) bool {
		day, err := skypecontacts.ParseDate(cell)
		r.contact.Profile.Birthday = day
		return err == nil
	},
	"profile.gender": func(r *csvRow, cell string) bool {
		gender := skypecontacts.Gender(lowerASCII(cell))
		if !gender.Known() {
			gender = skypecontacts.Gender(cell)
		}
		r.contact.Profile.Gender = gender
		return true
	},
	"profile.jobtitle": func(r *csvRow, cell string) bool { r.contact.Profile.JobTitle = cell; return true },
	"profile.language": func(r *csvRow, cell string) bool {
		r.contact.Profile.Language = skypecontacts.LanguageCode(lowerASCII(cell))
		return true
	},
	"profile.mood": func(r *csvRow, cell string) bool {
		r.contact.Profile.Mood = skypecontacts.ParseMood(cell)
		return true
	},
	"profile.name.company":  func(r *csvRow, cell string) bool { r.contact.Profile.Name.Company = cell; return true },
	"profile.name.first":    func(r *csvRow, cell string) bool { r.contact.Profile.Name.First = cell; return true },
	"profile.name.nickname": func(r *csvRow, cell string) bool { r.contact.Profile.Name.Nickname = cell; return true },
	"profile.name.surname":  func(r *csvRow, cell string) bool { r.contact.Profile.Name.Last = cell; return true },
	"profile.name.title":    func(r *csvRow, cell string) bool { r.contact.Profile.Name.Title = cell; return true },
	"profile.skype_handle":  func(r *csvRow, cell string) bool { r.handle = strings.TrimSpace(cell); return true },
	"profile.website":       func(r *csvRow, cell string) bool { r.contact.Profile.Homepage = cell; return true },
}

// parseRow returns the contact of the latest row of file. If some of the cells are
// not UTF-8, it also returns a [*RowError].
func (c *csvColumns) parseRow(cells []string, file *csvFile) (*skypecontacts.Contact, error) {
	c.phones.reset()
	c.locations.reset()
	r := csvRow{contact: new(skypecontacts.Contact), line: file.line, phones: c.phones, locations: c.locations, codes: c.codes}
	var damaged []string // names of columns
	for i, cell := range cells {
		switch {
		case cell == "":
			continue
		case i >= len(c.fill):
			return nil, file.rowError("a cell stands beyond the last column")
		case isASCII(cell):
		case utf8.ValidString(cell):
			c.validCells++
		default:
			text, isWhole := c.decodeCell(cell)
			if cell = text; !isWhole {
				damaged = append(damaged, c.shownName(i))
			}
		}
		c.fill[i](&r, cell)
	}
	if c.isOtherEncoding(10) || c.otherCells > c.westernCells {
		return nil, errNotUTF8
	}
	reason := r.finish()
	c.codes = r.codes
	if reason != "" {
		return nil, file.rowError(reason)
	}
	if damaged != nil {
		r.damage = append(r.damage, "not UTF-8, and so damaged: "+strings.Join(damaged, ", "))
	}
	isNotice := r.damage == nil
	if c.westernCells > 0 && !c.told {
		c.told = true
		r.damage = append(r.damage, "the file is not UTF-8 and was read as Windows-1252; if letters are wrong, save it as 'CSV UTF-8'")
	}
	if r.damage != nil {
		err := file.rowError(strings.Join(r.damage, "; "))
		err.Notice = isNotice
		return r.contact, err
	}
	return r.contact, nil
}

// decodeCell returns the text of a cell that is not UTF-8. It is in Windows-1252 if
// the file has no byte order mark, and no more cells that are UTF-8 beyond ASCII than
// others: Skype cut some texts of its file within a character.
func (c *csvColumns) decodeCell(cell string) (text string, isWhole bool) {
	valid := strings.ToValidUTF8(cell, "")
	ascii := strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, valid)
	if len(valid)-len(ascii) >= len(cell)-len(valid) {
		c.validCells++ // most of the characters beyond ASCII are valid
	}
	if c.isUTF8 || c.validCells > c.westernCells {
		c.invalidCells++
		return validUTF8(cell), false
	}
	text, isWestern := decodeWindows1252(cell)
	if isWestern {
		c.westernCells++
	} else {
		c.otherCells++
	}
	return text, true
}

// shownName returns the name of a column as an error may have it.
func (c *csvColumns) shownName(column int) string {
	if name := c.names[column]; isFieldName(name) {
		return name
	}
	return fmt.Sprintf("column %d", column+1)
}

// isOtherEncoding reports whether the file has an encoding other than UTF-8: at
// least minimum cells are invalid, and over 9 times as many as are valid beyond
// ASCII. Few invalid cells among many are texts that Skype cut within a character.
func (c *csvColumns) isOtherEncoding(minimum int) bool {
	return c.invalidCells >= minimum && c.invalidCells > 9*c.validCells
}

func parsePhoneType(cell string) skypecontacts.PhoneType {
	kind := skypecontacts.PhoneType(lowerASCII(cell))
	switch {
	case kind == "office":
		return skypecontacts.PhoneWork
	case kind.Known(), kind == phoneFax, kind == phonePager:
		return kind
	default:
		return skypecontacts.PhoneType(cell)
	}
}

// setCountry sets the code of a country from two letters, and its name from any
// other text.
func setCountry(location *skypecontacts.Location, cell string) {
	if len(cell) == 2 && isASCII(cell) && unicode.IsLetter(rune(cell[0])) && unicode.IsLetter(rune(cell[1])) {
		location.Country = skypecontacts.CountryCode(strings.ToUpper(cell))
	} else {
		location.CountryName = cell
	}
}

// parseSources parses "AddContact (T2), AcceptInvite".
func parseSources(cell string) []skypecontacts.RelationshipSource {
	var sources []skypecontacts.RelationshipSource
	for part := range strings.SplitSeq(cell, ",") {
		kind, subtype, _ := strings.Cut(strings.TrimSpace(part), " (")
		if kind != "" {
			sources = append(sources, skypecontacts.RelationshipSource{Type: kind, Subtype: strings.TrimSuffix(subtype, ")")})
		}
	}
	return sources
}
