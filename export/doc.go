// Package export turns Skype contacts into files that other programs read.
//
// [ReadCSV] reads the contacts.csv that the account portal handed out,
// [ReadJSONLines] what this package wrote as [JSONLines], and
// [skypecontacts.ReadContacts] a saved answer of the contacts service. Each is a
// sequence of contacts, as [skypecontacts.Client.AllContacts] is, and [Write]
// writes any such sequence as vCard, Google or Outlook CSV, JSContact or JSON
// Lines:
//
//	report, err := export.Write(out, export.VCard3, export.ReadCSV(in), export.Options{})
//
// One contact at a time is in memory, and of those before it 16 bytes each, so a
// list may have any length.
//
// # What is left out
//
// Suggestions of the service and bots are left out unless [Options] say
// otherwise, and so is an entry whose identifier was there before. One that cannot
// be read does not end the writing, and one whose text is damaged is written.
// Nothing is left out silently: the [Report] counts what was, and also the fields
// that the format has no place for.
//
// # Importing twice
//
// The UID of a vCard or JSContact entry is made from the identifier of the
// contact, so that a program which looks at it recognizes the contact the second
// time. The CSV formats have no such field.
//
// # Spreadsheets
//
// A note or name that begins with = + - or @ is a formula to a spreadsheet, also
// behind white space, and anybody may choose such a name. In the CSV formats an
// apostrophe is put before it, except before telephone numbers. The programs that
// import the file show that apostrophe.
package export
