package main

// examplesGuards are the guards of the programs.
var examplesGuards = []mutation{
	{"a stored refresh token is not that of a fake service", "examples/signin", "case s.clientID == \"\" && s.endpoints == \"\" && (s.store != \"\" || s.token || s.signOut):", "case false:"},
	{"no input is replaced", "examples/export", "return slices.ContainsFunc(o.inputs, func(input os.FileInfo) bool { return os.SameFile(input, info) })", "return false && os.SameFile(nil, info)"},
	{"no input is replaced by a part", "examples/export", "if info, err := os.Stat(name); err == nil && o.isInput(info) {", "if info, err := os.Stat(name); err == nil && o.isInput(info) && false {"},
	{"no input is replaced by stdout", "examples/export", "\tif o.isInput(info) {\n\t\treturn errSameFile", "\tif false && o.isInput(info) {\n\t\treturn errSameFile"},
	{"no file is replaced without -f", "examples/export", "case !replace:", "case false:"},
	{"no file made meanwhile is replaced", "examples/export", "if p.replace {\n\t\treturn nil", "if true {\n\t\treturn nil"},
	{"a closed stderr does not end the program", "examples/export", "\tignoreBrokenPipes() //", "\t//"},
	{"no incomplete file", "examples/export", "out.discard()\n\t} else {", "_ = out.commit()\n\t} else {"},
	{"a replaced file keeps its mode", "examples/export", "if p.mode != newFileMode {", "if false {"},
	{"sample data only when asked for", "examples/export", "case j.from == \"\":", "case j.from == \"\" && false:"},
	{"no control characters on a terminal", "examples/export", "return r != '\\r' && display.IsUnprintable(r)", "return false && display.IsUnprintable(r)"},
	{"no control characters in an error", "examples/export", "return display.Printable(err.Error())", "return err.Error()"},
	{"names of columns are quoted", "examples/internal/convert", "names[i] = strconv.Quote(name)", "names[i] = name; _ = strconv.Quote"},
	{"known people are left out", "examples/export", "if contact != nil && k.uids[", "if false && k.uids["},
	{"parts for Google", "examples/internal/convert", "if w.rows == maxGoogleRows+1 {", "if false {"},
	{"line ends in cells do not end a row", "examples/internal/convert", "case c == '\\n' && !w.quoted:", "case c == '\\n':"},
	{"an interrupt ends the reading", "examples/internal/convert", "if r.ctx.Err() != nil {", "if false {"},
	{"no control characters in a table", "examples/internal/display", "return r != '\\n' && r != '\\t' && unicode.In(", "return false && unicode.In("},
	{"the fake's token only goes to the fake", "examples/internal/demo", "}, \"\") { // a client", "}, \"\") && false { // a client"},
	{"-endpoints goes before SKYPE_TOKEN", "examples/internal/demo", "if a.Endpoints != \"\" || source == nil && token == \"\" {", "if source == nil && token == \"\" {"},
	{"unexpected arguments are refused", "examples/internal/demo", "case p.Arguments == \"\" && flags.NArg() > 0:", "case false:"},
}
