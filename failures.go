package skypecontacts

import (
	"bytes"
	"cmp"
	"math"
	"strconv"
	"strings"
)

// failureReport collects what the members of an object say about success or failure.
type failureReport struct {
	code      int
	codeRank  codeRank
	message   string
	rank      textRank // of message
	failed    bool     // a member reports a failure
	hasText   bool     // there is a text that does not say that all is well
	succeeded bool     // a code or word says that all is well
	present   bool     // there is such a member
	level     int      // in how many other reports this one is
}

const maxErrorBody = 64 << 10

// maxReportLevels limits how often a report in a report is decoded: each level decodes
// all within it once more.
const maxReportLevels = 4

// codeRank orders the codes of a failure; the highest is the code.
type codeRank int

const (
	rankStatusNumber codeRank = iota + 1 // which repeats the HTTP status
	rankCode
	rankNestedCode // in a message: the first service's code of the failure behind it
)

// setCode sets the code unless it has one of the same or a higher rank.
func (f *failureReport) setCode(rank codeRank, code int) {
	if rank > f.codeRank && code != 0 {
		f.codeRank, f.code = rank, code
	}
}

// textRank orders the texts of a failure; the highest is the message.
type textRank int

const (
	rankRaw textRank = iota + 1 // a value that is no text
	rankError
	rankTitle
	rankDetail
	rankMessage
)

// reportNames are the members that report success or failure, in lower case. Those
// that isReportName does not name are of application/problem+json and of status and
// error objects; they count only there and in error responses.
var reportNames = map[string]textRank{
	"message": rankMessage, "error": rankError, "errorcode": rankRaw, "status": rankRaw,
	"code": rankRaw, "text": rankMessage, "detail": rankDetail, "title": rankTitle,
}

// isReportName reports whether a member of a response may report a failure under a
// 2xx status.
func isReportName(name []byte) bool {
	for _, member := range [...]string{"message", "error", "errorcode", "status"} {
		if isInLowerCase(name, member) {
			return true
		}
	}
	return false
}

// isFailure reports whether the object says that the request failed.
func (f *failureReport) isFailure() bool { return f.failed || f.hasText && !f.succeeded }

func (f *failureReport) asError() reportedFailure { return reportedFailure{f.code, f.message} }

// setText sets the message unless it has a text of the same or a higher rank.
func (f *failureReport) setText(rank textRank, text string) {
	if rank > f.rank && text != "" {
		f.rank, f.message = rank, text
	}
}

// setRaw sets the message to a value that is no text, unless it has one already.
func (f *failureReport) setRaw(value []byte) {
	f.setText(rankRaw, string(value[:min(len(value), maxErrorBody)]))
}

// readMember reads a member of reportNames. Null and empty values say nothing.
func (f *failureReport) readMember(r *reader, name []byte) {
	f.present = true
	member := lowerASCII(string(name))
	rank := reportNames[member]
	v := r.value()
	switch v.Kind() {
	case '"':
		f.addText(member, r.string(v))
	case '0':
		f.addCode(member, string(v))
	case 't', 'f':
		isStatus := member == "status"
		f.succeeded = f.succeeded || isStatus && v.Kind() == 't'
		f.failed = f.failed || isStatus != (v.Kind() == 't')
		f.setText(rankRaw, string(v))
	case '{':
		f.addObject(v, rank)
	case '[':
		if len(bytes.Trim(v, "[] \t\r\n")) > 0 {
			f.failed = true
			f.setRaw(v)
		}
	}
}

// addText adds a text, which may be a number or say that all is well.
func (f *failureReport) addText(member, text string) {
	rank := reportNames[member]
	switch lowerASCII(strings.TrimSpace(text)) {
	case "":
	case "ok", "success", "succeeded":
		f.succeeded = true
	default:
		if _, err := strconv.ParseFloat(text, 64); err == nil && rank == rankRaw {
			f.addCode(member, text)
			return
		}
		f.hasText = f.hasText || rank > rankError
		f.failed = f.failed || rank <= rankError
		f.setText(rank, text)
	}
}

// addCode adds a code. 0, 2xx and 2xxxx say that all is well.
func (f *failureReport) addCode(member, digits string) {
	code, err := strconv.ParseFloat(digits, 64)
	if err == nil && (code == 0 || math.Floor(code/100) == 2 || math.Floor(code/10000) == 2) {
		f.succeeded = true
		return
	}
	f.failed = true
	f.setText(rankRaw, digits)
	if err == nil && code == float64(int32(code)) {
		rank := rankCode
		if member == "status" {
			rank = rankStatusNumber
		}
		f.setCode(rank, int(code))
	}
}

// addObject adds a status or error object. One that does not say that all is well is
// a failure.
func (f *failureReport) addObject(raw []byte, rank textRank) {
	inner := failureReport{level: f.level + 1}
	complete := false
	if inner.level < maxReportLevels && len(raw) <= maxErrorBody {
		complete = decodeBody(raw, inner.readFrom) == nil // a member may be there twice
	}
	if complete && inner.succeeded && !inner.failed {
		f.succeeded = true
		return
	}
	f.failed = true
	if rank == rankMessage {
		f.setCode(rankNestedCode, inner.code)
	} else {
		f.setCode(rankCode, inner.code)
	}
	if inner.rank > rankRaw {
		f.setText(max(rank, rankError), inner.message)
	}
	f.setRaw(raw)
}

// readFrom reads an object whose members may all report a failure.
func (f *failureReport) readFrom(r *reader) {
	for name := range r.members(new(Extra)) {
		if reportNames[lowerASCII(string(name))] > 0 {
			f.readMember(r, name)
		} else {
			r.skip()
		}
	}
}

// parseErrorBody parses all known shapes of error body: a status object, an
// errorCode with a message, a message alone, application/problem+json, and a JSON
// document in the message of those. complete is false if the body is not a JSON
// object.
func parseErrorBody(body []byte) (report failureReport, complete bool) {
	err := decodeBody(body, report.readFrom)
	complete = err == nil && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
	for range 2 { // at most 3 levels of JSON inside a message string
		if !strings.HasPrefix(strings.TrimSpace(report.message), "{") {
			break
		}
		var level failureReport
		_ = decodeBody([]byte(report.message), level.readFrom)
		report.code = cmp.Or(level.code, report.code)
		if level.rank <= rankRaw {
			break
		}
		report.message = level.message
	}
	return report, complete
}
