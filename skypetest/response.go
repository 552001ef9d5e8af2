package skypetest

import (
	"net/http"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// jsonObject is a JSON object of a response.
type jsonObject = map[string]any

const (
	jsonContentType = "application/json; ver=1.0; charset=utf-8"
	htmlContentType = "text/html; charset=utf-8"
)

// bufferedResponse is a response before it is sent.
type bufferedResponse struct {
	status int
	header http.Header
	body   []byte
}

// jsonOptions keep the members of a map in one order and write what encoding/json does.
// The names in a map are unique and need no second check.
var jsonOptions = jsonv2.JoinOptions(
	jsonv2.Deterministic(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.EscapeForJS(true))

// jsonResponse is a response with a JSON body.
func jsonResponse(status int, v any) *bufferedResponse {
	body, err := jsonv2.Marshal(v, jsonOptions)
	if err != nil {
		panic(err) // v is made of maps, slices, strings, numbers and booleans
	}
	return &bufferedResponse{status, http.Header{"Content-Type": {jsonContentType}}, body}
}

// emptyResponse is a response without a body, as to every write: no client
// recorded what the service sends.
func emptyResponse(status int) *bufferedResponse {
	return &bufferedResponse{status: status, header: make(http.Header)}
}
